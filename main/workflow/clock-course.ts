import { isSetBetween } from './packet-clocks.ts';
import type { ClockReading } from './packet-clocks.ts';

/** A capture measures the clock before it listens, every minute and at its end: the first and the last say nothing of more than this. */
const holdsUs = 120_000_000;

/** Between two measurements, or before the first and after the last: what the clock can have shown there. All in microseconds. */
export interface Stretch {
  /** By the workstation. */
  readonly startUs: number;
  readonly endUs: number;
  /** Handset minus workstation, at least and at most. */
  readonly lowUs: number;
  readonly highUs: number;
  /** By the handset: from what to what it can have shown. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly measured: readonly Measured[];
}

interface Measured {
  readonly offsetUs: number;
  readonly handsetUs: number;
}

/** When by the workstation something can have been at the earliest and at the latest, microseconds, and the measurements it rests on. */
export interface Placed {
  readonly startUs: number;
  readonly endUs: number;
  readonly measured: readonly Measured[];
}

/**
 * How one handset's clock ran beside the workstation's. Between two measurements it may have moved once, at any time, from what the
 * one says to what the other says; a clock that was set showed the one or the other, one that was not may have been anywhere between.
 */
export class ClockCourse {
  /** By time of the workstation. */
  readonly stretches: readonly Stretch[];
  /** Where by the handset another set of stretches begins to hold, and of each set the first and the last; -1: none holds. */
  readonly #borders: Float64Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;

  /** What is no measurement (a figure that is none, a bound below nothing) is passed over. */
  constructor(readings: readonly ClockReading[]) {
    this.stretches = stretchesOf(readings.filter(isMeasurement).toSorted((a, b) => a.atUs - b.atUs));
    const borders = new Set(this.stretches.flatMap(({ fromUs, toUs }) => [fromUs, toUs + 1]));
    this.#borders = Float64Array.from(borders).sort();
    const cells = this.stretches.map(({ fromUs, toUs }) => [this.#cellOf(fromUs), this.#cellOf(toUs + 1)] as const);
    const last = cells.length - 1;
    this.#first = firstCovering(cells, this.#borders.length);
    this.#last = firstCovering(cells.toReversed(), this.#borders.length).map((at) => (at < 0 ? at : last - at));
  }

  /** The earliest and the latest stretch in which the clock can have shown this; null: there is none. The others lie between. */
  holding(handsetUs: number): readonly [Stretch, Stretch] | null {
    const cell = this.#cellOf(handsetUs);
    const first = this.stretches[this.#first[cell] ?? -1];
    const last = this.stretches[this.#last[cell] ?? -1];
    return first === undefined || last === undefined ? null : [first, last];
  }

  /** When the clock can have shown this, by all measurements; null: none holds. */
  place(handsetUs: number): Placed | null {
    const holding = this.holding(handsetUs);
    if (holding === null) return null;
    const [first, last] = holding;
    return {
      startUs: earliestIn(first, handsetUs),
      endUs: latestIn(last, handsetUs),
      measured: [...first.measured, ...last.measured],
    };
  }

  #cellOf(handsetUs: number): number {
    return lastAtMost(this.#borders.length, (i) => this.#borders[i] ?? 0, handsetUs);
  }
}

export const earliestIn = ({ startUs, highUs }: Stretch, handsetUs: number): number =>
  Math.max(startUs, handsetUs - highUs);
export const latestIn = ({ endUs, lowUs }: Stretch, handsetUs: number): number => Math.min(endUs, handsetUs - lowUs);

function isMeasurement({ atUs, offsetMs, boundMs }: ClockReading): boolean {
  return Number.isFinite(atUs) && Number.isFinite(offsetMs) && Number.isFinite(boundMs) && boundMs >= 0;
}

/** In an order in which both the earliest and the latest instants, for whatever the handset showed, never fall. */
function stretchesOf(sorted: readonly ClockReading[]): Stretch[] {
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    stretch(first.atUs - holdsUs, first.atUs, [first]),
    ...sorted.slice(1).flatMap((after, i) => {
      const before = sorted[i] ?? after;
      const within = (...measured: readonly ClockReading[]): Stretch => stretch(before.atUs, after.atUs, measured);
      if (!isSetBetween(before, after)) return [within(before, after)];
      // The further ahead the clock, the earlier was what it showed.
      return [before, after].toSorted((a, b) => b.offsetMs - a.offsetMs).map((one) => within(one));
    }),
    stretch(last.atUs, last.atUs + holdsUs, [last]),
  ];
}

function stretch(startUs: number, endUs: number, readings: readonly ClockReading[]): Stretch {
  const lowUs = Math.min(...readings.map((one) => Math.floor((one.offsetMs - one.boundMs) * 1000)));
  const highUs = Math.max(...readings.map((one) => Math.ceil((one.offsetMs + one.boundMs) * 1000)));
  const measured = readings.map(({ atUs, offsetMs }) => {
    const offsetUs = Math.round(offsetMs * 1000);
    return { offsetUs, handsetUs: atUs + offsetUs };
  });
  return { startUs, endUs, lowUs, highUs, fromUs: startUs + lowUs, toUs: endUs + highUs, measured };
}

/** Of each cell the first of the ranges (from, and up to but without) that covers it, or -1. Each cell is written once. */
function firstCovering(ranges: readonly (readonly [number, number])[], count: number): Int32Array {
  const covering = new Int32Array(count).fill(-1);
  /** At or behind a cell the next one that nothing covers yet. */
  const next = Int32Array.from({ length: count + 1 }, (_, cell) => cell);
  const bare = (from: number): number => {
    let cell = from;
    for (let to = next[cell] ?? count; to !== cell; to = next[cell] ?? count) {
      next[cell] = next[to] ?? count;
      cell = to;
    }
    return cell;
  };
  for (const [at, [from, to]] of ranges.entries())
    for (let cell = bare(from); cell < to; cell = bare(cell)) {
      covering[cell] = at;
      next[cell] = cell + 1;
    }
  return covering;
}

/** The last of `count` rising values that is at most so much, or -1: asks for as many of them as `count` has binary digits. */
export function lastAtMost(count: number, valueAt: (index: number) => number, most: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
