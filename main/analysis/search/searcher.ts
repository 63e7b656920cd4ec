import type { ByteRun, DissectionSink, Origin } from '../../dissection/sink.ts';
import type { PatternSet } from '../transforms/pattern-set.ts';
import { beginValue, compressedStart, growValue, searchValue, type CompressedValue } from './compressed-value.ts';
import type { Hit } from './hit.ts';
import { buildEngine, countCap, searchRegion, type RawMatch, type Region } from './layered-search.ts';
import { mergeMatch, toHit, type PendingHit } from './pending-hits.ts';
import { contextBytes } from './surroundings.ts';
import { trailingGraphic, trailingRunStart } from './token-runs.ts';
import { base64Promise } from './undo.ts';

export interface SearchStats {
  /** Bytes looked into, each counted once. */
  bytesSearched: number;
  /** Ciphertext by protocol: counted, not searched. */
  bytesOpaque: number;
  hits: number;
  /** Caps that bit, with how often: incompleteness to be reported. */
  capsBitten: { readonly cap: string; readonly count: number }[];
}

export interface Searcher extends Pick<DissectionSink, 'run' | 'endSequence'> {
  /** Ends every sequence still open; call once after the capture. */
  finish(): void;
  stats(): SearchStats;
}

const blockBytes = 64 * 1024;
/** Kept of a sequence while a token runs on: nested encodings of the longest usual value fit. */
const longTailBytes = 512;
/** Sequences remembered at once; beyond, the oldest is ended early and counted under `cap-sequences`. */
const maxSequences = 65_536;
/** Hits given for one capture; a capture that repeats a value without end is counted under `cap-hits`. */
const maxHits = 200_000;
/** Compressed values collected at once over all sequences. */
const maxCollecting = 256;

interface SequenceState {
  readonly run: Pick<ByteRun, 'flow' | 'way' | 'layer' | 'sequence' | 'decodings'>;
  tail: Uint8Array;
  tailLength: number;
  /** Offset just after the last byte taken. */
  position: number;
  /** Whether nothing was lost before the first byte of the tail. */
  readonly firstOffset: number;
  /** Offset where the base64 run that touches `position` began, or -1. */
  runStart: number;
  pending: PendingHit[];
  value: CompressedValue | null;
}

/**
 * Streaming search for every writing in `set`. Feed it dissection's runs; each occurrence gives one hit, however it is split over runs.
 * `origin` is asked for ranges that end in the current run and may begin some hundred bytes before it.
 */
