import { u24, u32, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  FRAME_HEADER_BYTES,
  GOAWAY,
  HAS_PRIORITY,
  HEADERS,
  isFrameHeader,
  isRunOfFrames,
  PADDED,
  PREFACE,
  PUSH_PROMISE,
  RST_STREAM,
} from './http2-frames.ts';
import { HpackDecoder } from './hpack.ts';
import { HeaderBlocks } from './http2-headers.ts';
import type { StreamHeaders } from './http-websocket.ts';
import { HTTP2, Http2Message } from './http2-stream.ts';

/** Streams of one direction that are open at once; an endpoint usually allows a hundred (RFC 9113, 6.5.2). */
const MAX_STREAMS = 512;
/** Padding length, priority and promised stream: what may stand before a frame's own content. */
const MAX_LEAD_BYTES = 10;
/** A frame of an unknown type larger than this is rather lost track of frames. */
const MAX_UNKNOWN_LENGTH = 16_384;
const DECODINGS: readonly string[] = ['hpack'];

export interface Http2Beginning {
  /** Whether this is the beginning of the connection: the header table is empty then, not unknown. */
  readonly fromStart: boolean;
  /** Bytes of the preface that are still to come; 0 when it is to be looked for. */
  readonly prefaceLeft: number;
}

/**
 * HTTP/2 (RFC 9113) in one direction. It hands on header sections as text and bodies as content; the bytes of the stream
 * itself are handed on as they are by who feeds it, so that nothing between the frames is missed.
 */
