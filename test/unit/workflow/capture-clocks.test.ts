import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CaptureEvent } from '../../../main/capture/capture-types.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { setHook } from '../../../main/evidence/hooks.ts';
import type { HookName } from '../../../main/evidence/hooks.ts';
import { createCase } from '../../../main/evidence/open-case.ts';
import { CaptureClocks } from '../../../main/workflow/capture-clocks.ts';
import { wordGap } from '../../../main/workflow/gaps.ts';
import type { ClockOffset } from '../../../shared/model/handset.ts';
import type { Problem } from '../../../shared/model/problem.ts';
import { valueOf } from '../../integration/handset-bench.ts';

let folder: string;
let writer: CaseWriter;
let told: (Problem | null)[];
let clocks: CaptureClocks;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-clocks-'));
  const info = { number: '1', title: 'clocks', examiner: 'Lin', synthetic: true };
  writer = valueOf(createCase(join(folder, 'a.handsight'), info));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  told = [];
  const owner = { handset: 'H1', label: 'before', run: null };
  clocks = new CaptureClocks(writer, owner, new Set(), (problem) => void told.push(problem));
});
afterEach(() => {
  setHook(null);
  writer.close();
  rmSync(folder, { recursive: true, force: true });
});

const clock = (minute: number): ClockOffset => ({
  offsetMs: 37_500.25,
  boundMs: 4,
  measuredAt: `2026-01-01T10:0${minute}:00.000000Z`,
  handsetAt: `2026-01-01T10:0${minute}:37.500000Z`,
  method: 'date +%s%N',
  uptimeSeconds: 100,
  zone: 'Asia/Taipei',
});
const measured = (minute: number): CaptureEvent => ({
  type: 'clock',
  at: clock(minute).measuredAt,
  clock: clock(minute),
});
const listening: CaptureEvent = { type: 'listening', at: '2026-01-01T10:00:01.000000Z', segment: 1, pid: 7 };
const endedAt = '2026-01-01T10:05:00.000000Z';

/** The disk has no room for what goes through these points. */
function full(...points: HookName[]): void {
  setHook((name) => {
    if (points.includes(name)) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
}
const room = (): void => setHook(null);

function linesStored(): string[] {
  const [one] = writer.exhibits();
  return one === undefined ? [] : valueOf(writer.readExhibit(one.id, 65_536)).toString('utf8').trim().split('\n');
}

test.each([['vault.incoming-open'], ['vault.write'], ['vault.write-half'], ['vault.checkpoint-write']] as const)(
  'a measurement that cannot be stored (%s) is told at once, once, and when it is stored after all; none is lost or doubled',
  (point) => {
    clocks.take(measured(0));
    full(point);
    clocks.take(listening);
    expect(told.map((one) => one?.code)).toEqual(['disk-full']);
    clocks.take(measured(1));
    expect(told).toHaveLength(1);
    room();
    clocks.take(measured(2));
    expect(told).toHaveLength(2);
    expect(told[1]).toBeNull();
    expect(clocks.settle(true, endedAt)).toBeNull();
    expect(linesStored()).toEqual([0, 1, 2].map((minute) => JSON.stringify(clock(minute))));
  },
);

test('what could not be stored till the end is a gap that says how many, why, and the first of them', () => {
  clocks.take(measured(0));
  clocks.take(listening);
  full('vault.write');
  clocks.take(measured(1));
  clocks.take(measured(2));
  const gap = clocks.settle(true, endedAt);
  if (gap === null) throw new Error('no gap');
  expect(gap).toMatchObject({ code: 'clocks-not-stored', params: { count: 2, problem: 'disk-full' } });
  expect(wordGap('en', gap)).toBe(
    '2 measurements of the handset’s clock during the capture could not be stored (the disk is full); the first: 37500.3 ms (± 4.0 ms) at 2026-01-01T10:01:00.000000Z',
  );
  expect(wordGap('zh-Hant', gap)).toContain('2 次手機時鐘量測無法儲存（磁碟已滿）');
});

test('a gap also says that what is stored is no exhibit yet; opening the case takes it in', () => {
  clocks.take(listening);
  clocks.take(measured(0));
  full('vault.row');
  const gap = clocks.settle(true, endedAt);
  expect(gap?.params).toMatchObject({ count: 0 });
  expect(wordGap('en', gap ?? { code: 'clocks-not-stored', params: {} })).toContain(
    'is no exhibit yet (the disk is full)',
  );
});

test('what is no fault of the disk is no trouble to be told: it is thrown at the end', () => {
  clocks.take(listening);
  setHook((name) => {
    if (name === 'vault.write') throw new TypeError('a bug');
  });
  clocks.take(measured(0));
  expect(told).toEqual([]);
  room();
  expect(() => clocks.settle(true, endedAt)).toThrow('a bug');
});
