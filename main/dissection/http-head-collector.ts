import { latin1, u8 } from './bytes.ts';
import { isText } from './http-framing.ts';
import { looksLikeHttp } from './http-head.ts';

const CR = 13;
const LF = 10;

/** Gathers a head that is spread over segments; one that lies in a single segment is never copied. */
export class HeadCollector {
  private buffer: Uint8Array | null = null;
  /** Bytes held of segments before. */
  held = 0;
  private lineLength = 0;

  start(): void {
    this.held = 0;
    this.lineLength = 0;
    this.buffer = null;
  }

  /** Where the head ends (after its empty line), or -1. Each byte is looked at once. */
  findEnd(b: Uint8Array, from: number, end: number): number {
    let length = this.lineLength;
    for (let i = from; i < end; i++) {
      const c = u8(b, i);
      if (c === LF) {
        if (length === 0) {
          this.lineLength = 0;
          return i + 1;
        }
        length = 0;
      } else if (c !== CR) {
        length++;
      }
    }
    this.lineLength = length;
    return -1;
  }

  keep(b: Uint8Array, from: number, end: number): void {
    const n = end - from;
    let buffer = this.buffer;
    if (buffer === null || this.held + n > buffer.length) {
      const bigger = new Uint8Array(Math.max(this.held + n, 1024, (buffer?.length ?? 0) * 2));
      if (buffer !== null) bigger.set(buffer.subarray(0, this.held));
      buffer = bigger;
      this.buffer = bigger;
    }
    buffer.set(b.subarray(from, end), this.held);
    this.held += n;
  }

  /** The whole head, of which `[from, end)` is the last part, one character per byte. */
  take(b: Uint8Array, from: number, end: number): string {
    if (this.held === 0) return latin1(b, from, end);
    this.keep(b, from, end);
    const text = this.text();
    this.start();
    return text;
  }

  /** What is held so far. */
  text(): string {
    return this.buffer === null ? '' : latin1(this.buffer, 0, this.held);
  }

  /** Binary after a body that ended too early is no head: waiting for its end would hold 64 KiB back. */
  isPlausible(): boolean {
    const b = this.buffer;
    return b === null || this.held < 16 || looksLikeHttp(b, 0, this.held) || isText(b, 16);
  }
}
