import type { RawMatch } from './layered-search.ts';
import type { PendingHit } from './pending-hits.ts';

/** Bytes a cell, and cells a range may lie in: a longer one is that of a whole compressed value, of which there are few. */
const cellBytes = 256;
const maxCells = 64;

/** Tables of the cells: what lies in clear by its range; what was inflated by the range of its value, and by its own in it. */
const plain = 0;
const packed = 1;
const inflated = 2;
const tables = 3;

/** More cells than the offsets of any capture need; the last ones stand for ranges that are too long, and for everything. */
const cellsPerTable = 2 ** 32;
const tooLong = cellsPerTable - 1;
const everything = cellsPerTable - 2;

const nothing: readonly PendingHit[] = [];

/**
 * Where pending hits lie, so that those of the same occurrence are found without looking at each: a value that is repeated
 * without end would cost the square of its repetitions.
 */
export class PendingCells {
  readonly #cells = new Map<number, PendingHit[]>();

  /** Also after its range has changed: it may stand in more cells than it needs. */
  add(hit: PendingHit): void {
    const { match, from, to } = hit;
    if (match.inner === null) {
      this.#put(hit, keysOf(plain, match.value, from, to));
      this.#put(hit, [keyOf(plain, match.value, everything)]);
    } else {
      this.#put(hit, keysOf(packed, match.value, from, to));
      this.#put(hit, keysOf(inflated, match.value, ...inText(match.inner)));
    }
  }

  /** Among others, all of its value that overlap it; null when nearly all would have to be looked at. */
  near({ value, inner }: RawMatch, from: number, to: number): (readonly PendingHit[])[] | null {
    const isLong = cellsIn(from, to) > maxCells;
    const keys: number[] = [];
    if (inner === null) {
      if (isLong) return null;
      for (const table of [plain, packed]) keys.push(...keysOf(table, value, from, to), keyOf(table, value, tooLong));
    } else {
      if (cellsIn(...inText(inner)) > maxCells) return null;
      const clear = isLong ? [keyOf(plain, value, everything)] : keysOf(plain, value, from, to);
      keys.push(...clear, keyOf(plain, value, tooLong));
      keys.push(...keysOf(inflated, value, ...inText(inner)), keyOf(inflated, value, tooLong));
    }
    return keys.map((key) => this.#cells.get(key) ?? nothing);
  }

  #put(hit: PendingHit, keys: readonly number[]): void {
    for (const key of keys) {
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [hit]);
      else cell.push(hit);
    }
  }
}

/** Its range in the text of all members. */
function inText({ from, to, base }: NonNullable<RawMatch['inner']>): [from: number, to: number] {
  return [base + from, base + to];
}

function cellsIn(from: number, to: number): number {
  return Math.max(1, Math.floor((to - 1) / cellBytes) - Math.floor(from / cellBytes) + 1);
}

function keyOf(table: number, value: number, cell: number): number {
  return (value * tables + table) * cellsPerTable + cell;
}

function keysOf(table: number, value: number, from: number, to: number): number[] {
  const count = cellsIn(from, to);
  if (count > maxCells) return [keyOf(table, value, tooLong)];
  const first = keyOf(table, value, Math.floor(from / cellBytes));
  return Array.from({ length: count }, (_, i) => first + i);
}
