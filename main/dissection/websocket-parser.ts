import { u16, u32, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type DeflateAgreement, MessageInflater } from './websocket-deflate.ts';
import { WebSocketMessage } from './websocket-message.ts';

const MAX_HEADER_BYTES = 14;
/** RFC 6455, 5.5. */
const MAX_CONTROL_BYTES = 125;
const SCRATCH_BYTES = 16 * 1024;

/** Unmasked bytes on their way out; handed on before the next are unmasked. */
const scratch = new Uint8Array(SCRATCH_BYTES);

/**
 * WebSocket (RFC 6455) in one direction: frames, masking, fragments with control frames between them, and
 * permessage-deflate (RFC 7692). The bytes of the stream are handed on as they are by who feeds it.
 */
export class WebSocketParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly inflater: MessageInflater | null;
  private readonly header = new Uint8Array(MAX_HEADER_BYTES);
  private headerLength = 0;
  private headerNeeded = 2;
  private remaining = 0;
  private mask = 0;
  private maskAt = 0;
  private inFrame = false;
  private final = false;
  /** The data message being sent, and the control frame within it. */
  private message: WebSocketMessage | null = null;
  private control: WebSocketMessage | null = null;
  private lost = false;
  private readonly framing: readonly string[];

  /**
   * @param deflate how this side's messages are compressed; null when they are not
   * @param framing how its bytes lie in the stream
   */
  constructor(out: Emitter, d: Direction, deflate: DeflateAgreement | null, framing: readonly string[] = []) {
    this.out = out;
    this.framing = framing;
    this.d = d;
    this.inflater = deflate === null ? null : new MessageInflater(deflate, out.bodies);
  }

  /** No frames are recognised any more: what comes is not read. */
  get isLost(): boolean {
    return this.lost;
  }

  /** Begins in the middle: the next frame is to be found. */
  seek(): this {
    this.lost = true;
    return this;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    let at = start;
    if (this.lost && !this.findFrame(b, start, end)) return false;
    while (at < end && !this.lost) {
      if (this.inFrame) {
        const n = Math.min(this.remaining, end - at);
        this.payload(b, at, at + n, position + (at - start));
        at += n;
        this.remaining -= n;
        if (this.remaining === 0) this.closeFrame();
        continue;
      }
      this.header[this.headerLength++] = u8(b, at++);
      if (this.headerLength === 2) this.headerNeeded = frameHeaderBytes(this.header, 0);
      if (this.headerLength === this.headerNeeded) this.openFrame(position + (at - start));
    }
    return false;
  }

  private openFrame(position: number): void {
    const { header } = this;
    const opcode = u8(header, 0) & 15;
    const length = framePayloadLength(header, 0);
    this.headerLength = 0;
    this.headerNeeded = 2;
    if (!isWebSocketFrame(header, 0, this.inflater !== null) || !Number.isSafeInteger(length)) {
      this.loseTrack();
      return;
    }
    this.final = u8(header, 0) >= 0x80;
    this.remaining = length;
    const masked = u8(header, 1) >= 0x80;
    this.mask = masked ? u32(header, frameHeaderBytes(header, 0) - 4) : 0;
    this.maskAt = 0;
    this.inFrame = true;
    if (opcode >= 8) {
      this.control = new WebSocketMessage(this.out, this.d, opcode, false, this.framing);
    } else if (opcode !== 0 || this.message === null) {
      // A continuation without its beginning is told as what it is: part of a message.
      this.message?.finish(false, this.inflater);
      const compressed = (u8(header, 0) & 0x40) !== 0 && this.inflater !== null;
      this.message = new WebSocketMessage(this.out, this.d, opcode, compressed, this.framing);
      if (opcode === 0) this.message.lose();
    }
    const current = this.control ?? this.message;
    if (current === null) return;
    current.fragments++;
    if (!this.d.marks.add(position, 'body', current.index, true)) this.out.note(this.d.connection.row, 'cap-marks');
    if (length === 0) this.closeFrame();
  }

  private payload(b: Uint8Array, start: number, end: number, position: number): void {
    const message = this.control ?? this.message;
    if (message === null) return;
    if (this.mask === 0) {
      message.data(b, start, end, position);
      return;
    }
    for (let at = start; at < end; at += SCRATCH_BYTES) {
      const n = Math.min(SCRATCH_BYTES, end - at);
      const { mask, maskAt } = this;
      for (let i = 0; i < n; i++) scratch[i] = u8(b, at + i) ^ (mask >>> (24 - 8 * ((maskAt + i) & 3)));
      this.maskAt = (maskAt + n) & 3;
      message.data(scratch, 0, n, position + (at - start));
    }
  }

  private closeFrame(): void {
    this.inFrame = false;
    if (this.control !== null) {
      this.control.finish(true, null);
      this.control = null;
    } else if (this.final && this.message !== null) {
      this.message.finish(true, this.inflater);
      this.message = null;
    }
  }

  private loseTrack(): void {
    this.out.note(this.d.connection.row, 'protocol-resync');
    this.abandon();
    this.inflater?.lose();
    this.lost = true;
    this.inFrame = false;
    this.headerLength = 0;
    this.headerNeeded = 2;
  }

  /** Frames usually begin with their segment: taken where one fills it, or the next one follows. */
  private findFrame(b: Uint8Array, start: number, end: number): boolean {
    const packed = this.inflater !== null;
    if (end - start < MAX_HEADER_BYTES || !isWebSocketFrame(b, start, packed)) return false;
    const next = start + frameHeaderBytes(b, start) + framePayloadLength(b, start);
    if (next !== end && (next + 2 > end || !isWebSocketFrame(b, next, packed))) return false;
    this.lost = false;
    return true;
  }

  gap(bytes: number): void {
    if (this.lost) return;
    if (!this.inFrame || bytes > this.remaining) {
      this.loseTrack();
      return;
    }
    (this.control ?? this.message)?.lose();
    this.remaining -= bytes;
    this.maskAt = (this.maskAt + bytes) & 3;
    if (this.remaining === 0) this.closeFrame();
  }

  private abandon(): void {
    this.control?.finish(false, null);
    this.message?.finish(false, this.inflater);
    this.control = null;
    this.message = null;
  }

  end(): void {
    this.abandon();
    this.inflater?.lose();
  }

  pending(): null {
    return null;
  }
}

export function frameHeaderBytes(b: Uint8Array, at: number): number {
  const length = u8(b, at + 1) & 127;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (u8(b, at + 1) >= 0x80 ? 4 : 0);
}

export function framePayloadLength(b: Uint8Array, at: number): number {
  const length = u8(b, at + 1) & 127;
  if (length < 126) return length;
  return length === 126 ? u16(b, at + 2) : u32(b, at + 2) * 2 ** 32 + u32(b, at + 6);
}

/** Can a frame begin so (RFC 6455, 5.2)? `packed`: the first reserved bit has been given a meaning. */
export function isWebSocketFrame(b: Uint8Array, at: number, packed: boolean): boolean {
  const first = u8(b, at);
  const opcode = first & 15;
  if ((first & (packed ? 0x30 : 0x70)) !== 0 || (opcode > 2 && opcode < 8) || opcode > 10) return false;
  return opcode < 8 || (first >= 0x80 && (first & 0x40) === 0 && (u8(b, at + 1) & 127) <= MAX_CONTROL_BYTES);
}
