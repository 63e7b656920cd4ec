import { isSearched, type SearchHorizon } from './sink.ts';

/** A stretch of what was put together from IP fragments, and the frames that brought it. */
export interface Carried {
  readonly from: number;
  readonly to: number;
  readonly frames: readonly number[];
}

interface Known {
  readonly carried: readonly Carried[];
  /** Frames of another datagram that the same frame completed. */
  readonly others: readonly number[];
  /** How many numbers of frames are kept for it. */
  readonly count: number;
  readonly handed: number;
  /** Where its bytes stand in a stream, if they do. */
  placed: StreamPlace | null;
}

interface StreamPlace {
  /** Row of the flow table and side, as an index of its columns. */
  readonly stream: number;
  readonly position: number;
  readonly length: number;
  /** Offset of the first of them in the datagram. */
  readonly start: number;
}

const MAX_DATAGRAMS = 65_536;
const MAX_FRAMES = 262_144;
const NO_FRAMES: readonly number[] = [];

/** Which frames carried what came in fragments: streams and what is decoded know only the frame that completed a datagram. */
export class Carriers {
  /** Of the datagram being read, when it was put together: offsets in `bytes`. */
  current: { readonly bytes: Uint8Array; readonly carried: readonly Carried[] } | null = null;
  private readonly horizon: SearchHorizon;
  /** By the frame that completed a datagram. */
  private readonly known = new Map<number, Known>();
  /** The same frames in their order from `first` on: a Map looks for its oldest entry among all that were taken out before. */
  private readonly order: number[] = [];
  private first = 0;
  private frames = 0;

  constructor(horizon: SearchHorizon) {
    this.horizon = horizon;
  }

  /**
   * The bytes read next were put together; `frame` completed them. To be ended by setting `current` to what it was before.
   * @returns false when an older datagram had to be forgotten that was not searched yet: its last frame alone is named
   */
  begin(bytes: Uint8Array, carried: readonly Carried[], frame: number): boolean {
    const isInner = this.current !== null;
    this.current = { bytes, carried };
    const before = this.known.get(frame);
    // Of fragments in fragments the inner ones come later, with the frames of all; a frame may also hold several packets.
    const others = isInner || before === undefined ? NO_FRAMES : framesOfAll(before);
    if (before === undefined) this.order.push(frame);
    this.forget(frame);
    // Of most nobody asks: their frames are not put together before.
    const count = countOf(carried, others);
    this.known.set(frame, { carried, others, count, handed: this.horizon.handed, placed: null });
    this.frames += count;
    let isSafe = true;
    while (this.known.size > MAX_DATAGRAMS || this.frames > MAX_FRAMES) {
      const oldest = this.order[this.first] ?? frame;
      if (oldest === frame) break;
      isSafe &&= isSearched(this.known.get(oldest)?.handed ?? 0, this.horizon);
      this.forget(oldest);
      this.first++;
    }
    if (this.first > MAX_DATAGRAMS) {
      this.order.splice(0, this.first);
      this.first = 0;
    }
    return isSafe;
  }

  private forget(frame: number): void {
    this.frames -= this.known.get(frame)?.count ?? 0;
    this.known.delete(frame);
  }

  /** The frames that brought `[start, end)` of the packet `b` that stands in `frame`. */
  of(b: Uint8Array, start: number, end: number, frame: number): readonly number[] {
    const { current } = this;
    if (current?.bytes === b) return framesOf(current.carried, start, end);
    const known = this.known.get(frame);
    return known === undefined ? [frame] : framesOfAll(known);
  }

  /** `[start, end)` of the datagram that `frame` completed stands at `position` of a stream. */
  place(stream: number, start: number, end: number, position: number, frame: number): void {
    const known = this.known.get(frame);
    if (known !== undefined) known.placed = { stream, position, length: end - start, start };
  }

  /** The frames that brought any byte of `[from, to)` of a stream, of which `frames` are known. */
  ofStream(stream: number, from: number, to: number, frames: readonly number[]): readonly number[] {
    if (this.known.size === 0 || !frames.some((frame) => this.known.has(frame))) return frames;
    return union(
      frames.map((frame) => {
        const known = this.known.get(frame);
        if (known === undefined) return [frame];
        const { placed, carried } = known;
        if (placed?.stream !== stream) return framesOfAll(known);
        const { start, position, length } = placed;
        const first = Math.max(0, from - position);
        const last = Math.min(length, to - position);
        return last > first ? framesOf(carried, start + first, start + last) : framesOfAll(known);
      }),
    );
  }

  /** In place of a frame that completed a datagram all that brought it. */
  all(frames: readonly number[]): readonly number[] {
    if (this.known.size === 0 || !frames.some((frame) => this.known.has(frame))) return frames;
    return union(
      frames.map((frame) => {
        const known = this.known.get(frame);
        return known === undefined ? [frame] : framesOfAll(known);
      }),
    );
  }
}

/** The frames that brought any byte of `[start, end)`, ascending. */
export function framesOf(carried: readonly Carried[], start: number, end: number): readonly number[] {
  return union(carried.filter(({ from, to }) => from < end && to > start).map(({ frames }) => frames));
}

function framesOfAll({ carried, others }: Known): readonly number[] {
  return union([others, ...carried.map((one) => one.frames)]);
}

function countOf(carried: readonly Carried[], others: readonly number[]): number {
  let count = others.length;
  for (const { frames } of carried) count += frames.length;
  return count;
}

function union(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
