import { isSearched, type Origin, type SearchHorizon } from './sink.ts';

/** How far behind the bytes searched last the origin of bytes stays known. The search keeps a tail much shorter than this. */
export const REMEMBERED_BYTES = 16 * 1024;

const STRIDE = 5;
const FIRST_CAPACITY = 8;
/** Copied for each direction: an array of doubles in the heap, which is made in a fraction of the time of a typed array. */
const BLANK: readonly number[] = Array.from({ length: FIRST_CAPACITY * STRIDE }, () => 0.5);

/** Which packet brought which stretch of a stream: a ring of (start, frame, time, sample, collection of the search), oldest overwritten first. */
export class SegmentLog {
  private readonly horizon: SearchHorizon;
  private cells = BLANK.slice();
  /** Segments there is room for, less one: a power of two less one. */
  private mask = FIRST_CAPACITY - 1;
  private head = 0;
  private count = 0;

  constructor(horizon: SearchHorizon) {
    this.horizon = horizon;
  }

  push(start: number, frame: number, us: number, sample: number): void {
    if (this.count > this.mask) this.makeRoom(start);
    const { cells } = this;
    const at = ((this.head + this.count) & this.mask) * STRIDE;
    cells[at] = start;
    cells[at + 1] = frame;
    cells[at + 2] = us;
    cells[at + 3] = sample;
    cells[at + 4] = this.horizon.handed;
    this.count++;
  }

  private makeRoom(start: number): void {
    const second = ((this.head + 1) & this.mask) * STRIDE;
    const searched = isSearched(this.cells[second + 4] as number, this.horizon);
    if (searched && (this.cells[second] as number) < start - REMEMBERED_BYTES) {
      this.head = (this.head + 1) & this.mask;
      this.count--;
      return;
    }
    // A full ring: the older part lies behind the newer one.
    const split = this.head * STRIDE;
    const { cells } = this;
    this.cells = split === 0 ? cells.concat(cells) : cells.slice(split).concat(cells.slice(0, split), cells);
    this.mask = this.mask * 2 + 1;
    this.head = 0;
  }

  /** Frames of the segments that hold any byte of `[from, to)`, and the time of the last of them. */
  locate(from: number, to: number): { frames: number[]; us: number } {
    const frames = new Set<number>();
    let us = Number.NaN;
    for (let i = this.count - 1; i >= 0; i--) {
      const at = ((this.head + i) & this.mask) * STRIDE;
      const start = this.cells[at] as number;
      if (start >= to && i > 0) continue;
      frames.add(this.cells[at + 1] as number);
      const time = this.cells[at + 2] as number;
      if (!(us >= time)) us = time;
      if (start <= from) break;
    }
    return { frames: [...frames].sort((a, b) => a - b), us };
  }

  /** How long the segment that began at `start` was; `newest` is where the next byte will stand. */
  lengthAt(start: number, newest: number): number {
    let next = newest;
    for (let i = this.count - 1; i >= 0; i--) {
      const s = this.cells[((this.head + i) & this.mask) * STRIDE] as number;
      if (s === start) return next - start;
      next = s;
    }
    return -1;
  }

  /** The content sample of the segment that began exactly at `start`, or null when it is not known any more. */
  sampleAt(start: number): number | null {
    for (let i = this.count - 1; i >= 0; i--) {
      const at = ((this.head + i) & this.mask) * STRIDE;
      const s = this.cells[at] as number;
      if (s === start) return this.cells[at + 3] as number;
      if (s < start) return null;
    }
    return null;
  }
}

const MAX_MARKS = 65_536;

/** What stands at a place of a stream, as an origin tells it. */
export type FieldPlace = Pick<Origin, 'field' | 'message' | 'handedOn'>;

const MARK = 5;

/** Which field of which message begins where in a stream. */
export class FieldMarks {
  private readonly horizon: SearchHorizon;
  /** By mark: position, field, message, whether it is handed on, collection of the search. One list: adding is one call. */
  private readonly cells: (number | string | boolean | null)[] = [];

  constructor(horizon: SearchHorizon) {
    this.horizon = horizon;
  }

  /**
   * @param handedOn what stands there is handed on decoded as well
   * @returns false when there was no room: the cap is to be recorded
   */
  add(position: number, field: string | null, message: number | null, handedOn = false): boolean {
    const { cells, horizon } = this;
    const n = cells.length / MARK;
    const half = (n >> 1) * MARK;
    const searched = n > 128 && isSearched(cells[half + 4] as number, horizon);
    if (searched && (cells[half] as number) < position - REMEMBERED_BYTES) cells.splice(0, half);
    else if (n >= MAX_MARKS) {
      // What follows is nobody's rather than the last one's.
      if (n === MAX_MARKS) cells.push(position, null, null, false, horizon.handed);
      return false;
    }
    cells.push(position, field, message, handedOn, horizon.handed);
    return true;
  }

  at(position: number): FieldPlace {
    const { cells } = this;
    for (let i = cells.length - MARK; i >= 0; i -= MARK) {
      if ((cells[i] as number) > position) continue;
      const place = { field: cells[i + 1] as string | null, message: cells[i + 2] as number | null };
      return cells[i + 3] === true ? { ...place, handedOn: true } : place;
    }
    return { field: null, message: null };
  }
}

/**
 * A number made from the length and up to sixteen words of a segment: tells a retransmission with other content from a
 * true one at a small, constant cost.
 */
export function sampleOf(b: Uint8Array, start: number, end: number): number {
  const length = end - start;
  let h = length;
  const step = length <= 64 ? 4 : Math.ceil(length / 16);
  for (let i = start; i + 4 <= end; i += step) {
    const word =
      ((b[i] as number) << 24) | ((b[i + 1] as number) << 16) | ((b[i + 2] as number) << 8) | (b[i + 3] as number);
    h = Math.imul(h ^ word, 0x9e3779b1);
  }
  for (let i = Math.max(start, end - 4); i < end; i++) h = Math.imul(h ^ (b[i] as number), 0x85ebca6b);
  return h;
}
