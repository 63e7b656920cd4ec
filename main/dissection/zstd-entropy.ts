/**
 * The entropy coding of Zstandard (RFC 8878, 4): bits read backwards, finite state entropy (FSE) tables and Huffman tables.
 */

/** What is there makes no sense. Never leaves the decoder. */
export class ZstdDamage extends Error {}

/** Bits of `[start, end)` read from the last one to the first (RFC 8878, 4.1); bits before the first are zeros. */
export class BackwardBits {
  /** Bits not read yet; below zero when more was read than there is. */
  left: number;
  private readonly b: Uint8Array;
  private readonly start: number;

  constructor(b: Uint8Array, start: number, end: number) {
    const last = end > start ? (b[end - 1] as number) : 0;
    // The highest bit set in the last byte only marks the end.
    if (last === 0) throw new ZstdDamage('a bit stream without its end mark');
    this.b = b;
    this.start = start;
    this.left = (end - start) * 8 - (Math.clz32(last) - 24) - 1;
  }

  /** The next `n` bits (at most 24) without taking them. */
  peek(n: number): number {
    if (n === 0) return 0;
    const from = this.left - n;
    if (from >= 0) return this.bitsAt(from, n);
    return this.left <= 0 ? 0 : this.bitsAt(0, this.left) << -from;
  }

  private bitsAt(from: number, n: number): number {
    const at = this.start + (from >> 3);
    const b = this.b;
    const word =
      (b[at] as number) | ((b[at + 1] as number) << 8) | ((b[at + 2] as number) << 16) | ((b[at + 3] as number) << 24);
    return (word >>> (from & 7)) & ((1 << n) - 1);
  }

  read(n: number): number {
    if (n > 16) {
      const high = this.read(n - 16);
      return high * 65_536 + this.read(16);
    }
    const value = this.peek(n);
    this.left -= n;
    return value;
  }
}

