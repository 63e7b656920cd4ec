import type { Origin } from '../../dissection/sink.ts';
import type { Stretch } from './arena.ts';
import { arenaBytes } from './arena-search.ts';
import { encodedRunAt, leastOfRun } from './encoded-run.ts';
import { beginValue, growValue, searchValue, wantedOf, type CompressedValue } from './compressed-value.ts';
import { mayInflate } from './inflate.ts';
import { underLimit, type SearchEngine } from './layered-search.ts';
import type { RawMatch } from './raw-match.ts';
import type { SequenceState } from './sequence-state.ts';
import { contextBytes } from './surroundings.ts';
import { trailingRunStart } from './token-runs.ts';
import { base64MayInflate } from './undo.ts';
import { endOfRun } from './undo-runs.ts';
import type { Locate } from './value-origins.ts';
import {
  hasStart,
  markBytes,
  nextValueStart,
  valueStartsIn,
  type StartWindow,
  type ValueStarts,
} from './value-starts.ts';

/** Compressed values collected at once over all sequences. */
const maxCollecting = 256;
/** Values begun in so many bytes of a sequence: hostile bytes may seem to begin one at every third place. */
const maxTries = 256;
const tryBytes = arenaBytes;
/** Where a mark is no value because it lies in a body that is handed on decoded, so many bytes on are not asked again if they do too. */
const bodyBytes = 1024;

/** A match in a compressed value that nothing announces. */
export interface ValueMatch {
  readonly state: SequenceState;
  readonly match: RawMatch;
  readonly start: number;
  readonly origin: Origin;
}

interface Window extends StartWindow {
  readonly state: SequenceState;
  /** Offset in the sequence of the first of the bytes. */
  readonly offset: number;
  readonly locate: Locate;
}

/**
 * Compressed values that nothing announces: at the start of a sequence, after a header, where a mark shows one, or in base64 that
 * outlasts the bytes that are searched at once. What is found depends on the sequence's own bytes, not on how they are cut or on what
 * lies between them: a value is tried at lengths of its own, and what comes behind its last try that made sense is looked at again.
 */
export class ValueCollector {
  /** In values that are over. */
  readonly found: ValueMatch[] = [];
  private collecting = 0;
  private readonly engine: () => SearchEngine;
  private readonly countCap: (cap: string, count?: number) => void;

  constructor(engine: () => SearchEngine, countCap: (cap: string, count?: number) => void) {
    this.engine = engine;
    this.countCap = countCap;
  }

  /** `starts`: those of the whole arena, whose bytes `arena` are. */
  collect(arena: Uint8Array, starts: ValueStarts, stretch: Stretch): void {
    const { state } = stretch;
    if (state.value !== null || mayBeginIn(arena, starts, stretch)) this.collectFrom(arena, starts, stretch);
    if (state.seam === null || state.value !== null) return;
    // Nothing has begun directly behind the last value: nothing goes on with its text.
    if (stretch.offset + stretch.to - stretch.from >= state.seam.end + markBytes) state.seam = null;
  }

  // By itself: what its function holds on to would be made for every stretch, and most are turned away.
  private collectFrom(arena: Uint8Array, starts: ValueStarts, stretch: Stretch): void {
    const { state, source, offset, from, to, fresh } = stretch;
    const locate: Locate = (a, z) => source.locate(a, z);
    const window = windowOf(state, arena.subarray(from, to), starts, from, offset, locate);
    this.look(window, fresh - from, true);
  }

  /** Nothing more of the sequence comes: what is collected of it is tried as it is. */
  end(state: SequenceState): void {
    while (state.value !== null) this.attempt(state, state.value, true);
  }

  /** `newest`: the bytes are the newest of the sequence; else they were collected for a value that came to nothing, or ended. */
  private look(window: Window, begin: number, newest: boolean): void {
    const { state, bytes, locate, offset } = window;
    // What of a run came last before these bytes was too little to be asked.
    let low = newest && state.value === null ? begin - leastOfRun + 1 : begin;
    for (let at = begin; at < bytes.length;) {
      if (state.value === null) {
        const value = this.nextValue(window, at, newest, Math.max(0, low));
        if (value === null) return;
        state.value = value;
        at = value.start - offset;
      }
      const { value } = state;
      const grown = growValue(value, bytes, at, Math.min(bytes.length, at + wantedOf(value)), locate);
      at = grown.end;
      this.attempt(state, value, grown.over);
      // A run may begin in what seemed to be compressed and is not.
      low = value.kind === 'raw' ? Math.max(low, value.start + (value.doneWith > 2 ? value.doneWith : 0) - offset) : at;
    }
  }

