import {
  BackwardBits,
  type FseTable,
  fseTable,
  type HuffmanTable,
  readFseTable,
  readHuffmanStream,
  readHuffmanTable,
  singleSymbol,
  ZstdDamage,
} from './zstd-entropy.ts';
import type { BlockOutput } from './zstd-output.ts';

/** RFC 8878, 3.1.1.2.4: no block gives more. */
export const MAX_BLOCK_BYTES = 128 * 1024;

// RFC 8878, 3.1.1.3.2.1.1: values of the codes of literal and match lengths.
const LITERAL_BITS = [...zeros(16), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const MATCH_BITS = [...zeros(32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const LITERAL_BASES = basesOf(LITERAL_BITS, 0);
const MATCH_BASES = basesOf(MATCH_BITS, 3);
const MAX_OFFSET_CODE = 31;

// RFC 8878, 3.1.1.3.2.2: distributions that need no description.
const DEFAULT_LITERALS = fseTable(
  [4, 3, ...repeated(2, 11), 1, 1, 1, ...repeated(2, 9), 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  6,
);
const DEFAULT_MATCHES = fseTable([1, 4, 3, ...repeated(2, 6), ...repeated(1, 37), ...repeated(-1, 7)], 6);
const DEFAULT_OFFSETS = fseTable([...repeated(1, 6), 2, 2, 2, ...repeated(1, 15), ...repeated(-1, 5)], 5);

function repeated(value: number, times: number): number[] {
  return Array.from({ length: times }, () => value);
}

function zeros(times: number): number[] {
  return repeated(0, times);
}

function basesOf(bits: readonly number[], first: number): Int32Array {
  const bases = new Int32Array(bits.length);
  let value = first;
  bits.forEach((n, i) => {
    bases[i] = value;
    value += 1 << n;
  });
  return bases;
}

/** What the blocks of one frame share. */
export class BlockDecoder {
  /** Output so far, as far as matches may reach back; `length` bytes of it are filled. */
  readonly output: BlockOutput;
  private huffman: HuffmanTable | null = null;
  private literalTable: FseTable | null = null;
  private offsetTable: FseTable | null = null;
  private matchTable: FseTable | null = null;
  private readonly recent = [1, 4, 8];
  private readonly literals = new Uint8Array(MAX_BLOCK_BYTES);
  private literalCount = 0;

  constructor(output: BlockOutput) {
    this.output = output;
  }

  /** Decodes the compressed block `[start, end)`. Throws ZstdDamage; what it gave until then stays in the output. */
  decode(b: Uint8Array, start: number, end: number): void {
    const before = this.output.total;
    const at = this.readLiterals(b, start, end);
    this.readSequences(b, at, end, before);
  }

  private readLiterals(b: Uint8Array, start: number, end: number): number {
    if (end - start < 2) throw new ZstdDamage('a block without literals');
    const byte = (i: number): number => (start + i < end ? (b[start + i] as number) : 0);
    const kind = byte(0) & 3;
    const format = (byte(0) >> 2) & 3;
    if (kind < 2) {
      const headerBytes = (format & 1) === 0 ? 1 : format === 1 ? 2 : 3;
      const word = byte(0) | (byte(1) << 8) | (byte(2) << 16);
      const size = headerBytes === 1 ? byte(0) >> 3 : (word & (headerBytes === 2 ? 0xffff : 0xffffff)) >> 4;
      const at = start + headerBytes;
      const past = at + (kind === 0 ? size : 1);
      if (size > MAX_BLOCK_BYTES || past > end) throw new ZstdDamage('literals that are cut');
      if (kind === 0) this.literals.set(b.subarray(at, past));
      else this.literals.fill(b[at] as number, 0, size);
      this.literalCount = size;
      return past;
    }
    // Both sizes have 10, 14 or 18 bits.
    const headerBytes = format < 2 ? 3 : format + 2;
    const n = format < 2 ? 10 : format === 2 ? 14 : 18;
    let word = 0;
    for (let i = headerBytes - 1; i >= 0; i--) word = word * 256 + byte(i);
    const size = Math.floor(word / 16) % 2 ** n;
    const packed = Math.floor(word / (16 * 2 ** n));
    let at = start + headerBytes;
    const past = at + packed;
    if (size > MAX_BLOCK_BYTES || past > end) throw new ZstdDamage('literals that are cut');
    if (kind === 2) {
      const read = readHuffmanTable(b, at, past);
      this.huffman = read.table;
      at = read.end;
    }
    this.readHuffman(b, at, past, size, format !== 0);
    this.literalCount = size;
    return past;
  }

  private readHuffman(b: Uint8Array, start: number, end: number, size: number, four: boolean): void {
    const table = this.huffman;
    if (table === null) throw new ZstdDamage('a tree of before that never was');
    if (!four) {
      readHuffmanStream(table, b, start, end, this.literals, 0, size);
      return;
    }
    const quarter = (size + 3) >> 2;
    if (end - start < 6 || quarter * 3 > size) throw new ZstdDamage('four streams that are cut');
    let at = start + 6;
    for (let i = 0; i < 4; i++) {
      const past = i === 3 ? end : at + ((b[start + i * 2] as number) | ((b[start + i * 2 + 1] as number) << 8));
      if (past > end) throw new ZstdDamage('four streams that are cut');
      readHuffmanStream(table, b, at, past, this.literals, i * quarter, i === 3 ? size : (i + 1) * quarter);
      at = past;
    }
  }

  private readSequences(b: Uint8Array, start: number, end: number, before: number): void {
    if (start >= end) throw new ZstdDamage('a block without sequences');
    let at = start + 1;
    let count = b[start] as number;
    if (count > 127) {
      const second = b[at++] as number;
      if (count === 255) count = second + ((b[at++] as number) << 8) + 0x7f00;
      else count = ((count - 128) << 8) + second;
    }
    if (count === 0) {
      this.output.append(this.literals, 0, this.literalCount);
      return;
    }
    const modes = b[at++] as number;
    if (at >= end || (modes & 3) !== 0) throw new ZstdDamage('no modes of tables');
    const reader = new TableReader(b, at, end);
    const literal = reader.read(modes >> 6, DEFAULT_LITERALS, this.literalTable, 9, LITERAL_BITS.length - 1);
    const offset = reader.read((modes >> 4) & 3, DEFAULT_OFFSETS, this.offsetTable, 8, MAX_OFFSET_CODE);
    const match = reader.read((modes >> 2) & 3, DEFAULT_MATCHES, this.matchTable, 9, MATCH_BITS.length - 1);
    this.literalTable = literal;
    this.offsetTable = offset;
    this.matchTable = match;
    this.run(new BackwardBits(b, reader.at, end), count, literal, offset, match, before);
  }

  private run(bits: BackwardBits, count: number, ll: FseTable, of: FseTable, ml: FseTable, before: number): void {
    const { output } = this;
    let literalState = bits.read(ll.log);
    let offsetState = bits.read(of.log);
    let matchState = bits.read(ml.log);
    let used = 0;
    for (let i = 0; i < count; i++) {
      const offsetCode = of.symbols[offsetState] as number;
      const matchCode = ml.symbols[matchState] as number;
      const literalCode = ll.symbols[literalState] as number;
      const value = 2 ** offsetCode + bits.read(offsetCode);
      const length = (MATCH_BASES[matchCode] as number) + bits.read(MATCH_BITS[matchCode] as number);
      const literals = (LITERAL_BASES[literalCode] as number) + bits.read(LITERAL_BITS[literalCode] as number);
      if (bits.left < 0 || used + literals > this.literalCount) throw new ZstdDamage('sequences that are cut');
      if (output.total - before + literals + length > MAX_BLOCK_BYTES) throw new ZstdDamage('a block too large');
      output.append(this.literals, used, used + literals);
      used += literals;
      output.repeat(this.distance(value, literals), length);
      if (i === count - 1) break;
      literalState = (ll.bases[literalState] as number) + bits.read(ll.bits[literalState] as number);
      matchState = (ml.bases[matchState] as number) + bits.read(ml.bits[matchState] as number);
      offsetState = (of.bases[offsetState] as number) + bits.read(of.bits[offsetState] as number);
    }
    if (bits.left !== 0) throw new ZstdDamage('sequences that do not end with their bits');
    if (output.total - before + this.literalCount - used > MAX_BLOCK_BYTES) throw new ZstdDamage('a block too large');
    output.append(this.literals, used, this.literalCount);
  }

  /** RFC 8878, 3.1.1.5: the values 1 to 3 stand for distances used lately. */
  private distance(value: number, literals: number): number {
    const { recent } = this;
    const [first = 1, second = 4, third = 8] = recent;
    if (value > 3) {
      recent.splice(0, 3, value - 3, first, second);
      return value - 3;
    }
    const index = literals === 0 ? value : value - 1;
    if (index === 0) return first;
    const chosen = index === 1 ? second : index === 2 ? third : first - 1;
    if (chosen <= 0) throw new ZstdDamage('a distance of nothing');
    if (index === 1) recent.splice(0, 2, chosen, first);
    else recent.splice(0, 3, chosen, first, second);
    return chosen;
  }
}

class TableReader {
  at: number;
  private readonly b: Uint8Array;
  private readonly end: number;

  constructor(b: Uint8Array, at: number, end: number) {
    this.b = b;
    this.at = at;
    this.end = end;
  }

  /** RFC 8878, 3.1.1.3.2.1: predefined, one symbol, described, or that of the block before. */
  read(mode: number, predefined: FseTable, before: FseTable | null, maxLog: number, maxSymbol: number): FseTable {
    if (mode === 0) return predefined;
    if (mode === 3) {
      if (before === null) throw new ZstdDamage('a table of before that never was');
      return before;
    }
    if (mode === 1) {
      const symbol = this.at < this.end ? (this.b[this.at++] as number) : 256;
      if (symbol > maxSymbol) throw new ZstdDamage('a symbol that does not exist');
      return singleSymbol(symbol);
    }
    const { table, end } = readFseTable(this.b, this.at, this.end, maxLog, maxSymbol);
    this.at = end;
    return table;
  }
}
