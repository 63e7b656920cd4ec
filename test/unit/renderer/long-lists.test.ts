import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketCount, labelsOf, placeAt, timelineBars } from '../../../renderer/charts/timeline-shape.ts';
import { mostPixels, offsetFor, placesInSight, scrollScale } from '../../../renderer/widgets/scaled-scroll.ts';

describe('a list longer than Chromium can lay out', () => {
  const size = fc.record({
    count: fc.integer({ min: 0, max: 50_000_000 }),
    viewPx: fc.integer({ min: 40, max: 2000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test('the ends of the bar are the ends of the list, and the bar stays below the limit', () => {
    fc.assert(
      fc.property(size, ({ count, viewPx, share }) => {
        const { listPx, barPx, ratio } = scrollScale(count, 36, viewPx);
        expect(barPx).toBeLessThanOrEqual(mostPixels);
        const top = Math.max(0, barPx - viewPx) * share;
        expect(top * ratio).toBeLessThanOrEqual(Math.max(0, listPx - viewPx) + 0.001);
        if (share === 1) expect(Math.abs(top * ratio - Math.max(0, listPx - viewPx))).toBeLessThan(0.01);
        if (count * 36 <= mostPixels) expect(ratio).toBe(1);
      }),
    );
  });

  test('every row can be brought into sight, and then is among those that are drawn', () => {
    fc.assert(
      fc.property(size, ({ count, viewPx, share }) => {
        if (count === 0) return;
        const place = Math.min(count - 1, Math.floor(share * count));
        const offset = offsetFor(place, 36, viewPx, 0);
        const { first, last } = placesInSight(offset, viewPx, 36, count, 0);
        expect(place).toBeGreaterThanOrEqual(first);
        expect(place).toBeLessThanOrEqual(last);
        expect(last).toBeLessThan(count);
        expect(offsetFor(place, 36, viewPx, offset)).toBe(offset);
      }),
    );
  });
});

describe('the timeline', () => {
  const summary = {
    fromUs: 0,
    toUs: 39_999_999,
    bucketUs: 10_000_000,
    buckets: [
      { fromUs: 0, label: 'before', flows: 1, packets: 5, bytes: 100 },
      { fromUs: 20_000_000, label: 'before', flows: 2, packets: 6, bytes: 50 },
      { fromUs: 20_000_000, label: 'after', flows: 3, packets: 7, bytes: 70 },
    ],
    hits: [],
  };

  test('labels stand on each other in their bucket', () => {
    expect(bucketCount(summary)).toBe(4);
    expect(labelsOf(summary)).toEqual(['before', 'after']);
    expect(timelineBars(summary, 'bytes')).toEqual([
      { place: 0, fromUs: 0, total: 100, pieces: [{ label: 'before', from: 0, to: 100 }] },
      {
        place: 2,
        fromUs: 20_000_000,
        total: 120,
        pieces: [
          { label: 'before', from: 0, to: 50 },
          { label: 'after', from: 50, to: 120 },
        ],
      },
    ]);
    expect(timelineBars(summary, 'packets').map(({ total }) => total)).toEqual([5, 13]);
  });

  test.each([
    [-0.2, 0],
    [0, 0],
    [0.26, 1],
    [0.999, 3],
    [1, 3],
    [7, 3],
  ])('%d of the width is bucket %d', (share, place) => {
    expect(placeAt(share, 4)).toBe(place);
  });
});
