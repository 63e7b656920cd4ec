import { searchSpace, type SearchEngine } from './layered-search.ts';
import type { RawMatch, Region } from './raw-match.ts';
import { sortedStarts, type ValueStarts } from './value-starts.ts';

/** Numbers per stretch in an arena's table: from, to, runStart, and 1 when its first byte is the first of its sequence. */
export const tableStride = 4;

/** Small enough for the second-level cache, large enough that looking at it as a whole costs nothing. */
export const arenaBytes = 256 * 1024;
/** Stretches in one arena: usual traffic has some sixty. */
export const maxStretches = 4096;

/** Room for one arena: plain memory, which another thread may share. */
export interface ArenaMemory {
  /** `arenaBytes` long; begins on a multiple of four of its buffer. */
  readonly bytes: Uint8Array;
  /** The stretches in order, `tableStride` numbers each. */
  readonly table: Int32Array;
}

/** `bytes`: of a kernel, which then need not copy them. */
export function arenaMemory(bytes: Uint8Array = new Uint8Array(arenaBytes)): ArenaMemory {
  return { bytes, table: new Int32Array(maxStretches * tableStride) };
}

/** An arena as it is searched. */
export interface ArenaJob {
  readonly memory: ArenaMemory;
  /** Bytes of the memory that are filled, and rows of its table. */
  readonly length: number;
  readonly stretches: number;
}

export interface ArenaMatch {
  /** Index of the stretch it lies in; its places are counted from the arena's beginning. */
  readonly stretch: number;
  readonly match: RawMatch;
}

export interface ArenaResult {
  readonly matches: readonly ArenaMatch[];
  /** Caps that bit in this arena, with how often. */
  readonly caps: readonly (readonly [cap: string, count: number])[];
}

/** Arenas handed to a search whose results have not been taken, at most: as many always, wherever it searches. */
export const arenasUnderWay = 4;

/** Searches arenas in the order in which they are given. */
export interface ArenaSearch {
  /** Memory for the next job. What it holds stays until the next is asked for. */
  memory(): ArenaMemory;
  /** Where compressed values may begin in the first `length` bytes of it. */
  valueStarts(length: number): ValueStarts;
  submit(job: ArenaJob): void;
  /** The result of the oldest job; waits for it. */
  take(): ArenaResult;
}

/** Searches in the calling thread, at once. */
export class ArenaSearchHere implements ArenaSearch {
  readonly #engine: SearchEngine;
  readonly #memory: ArenaMemory;
  readonly #results: ArenaResult[] = [];

  constructor(engine: SearchEngine) {
    this.#engine = engine;
    this.#memory = arenaMemory(engine.kernel?.arena);
  }

  memory(): ArenaMemory {
    return this.#memory;
  }

  valueStarts(length: number): ValueStarts {
    return sortedStarts(this.#engine.kernel?.startsIn(length) ?? null, this.#memory.bytes.subarray(0, length));
  }

  submit(job: ArenaJob): void {
    this.#results.push(searchArena(this.#engine, job));
  }

  take(): ArenaResult {
    const result = this.#results.shift();
    if (result === undefined) throw new Error('a search result without a search');
    return result;
  }
}

export function searchArena(engine: SearchEngine, job: ArenaJob): ArenaResult {
  const { length, stretches: count } = job;
  const { bytes, table } = job.memory;
  const matches: ArenaMatch[] = [];
  let here = -1;
  let region: Region | null = null;
  const regionAt = (at: number): Region | null => {
    if (region !== null && at >= region.from && at < region.to) return region;
    here = stretchAt(table, count, at);
    region = here === -1 ? null : regionOf(bytes, table, here);
    return region;
  };
  engine.caps.clear();
  searchSpace(engine, { bytes, length, regionAt, phases: phasesOf(table, count) }, (match) =>
    matches.push({ stretch: here, match }),
  );
  const caps = [...engine.caps];
  engine.caps.clear();
  return { matches, caps };
}

/** Of the stretches that continue a run of base64: how many characters lie before its next whole group of four. */
function phasesOf(table: Int32Array, count: number): number[] {
  const phases: number[] = [];
  for (let i = 0; i < count; i++) {
    const phase = cell(table, i, 2) & 3;
    if (phase !== 0) phases.push(cell(table, i, 0), phase);
  }
  return phases;
}

/** Index of the stretch that holds the byte at `at`, or -1 between stretches. */
function stretchAt(table: Int32Array, count: number, at: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((table[middle * tableStride] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return count > 0 && at >= cell(table, low, 0) && at < cell(table, low, 1) ? low : -1;
}

function regionOf(bytes: Uint8Array, table: Int32Array, stretch: number): Region {
  const [from, to, runStart] = [cell(table, stretch, 0), cell(table, stretch, 1), cell(table, stretch, 2)];
  return { bytes, from, to, runStart, begins: cell(table, stretch, 3) === 1, ends: false, cut: false };
}

function cell(table: Int32Array, stretch: number, column: number): number {
  return table[stretch * tableStride + column] as number;
}
