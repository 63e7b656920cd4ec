import { UNKNOWN_NAME, type FieldDecoder, type HpackOutcome, type OnField } from './hpack.ts';
import type { HeaderField } from './hpack-tables.ts';
import { PrefixReader } from './qpack-reader.ts';
import { QPACK_STATIC_TABLE } from './qpack-static-table.ts';

const ENTRY_OVERHEAD = 32;
/** The most of a table that is kept; browsers agree 64 KiB. */
const MAX_TABLE_BYTES = 256 * 1024;
/** An instruction longer than this is not waited for. */
const MAX_INSTRUCTION_BYTES = 64 * 1024;
/** A few bytes can name the same long field again and again: this much of one section is told. */
const MAX_DECODED_BYTES = 256 * 1024;
const NO_BYTES = new Uint8Array(0);

/** Decoder of the field sections that one side sends (RFC 9204), by what its encoder stream puts into the table. */
export class QpackDecoder implements FieldDecoder {
  /** What the other side's settings allow this side's table to hold; null while they are not known. */
  maxCapacity: number | null = null;
  /** Entries by absolute index less `before`; those before `first` are not kept any more. */
  private entries: HeaderField[] = [];
  private before = 0;
  private first = 0;
  private size = 0;
  private capacity = 0;
  /** Bytes of an instruction that is not whole yet. */
  private rest: Uint8Array = NO_BYTES;
  /** Part of the encoder stream is missing: what came after is not known. */
  private lost = false;

  /** How many entries were ever put in (RFC 9204, 3.2.4). */
  get inserted(): number {
    return this.before + this.entries.length;
  }

  /** Nothing more will be learnt of the table. */
  get isLost(): boolean {
    return this.lost;
  }

  lose(): void {
    this.lost = true;
    this.rest = NO_BYTES;
  }

  /**
   * Takes bytes of the encoder stream.
   * @returns false when they make no sense
   */
  instructions(b: Uint8Array, start: number, end: number): boolean {
    if (this.lost) return true;
    const bytes = this.rest.length === 0 ? b.subarray(start, end) : Buffer.concat([this.rest, b.subarray(start, end)]);
    const reader = new PrefixReader(bytes, 0, bytes.length);
    let at = 0;
    while (!reader.done) {
      this.instruction(reader);
      if (reader.bad) {
        this.lose();
        return false;
      }
      if (reader.short) break;
      at = reader.at;
    }
    this.rest = at < bytes.length ? new Uint8Array(bytes.subarray(at)) : NO_BYTES;
    if (this.rest.length > MAX_INSTRUCTION_BYTES) this.lose();
    return !this.lost;
  }

  /** One instruction (RFC 9204, 4.3); nothing is done with one that is not whole. */
  private instruction(reader: PrefixReader): void {
    const first = reader.peek();
    if (first >= 0x80) {
      const index = reader.integer(6);
      const value = reader.string(7);
      if (reader.failed) return;
      const named = (first & 0x40) !== 0 ? QPACK_STATIC_TABLE[index] : this.entry(this.inserted - 1 - index);
      if (named === undefined) reader.bad = true;
      else this.insert([named === 'unknown' ? UNKNOWN_NAME : named[0], value]);
    } else if (first >= 0x40) {
      const name = reader.string(5);
      const value = reader.string(7);
      if (!reader.failed) this.insert([name, value]);
    } else if (first >= 0x20) {
      const capacity = reader.integer(5);
      if (!reader.failed) this.resize(capacity);
    } else {
      const index = reader.integer(5);
      if (reader.failed) return;
      const entry = this.entry(this.inserted - 1 - index);
      if (entry === undefined) reader.bad = true;
      else this.insert(entry === 'unknown' ? [UNKNOWN_NAME, ''] : entry);
    }
  }

  private insert(field: HeaderField): void {
    this.entries.push(field);
    this.size += sizeOf(field);
    this.evict();
  }

  private resize(capacity: number): void {
    this.capacity = Math.min(capacity, MAX_TABLE_BYTES);
    this.evict();
  }

