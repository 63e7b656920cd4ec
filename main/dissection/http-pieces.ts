import { isSearched, type SearchHorizon } from './sink.ts';

/** Pieces remembered of one body; with more of them, places are told less exactly. */
const MAX_PIECES = 65_536;
const FIRST_PIECES = 16;
/** Behind what was searched last, this much stays known (sink.ts, SearchHorizon). */
const REMEMBERED_BYTES = 16 * 1024;

const STRIDE = 5;
/** Copied for each body: an array of doubles in the heap, which is made in a fraction of the time of a typed array. */
const BLANK: readonly number[] = Array.from({ length: FIRST_PIECES * STRIDE }, () => 0.5);

/** A place in a stream: position of the first byte, frames that brought the stretch, time of the last of them. */
export interface Place {
  readonly position: number;
  readonly frames: number[];
  readonly us: number;
}

/**
 * Where stretches of something put together stood: offset in it, stream position, frame, time, collection of the search.
 * Offsets ascend.
 */
export class PieceMap {
  /** False once pieces were left out, or forgotten before they were searched. */
  private complete = true;
  private cells = BLANK.slice();
  private count = 0;
  private readonly horizon: SearchHorizon | null;

  /** @param horizon how far the search has come, if what it has looked at may be forgotten */
  constructor(horizon: SearchHorizon | null) {
    this.horizon = horizon;
  }

  /** @returns false once there was no room for all: places are told less exactly then, and the cap is to be recorded */
  add(offset: number, position: number, frame: number, us: number): boolean {
    const { cells, count } = this;
    const last = (count - 1) * STRIDE;
    if (
      count > 0 &&
      cells[last + 2] === frame &&
      position - (cells[last + 1] as number) === offset - (cells[last] as number)
    )
      return this.complete;
    if (count * STRIDE === cells.length && !this.makeRoom()) {
      this.complete = false;
      return false;
    }
    const at = this.count++ * STRIDE;
    this.cells[at] = offset;
    this.cells[at + 1] = position;
    this.cells[at + 2] = frame;
    this.cells[at + 3] = us;
    this.cells[at + 4] = this.horizon?.handed ?? 0;
    return this.complete;
  }

  private makeRoom(): boolean {
    const { cells, count, horizon } = this;
    const half = (count >> 1) * STRIDE;
    const newest = cells[(count - 1) * STRIDE] as number;
    const searched = horizon !== null && isSearched(cells[half + 4] as number, horizon);
    const forgettable = searched && (cells[half] as number) < newest - REMEMBERED_BYTES;
    if (forgettable || (horizon !== null && count >= MAX_PIECES)) {
      if (!forgettable) this.complete = false;
      cells.copyWithin(0, half);
      this.count = count - (count >> 1);
      return true;
    }
    if (count >= MAX_PIECES) return false;
    this.cells = cells.concat(cells);
    return true;
  }

  locate(from: number, to: number): Place {
    const { cells, count } = this;
    const frames = new Set<number>();
    let position = cells[1] as number;
    let us = Number.NaN;
    for (let i = this.firstAtOrAfter(to); i >= 0; i--) {
      const at = i * STRIDE;
      const start = cells[at] as number;
      if (start >= to && i > 0) continue;
      frames.add(cells[at + 2] as number);
      const time = cells[at + 3] as number;
      if (!(us >= time)) us = time;
      position = (cells[at + 1] as number) + Math.max(0, from - start);
      // Packed content may give more bytes than its piece has: the place stays within the piece.
      if (i + 1 < count) position = Math.min(position, cells[at + STRIDE + 1] as number);
      if (start <= from) break;
    }
    return { position, frames: [...frames].sort((a, b) => a - b), us };
  }

  /** Index of the last piece that could hold `to`, or of the one after it. */
  private firstAtOrAfter(to: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.cells[middle * STRIDE] as number) >= to) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
