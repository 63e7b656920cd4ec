import type { ByteRun, DissectionSink, OriginSource, SearchHorizon } from '../../dissection/sink.ts';
import type { PatternSet } from '../transforms/pattern-set.ts';
import { Arena, longTailBytes, type Stretch } from './arena.ts';
import { BesideGate } from './beside-gate.ts';
import { type ArenaResult, type ArenaSearch, ArenaSearchHere, arenasUnderWay } from './arena-search.ts';
import type { Hit } from './hit.ts';
import { buildEngine, type SearchEngine } from './layered-search.ts';
import { longestOf } from './literal-index.ts';
import { toHit, type PendingHit } from './pending-hits.ts';
import type { RawMatch } from './raw-match.ts';
import { beginSequence, type SequenceState } from './sequence-state.ts';
import { openSeam, touchesSeam, unsettledFrom, type Seam } from './member-seam.ts';
import { contextBytes } from './surroundings.ts';
import { ValueCollector, type ValueMatch } from './value-collector.ts';

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
  /** To be given to the dissector: the origin of bytes is asked for after the call of `run`. */
  readonly horizon: SearchHorizon;
  /** Looks at everything taken so far; hits that no later bytes can change are given. */
  settle(): void;
  /**
   * Gives what was found so far in sequences that are still open, as it would be if they ended now. What later bytes change
   * is given again, changed, by `onHit` of the search. Looks only at what has been searched: `settle` first.
   */
  peek(onHit: (hit: Hit) => void): void;
  /** Ends every sequence still open; call once after the capture. */
  finish(): void;
  stats(): SearchStats;
}

/** Sequences remembered at once; beyond, the oldest is ended early and counted under `cap-sequences`. */
const maxSequences = 65_536;
/** Hits of one sequence that wait for the end of a value they lie in; of more, those of the value are counted under `cap-hits`. */
const maxWaiting = 1000;
/** Hits given for one capture; a capture that repeats a value without end is counted under `cap-hits`. */
const maxHits = 200_000;

/**
 * Streaming search for every writing in `set`. Feed it dissection's runs; each occurrence gives one hit, however it is split
 * over runs. Bytes are collected and searched many sequences at a time; `onSearched` is called after each such search, when the
 * hits in the first `horizon.searched` collections have been given as far as they are final. `elsewhere` searches in another
 * thread, with the same hits in the same order.
 */
export function createSearcher(
  set: PatternSet,
  onHit: (hit: Hit) => void,
  onSearched: () => void = (): void => undefined,
  elsewhere: ArenaSearch | null = null,
): Searcher {
  return new ArenaSearcher(set, onHit, onSearched, elsewhere);
}

/** An arena that was handed to the search, what was found in values collected of it, and the sequences that ended while it was filled. */
interface UnderWay {
  readonly stretches: readonly Stretch[];
  readonly found: readonly ValueMatch[];
  readonly ended: readonly SequenceState[];
}

