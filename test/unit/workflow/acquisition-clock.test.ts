import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquisitionFacts } from '../../../main/workflow/parse-stored.ts';
import type { AcquisitionFacts } from '../../../main/workflow/parse-stored.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acquisition-clock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What an acquisition that measured the clock so learns of it. */
function clockOf(offsetsMs: readonly number[]): AcquisitionFacts['clock'] | undefined {
  const directory = join(mkdtempSync(join(folder, 'case-')), 'x.handsight');
  const writer = newCase(directory);
  const handset = must(writer.addHandset({ label: 'Mi 2S', serial: null, role: 'exhibit' })).id;
  const owned = { handset, label: 'before', run: null };
  const acquisition = must(writer.beginAcquisition({ ...owned, serial: 'x', profile: 'full' })).id;
  const at = '2014-08-07T04:00:00.000000Z';
  const origin = {
    type: 'command',
    command: 'clock-offset',
    stream: 'stdout',
    protocol: 'shell-v1',
    exitStatus: null,
    startedAt: at,
    endedAt: at,
    problem: null,
  } as const;
  const meta = { ...owned, kind: 'command-output', collector: 'clock', acquisition, origin } as const;
  for (const offsetMs of offsetsMs) {
    const text = JSON.stringify({ offsetMs, boundMs: 12, zone: 'Asia/Taipei' });
    const final = { outcome: 'read', packets: null, fault: null } as const;
    must(writer.storeExhibit(Buffer.from(text), { ...meta, originalName: 'clock.json' }, final));
  }
  must(writer.endAcquisition(acquisition, { outcome: 'complete', detail: null }));
  writer.close();
  const reader = read(directory);
  return acquisitionFacts(reader, reader.exhibits()).get(acquisition)?.clock;
}

test('an acquisition is read by its first measurement, and knows of a clock that was set during it', () => {
  const first = { offsetMs: 37_000, boundMs: 12, zone: 'Asia/Taipei' };
  expect(clockOf([37_000])).toEqual(first);
  // Two seconds and both bounds are still drift.
  for (const last of [39_024, 34_976]) expect(clockOf([37_000, last])).toEqual(first);
  expect(clockOf([37_000, 37_001, 3_637_000, 37_002])).toEqual({ ...first, wasSet: true });
  expect(clockOf([37_000, 39_025])).toEqual({ ...first, wasSet: true });
  expect(clockOf([])).toBeUndefined();
});
