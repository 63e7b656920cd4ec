import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Foresight, estimateLeft } from '../../main/acquisition/time-left.ts';
import type { Course } from '../../main/acquisition/time-left.ts';

const ids = ['a', 'b', 'c', 'code', 'unheard-of'];
const typical = { a: 1000, b: 8000, c: 60_000, code: null };
const id = fc.constantFrom(...ids);
const ms = fc.integer({ min: 0, max: 10_000_000 });
const bytes = fc.nat({ max: 2 ** 40 });
const pull = fc.record({ doneBytes: bytes, totalBytes: bytes, forMs: ms });
const course: fc.Arbitrary<Course> = fc.record({
  ended: fc.array(fc.record({ id, tookMs: ms }), { maxLength: 30 }),
  running: fc.option(fc.record({ id, forMs: ms, pull: fc.option(pull) })),
  waiting: fc.array(id, { maxLength: 30 }),
});

test('an estimate is a time or none, and everything that is not counted is named', () => {
  fc.assert(
    fc.property(course, (given) => {
      const { ms: left, without } = estimateLeft(given, typical);
      if (left !== null) {
        expect(Number.isFinite(left)).toBe(true);
        expect(left).toBeGreaterThanOrEqual(0);
      }
      for (const one of given.waiting) if (one === 'code' || one === 'unheard-of') expect(without).toContain(one);
      if (left === null) expect(without.length).toBeGreaterThan(0);
    }),
  );
});

/** Collectors one after the other, each with how long it really takes and how often something is told meanwhile. */
const run = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), tookMs: fc.integer({ min: 1, max: 200_000 }) }), {
  minLength: 1,
  maxLength: 12,
});

test('the end that was told moves back only with a word: «longer than expected»', () => {
  fc.assert(
    fc.property(run, fc.integer({ min: 300, max: 5000 }), (steps, everyMs) => {
      const foresight = new Foresight(typical);
      let nowMs = 0;
      let toldEndMs = Number.POSITIVE_INFINITY;
      steps.forEach((step, i) => {
        for (let forMs = 0; forMs < step.tookMs; forMs += everyMs) {
          const { seconds, longer } = foresight.tell(
            {
              ended: steps.slice(0, i),
              running: { id: step.id, forMs, pull: null },
              waiting: steps.slice(i + 1).map((one) => one.id),
            },
            nowMs + forMs,
          );
          if (longer) continue;
          expect(seconds).not.toBeNull();
          const endMs = nowMs + forMs + (seconds ?? 0) * 1000;
          // Told in whole seconds; an end that has passed is «now».
          expect(endMs).toBeLessThanOrEqual(Math.max(toldEndMs, nowMs + forMs) + 1000);
          toldEndMs = Math.min(toldEndMs, endMs);
        }
        nowMs += step.tookMs;
      });
    }),
  );
});
