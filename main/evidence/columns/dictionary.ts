import type { Accepted } from './masks.ts';
import { fold } from './dictionary-writer.ts';

/** Texts by code, counted from 1; in lower case, each ended by a zero byte. */
export class Dictionary {
  readonly size: number;
  readonly #bytes: Buffer;
  /** Where the text of code c ends (with its zero byte): `#ends[c]`; `#ends[0]` is 0. */
  readonly #ends: Float64Array;

  constructor(bytes: Buffer, lengths: Uint32Array) {
    this.#bytes = bytes;
    this.size = lengths.length;
    this.#ends = new Float64Array(lengths.length + 1);
    for (let i = 0; i < lengths.length; i += 1) this.#ends[i + 1] = (this.#ends[i] ?? 0) + (lengths[i] ?? 0);
  }

  text(code: number): string {
    if (code < 1 || code > this.size) return '';
    return this.#bytes.toString('utf8', this.#ends[code - 1], (this.#ends[code] ?? 1) - 1);
  }

  /** 1 at each code whose text holds `wanted` (in either case), 0 at the others. */
  holding(wanted: string): Accepted {
    const found = new Uint8Array(this.size + 1);
    const needle = Buffer.from(fold(wanted), 'utf8');
    // A zero byte would run over the end of a text; no text holds one.
    if (needle.length === 0 || needle.includes(0)) return found;
    let code = 1;
    for (let at = this.#bytes.indexOf(needle); at >= 0;) {
      code = this.#codeAt(at, code);
      found[code] = 1;
      at = this.#bytes.indexOf(needle, this.#ends[code] ?? this.#bytes.length);
    }
    return found;
  }

  /** 1 at each code whose text, or one line of it, is `wanted` (in either case). */
  lineIs(wanted: string): Accepted {
    const found = this.holding(wanted);
    const exact = fold(wanted);
    for (let code = 1; code <= this.size; code += 1) {
      if (found[code] === 1 && !this.text(code).split('\n').includes(exact)) found[code] = 0;
    }
    return found;
  }

  /** The code whose text holds byte `at`, from `from` on. */
  #codeAt(at: number, from: number): number {
    let low = from;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
