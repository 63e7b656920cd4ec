import type { BodyBudget } from './body-budget.ts';
import { latin1, u8 } from './bytes.ts';
import { isText } from './http-framing.ts';
import { looksLikeHttp } from './http-head.ts';
import { KeptBytes } from './kept-bytes.ts';

const CR = 13;
const LF = 10;

/** Gathers a head that is spread over segments; one that lies in a single segment is never copied. */
export class HeadCollector {
  private readonly kept: KeptBytes;
  private lineLength = 0;

  constructor(budget: BodyBudget) {
    this.kept = new KeptBytes(budget, 1024, false);
  }

  /** Bytes held of segments before. */
  get held(): number {
    return this.kept.length;
  }

  start(): void {
    this.lineLength = 0;
    this.kept.clear();
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

  /** @returns false when all that is held of unfinished messages is too much: nothing was kept */
  keep(b: Uint8Array, from: number, end: number): boolean {
    return this.kept.add(b, from, end);
  }

  /** The whole head, of which `[from, end)` is the last part, one character per byte. */
  take(b: Uint8Array, from: number, end: number): string {
    if (this.held === 0) return latin1(b, from, end);
    const text = this.text() + latin1(b, from, end);
    this.start();
    return text;
  }

  /** What is held so far. */
  text(): string {
    const { bytes, length } = this.kept;
    return bytes === null ? '' : latin1(bytes, 0, length);
  }

  /** Binary after a body that ended too early is no head: waiting for its end would hold 64 KiB back. */
  isPlausible(): boolean {
    const { bytes, length } = this.kept;
    return bytes === null || length < 16 || looksLikeHttp(bytes, 0, length) || isText(bytes, 16);
  }
}
