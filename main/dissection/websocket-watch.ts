import { u32, u8 } from './bytes.ts';
import { claim } from './stream-protocol.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { frameHeaderBytes, framePayloadLength, isWebSocketFrame, WebSocketParser } from './websocket-parser.ts';

/** Frames that follow each other without a fault, and segments that end with a frame, before they are believed to be some. */
const FRAMES_SURE = 3;
const SEGMENTS_SURE = 3;
/** What is kept meanwhile, to be read as frames then. */
const MAX_HELD_BYTES = 256 * 1024;
const MAX_HEADER_BYTES = 14;
/** Texts up to this length are looked at: they must be UTF-8 (RFC 6455, 5.6). */
const MAX_TEXT_BYTES = 4096;
const TEXT = 0x81;
const CLOSE = 8;
/** Whether the upgrade named compression nobody knows: frames say of themselves that they are compressed (RFC 7692, 6). */
export const PERHAPS_DEFLATED = { takeover: true } as const;

const utf8 = new TextDecoder('utf-8', { fatal: true });

interface Held {
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly frame: number;
  readonly us: number;
}

/**
 * Watches a direction that was seen from its middle on for what a client of WebSocket sends (RFC 6455, 5.2): masked frames that
 * follow each other from the beginning of a segment on and end where segments end. Estimated for
 * random bytes, three such segments come about once in some 10^11. The bytes themselves are handed on by the caller as they lie, whatever they are.
 */
export class WebSocketWatch {
  private readonly out: Emitter;
  private readonly d: Direction;
  private held: Held[] = [];
  private heldBytes = 0;
  private walking = false;
  private frames = 0;
  private segments = 0;
  private readonly header = new Uint8Array(MAX_HEADER_BYTES);
  private headerLength = 0;
  /** Bytes of the frame that are still to come. */
  private remaining = 0;
  /** A message of several frames is being sent. */
  private fragmented = false;
  private dropped = false;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  /** @returns true when the direction was given a parser of WebSocket, and what was kept was read */
  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (!this.walking && !mayBeginMasked(b, start, end)) return false;
    this.walking = true;
    if (!this.walk(b, start, end) || !this.keep(b, start, end, position)) {
      this.reset();
      return false;
    }
    if (this.headerLength === 0 && this.remaining === 0) this.segments++;
    if (this.frames < FRAMES_SURE || this.segments < SEGMENTS_SURE) return false;
    this.begin();
    return true;
  }

  /** @returns false where no masked frame can be */
  private walk(b: Uint8Array, start: number, end: number): boolean {
    const { header } = this;
    let at = start;
    while (at < end) {
      if (this.remaining > 0) {
        const n = Math.min(this.remaining, end - at);
        this.remaining -= n;
        at += n;
        if (this.remaining === 0) this.frames++;
        continue;
      }
      header[this.headerLength++] = u8(b, at++);
      if (this.headerLength < 2) continue;
      if (this.headerLength === 2 && !this.isMasked()) return false;
      if (this.headerLength < frameHeaderBytes(header, 0)) continue;
      this.headerLength = 0;
      const length = framePayloadLength(header, 0);
      if (!isSane(header, length) || !isText(header, length, b, at, end)) return false;
      this.remaining = length;
      if (length === 0) this.frames++;
    }
    return true;
  }

  /** A frame of a client that may stand here. */
  private isMasked(): boolean {
    const { header } = this;
    if (u8(header, 1) < 0x80 || !isWebSocketFrame(header, 0, true)) return false;
    const first = u8(header, 0);
    const opcode = first & 15;
    if (opcode >= CLOSE) return true;
    // A message goes on, or begins; only its first frame says that it is compressed. What goes on at first began before.
    if (opcode === 0 ? (first & 0x40) !== 0 || (!this.fragmented && this.frames > 0) : this.fragmented) return false;
    this.fragmented = first < 0x80;
    return true;
  }

  private keep(b: Uint8Array, start: number, end: number, position: number): boolean {
    const bytes = end - start;
    if (this.heldBytes + bytes > MAX_HELD_BYTES || !this.out.bodies.allows(bytes)) {
      this.dropped = true;
      return false;
    }
    const { feedFrame: frame, feedUs: us } = this.d;
    this.held.push({ bytes: Uint8Array.prototype.slice.call(b, start, end), position, frame, us });
    this.heldBytes += bytes;
    this.out.bodies.held += bytes;
    return true;
  }

  private begin(): void {
    const { out, d, held } = this;
    const { row } = d.connection;
    claim(out, d, 'websocket', 'cleartext', true);
    if (this.dropped) {
      out.note(row, 'cap-body');
      out.fault('cap-body', 'what stood before WebSocket was recognised was more than is kept; it was not unmasked');
    }
    const { feedFrame, feedUs } = d;
    const parser = new WebSocketParser(out, d, PERHAPS_DEFLATED);
    d.parser = parser;
    for (const { bytes, position, frame, us } of held) {
      d.feedFrame = frame;
      d.feedUs = us;
      parser.feed(bytes, 0, bytes.length, position);
    }
    d.feedFrame = feedFrame;
    d.feedUs = feedUs;
    this.reset();
  }

  /** Nothing that was seen is believed any more: bytes are missing, no frame stands here, or the direction is over. */
  reset(): void {
    this.out.bodies.held -= this.heldBytes;
    this.held = [];
    this.heldBytes = 0;
    this.walking = false;
    this.frames = 0;
    this.segments = 0;
    this.headerLength = 0;
    this.remaining = 0;
    this.fragmented = false;
  }
}

/** Asked of every segment that nobody recognises: two bytes say no to nearly all. */
export function mayBeginMasked(b: Uint8Array, start: number, end: number): boolean {
  return end - start >= 6 && u8(b, start + 1) >= 0x80 && isWebSocketFrame(b, start, true);
}

/** The shortest form of the length is used (RFC 6455, 5.2), and a close frame holds a whole code or nothing. */
function isSane(header: Uint8Array, length: number): boolean {
  const form = u8(header, 1) & 127;
  if ((form === 126 && length < 126) || (form === 127 && length < 65_536) || length > 2 ** 31) return false;
  return (u8(header, 0) & 15) !== CLOSE || length !== 1;
}

/** A whole uncompressed text that stands here must be UTF-8. */
function isText(header: Uint8Array, length: number, b: Uint8Array, at: number, end: number): boolean {
  if (u8(header, 0) !== TEXT || length > end - at || length > MAX_TEXT_BYTES) return true;
  const mask = u32(header, frameHeaderBytes(header, 0) - 4);
  const text = new Uint8Array(length);
  for (let i = 0; i < length; i++) text[i] = u8(b, at + i) ^ (mask >>> (24 - 8 * (i & 3)));
  try {
    utf8.decode(text);
    return true;
  } catch {
    return false;
  }
}
