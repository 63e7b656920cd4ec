import { latin1 } from './bytes.ts';
import { decodeHuffman, type HeaderField, STATIC_TABLE } from './hpack-tables.ts';

/** RFC 7541, 4.2: what a table may hold until another size is agreed. */
const DEFAULT_TABLE_BYTES = 4096;
/** The most that is followed: browsers agree this. Assumed where the beginning, and what was agreed there, is not known. */
const MAX_TABLE_BYTES = 65_536;
const ENTRY_OVERHEAD = 32;
/** A few bytes can name the same long field again and again: this much of one block is told. */
const MAX_DECODED_BYTES = 256 * 1024;

/** Stands for a name or value that was said before the capture began. */
export const UNKNOWN_NAME = '?';

/**
 * `unknown`: fields were meant that only the part before the capture names; `capped`: more than is told; `bad`: the block
 * makes no sense, and what the table holds from now on is not known.
 */
export interface HpackOutcome {
  readonly unknown: boolean;
  readonly capped: boolean;
  readonly bad: boolean;
}

/** A field and the stretch of the block that said it. Name and value are one character per byte. */
export type OnField = (name: string, value: string, from: number, to: number) => void;

/** Reads header blocks: HPACK, or QPACK after it. */
export interface FieldDecoder {
  decode(b: Uint8Array, start: number, end: number, onField: OnField): HpackOutcome;
  /** Blocks are missing: what they would have told the table is not known. */
  lose(): void;
}

/** Decoder of one direction's header blocks (RFC 7541). */
export class HpackDecoder implements FieldDecoder {
  /** Older entries exist that are not known. */
  private unknownBefore: boolean;
  private limit: number;
  /** Newest last. */
  private entries: HeaderField[] = [];
  private first = 0;
  private size = 0;
  private b: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;

  /** @param fromStart whether nothing was said before */
  constructor(fromStart: boolean) {
    this.unknownBefore = !fromStart;
    this.limit = fromStart ? DEFAULT_TABLE_BYTES : MAX_TABLE_BYTES;
  }

  /** Header blocks are missing: what the table held is not what it holds now. */
  lose(): void {
    this.entries = [];
    this.first = 0;
    this.size = 0;
    this.unknownBefore = true;
    this.limit = Math.max(this.limit, MAX_TABLE_BYTES);
  }

  /** Reads the block `[start, end)`. */
  decode(b: Uint8Array, start: number, end: number, onField: OnField): HpackOutcome {
    this.b = b;
    this.at = start;
    this.end = end;
    let unknown = false;
    let told = 0;
    let bad = false;
    while (this.at < end && !bad) {
      const from = this.at;
      const field = this.field();
      if (field === 'bad') bad = true;
      else if (field === 'unknown') unknown = true;
      else if (field !== null) {
        told += field[0].length + field[1].length;
        if (field[0] === UNKNOWN_NAME) unknown = true;
        if (told <= MAX_DECODED_BYTES) onField(field[0], field[1], from, this.at);
      }
    }
    if (bad) this.lose();
    return { unknown, capped: told > MAX_DECODED_BYTES, bad };
  }

  /** One representation (RFC 7541, 6); null for a change of the table's size. */
  private field(): HeaderField | 'unknown' | 'bad' | null {
    const first = this.b[this.at] as number;
    if (first >= 0x80) {
      const index = this.integer(7);
      const entry = index === null || index === 0 ? 'bad' : this.entry(index);
      return entry;
    }
    if (first >= 0x20 && first < 0x40) {
      const size = this.integer(5);
      if (size === null) return 'bad';
      if (size > MAX_TABLE_BYTES) this.unknownBefore = true;
      this.limit = Math.min(size, MAX_TABLE_BYTES);
      this.evict();
      return null;
    }
    const indexing = first >= 0x40;
    const index = this.integer(indexing ? 6 : 4);
    if (index === null) return 'bad';
    const named = index === 0 ? this.string() : this.entry(index);
    if (named === null || named === 'bad') return 'bad';
    const name = named === 'unknown' ? UNKNOWN_NAME : typeof named === 'string' ? named : named[0];
    const value = this.string();
    if (value === null) return 'bad';
    const field: HeaderField = [name, value];
    if (indexing) this.insert(field);
    return field;
  }

  private entry(index: number): HeaderField | 'unknown' | 'bad' {
    if (index <= STATIC_TABLE.length) return STATIC_TABLE[index - 1] ?? 'bad';
    const at = this.entries.length - (index - STATIC_TABLE.length);
    if (at < this.first) return this.unknownBefore ? 'unknown' : 'bad';
    return this.entries[at] ?? 'bad';
  }

  /** RFC 7541, 5.1. */
  private integer(prefix: number): number | null {
    const most = (1 << prefix) - 1;
    let value = (this.b[this.at++] as number) & most;
    if (value < most) return value;
    for (let shift = 1; shift <= 2 ** 28; shift *= 128) {
      if (this.at >= this.end) return null;
      const byte = this.b[this.at++] as number;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    return null;
  }

  /** RFC 7541, 5.2. */
  private string(): string | null {
    if (this.at >= this.end) return null;
    const huffman = (this.b[this.at] as number) >= 128;
    const length = this.integer(7);
    if (length === null || this.at + length > this.end) return null;
    const start = this.at;
    this.at += length;
    return huffman ? decodeHuffman(this.b, start, this.at) : latin1(this.b, start, this.at);
  }

  private insert(field: HeaderField): void {
    this.entries.push(field);
    this.size += sizeOf(field);
    this.evict();
  }

  private evict(): void {
    while (this.size > this.limit && this.first < this.entries.length) {
      this.size -= sizeOf(this.entries[this.first++] as HeaderField);
    }
    if (this.first > 64 && this.first * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.first);
      this.first = 0;
    }
  }
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