class ArenaSearcher implements Searcher {
  readonly #set: PatternSet;
  readonly #onHit: (hit: Hit) => void;
  readonly #onSearched: () => void;
  /** Made when it is needed: where another thread searches, that is for compressed values only. */
  #engineHere: SearchEngine | null = null;
  readonly #search: ArenaSearch;
  readonly #shortTail: number;
  readonly #reach: number;
  readonly #underWay: UnderWay[] = [];
  readonly #gate = new BesideGate();
  readonly #caps = new Map<string, number>();
  #arena: Arena;
  readonly #states = new Map<number, SequenceState>();
  /** Ended while the arena was filled. */
  readonly #ended: SequenceState[] = [];
  readonly #horizon = { handed: 0, searched: 0 };
  readonly #totals = { bytesSearched: 0, bytesOpaque: 0, hits: 0 };
  readonly #values = new ValueCollector(
    () => this.#engine,
    (cap, count) => this.#countCap(cap, count),
  );
  #newest: SequenceState | null = null;

  constructor(set: PatternSet, onHit: (hit: Hit) => void, onSearched: () => void, elsewhere: ArenaSearch | null) {
    this.#set = set;
    this.#onHit = onHit;
    this.#onSearched = onSearched;
    this.#search = elsewhere ?? new ArenaSearchHere(this.#engine);
    this.#shortTail = longestOf(set.literals) + contextBytes + 16;
    this.#arena = new Arena(this.#shortTail, this.#search.memory());
    this.#reach = Math.max(longTailBytes, this.#shortTail) + contextBytes;
  }

  get #engine(): SearchEngine {
    return (this.#engineHere ??= buildEngine(this.#set));
  }

  get horizon(): SearchHorizon {
    return this.#horizon;
  }

  readonly run = (run: ByteRun, source: OriginSource): void => {
    const bytes = run.end - run.start;
    if (run.opaque) {
      this.#totals.bytesOpaque += bytes;
      this.endSequence(run.sequence);
      return;
    }
    this.#totals.bytesSearched += bytes;
    if (this.#set.values.length === 0) return;
    const state = this.#stateOf(run);
    for (let at = run.start; at < run.end;) {
      const room = this.#arena.room(state, source);
      if (room === 0) {
        this.#submit();
        continue;
      }
      const end = Math.min(run.end, at + room);
      this.#arena.append(state, source, run.bytes, at, end);
      at = end;
    }
  };

  readonly endSequence = (sequence: number): void => {
    const state = this.#states.get(sequence);
    if (state !== undefined) this.#end(state);
  };

  settle(): void {
    if (this.#arena.stretches.length > 0 || this.#ended.length > 0) this.#submit();
    while (this.#underWay.length > 0) this.#takeResult();
  }

  peek(onHit: (hit: Hit) => void): void {
    for (const { pending, run } of this.#states.values()) {
      for (const one of pending) {
        const hit = toHit(this.#set, one, run, true);
        if (hit !== null) onHit(hit);
      }
    }
  }

  finish(): void {
    for (const state of this.#states.values()) {
      state.over = true;
      this.#ended.push(state);
    }
    this.#states.clear();
    this.#newest = null;
    this.settle();
  }

  stats(): SearchStats {
    const { bytesSearched, bytesOpaque, hits } = this.#totals;
    const capsBitten = [...this.#caps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([cap, count]) => ({ cap, count }));
    return { bytesSearched, bytesOpaque, hits, capsBitten };
  }

  #stateOf(run: ByteRun): SequenceState {
    let known = this.#newest;
    if (known === null || known.run.sequence !== run.sequence) known = this.#states.get(run.sequence) ?? null;
    if (known !== null && known.position === run.offset) {
      this.#newest = known;
      return known;
    }
    if (known !== null) this.#end(known);
    if (this.#states.size >= maxSequences) {
      const [oldest] = this.#states.values();
      if (oldest !== undefined) this.#end(oldest);
      this.#countCap('cap-sequences');
    }
    const state = beginSequence(run);
    this.#states.set(run.sequence, state);
    this.#newest = state;
    return state;
  }

  /** Its hits are final once what was handed on of it has been searched. */
  #end(state: SequenceState): void {
    this.#states.delete(state.run.sequence);
    if (this.#newest === state) this.#newest = null;
    state.over = true;
    if (state.last === null && this.#underWay.length === 0) {
      this.#close(state);
      return;
    }
    // Nothing more of it will be collected: its place among the values is free for the next sequence.
    if (state.last === null) this.#values.end(state);
    this.#ended.push(state);
  }

  /**
   * Hands the arena to the search and begins another. A result is taken when so many arenas later have been handed on, not when
   * it is there: what dissection knows of the origins of its hits then, what is full, and in which order hits come, must not
   * depend on how fast the search was.
   */
  #submit(): void {
    const arena = this.#arena;
    const ended = this.#ended.splice(0);
    this.#search.submit(arena.job());
    // While another thread searches it.
    this.#collectValues(arena, ended);
    if (this.#underWay.length === arenasUnderWay) this.#takeResult();
    this.#underWay.push({ stretches: arena.stretches, found: this.#values.found.splice(0), ended });
    this.#horizon.handed += 1;
    this.#arena = new Arena(this.#shortTail, this.#search.memory());
  }

  #takeResult(): void {
    const result = this.#search.take();
    const searched = this.#underWay.shift();
    if (searched === undefined) throw new Error('a search result without a search');
    this.#apply(searched, result);
    this.#horizon.searched += 1;
    this.#onSearched();
  }

  /** What later bytes may still change stays pending. */
  #apply({ stretches, found, ended }: UnderWay, result: ArenaResult): void {
    for (const [cap, count] of result.caps) this.#countCap(cap, count);
    for (const { stretch, match } of result.matches) {
      const place = stretches[stretch];
      if (place !== undefined) this.#merge(place, match);
    }
    this.#mergeFound(found);
    stretches.forEach(({ state, newest, offset, from, to, held, seam }) => {
      if (!newest) return;
      if (held === Infinity) state.gone = null;
      this.#flush(state, offset + to - from - this.#reach, false, held, seam);
    });
    for (const state of ended) this.#close(state);
  }

  #collectValues(arena: Arena, ended: readonly SequenceState[]): void {
    for (const state of ended) state.ending = true;
    const starts = this.#search.valueStarts(arena.length);
    arena.stretches.forEach((stretch) => {
      this.#values.collect(arena.bytes, starts, stretch);
      // Its place among the values being collected is free for the next sequence.
      if (stretch.newest && stretch.state.ending) this.#values.end(stretch.state);
      const { value, seam } = stretch.state;
      stretch.held = value?.start ?? Infinity;
      stretch.seam = openSeam(seam, value);
    });
  }

  #countCap(cap: string, count = 1): void {
    this.#caps.set(cap, (this.#caps.get(cap) ?? 0) + count);
  }

  #merge(stretch: Stretch, match: RawMatch): void {
    const { state, from, fresh, offset, source } = stretch;
    state.pending.merge(match, offset - from, offset + (fresh - from), (a, z) => source.locate(a, z));
  }

  #mergeFound(found: readonly ValueMatch[]): void {
    for (const { state, match, start, origin } of found) {
      if (state.gone?.has(match.value) === true) this.#countCap('cap-hits');
      // What ends where the value begins has been found in the one before it: only what stands behind it is new.
      else state.pending.merge(match, start, start, () => origin);
    }
  }

  #close(state: SequenceState): void {
    const before = this.#values.found.length;
    this.#values.end(state);
    this.#mergeFound(this.#values.found.splice(before));
    this.#flush(state, Infinity, true);
  }

  /** What a compressed value shows as it lies, in a stored block or among literals, waits for what the whole value says: one of them is given. */
  #flush(state: SequenceState, before: number, last: boolean, held = Infinity, seam: Seam | null = null): void {
    if (state.pending.length === 0) return;
    const unsettled = Math.min(held, unsettledFrom(seam));
    const waits = unsettled < before && state.pending.length <= maxWaiting;
    if (held < before && !waits) state.gone ??= new Set();
    // Too many to wait all of them: those that a seam may still change are few.
    const taken =
      waits || seam === null
        ? state.pending.takeUpTo(waits ? unsettled : before)
        : state.pending.takeUpTo(before, (hit) => touchesSeam(seam, hit));
    for (const hit of taken) {
      if (hit.to > held) state.gone?.add(hit.match.value);
      this.#emit(state, hit, last);
    }
  }

  #emit(state: SequenceState, hit: PendingHit, last: boolean): void {
    const final = toHit(this.#set, hit, state.run, last);
    if (final === null) return;
    // A field's value that bytes ended with, and that may have gone on: whole only where the sequence ends there.
    if (hit.match.wholeField && hit.match.after === 'unknown' && !(last && hit.to === state.position)) return;
    const beside = this.#set.values[final.value]?.beside;
    if (beside !== undefined) {
      const cap = this.#gate.admit(final, beside);
      if (cap === 'admitted') this.#onHit(final);
      else if (cap !== null) this.#countCap(cap);
      return;
    }
    if (this.#totals.hits >= maxHits) {
      this.#countCap('cap-hits');
      return;
    }
    this.#totals.hits++;
    this.#onHit(final);
  }
}

export type { Hit } from './hit.ts';
