import fc from 'fast-check';
import { expect, test } from 'vitest';
import { microsecondsOf } from '../../main/analysis/detectors/consent.ts';
import { ClockCourse, earliestIn, lastAtMost, latestIn } from '../../main/workflow/clock-course.ts';
import { instantOfUs } from '../../main/workflow/instants.ts';
import type { ClockReading } from '../../main/workflow/packet-clocks.ts';
import { packetInstants } from '../../main/workflow/packet-instants.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';

const owned = { label: 'before', handset: 'H1', run: 'R1' } as const;
const capture = { ...owned, id: 'E1', kind: 'capture', origin: { type: 'capture', method: 'tcpdump' } } as Exhibit;
const beganUs = microsecondsOf('2026-01-01T10:00:00.000000Z');

/** A course of the clock, microseconds: moved once between two measurements, and measured with an error within the bound. */
interface Course {
  readonly readings: readonly ClockReading[];
  /** When it was moved, and where it stood from then on. */
  readonly moves: readonly { readonly atUs: number; readonly offsetUs: number }[];
}

const stepUs = fc.oneof(
  fc.constant(0),
  // Below what counts as set, about it, far above it; back and ahead.
  fc.integer({ min: -1_999_000, max: 1_999_000 }),
  fc.integer({ min: -2_100_000, max: 2_100_000 }),
  fc.integer({ min: -300_000_000, max: 300_000_000 }),
  fc.constantFrom(-60_000_000, 60_000_000, -120_000_000, 3_600_000_000, -3_600_000_000),
);
const legs = fc.array(
  fc.record({
    longUs: fc.oneof(fc.constant(60_000_000), fc.integer({ min: 1, max: 120_000_000 })),
    stepUs,
    /** Where in the leg, of a thousand. */
    when: fc.oneof(fc.constantFrom(1, 8, 992, 999), fc.integer({ min: 0, max: 1000 })),
    errorUs: fc.integer({ min: -5000, max: 5000 }),
    boundUs: fc.integer({ min: 5000, max: 9000 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const course: fc.Arbitrary<Course> = legs.map((all) => {
  let atUs = beganUs;
  let offsetUs = 37_000_000;
  const readings: ClockReading[] = [{ ...owned, atUs, offsetMs: offsetUs / 1000, boundMs: 5 }];
  const moves = [{ atUs: Number.NEGATIVE_INFINITY, offsetUs }];
  for (const leg of all) {
    offsetUs += leg.stepUs;
    moves.push({ atUs: atUs + Math.ceil((leg.longUs * leg.when) / 1000), offsetUs });
    atUs += leg.longUs;
    readings.push({ ...owned, atUs, offsetMs: (offsetUs + leg.errorUs) / 1000, boundMs: leg.boundUs / 1000 });
  }
  return { readings, moves };
});

/** Anywhere in the course, or just beside a measurement or a move of the clock. */
function trueInstants({ readings, moves }: Course, where: number, besideUs: number): number[] {
  const first = readings[0]?.atUs ?? 0;
  const last = readings.at(-1)?.atUs ?? 0;
  return [
    first + Math.round((last - first) * where),
    ...[...readings, ...moves].map((one) => one.atUs + besideUs),
  ].filter((at) => first <= at && at <= last);
}

const where = fc.double({ min: 0, max: 1, noNaN: true });
const besideUs = fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -2_000_000, max: 2_000_000 }));

test('whenever the clock moved, and however far, what is told of a packet is off by no more than the bound', () => {
  fc.assert(
    fc.property(course, where, besideUs, (ran, place, beside) => {
      const instantOf = packetInstants([capture], ran.readings);
      for (const trueUs of trueInstants(ran, place, beside)) {
        const offsetUs = ran.moves.findLast(({ atUs }) => atUs <= trueUs)?.offsetUs ?? 0;
        const told = instantOf('E1', instantOfUs(trueUs + offsetUs));
        expect(told).not.toBeNull();
        const offUs = Math.abs(microsecondsOf(told?.at ?? '') - trueUs);
        expect(offUs).toBeLessThanOrEqual((told?.boundMs ?? 0) * 1000);
      }
    }),
    { numRuns: 500 },
  );
});

test('what is found by a few looks is what going through all measurements finds', () => {
  fc.assert(
    fc.property(course, fc.integer({ min: -4_000_000_000, max: 4_000_000_000 }), where, (ran, anyUs, place) => {
      const clock = new ClockCourse(ran.readings);
      const edges = clock.stretches.flatMap(({ fromUs, toUs }) => [fromUs - 1, fromUs, toUs, toUs + 1]);
      const within = trueInstants(ran, place, 0).map((at) => at + 37_000_000);
      for (const handsetUs of [beganUs + anyUs, ...within, ...edges]) {
        const all = clock.stretches.filter(({ fromUs, toUs }) => fromUs <= handsetUs && handsetUs <= toUs);
        const [first] = all;
        const last = all.at(-1);
        const found = clock.holding(handsetUs);
        expect(found?.[0]).toBe(first);
        expect(found?.[1]).toBe(last);
        if (first === undefined) continue;
        expect(clock.place(handsetUs)).toMatchObject({
          startUs: Math.min(...all.map((one) => earliestIn(one, handsetUs))),
          endUs: Math.max(...all.map((one) => latestIn(one, handsetUs))),
        });
      }
    }),
  );
});

test('of a week of measurements, the clock set time and again, a few are looked at', () => {
  const readings = Array.from({ length: 10_080 }, (_, minute) => ({
    ...owned,
    atUs: beganUs + minute * 60_000_000,
    // Every minute set to the same hour again: nearly all of them can hold.
    offsetMs: -minute * 60_000,
    boundMs: 5,
  }));
  const clock = new ClockCourse(readings);
  const handsetUs = beganUs + 1_000_000;
  const holds = clock.stretches.filter(({ fromUs, toUs }) => fromUs <= handsetUs && handsetUs <= toUs);
  expect(holds.length).toBeGreaterThan(10_000);
  expect(clock.place(handsetUs)?.measured.length).toBeLessThanOrEqual(4);
  let asked = 0;
  const borders = clock.stretches.flatMap(({ fromUs, toUs }) => [fromUs, toUs + 1]).sort((a, b) => a - b);
  const value = (i: number): number => {
    asked += 1;
    return borders[i] ?? 0;
  };
  expect(borders[lastAtMost(borders.length, value, handsetUs)]).toBeLessThanOrEqual(handsetUs);
  expect(asked).toBeLessThanOrEqual(Math.ceil(Math.log2(borders.length + 1)));
});
