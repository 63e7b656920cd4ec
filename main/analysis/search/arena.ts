import type { OriginSource } from '../../dissection/sink.ts';
import { arenaBytes, type ArenaJob, type ArenaMemory, maxStretches, tableStride } from './arena-search.ts';
import type { Seam } from './member-seam.ts';
import { endOfRun, lineBreakAt, longLine } from './undo-runs.ts';
import { trailingGraphic, trailingRunStart } from './token-runs.ts';
import type { SequenceState } from './sequence-state.ts';

/** Bytes that belong to no text, token or escape, between what belongs to different sequences. */
const gapBytes = 4;
/** Kept of a sequence while a token runs on: nested encodings of the longest usual value fit. */
export const longTailBytes = 512;

/**
 * Neighbouring bytes of one sequence in the arena: the tail of what was searched before, then what is new.
 * `from`, `to` and `fresh` are places in the arena.
 */
export interface Stretch {
  readonly state: SequenceState;
  readonly source: OriginSource;
  readonly from: number;
  /** Where the new bytes begin. */
  readonly fresh: number;
  to: number;
  /** Offset in the sequence of the byte at `from`. */
  readonly offset: number;
  /** Where the base64 run that touches `from` began, relative to `from` (zero or less). */
  readonly runStart: number;
  /** Its first byte is the first of its sequence. */
  readonly begins: boolean;
  /** The last of its sequence in its arena; known when the arena is full. */
  newest: boolean;
  /** Offset in the sequence of the value that is still being collected behind this arena: what lies in it is not final. */
  held: number;
  /** The end of the text that it goes on with, or that what follows this arena may go on with. */
  seam: Seam | null;
}

/**
 * Bytes of many sequences one behind the other, so that they are searched in one go: a search call for each segment costs
 * more than the search itself. What follows its own sequence's last bytes directly needs no tail.
 */
export class Arena {
  readonly stretches: Stretch[] = [];
  length = 0;
  readonly bytes: Uint8Array;
  private readonly memory: ArenaMemory;
  private readonly shortTail: number;

  /** `shortTail`: bytes before a new piece that a plain match and its surroundings may need. */
  constructor(shortTail: number, memory: ArenaMemory) {
    this.shortTail = shortTail;
    this.memory = memory;
    this.bytes = memory.bytes;
  }

  /** How many bytes of a sequence can be taken now; 0 when the arena has to be searched first. */
  room(state: SequenceState, source: OriginSource): number {
    if (this.isLast(state, source)) return arenaBytes - this.length;
    if (this.stretches.length === maxStretches) return 0;
    return Math.max(0, arenaBytes - this.length - gapBytes - Math.max(longTailBytes, this.shortTail));
  }

  private isLast(state: SequenceState, source: OriginSource): boolean {
    const last = this.stretches[this.stretches.length - 1];
    return last !== undefined && last.state === state && last.source === source;
  }

  /** Takes `bytes[from..to)`, for which there is room, as what follows in the sequence. */
  append(state: SequenceState, source: OriginSource, bytes: Uint8Array, from: number, to: number): void {
    if (!this.isLast(state, source)) this.begin(state, source);
    // Not `subarray`: of a Buffer it makes another Buffer, which takes three times as long.
    this.bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from), this.length);
    this.length += to - from;
    state.position += to - from;
    (state.last as Stretch).to = this.length;
  }

  private begin(state: SequenceState, source: OriginSource): void {
    for (let i = 0; i < gapBytes; i++) this.bytes[this.length + i] = 0;
    const from = this.length + gapBytes;
    let tail = state.tailLength;
    if (state.last === null) {
      this.bytes.set(tail === state.tail.length ? state.tail : state.tail.subarray(0, tail), from);
    } else {
      tail = this.tailOf(state.last);
      this.bytes.copyWithin(from, state.last.to - tail, state.last.to);
    }
    const offset = state.position - tail;
    const fresh = from + tail;
    const runStart =
      state.runStart === -1 || state.runStart > offset
        ? cutLineStart(this.bytes, from, fresh)
        : Math.min(0, state.runStart - offset);
    const begins = offset === state.firstOffset;
    const stretch: Stretch = {
      state,
      source,
      from,
      fresh,
      to: fresh,
      offset,
      runStart,
      begins,
      newest: false,
      held: Infinity,
      seam: null,
    };
    state.last = stretch;
    this.stretches.push(stretch);
    this.length = fresh;
  }

  /** How much of a stretch the bytes after it need before them; notes where a token that touches its end began. */
  private tailOf(stretch: Stretch): number {
    const { bytes } = this;
    const { state, from, to, offset } = stretch;
    const runAt = lineStart(bytes, from, to, trailingRunStart(bytes, from, to)) - from;
    const continues = runAt === 0 && state.runStart !== -1;
    state.runStart = runAt === to - from ? -1 : continues ? state.runStart : offset + runAt;
    const graphic = trailingGraphic(bytes, from, to, Math.max(longTailBytes, this.shortTail));
    return Math.min(to - from, graphic >= 24 ? Math.max(this.shortTail, graphic) : this.shortTail);
  }

  /** Nothing more is taken: keeps the tails of the sequences that go on, and gives what is to be searched. */
  job(): ArenaJob {
    const { memory, length, stretches } = this;
    const { table } = memory;
    stretches.forEach((stretch, i) => {
      const at = i * tableStride;
      table[at] = stretch.from;
      table[at + 1] = stretch.to;
      table[at + 2] = stretch.runStart;
      table[at + 3] = stretch.begins ? 1 : 0;
      this.keepTail(stretch);
    });
    return { memory, length, stretches: stretches.length };
  }

  private keepTail(stretch: Stretch): void {
    const { state, to } = stretch;
    stretch.newest = state.last === stretch;
    if (!stretch.newest) return;
    state.last = null;
    if (state.over) return;
    const kept = this.tailOf(stretch);
    if (state.tail.length < kept) {
      const longest = Math.max(longTailBytes, this.shortTail);
      state.tail = new Uint8Array(kept <= this.shortTail ? this.shortTail : longest);
    }
    state.tail.set(this.bytes.subarray(to - kept, to));
    state.tailLength = kept;
  }
}

/**
 * Of a line break that is written as an escape (`\\n`) behind a line of base64 the last character is none of the next line. The run that
 * touches `to` begins at `runAt`; nothing outside of `[from, to)` is looked at.
 */
function lineStart(bytes: Uint8Array, from: number, to: number, runAt: number): number {
  if (runAt <= from || runAt >= to || bytes[runAt] !== 0x6e || bytes[runAt - 1] !== 0x5c) return runAt;
  const escaped = runAt - 3 >= from && bytes[runAt - 3] === 0x5c && bytes[runAt - 2] === 0x72 ? 4 : 2;
  const lineEnd = runAt + 1 - escaped;
  return lineEnd - trailingRunStart(bytes, Math.max(from, lineEnd - longLine), lineEnd) >= longLine ? runAt + 1 : runAt;
}

/** Of a line of base64 of whole groups that is cut at `from`: a place where a group began, relative to `from`; 0 where there is no such line. */
function cutLineStart(bytes: Uint8Array, from: number, to: number): number {
  const end = endOfRun(bytes, from, to);
  return end > from && end < to && lineBreakAt(bytes, end, to) > 0 ? -((from - end) & 3) : 0;
}
