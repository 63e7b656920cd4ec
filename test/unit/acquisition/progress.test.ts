import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startProgress } from '../../../main/acquisition/progress.ts';
import { typicalMs } from '../../../main/acquisition/typical-times.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import type { Progress } from '../../../shared/model/acquisition.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('says each second which command is waited for, and how long it has printed nothing', () => {
  const told: Progress[] = [];
  const heart = startProgress((progress) => void told.push(progress), ['packages', 'package-detail', 'logcat']);
  heart.begin('package-detail', 1);
  expect(told.at(-1)).toMatchObject({ step: 'package-detail', done: 1, total: 3, command: null, note: null });
  heart.onBytes('dumpsys package', 0);
  vi.advanceTimersByTime(3000);
  expect(told.at(-1)?.command).toEqual({ command: 'dumpsys package', bytes: 0, seconds: 3, silentSeconds: 3 });
  heart.onBytes('dumpsys package', 700);
  vi.advanceTimersByTime(1000);
  expect(told.at(-1)?.command).toEqual({ command: 'dumpsys package', bytes: 700, seconds: 4, silentSeconds: 1 });
  heart.onBytes('cmd appops get a', 0);
  vi.advanceTimersByTime(1000);
  expect(told.at(-1)?.command).toEqual({ command: 'cmd appops get a', bytes: 0, seconds: 1, silentSeconds: 1 });
  heart.stop(3);
  expect(told.at(-1)).toMatchObject({ step: 'finished', command: null });
  const count = told.length;
  vi.advanceTimersByTime(5000);
  expect(told).toHaveLength(count);
});

it('an acquisition of slow commands never stands still for more than two seconds without naming the one it waits for', async () => {
  const { link, sent } = fakeHandset(() => ({ stdout: 'a=1\n', delayMs: 11_000 }));
  const told: { readonly atMs: number; readonly progress: Progress }[] = [];
  let ended = false;
  const done = runAcquisition({
    link,
    evidence: fakeEvidence(),
    knowledge,
    profile: 'quick',
    onProgress: (progress) => void told.push({ atMs: performance.now(), progress }),
  }).then(() => (ended = true));
  while (!ended) await vi.advanceTimersByTimeAsync(500);
  await done;
  expect(sent.length).toBeGreaterThan(20);
  const waits = told.slice(1).map(({ atMs }, i) => atMs - (told[i]?.atMs ?? 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(2000);
  // What is said every second names the command; only the beginning of a collector, clock and state a second time, and the end have none yet.
  const nameless = told.filter(({ progress }) => progress.command === null).map(({ progress }) => progress.step);
  expect(nameless.length).toBe(new Set(nameless).size + 2);
  expect(new Set(told.map(({ progress }) => progress.command?.command ?? ''))).toEqual(new Set(['', ...sent]));
});

it('says what remains: stated times until the handset shows its own, and the bytes of a pull whose sizes are known', () => {
  const told: Progress[] = [];
  const planned = ['packages', 'app-code', 'clock'];
  const heart = startProgress((progress) => void told.push(progress), planned);
  const left = (): Progress['left'] => told.at(-1)?.left;
  const known = (typicalMs['packages'] ?? 0) + (typicalMs['clock'] ?? 0);
  heart.begin('packages', 0);
  expect(left()).toEqual({ seconds: Math.ceil(known / 1000), longer: false, without: ['app-code'] });
  vi.advanceTimersByTime(2000);
  heart.begin('app-code', 1);
  expect(left()?.without).toEqual(['app-code']);
  heart.onPulled(0, 10_000_000);
  vi.advanceTimersByTime(1000);
  expect(left()?.without).toEqual(['app-code']);
  heart.onPulled(1_000_000, 10_000_000);
  vi.advanceTimersByTime(1000);
  expect(left()?.without).toEqual([]);
  // A tenth in two seconds: eighteen more, and the clock.
  expect(left()?.seconds).toBeGreaterThanOrEqual(18);
  expect(left()?.seconds).toBeLessThanOrEqual(20);
  heart.stop(2);
  expect(left()).toBeNull();
});
