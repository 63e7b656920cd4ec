import type { InnerPlace, RawMatch } from './raw-match.ts';
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

/**
 * Where pending hits lie, so that those of the same occurrence are found without looking at each: a value that is repeated
 * without end would cost the square of its repetitions.
 */
export class PendingCells {
  /** What lies in clear under the root that none has. */
  readonly #cells = new Map<number, Map<number, PendingHit[]>>();

  /** Also after its range or places have changed: it may stand in more cells than it needs. */
  add(hit: PendingHit): void {
    const { match, from, to, places } = hit;
    const { value } = match;
    const table = match.inner === null ? plain : packed;
    const keys = [...keysOf(table, value, from, to), keyOf(table, value, everything)];
    if (match.inner === null) this.#put(hit, noRoot, keys);
    for (const [root, place] of places) {
      if (match.inner !== null) this.#put(hit, root, keys);
      this.#put(hit, root, keysOf(inflated, value, ...inText(place)));
    }
  }

  /** Among others, all of its value that overlap it; null when nearly all would have to be looked at. */
  near({ value, inner }: RawMatch, from: number, to: number, root: number): (readonly PendingHit[])[] | null {
    const isLong = cellsIn(from, to) > maxCells;
    if (inner === null ? isLong : cellsIn(...inText(inner)) > maxCells) return null;
    const found: (readonly PendingHit[])[] = [];
    for (const table of [plain, packed]) {
      const keys = isLong ? [keyOf(table, value, everything)] : keysOf(table, value, from, to);
      // Of the same root only what overlaps in the text: a value may be repeated in it without end.
      for (const key of [...keys, keyOf(table, value, tooLong)])
        for (const [other, cell] of this.#cells.get(key) ?? []) if (inner === null || other !== root) found.push(cell);
    }
    if (inner === null) return found;
    for (const key of [...keysOf(inflated, value, ...inText(inner)), keyOf(inflated, value, tooLong)]) {
      const cell = this.#cells.get(key)?.get(root);
      if (cell !== undefined) found.push(cell);
    }
    return found;
  }

  #put(hit: PendingHit, root: number, keys: readonly number[]): void {
    for (const key of keys) {
      let roots = this.#cells.get(key);
      if (roots === undefined) this.#cells.set(key, (roots = new Map<number, PendingHit[]>()));
      const cell = roots.get(root);
      if (cell === undefined) roots.set(root, [hit]);
      else cell.push(hit);
    }
  }
}

const noRoot = -1;

/** Its range in the text of all members. */
function inText({ from, to, base }: InnerPlace): [from: number, to: number] {
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
