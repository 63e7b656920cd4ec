import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { offsetOf, readDate } from '../../../main/handset/clock.ts';
import type { ClockSample } from '../../../main/handset/clock.ts';

describe("the handset's clock", () => {
  test.each([
    ['1407405600123456789\n', { handsetMs: 1407405600000 + 123_456_789 / 1e6, resolutionMs: 1 }],
    ['1407405600\r\n', { handsetMs: 1407405600000, resolutionMs: 1000 }],
    ['1407405600N\n', { handsetMs: 1407405600000, resolutionMs: 1000 }],
    ['1407405600%N', { handsetMs: 1407405600000, resolutionMs: 1000 }],
    ['date: bad format', null],
    ['', null],
    ['-5', null],
    ['99999999999999999999999', null],
  ])('reads %j', (text, wanted) => expect(readDate(text)).toEqual(wanted));

  const sample = (trueOffsetMs: number, resolutionMs: 1 | 1000) =>
    fc
      .tuple(
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
      )
      .map(([sentMs, there, back]): ClockSample => {
        const exact = sentMs + there + trueOffsetMs;
        return {
          handsetMs: resolutionMs === 1 ? exact : Math.floor(exact / 1000) * 1000,
          resolutionMs,
          sentMs,
          receivedMs: sentMs + there + back,
        };
      });

  test('the true offset lies within offset ± bound, for both resolutions', () => {
    for (const resolutionMs of [1, 1000] as const) {
      fc.assert(
        fc.property(
          fc
            .integer({ min: -1e9, max: 1e9 })
            .chain((offset) =>
              fc.tuple(fc.constant(offset), fc.array(sample(offset, resolutionMs), { minLength: 1, maxLength: 15 })),
            ),
          ([trueOffsetMs, samples]) => {
            const measured = offsetOf(samples);
            expect(measured).not.toBeNull();
            if (measured === null) return;
            expect(Math.abs(measured.offsetMs - trueOffsetMs)).toBeLessThanOrEqual(measured.boundMs + 1e-3);
            const leastRtt = Math.min(...samples.map((s) => s.receivedMs - s.sentMs));
            expect(measured.boundMs).toBeLessThanOrEqual((leastRtt + (resolutionMs === 1 ? 0 : 1000)) / 2 + 1e-3);
          },
        ),
      );
    }
  });

  test('samples that contradict each other fall back to the least round trip', () => {
    const measured = offsetOf([
      { handsetMs: 1_000_000, resolutionMs: 1000, sentMs: 0, receivedMs: 10 },
      { handsetMs: 9_000_000, resolutionMs: 1000, sentMs: 0, receivedMs: 4 },
    ]);
    expect(measured).toEqual({ offsetMs: (9_000_000 - 4 + 9_001_000) / 2, boundMs: 502 });
  });

  test('no samples, no offset', () => expect(offsetOf([])).toBeNull());
});
