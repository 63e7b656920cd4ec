import { u8 } from './bytes.ts';
import { varint, varintSize } from './quic-packet.ts';

export const DATA = 0x00;
export const HEADERS = 0x01;
export const SETTINGS = 0x04;
export const PUSH_PROMISE = 0x05;

/** Two numbers of at most eight bytes each. */
const MAX_HEAD_BYTES = 16;

export interface Http3FrameReceiver {
  openFrame(type: number): void;
  /** `[start, end)` of `b` is content of the frame; `position` is where it stands. */
  content(b: Uint8Array, start: number, end: number, position: number): void;
  /** The frame is whole. @returns true when no more is to be read for now */
  closeFrame(): boolean;
}

/** The frames of a stream of HTTP/3 (RFC 9114, 7.1): type, length, content; in pieces of any size. */
export class Http3Frames {
  private readonly to: Http3FrameReceiver;
  private readonly head = new Uint8Array(MAX_HEAD_BYTES);
  private headLength = 0;
  private left = 0;
  private inFrame = false;
  /** Bytes that were missing stood where a frame begins: nobody knows where the next one does. */
  lost = false;

  constructor(to: Http3FrameReceiver) {
    this.to = to;
  }

  /** Inside a frame, or inside the numbers before one. */
  get isInside(): boolean {
    return this.inFrame || this.headLength > 0;
  }

  /** @returns where it stopped: at `end`, or behind a frame after which no more is to be read for now, or lost */
  feed(b: Uint8Array, start: number, end: number, position: number): number {
    let at = start;
    while (at < end && !this.lost) {
      let closed = false;
      if (this.inFrame) {
        const n = Math.min(this.left, end - at);
        this.to.content(b, at, at + n, position + (at - start));
        this.left -= n;
        at += n;
        closed = this.left === 0;
      } else {
        this.head[this.headLength++] = u8(b, at++);
        closed = this.readHead() && this.left === 0;
      }
      if (!closed) continue;
      this.inFrame = false;
      if (this.to.closeFrame()) return at;
    }
    return at;
  }

  private readHead(): boolean {
    const { head, headLength } = this;
    const typeBytes = varintSize(head, 0);
    const type = varint(head, 0, headLength);
    const length = type < 0 ? -1 : varint(head, typeBytes, headLength);
    if (length < 0) {
      // Whole, and beyond any number that is read.
      const size = typeBytes + (headLength > typeBytes ? varintSize(head, typeBytes) : MAX_HEAD_BYTES);
      if (headLength >= Math.min(size, MAX_HEAD_BYTES)) this.lost = true;
      return false;
    }
    this.headLength = 0;
    this.left = length;
    this.inFrame = true;
    this.to.openFrame(type);
    return true;
  }

  /** @returns true when the missing bytes are all content of the frame at hand */
  gap(bytes: number): boolean {
    if (!this.inFrame || bytes > this.left) {
      this.lost = true;
      return false;
    }
    this.left -= bytes;
    if (this.left === 0) {
      this.inFrame = false;
      this.to.closeFrame();
    }
    return true;
  }
}
