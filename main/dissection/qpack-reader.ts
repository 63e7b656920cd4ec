import { latin1 } from './bytes.ts';
import { decodeHuffman } from './hpack-tables.ts';

/**
 * Reads numbers and strings with a prefix (RFC 9204, 4.1). `short` says that the bytes end first, `bad` that they make no
 * sense; what was read since either is to be thrown away.
 */
export class PrefixReader {
  at: number;
  short = false;
  bad = false;
  private readonly b: Uint8Array;
  private readonly end: number;

  constructor(b: Uint8Array, start: number, end: number) {
    this.b = b;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  get failed(): boolean {
    return this.short || this.bad;
  }

  /** The byte that comes next, without taking it. */
  peek(): number {
    return this.b[this.at] ?? 0;
  }

  integer(prefix: number): number {
    if (this.done) this.short = true;
    const most = (1 << prefix) - 1;
    let value = this.peek() & most;
    this.at++;
    if (value < most) return value;
    for (let shift = 1; shift <= 2 ** 28; shift *= 128) {
      if (this.done) {
        this.short = true;
        return 0;
      }
      const byte = this.peek();
      this.at++;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    this.bad = true;
    return 0;
  }

  /** @param prefix bits of the length; the bit before them says whether the string is Huffman-coded */
  string(prefix: number): string {
    const huffman = (this.peek() & (1 << prefix)) !== 0;
    const length = this.integer(prefix);
    const start = this.at;
    if (this.failed) return '';
    if (length > this.end - start) {
      this.short = true;
      return '';
    }
    this.at += length;
    const text = huffman ? decodeHuffman(this.b, start, this.at) : latin1(this.b, start, this.at);
    if (text === null) this.bad = true;
    return text ?? '';
  }
}