export function createSearcher(set: PatternSet, onHit: (hit: Hit) => void): Searcher {
  const engine = buildEngine(set);
  const shortTail = engine.literals.longest + contextBytes + 16;
  const longTail = Math.max(longTailBytes, shortTail);
  const window = new Uint8Array(Math.ceil((longTail + blockBytes) / 4) * 4);
  const words = new Int32Array(window.buffer);
  const states = new Map<number, SequenceState>();
  const totals = { bytesSearched: 0, bytesOpaque: 0, hits: 0, collecting: 0 };

  const emit = (state: SequenceState, hit: PendingHit, last: boolean): void => {
    if (totals.hits >= maxHits) {
      countCap(engine, 'cap-hits');
      return;
    }
    const final = toHit(set, hit, state.run, last);
    if (final === null) return;
    totals.hits++;
    onHit(final);
  };
  const flush = (state: SequenceState, before: number, last: boolean): void => {
    if (state.pending.length === 0) return;
    const kept: PendingHit[] = [];
    state.pending.sort((a, b) => a.from - b.from || a.to - b.to || a.match.value - b.match.value);
    for (const hit of state.pending) {
      if (last || hit.to <= before) emit(state, hit, last);
      else kept.push(hit);
    }
    state.pending = kept;
  };
  const endValue = (state: SequenceState): void => {
    const { value } = state;
    if (value === null) return;
    searchValue(engine, value, true, (match) => mergeMatch(state.pending, match, value.start, -1, () => value.origin));
    state.value = null;
    totals.collecting--;
  };
  const close = (state: SequenceState): void => {
    endValue(state);
    flush(state, 0, true);
    states.delete(state.run.sequence);
  };

  const search = (
    state: SequenceState,
    bytes: Uint8Array,
    from: number,
    to: number,
    origin: (from: number, to: number) => Origin,
  ): void => {
    const length = state.tailLength + (to - from);
    window.set(state.tail.subarray(0, state.tailLength));
    window.set(bytes.subarray(from, to), state.tailLength);
    const view = window.subarray(0, length);
    const base = state.position - state.tailLength;
    const region: Region = {
      bytes: view,
      words,
      from: 0,
      to: length,
      literalsFrom: Math.max(0, state.tailLength - shortTail),
      begins: base === state.firstOffset,
      ends: false,
      runStart: state.runStart === -1 ? 0 : Math.min(0, state.runStart - base),
    };
    searchRegion(engine, region, (match: RawMatch) => mergeMatch(state.pending, match, base, state.position, origin));
    collect(state, view, base, origin);
    state.position = base + length;
    keepTail(state, view, base);
    flush(state, state.position - longTail - contextBytes, false);
  };

  /** Compressed values that nothing announces: at the start of a sequence, after a header, or in base64 that outlasts the block. */
  const collect = (
    state: SequenceState,
    view: Uint8Array,
    base: number,
    origin: (from: number, to: number) => Origin,
  ): void => {
    const fresh = state.tailLength;
    if (state.value !== null) {
      const { value } = state;
      const over = growValue(value, view, fresh, view.length, origin(state.position, base + view.length)) === 'over';
      const done = searchValue(engine, value, over, (match) =>
        mergeMatch(state.pending, match, value.start, -1, () => value.origin),
      );
      if (done || over) {
        state.value = null;
        totals.collecting--;
      }
      return;
    }
    const start = compressedStart(view, fresh, base === state.firstOffset && fresh < 3, state.run.layer === 'stream');
    const runAt = start === -1 ? trailingRunStart(view, fresh, view.length) : -1;
    const packedRun =
      runAt !== -1 &&
      view.length - runAt >= 24 &&
      (runAt > fresh || fresh === 0) &&
      base64Promise(view, runAt, view.length) === 'compressed';
    if (start === -1 && !packedRun) return;
    if (totals.collecting >= maxCollecting) {
      countCap(engine, 'cap-collecting');
      return;
    }
    const at = start === -1 ? runAt : start;
    const where = origin(base + at, base + view.length);
    const value = beginValue(start === -1 ? 'base64' : 'raw', base + at, where);
    growValue(value, view, at, view.length, where);
    state.value = value;
    totals.collecting++;
    if (
      searchValue(engine, value, false, (match) =>
        mergeMatch(state.pending, match, value.start, -1, () => value.origin),
      )
    ) {
      state.value = null;
      totals.collecting--;
    }
  };

  const keepTail = (state: SequenceState, view: Uint8Array, base: number): void => {
    const runAt = trailingRunStart(view, Math.max(0, view.length - longTail), view.length);
    const continues = runAt === 0 && state.runStart !== -1;
    state.runStart = runAt === view.length ? -1 : continues ? state.runStart : base + runAt;
    const graphic = trailingGraphic(view, longTail);
    const wanted = graphic >= 24 ? Math.min(longTail, Math.max(shortTail, graphic)) : shortTail;
    const kept = Math.min(view.length, wanted);
    if (state.tail.length < kept) state.tail = new Uint8Array(kept <= shortTail ? shortTail : longTail);
    state.tail.set(view.subarray(view.length - kept));
    state.tailLength = kept;
  };

  const stateOf = (run: ByteRun): SequenceState => {
    const known = states.get(run.sequence);
    if (known !== undefined && known.position === run.offset) return known;
    if (known !== undefined) close(known);
    if (states.size >= maxSequences) {
      const [oldest] = states.values();
      if (oldest !== undefined) close(oldest);
      countCap(engine, 'cap-sequences');
    }
    const { flow, way, layer, sequence, decodings } = run;
    const state: SequenceState = {
      run: { flow, way, layer, sequence, decodings },
      tail: new Uint8Array(0),
      tailLength: 0,
      position: run.offset,
      firstOffset: run.offset,
      runStart: -1,
      pending: [],
      value: null,
    };
    states.set(sequence, state);
    return state;
  };

  return {
    run(run, origin) {
      const bytes = run.end - run.start;
      if (run.opaque) {
        totals.bytesOpaque += bytes;
        const known = states.get(run.sequence);
        if (known !== undefined) close(known);
        return;
      }
      totals.bytesSearched += bytes;
      if (set.values.length === 0) return;
      const state = stateOf(run);
      for (let at = run.start; at < run.end; at += blockBytes)
        search(state, run.bytes, at, Math.min(run.end, at + blockBytes), origin);
    },
    endSequence(sequence) {
      const state = states.get(sequence);
      if (state !== undefined) close(state);
    },
    finish() {
      for (const state of states.values()) close(state);
    },
    stats() {
      const capsBitten = [...engine.caps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([cap, count]) => ({ cap, count }));
      return { bytesSearched: totals.bytesSearched, bytesOpaque: totals.bytesOpaque, hits: totals.hits, capsBitten };
    },
  };
}

export type { Hit } from './hit.ts';
