import { maxDepth } from './layered-search.ts';
import type { InnerPlace, RawMatch } from './raw-match.ts';
import type { PendingHit } from './pending-hits.ts';

/** Bytes a cell, and cells a range may lie in: a longer one is that of a whole compressed value, of which there are few. */
const cellBytes = 256;
const maxCells = 64;

/** Tables of the cells: what lies in clear by its range; what was inflated by the range of its value, and by its own in it. */
const plain = 0;
const packed = 1;
/** By level, of what was inflated so often: what lies in that or in something deeper, and what lies in nothing deeper. */
const throughAt = (level: number): number => 2 + level * 2;
const endsAt = (level: number): number => 3 + level * 2;
/** As many as are undone of one value, and one that it may lie in. */
const levels = maxDepth + 1;
const tables = 2 + levels * 2;

/** More cells than the offsets of any capture need; the last ones stand for ranges that are too long, and for everything. */
const cellsPerTable = 2 ** 32;
const tooLong = cellsPerTable - 1;
const everything = cellsPerTable - 2;

/** Those whose places are known under the same roots. */
interface Group {
  /** All of them lie in this range: those of the compressed value beside it need not be looked through. */
  from: number;
  to: number;
  readonly roots: readonly number[];
  readonly hits: PendingHit[];
}

/** Where a hit stands in the cells of a root, and those of them that say that it lies in nothing deeper. */
interface Placed {
  readonly place: InnerPlace;
  readonly ends: PendingHit[][];
}

/** Pending hits that may be the same occurrence as a match. */
export interface Near {
  /** Of these their places tell whether they are. */
  readonly told: readonly (readonly PendingHit[])[];
  /** Of these nothing does but that they overlap. */
  readonly untold: readonly (readonly PendingHit[])[];
}

/**
 * Where pending hits lie, so that those of the same occurrence are found without looking at each: a value that is repeated
 * without end would cost the square of its repetitions.
 */
export class PendingCells {
  /** By places in each root. */
  readonly #cells = new Map<number, Map<number, PendingHit[]>>();
  /** By the ranges of what lies in clear, and of compressed values: those that are known under the same roots in groups. */
  readonly #groups = new Map<number, Map<string, Group>>();
  readonly #groupsOf = new Map<PendingHit, Group[]>();
  readonly #placed = new Map<PendingHit, Map<number, Placed>>();

  /** Also after its range or places have changed: it may stand in more cells than it needs. */
  add(hit: PendingHit): void {
    const { match, from, to, places } = hit;
    const { value } = match;
    const table = match.inner === null ? plain : packed;
    const keys = [...keysOf(table, value, from, to), keyOf(table, value, everything)];
    this.#group(hit, keys);
    for (const [root, place] of places) this.#place(hit, root, place);
  }