/** By state: the symbol it stands for, and how the next state is made. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A table from normalised probabilities; −1 is «less than one» (RFC 8878, 4.1.1). */
export function fseTable(probabilities: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  probabilities.forEach((p, symbol) => {
    if (p === -1) symbols[--high] = symbol;
    next[symbol] = p === -1 ? 1 : p;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((p, symbol) => {
    for (let i = 0; i < p; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  if (at !== 0) throw new ZstdDamage('probabilities that do not fill their table');
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] as number;
    const value = next[symbol] as number;
    next[symbol] = value + 1;
    const n = log - (31 - Math.clz32(value));
    bits[state] = n;
    bases[state] = (value << n) - size;
  }
  return { log, symbols, bits, bases };
}

/** A table that knows one symbol only. */
export function singleSymbol(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/**
 * Reads a table description (RFC 8878, 4.1.1), bits from the first on.
 * @returns the table and where the description ends
 */
export function readFseTable(
  b: Uint8Array,
  start: number,
  end: number,
  maxLog: number,
  maxSymbol: number,
): { table: FseTable; end: number } {
  let bit = 0;
  const take = (n: number): number => {
    const at = start + (bit >> 3);
    if (at >= end) throw new ZstdDamage('a table description that is cut');
    const word = (b[at] as number) | ((b[at + 1] as number) << 8) | ((b[at + 2] as number) << 16);
    const value = (word >> (bit & 7)) & ((1 << n) - 1);
    bit += n;
    return value;
  };
  const log = take(4) + 5;
  if (log > maxLog) throw new ZstdDamage('a table larger than allowed');
  const probabilities: number[] = [];
  let left = 1 << log;
  while (left > 0 && probabilities.length <= maxSymbol) {
    const bits = 32 - Math.clz32(left + 1);
    const low = (1 << (bits - 1)) - 1;
    const threshold = (1 << bits) - 1 - (left + 1);
    let value = take(bits);
    if ((value & low) < threshold) {
      // One bit fewer was needed.
      bit--;
      value &= low;
    } else if (value > low) {
      value -= threshold;
    }
    const p = value - 1;
    left -= Math.abs(p);
    probabilities.push(p);
    if (p !== 0) continue;
    for (let repeat = 3; repeat === 3;) {
      repeat = take(2);
      for (let i = 0; i < repeat; i++) probabilities.push(0);
      if (probabilities.length > maxSymbol + 1) break;
    }
  }
  if (left !== 0 || probabilities.length > maxSymbol + 1) throw new ZstdDamage('probabilities that do not add up');
  return { table: fseTable(probabilities, log), end: start + ((bit + 7) >> 3) };
}

/** By the next `log` bits: the literal they begin with, and how many of them it takes. */
export interface HuffmanTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

const MAX_HUFFMAN_LOG = 11;

/** Reads a Huffman tree description (RFC 8878, 4.2.1). */
export function readHuffmanTable(b: Uint8Array, start: number, end: number): { table: HuffmanTable; end: number } {
  if (start >= end) throw new ZstdDamage('no tree description');
  const header = b[start] as number;
  const weights: number[] = [];
  const direct = header >= 128;
  const past = start + 1 + (direct ? (header - 126) >> 1 : header);
  if (past > end) throw new ZstdDamage('a tree description that is cut');
  if (direct) {
    for (let i = 0; i < header - 127; i++) {
      const byte = b[start + 1 + (i >> 1)] as number;
      weights.push((i & 1) === 0 ? byte >> 4 : byte & 15);
    }
  } else {
    const { table, end: at } = readFseTable(b, start + 1, past, 6, 255);
    readWeights(table, new BackwardBits(b, at, past), weights);
  }
  return { table: huffmanTable(weights), end: past };
}

/** Two states take turns until the bits are used up (RFC 8878, 4.2.1.2). */
function readWeights(table: FseTable, bits: BackwardBits, weights: number[]): void {
  const states = [bits.read(table.log), bits.read(table.log)];
  if (bits.left < 0) throw new ZstdDamage('weights that are cut');
  for (let turn = 0; weights.length < 255; turn ^= 1) {
    const state = states[turn] as number;
    weights.push(table.symbols[state] as number);
    const n = table.bits[state] as number;
    if (bits.left < n) {
      weights.push(table.symbols[states[turn ^ 1] as number] as number);
      return;
    }
    states[turn] = (table.bases[state] as number) + bits.read(n);
  }
  throw new ZstdDamage('more weights than there are literals');
}

function huffmanTable(weights: number[]): HuffmanTable {
  let sum = 0;
  for (const w of weights) {
    if (w > MAX_HUFFMAN_LOG) throw new ZstdDamage('a code longer than allowed');
    if (w > 0) sum += 1 << (w - 1);
  }
  if (sum === 0) throw new ZstdDamage('a tree without leaves');
  const log = 32 - Math.clz32(sum);
  const rest = (1 << log) - sum;
  // The last weight is not written: it fills the tree.
  if (log > MAX_HUFFMAN_LOG || (rest & (rest - 1)) !== 0 || weights.length > 255) throw new ZstdDamage('no full tree');
  const all = [...weights, 32 - Math.clz32(rest)];
  const symbols = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    all.forEach((w, symbol) => {
      if (w !== weight) return;
      const n = 1 << (w - 1);
      symbols.fill(symbol, at, at + n);
      bits.fill(log + 1 - w, at, at + n);
      at += n;
    });
  }
  return { log, symbols, bits };
}

/** Decodes one Huffman stream into `out[from, to)`; it must be used up exactly. */
export function readHuffmanStream(
  table: HuffmanTable,
  b: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  from: number,
  to: number,
): void {
  const bits = new BackwardBits(b, start, end);
  for (let i = from; i < to; i++) {
    const code = bits.peek(table.log);
    out[i] = table.symbols[code] as number;
    bits.left -= table.bits[code] as number;
  }
  if (bits.left !== 0) throw new ZstdDamage('literals that do not end with their bits');
}
