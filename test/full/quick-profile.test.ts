import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBench } from '../integration/handset-bench.ts';
import type { Bench } from '../integration/handset-bench.ts';
import { acquireTimed } from '../integration/timed-acquisition.ts';

// No other test measures time. This one does, in the full tier only, since a time is what is promised: the quick profile in under half
// a minute, and progress that never stands still for more than two seconds without saying why. Most of both does not depend on the
// machine: what the commands take is the persona's own table, and progress is told each second.
const quickSeconds = 30;
/** Of the table alone: what is left of the half minute is for a slow machine. */
const tableSeconds = 15;
const stillSeconds = 2;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

test('a modern handset is quickly acquired, and progress never stands still without saying why', async () => {
  const timed = await acquireTimed(bench, 'modern-locked', 'quick');
  // What this locked handset refuses is a gap; nothing was cut off or came too late.
  expect(timed.acquired.acquisition.outcome).toBe('complete-with-gaps');
  for (const gap of timed.acquired.gaps) expect(gap).toMatch(/: refused \(/);
  // Every command took its time, so that the sum says something.
  expect(Math.min(...timed.latenciesMs)).toBeGreaterThan(0);
  const sum = timed.latenciesMs.reduce((total, ms) => total + ms, 0) / 1000;
  expect(sum).toBeLessThan(tableSeconds);
  expect(timed.seconds).toBeGreaterThanOrEqual(sum * 0.99);
  expect(timed.seconds).toBeLessThan(quickSeconds);
  expect(timed.longestStillSeconds).toBeLessThan(stillSeconds);
  const again = timed.reports.filter(({ step }, at) => at > 0 && step === timed.reports[at - 1]?.step);
  expect(again.length).toBeGreaterThan(0);
  for (const { step, note } of again) expect(note, step).toMatch(/^.+ · \d+ B · \d+ s$/);
});