  private nextValue(window: Window, from: number, newest: boolean, low: number): CompressedValue | null {
    const { state, bytes, offset } = window;
    const shifts = state.run.layer !== 'body';
    for (let at = from; at < bytes.length;) {
      const start = rawStart(window, at);
      if (start === -1) {
        if (!newest) return null;
        const packedAt = packedRunAt(bytes, from, bytes.length, from === 0);
        const encodedAt = encodedRunAt(bytes, low, bytes.length);
        if ((packedAt === -1 && encodedAt === -1) || !this.mayBegin()) return null;
        const runAt = encodedAt === -1 ? packedAt : encodedAt;
        const lead = Uint8Array.from(bytes.subarray(Math.max(0, runAt - contextBytes), runAt));
        return beginValue('run', offset + runAt, shifts, null, lead);
      }
      const tried = Math.floor((offset + start - state.firstOffset) / tryBytes);
      if (tried !== state.tried.block) state.tried = { block: tried, count: 0 };
      if (++state.tried.count <= maxTries) {
        return this.mayBegin() ? beginValue('raw', offset + start, shifts, state.seam) : null;
      }
      if (state.tried.count === maxTries + 1) this.countCap('cap-collecting');
      // Nothing more is tried in these bytes of the sequence.
      state.floor = state.firstOffset + (tried + 1) * tryBytes;
      at = Math.max(at, state.floor - offset);
    }
    return null;
  }

  private mayBegin(): boolean {
    if (this.collecting >= maxCollecting) {
      this.countCap('cap-collecting');
      return false;
    }
    this.collecting++;
    return true;
  }

  /** Tries the value; once it is done with, what was collected behind it is looked at. */
  private attempt(state: SequenceState, value: CompressedValue, over: boolean): void {
    const engine = this.engine();
    const given = (state.given ??= new Map());
    // Values of a few bytes, each with thousands of matches, may follow one another without end.
    const done = underLimit(engine, given, (admit) =>
      searchValue(engine, value, over, (match, origin) => {
        if (admit(match.value)) this.found.push({ state, match, start: value.start, origin });
      }),
    );
    for (const [cap, count] of engine.caps) this.countCap(cap, count);
    engine.caps.clear();
    if (!done && !over) return;
    state.value = null;
    this.collecting--;
    ease(given, value.kind === 'raw' ? value.doneWith : value.length);
    if (value.kind !== 'raw') return;
    state.seam = value.seam;
    state.floor = value.start + value.doneWith;
    if (value.doneWith >= value.length) return;
    const bytes = value.bytes.subarray(0, value.length);
    const locate: Locate = (a, z) => value.origins.of(a, z);
    this.look(windowOf(state, bytes, valueStartsIn(bytes), 0, value.start, locate), value.doneWith, false);
  }
}

/** What one value may still give grows by a match for so many compressed bytes: more is not what telling an identifier takes. */
const bytesAMatch = 16;

function ease(given: Map<number, number>, bytes: number): void {
  for (const [value, count] of given) {
    const left = count - Math.floor(bytes / bytesAMatch);
    if (left > 0) given.set(value, left);
    else given.delete(value);
  }
}

function windowOf(
  state: SequenceState,
  bytes: Uint8Array,
  starts: ValueStarts,
  base: number,
  offset: number,
  locate: Locate,
): Window {
  const isHandedOn = (at: number): boolean => {
    if (state.run.layer !== 'stream') return false;
    if (offset + at < state.bodyUntil) return true;
    const here = locate(offset + at, offset + at + 1);
    if (here.handedOn !== true) return false;
    const far = Math.min(at + bodyBytes, bytes.length - 1);
    const there = locate(offset + far, offset + far + 1);
    if (there.handedOn === true && there.message === here.message) state.bodyUntil = offset + far + 1;
    return true;
  };
  return { state, bytes, starts, base, offset, locate, headers: state.run.layer !== 'body', isHandedOn };
}

/** May a value begin in what is new of a stretch? Asked of every one, most of which hold none: nothing is made for it. */
function mayBeginIn(arena: Uint8Array, starts: ValueStarts, { state, offset, from, fresh, to }: Stretch): boolean {
  // What a sequence begins with has to be looked at more closely.
  if (offset === state.firstOffset && fresh - from < 3) return true;
  const floor = Math.max(0, state.floor - offset);
  if (hasStart(starts, from + Math.max(floor, fresh - from - markBytes + 1), to)) return true;
  if (packedRunAt(arena, fresh, to, fresh === from) !== -1) return true;
  return encodedRunAt(arena, Math.max(from, fresh - leastOfRun + 1), to) !== -1;
}

/** A value that is not in base64: where the sequence begins, or where something shows it. `at`: the first byte that was not there before. */
function rawStart(window: Window, at: number): number {
  const { state, bytes, offset } = window;
  const floor = Math.max(0, state.floor - offset);
  const first = offset === state.firstOffset && floor === 0 && at < 3;
  if (first && mayInflate(bytes, 0, bytes.length) && !isText(bytes)) return 0;
  return nextValueStart(window, Math.max(floor, at - markBytes + 1));
}

/** Does it begin with base64 or hex? Deflate without a header, which has no mark, may seem to begin with such characters. */
function isText(bytes: Uint8Array): boolean {
  const end = endOfRun(bytes, 0, Math.min(bytes.length, leastOfRun));
  return end >= 8 && end === Math.min(bytes.length, leastOfRun);
}

/** Base64 of something compressed that runs on to `end`, and may go on behind it. `first`: nothing of it lies before `at`. */
function packedRunAt(bytes: Uint8Array, at: number, end: number, first: boolean): number {
  const runAt = trailingRunStart(bytes, at, end);
  const packed = end - runAt >= 24 && (runAt > at || first) && base64MayInflate(bytes, runAt, end);
  return packed ? runAt : -1;
}
