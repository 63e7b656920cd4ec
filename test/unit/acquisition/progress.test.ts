import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startProgress } from '../../../main/acquisition/progress.ts';
import type { Progress } from '../../../shared/model/acquisition.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('says each second which command is waited for, and how long it has printed nothing', () => {
  const told: Progress[] = [];
  const heart = startProgress((progress) => void told.push(progress), 3);
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