export class Http2Parser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly headers: HeaderBlocks;
  private readonly streams = new Map<number, Http2Message>();
  private prefaceLeft: number;
  private first: boolean;
  private lost = false;
  private readonly header = new Uint8Array(FRAME_HEADER_BYTES);
  private headerLength = 0;
  private type = 0;
  private flags = 0;
  private stream = 0;
  private readonly lead = new Uint8Array(MAX_LEAD_BYTES);
  private leadLength = 0;
  private leadNeeded = 0;
  private contentLeft = 0;
  private paddingLeft = 0;
  private inFrame = false;
  /** The message whose header section is being gathered. */
  private section: Http2Message | null = null;
  /** The stream whose frames carry it, and the one it is for: those of a promise differ. */
  private carrier = 0;
  private sectionStream = 0;
  private sectionEndsStream = false;

  constructor(out: Emitter, d: Direction, beginning: Http2Beginning) {
    this.out = out;
    this.d = d;
    this.headers = new HeaderBlocks(out, d, new HpackDecoder(beginning.fromStart), DECODINGS, undefined, out.bodies);
    this.prefaceLeft = beginning.prefaceLeft;
    this.first = beginning.fromStart && beginning.prefaceLeft === 0;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (this.first && u8(b, start) === PREFACE.charCodeAt(0)) this.prefaceLeft = PREFACE.length;
    this.first = false;
    let at = start;
    if (this.lost) {
      if (!isRunOfFrames(b, start, end)) return false;
      this.lost = false;
    }
    while (at < end && !this.lost) {
      if (this.prefaceLeft > 0) {
        const n = Math.min(this.prefaceLeft, end - at);
        this.prefaceLeft -= n;
        at += n;
      } else if (this.inFrame) {
        at = this.payload(b, at, end, position + (at - start));
      } else {
        this.header[this.headerLength++] = u8(b, at++);
        if (this.headerLength === FRAME_HEADER_BYTES) this.openFrame(position + (at - start));
      }
    }
    return false;
  }

  private openFrame(position: number): void {
    const { header } = this;
    this.headerLength = 0;
    const length = u24(header, 0);
    this.type = u8(header, 3);
    this.flags = u8(header, 4);
    this.stream = u32(header, 5) & 0x7fffffff;
    if (!isFrameHeader(header, 0) && (this.type <= CONTINUATION || length > MAX_UNKNOWN_LENGTH)) {
      this.loseTrack();
      return;
    }
    this.leadLength = 0;
    this.leadNeeded = this.leadBytes();
    this.paddingLeft = 0;
    this.contentLeft = length;
    this.inFrame = true;
    this.mark(position);
    if (this.leadNeeded > length) {
      this.out.note(this.d.connection.row, 'malformed');
      this.leadNeeded = 0;
      this.type = -1;
    }
    if (this.leadNeeded === 0) this.openContent(position);
    if (length === 0) this.closeFrame();
  }

  private leadBytes(): number {
    const { type, flags } = this;
    const padded = (type === DATA || type === HEADERS || type === PUSH_PROMISE) && (flags & PADDED) !== 0 ? 1 : 0;
    if (type === HEADERS) return padded + ((flags & HAS_PRIORITY) !== 0 ? 5 : 0);
    return padded + (type === PUSH_PROMISE || type === RST_STREAM ? 4 : 0);
  }

  /** What stands in the stream here belongs to which message. */
  private mark(position: number): void {
    const { type, stream } = this;
    let field: string | null = null;
    let message: number | null = null;
    if (type === DATA) {
      field = 'body';
      message = this.messageOf(stream).index;
    } else if (type === HEADERS) {
      field = 'http2.headers';
      message = this.messageOf(stream).index;
    } else if (type === CONTINUATION && this.section !== null) {
      field = 'http2.headers';
      message = this.section.index;
    } else if (type === GOAWAY) {
      field = 'http2.goaway';
    }
    if (!this.d.marks.add(position, field, message, type === DATA)) this.out.note(this.d.connection.row, 'cap-marks');
  }

  private messageOf(stream: number, pushed = false): Http2Message {
    const known = this.streams.get(stream);
    if (known !== undefined) return known;
    if (this.streams.size >= MAX_STREAMS) {
      this.out.note(this.d.connection.row, 'cap-streams');
      for (const oldest of this.streams.keys()) {
        this.finish(oldest, false);
        break;
      }
    }
    const message = new Http2Message(this.out, this.d, stream, pushed, HTTP2, () => this.peerHeaders(stream));
    this.streams.set(stream, message);
    return message;
  }

  /** What the other side said on this stream. */
  private peerHeaders(stream: number): StreamHeaders {
    const other = this.d.connection.directions[this.d.side === 0 ? 1 : 0].parser;
    return other instanceof Http2Parser ? (other.streams.get(stream)?.said ?? null) : null;
  }

  private payload(b: Uint8Array, from: number, end: number, position: number): number {
    let at = from;
    while (this.leadLength < this.leadNeeded && at < end) {
      this.lead[this.leadLength++] = u8(b, at++);
      this.contentLeft--;
      if (this.leadLength === this.leadNeeded) this.openContent(position + (at - from));
    }
    const n = Math.min(this.contentLeft, end - at);
    if (n > 0) {
      this.content(b, at, at + n, position + (at - from));
      this.contentLeft -= n;
      at += n;
    }
    if (this.contentLeft > 0 || this.leadLength < this.leadNeeded) return at;
    const skipped = Math.min(this.paddingLeft, end - at);
    this.paddingLeft -= skipped;
    at += skipped;
    if (this.paddingLeft === 0) this.closeFrame();
    return at;
  }

  /** What stands before the frame's content is known. */
  private openContent(position: number): void {
    const { type, flags, lead } = this;
    const padded = this.leadNeeded > 0 && type !== RST_STREAM && (flags & PADDED) !== 0;
    if (padded) {
      const padding = u8(lead, 0);
      if (padding > this.contentLeft) this.out.note(this.d.connection.row, 'malformed');
      this.paddingLeft = Math.min(padding, this.contentLeft);
      this.contentLeft -= this.paddingLeft;
    }
    if (type === HEADERS) {
      this.openSection(this.stream, this.messageOf(this.stream), (flags & END_STREAM) !== 0);
    } else if (type === PUSH_PROMISE) {
      const promised = u32(lead, padded ? 1 : 0) & 0x7fffffff;
      // The promised request has no body; the response to it comes on the stream itself.
      this.finish(promised, false);
      const request = new Http2Message(this.out, this.d, promised, true);
      this.d.marks.add(position, 'http2.headers', request.index);
      this.openSection(promised, request, true);
    } else if (type === RST_STREAM) {
      this.reset(this.stream);
    }
  }

  private openSection(stream: number, message: Http2Message, endsStream: boolean): void {
    this.headers.begin();
    this.section = message;
    this.carrier = this.stream;
    this.sectionStream = stream;
    this.sectionEndsStream = endsStream;
  }

  /** A stream ends early, in both directions. */
  private reset(stream: number): void {
    this.finish(stream, false);
    const other = this.d.connection.directions[this.d.side === 0 ? 1 : 0].parser;
    if (other instanceof Http2Parser && other !== this) other.finish(stream, false);
  }

  private content(b: Uint8Array, start: number, end: number, position: number): void {
    const { type } = this;
    if (type === DATA) this.messageOf(this.stream).data(b, start, end, position);
    else if (type === HEADERS || type === PUSH_PROMISE) this.headers.add(b, start, end, position);
    else if (type === CONTINUATION && this.section !== null && this.stream === this.carrier)
      this.headers.add(b, start, end, position);
  }

  private closeFrame(): void {
    const { type, flags } = this;
    this.inFrame = false;
    if (type === DATA && (flags & END_STREAM) !== 0) this.finish(this.stream, true);
    const section = type === HEADERS || type === PUSH_PROMISE || type === CONTINUATION;
    if (section && (flags & END_HEADERS) !== 0) this.closeSection();
  }

  private closeSection(): void {
    const { section: message, sectionStream } = this;
    this.section = null;
    if (message === null) return;
    const { headers, unknown } = this.headers.complete(message.index);
    message.section(headers, unknown);
    if (this.streams.get(sectionStream) !== message) message.finish(true);
    else if (this.sectionEndsStream || message.isInterim) this.finish(sectionStream, true);
  }

  private finish(stream: number, whole: boolean): void {
    const message = this.streams.get(stream);
    if (message === undefined) return;
    this.streams.delete(stream);
    message.finish(whole);
  }

  private loseTrack(): void {
    this.lost = true;
    this.inFrame = false;
    this.headerLength = 0;
    this.section = null;
    this.out.note(this.d.connection.row, 'protocol-resync');
    this.headers.lose();
    for (const message of this.streams.values()) message.lose(Number.POSITIVE_INFINITY);
  }

  gap(bytes: number): void {
    if (this.lost) return;
    const inContent = this.inFrame && this.leadLength >= this.leadNeeded && bytes <= this.contentLeft;
    if (!inContent) {
      this.loseTrack();
      return;
    }
    this.contentLeft -= bytes;
    if (this.type === DATA) {
      this.streams.get(this.stream)?.lose(bytes);
    } else if (this.section !== null) {
      // Without part of a block, nothing that refers to the table is certain any more.
      this.headers.lose();
      this.section = null;
    }
    if (this.contentLeft === 0 && this.paddingLeft === 0) this.closeFrame();
  }

  end(): void {
    for (const stream of this.streams.keys()) this.finish(stream, false);
    this.headers.release();
  }

  pending(): null {
    return null;
  }
}
