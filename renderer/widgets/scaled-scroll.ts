/**
 * Chromium clamps an element at 33,554,428 px, and far below that its scroll bar stands some pixels beside where it was put
 * (seen at 12,000,000: five). A longer list is shown on a scaled bar.
 */
export const mostPixels = 1_000_000;

/** How a list of `count` rows lies on a scroll bar: `ratio` list pixels for each of the bar. */
export interface ScrollScale {
  readonly listPx: number;
  readonly barPx: number;
  readonly ratio: number;
}

export function scrollScale(count: number, rowPx: number, viewPx: number): ScrollScale {
  const listPx = Math.max(count * rowPx, 1);
  const barPx = Math.min(listPx, mostPixels);
  const listTravel = Math.max(listPx - viewPx, 0);
  const barTravel = Math.max(barPx - viewPx, 0);
  return { listPx, barPx, ratio: barTravel === 0 ? 1 : listTravel / barTravel };
}

/** Where the list has to stand so that row `place` is in sight, moving as little as does. */
export function offsetFor(place: number, rowPx: number, viewPx: number, offset: number): number {
  const top = place * rowPx;
  if (top < offset) return top;
  if (top + rowPx > offset + viewPx) return top + rowPx - viewPx;
  return offset;
}

/** First and last place in sight, with `beyond` more on either side. */
export function placesInSight(
  offset: number,
  viewPx: number,
  rowPx: number,
  count: number,
  beyond: number,
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.floor(offset / rowPx) - beyond);
  const last = Math.min(count - 1, Math.ceil((offset + viewPx) / rowPx) + beyond);
  return { first, last };
}