  /** Sections that were held up in the capture may still refer to entries that are out already: as much again is kept. */
  private evict(): void {
    while (this.size > 2 * this.capacity && this.first < this.inserted)
      this.size -= sizeOf(this.entries[this.first++ - this.before] as HeaderField);
    const out = this.first - this.before;
    if (out < 64 || out * 2 < this.entries.length) return;
    this.entries = this.entries.slice(out);
    this.before = this.first;
  }

  /** @returns undefined for an index that was never used, `unknown` for an entry that is not kept any more */
  private entry(index: number): HeaderField | 'unknown' | undefined {
    if (index >= 0 && index < this.first) return 'unknown';
    return this.entries[index - this.before];
  }

  /**
   * How many entries the section `[start, end)` needs (RFC 9204, 4.5.1.1), or -1 when it makes no sense.
   */
  required(b: Uint8Array, start: number, end: number): number {
    const reader = new PrefixReader(b, start, end);
    const encoded = reader.integer(8);
    return reader.failed ? -1 : this.requiredOf(encoded);
  }

  private requiredOf(encoded: number): number {
    if (encoded === 0) return 0;
    const most = Math.floor((this.maxCapacity ?? 0) / ENTRY_OVERHEAD);
    // Without the settings: as long as the number has not gone round once, it is the encoded one less one.
    if (most === 0) return encoded - 1;
    const range = 2 * most;
    if (encoded > range) return -1;
    const highest = this.inserted + most;
    let count = Math.floor(highest / range) * range + encoded - 1;
    if (count > highest) count -= range;
    return count <= 0 ? -1 : count;
  }

  /** Reads the field section `[start, end)`; entries that are not known are told as that. */
  decode(b: Uint8Array, start: number, end: number, onField: OnField): HpackOutcome {
    const reader = new PrefixReader(b, start, end);
    const required = this.requiredOf(reader.integer(8));
    const negative = (reader.peek() & 0x80) !== 0;
    const delta = reader.integer(7);
    const base = negative ? required - delta - 1 : required + delta;
    if (reader.failed || required < 0 || base < 0) return { unknown: false, capped: false, bad: true };
    let unknown = false;
    let told = 0;
    while (!reader.done) {
      const from = reader.at;
      const field = this.field(reader, base);
      if (reader.failed) return { unknown, capped: told > MAX_DECODED_BYTES, bad: true };
      if (field === 'unknown') {
        unknown = true;
        continue;
      }
      if (field[0] === UNKNOWN_NAME) unknown = true;
      told += field[0].length + field[1].length;
      if (told <= MAX_DECODED_BYTES) onField(field[0], field[1], from, reader.at);
    }
    return { unknown, capped: told > MAX_DECODED_BYTES, bad: false };
  }

  /** One representation (RFC 9204, 4.5). */
  private field(reader: PrefixReader, base: number): HeaderField | 'unknown' {
    const first = reader.peek();
    if (first >= 0x80) return this.known((first & 0x40) !== 0, reader, base - 1, 6);
    if (first >= 0x40) return this.named(this.known((first & 0x10) !== 0, reader, base - 1, 4), reader);
    if (first >= 0x20) {
      const name = reader.string(3);
      return [name, reader.string(7)];
    }
    // Entries that were put in after the section was begun count upwards from its base.
    const index = base + reader.integer(first >= 0x10 ? 4 : 3);
    const entry = this.entry(index) ?? 'unknown';
    return first >= 0x10 ? entry : this.named(entry, reader);
  }

  private known(isStatic: boolean, reader: PrefixReader, newest: number, prefix: number): HeaderField | 'unknown' {
    const index = reader.integer(prefix);
    if (!isStatic) return this.entry(newest - index) ?? 'unknown';
    const field = QPACK_STATIC_TABLE[index];
    if (field === undefined) reader.bad = true;
    return field ?? 'unknown';
  }

  private named(entry: HeaderField | 'unknown', reader: PrefixReader): HeaderField {
    return [entry === 'unknown' ? UNKNOWN_NAME : entry[0], reader.string(7)];
  }
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
