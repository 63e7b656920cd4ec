/** One byte for each code of a dictionary, from 0: 1 where it is accepted. */
export type Accepted = Uint8Array;

/**
 * One bit a row: 1 where it passes. Five million rows are 625 KB, so that the answers to many questions can be kept and
 * put together. Bits behind the last row are 0.
 */
export class Mask {
  readonly length: number;
  readonly words: Uint32Array;

  constructor(length: number, words = new Uint32Array((length + 31) >>> 5)) {
    this.length = length;
    this.words = words;
  }

  copy(): Mask {
    return new Mask(this.length, this.words.slice());
  }

  has(row: number): boolean {
    return (((this.words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  set(row: number): void {
    this.words[row >>> 5] = (this.words[row >>> 5] ?? 0) | (1 << (row & 31));
  }

  /** Rows that do not pass the other do not pass. */
  keep(other: Mask): void {
    const { words } = this;
    for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) & (other.words[i] ?? 0);
  }

  /** Rows that pass the other pass, too. */
  add(other: Mask): void {
    const { words } = this;
    for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) | (other.words[i] ?? 0);
  }

  /** What passed does not, and the other way round. Gives itself. */
  invert(): this {
    const { words } = this;
    for (let i = 0; i < words.length; i += 1) words[i] = ~(words[i] ?? 0);
    this.#trim();
    return this;
  }

  /** Sets the rows from `from` to before `to`, which both begin a word (`to` may be the end). */
  fill(from: number, to: number): void {
    this.words.fill(0xffff_ffff, from >>> 5, (to + 31) >>> 5);
    this.#trim();
  }

  count(): number {
    return countWords(this.words, 0, this.words.length);
  }

  #trim(): void {
    const over = this.length & 31;
    const last = this.words.length - 1;
    if (over !== 0) this.words[last] = (this.words[last] ?? 0) & ((1 << over) - 1);
  }
}

/** How many bits are set in the words from `from` to before `to`. */
export function countWords(words: Uint32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i += 1) {
    let word = words[i] ?? 0;
    // By pairs, fours and eights at once (Hacker's Delight, 5-1).
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

/** Rows whose code is accepted. */
export function maskOf(codes: Uint32Array, accepted: Accepted): Mask {
  const mask = new Mask(codes.length);
  const { words } = mask;
  // Nothing passes: zero is what the mask already holds.
  if (!accepted.includes(1)) return mask;
  const whole = codes.length >>> 5;
  let row = 0;
  for (let i = 0; i < whole; i += 1) {
    let bits = 0;
    for (let bit = 0; bit < 32; bit += 1, row += 1) bits |= (accepted[codes[row] ?? 0] ?? 0) << bit;
    words[i] = bits;
  }
  for (; row < codes.length; row += 1) if (accepted[codes[row] ?? 0] === 1) mask.set(row);
  return mask;
}

/** By row whether its conversation passes. `flows`: by row. */
export function ofFlows(passing: Mask, flows: Uint32Array): Mask {
  const mask = new Mask(flows.length);
  const { words } = mask;
  const of = passing.words;
  const whole = flows.length >>> 5;
  let row = 0;
  for (let i = 0; i < whole; i += 1) {
    let bits = 0;
    for (let bit = 0; bit < 32; bit += 1, row += 1) {
      const flow = flows[row] ?? 0;
      bits |= (((of[flow >>> 5] ?? 0) >>> (flow & 31)) & 1) << bit;
    }
    words[i] = bits;
  }
  for (; row < flows.length; row += 1) if (passing.has(flows[row] ?? 0)) mask.set(row);
  return mask;
}

/** The same where conversations are counted from 1; where a row is in none, `none`. */
export function ofFlowsOrNone(passing: Mask, flows: Uint32Array, none: boolean): Mask {
  const mask = new Mask(flows.length);
  for (let row = 0; row < flows.length; row += 1) {
    const flow = flows[row] ?? 0;
    if (flow === 0 ? none : passing.has(flow - 1)) mask.set(row);
  }
  return mask;
}

/** Conversations that hold at least one of the passing rows. `flows`: by row, counted from `base`. */
export function flowsOf(mask: Mask, flows: Uint32Array, count: number, base: 0 | 1): Mask {
  const found = new Mask(count);
  const { words } = found;
  for (const rows of chunksOf(mask)) {
    for (let i = 0; i < rows.length; i += 1) {
      const flow = (flows[rows[i] ?? 0] ?? 0) - base;
      if (flow >= 0 && flow < count) words[flow >>> 5] = (words[flow >>> 5] ?? 0) | (1 << (flow & 31));
    }
  }
  return found;
}

const chunkWords = 256;

/** Numbers of the passing rows, ascending, some thousand at a time: each piece is valid until the next. */
export function* chunksOf(mask: Mask): Generator<Uint32Array> {
  const piece = new Uint32Array(chunkWords * 32);
  for (let from = 0; from < mask.words.length; from += chunkWords) {
    const filled = rowsOfWords(mask.words, from, Math.min(from + chunkWords, mask.words.length), piece);
    if (filled > 0) yield piece.subarray(0, filled);
  }
}

/** Writes the numbers of the rows set in these words; gives how many. */
export function rowsOfWords(words: Uint32Array, from: number, to: number, into: Uint32Array): number {
  let filled = 0;
  for (let i = from; i < to; i += 1) {
    let word = words[i] ?? 0;
    while (word !== 0) {
      into[filled] = i * 32 + 31 - Math.clz32(word & -word);
      filled += 1;
      word &= word - 1;
    }
  }
  return filled;
}