  /** In the cells of its root. Where it is known to lie deeper than before, it is not looked for any longer where it seemed to end. */
  #place(hit: PendingHit, root: number, place: InnerPlace): void {
    let known = this.#placed.get(hit);
    if (known === undefined) this.#placed.set(hit, (known = new Map<number, Placed>()));
    const before = known.get(root);
    if (before?.place === place) return;
    for (const cell of before?.ends ?? []) cell.splice(cell.indexOf(hit), 1);
    const { value } = hit.match;
    let ends: PendingHit[][] = [];
    let level = 0;
    for (let one: InnerPlace | null = place; one !== null; one = one.deeper, level++) {
      this.#put(hit, root, keysOf(throughAt(level), value, ...inText(one)));
      if (one.deeper !== null) continue;
      const keys = [...keysOf(endsAt(level), value, ...inText(one)), keyOf(endsAt(level), value, everything)];
      ends = this.#put(hit, root, keys);
    }
    known.set(root, { place, ends });
  }

  /** Among others, all of its value that overlap it; null when nearly all would have to be looked at. */
  near({ value, inner }: RawMatch, from: number, to: number, root: number): Near | null {
    const isLong = cellsIn(from, to) > maxCells;
    if (inner === null && isLong) return null;
    const keysIn = (table: number): number[] => [
      ...(isLong ? [keyOf(table, value, everything)] : keysOf(table, value, from, to)),
      keyOf(table, value, tooLong),
    ];
    const hitsIn = (table: number): (readonly PendingHit[])[] => {
      const found: (readonly PendingHit[])[] = [];
      for (const key of keysIn(table))
        for (const { roots, hits, ...range } of this.#groups.get(key)?.values() ?? [])
          // Of the same root only what overlaps in the text: a value may be repeated in it without end.
          if (range.from < to && from < range.to && (inner === null || !roots.includes(root))) found.push(hits);
      return found;
    };
    if (inner === null) return { told: hitsIn(plain), untold: hitsIn(packed) };
    const { shallower, ways } = keysInText(value, inner);
    const inRoot = (keys: readonly number[]): (readonly PendingHit[])[] =>
      keys.map((key) => this.#cells.get(key)?.get(root) ?? nothing);
    // What is not shallower overlaps it at each level: many small values hold the same at the same place, or a single one holds many.
    let least: (readonly PendingHit[])[] | null = null;
    for (const cells of ways.map(inRoot)) if (least === null || countOf(cells) < countOf(least)) least = cells;
    // Of what is shallower it is not known where it lies in what lies deeper.
    const untold = [...hitsIn(plain), ...hitsIn(packed), ...inRoot(shallower)];
    return least === null ? null : { told: least, untold };
  }

  #put(hit: PendingHit, root: number, keys: readonly number[]): PendingHit[][] {
    return keys.map((key) => {
      let roots = this.#cells.get(key);
      if (roots === undefined) this.#cells.set(key, (roots = new Map<number, PendingHit[]>()));
      let cell = roots.get(root);
      if (cell === undefined) roots.set(root, (cell = []));
      cell.push(hit);
      return cell;
    });
  }

  #group(hit: PendingHit, keys: readonly number[]): void {
    for (const { hits } of this.#groupsOf.get(hit) ?? []) hits.splice(hits.indexOf(hit), 1);
    const roots = [...hit.places.keys()].sort((a, b) => a - b);
    const name = roots.join();
    const own: Group[] = [];
    for (const key of keys) {
      let groups = this.#groups.get(key);
      if (groups === undefined) this.#groups.set(key, (groups = new Map<string, Group>()));
      let group = groups.get(name);
      if (group === undefined) groups.set(name, (group = { from: hit.from, to: hit.to, roots, hits: [] }));
      group.from = Math.min(group.from, hit.from);
      group.to = Math.max(group.to, hit.to);
      group.hits.push(hit);
      own.push(group);
    }
    this.#groupsOf.set(hit, own);
  }
}

const nothing: readonly PendingHit[] = [];

/**
 * Where those are that lie in the same text as `place`, or around it: in fewer compressed values, and in as many or more. Each of the
 * `ways` leads to all of the latter; there is none when nearly all would have to be looked at.
 */
function keysInText(value: number, place: InnerPlace): { shallower: number[]; ways: number[][] } {
  const shallower: number[] = [];
  const ways: number[][] = [];
  let level = 0;
  for (let one: InnerPlace | null = place; one !== null; one = one.deeper, level++) {
    const [from, to] = inText(one);
    const isLong = cellsIn(from, to) > maxCells;
    if (!isLong) ways.push([...keysOf(throughAt(level), value, from, to), keyOf(throughAt(level), value, tooLong)]);
    if (one.deeper === null) break;
    if (isLong) shallower.push(keyOf(endsAt(level), value, everything));
    else shallower.push(...keysOf(endsAt(level), value, from, to), keyOf(endsAt(level), value, tooLong));
  }
  return { shallower, ways };
}

function countOf(cells: readonly (readonly PendingHit[])[]): number {
  return cells.reduce((sum, cell) => sum + cell.length, 0);
}

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
