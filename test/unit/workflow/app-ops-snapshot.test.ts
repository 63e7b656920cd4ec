import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import { snapshotOf } from '../../../main/workflow/label-snapshot.ts';
import { noFacts, parseStored } from '../../../main/workflow/parse-stored.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-ops-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('the ops of the latest acquisition stand, be they dumped or asked by name, and a list asked for them names no apps', () => {
  const directory = join(folder, 'x.handsight');
  const writer = newCase(directory);
  const handset = must(writer.addHandset({ label: 'Mi 2S', serial: null, role: 'exhibit' })).id;
  const at = '2014-08-07T04:00:00.000000Z';
  const acquire = (answers: Readonly<Record<string, string>>): void => {
    const wish = { serial: 'x', handset, label: 'before', run: null, profile: 'full' } as const;
    const acquisition = must(writer.beginAcquisition(wish)).id;
    for (const [command, text] of Object.entries(answers)) {
      const times = { startedAt: at, endedAt: at };
      const shell = { stream: 'stdout', protocol: 'shell-v2', exitStatus: 0, problem: null } as const;
      const origin = { type: 'command', command, ...shell, ...times } as const;
      const meta = { kind: 'command-output', collector: 'app-ops', label: 'before', run: null, origin } as const;
      const final = { outcome: 'read', packets: null, fault: null } as const;
      must(writer.storeExhibit(Buffer.from(text), { ...meta, handset, acquisition, originalName: 'x' }, final));
    }
    must(writer.endAcquisition(acquisition, { outcome: 'complete', detail: null }));
  };
  acquire({
    'pm list packages -f': 'package:/data/app/gone.apk=gone.app\n',
    'cmd appops get a.b': 'CAMERA: allow\n',
    'cmd appops get gone.app': 'CAMERA: allow\n',
  });
  acquire({
    'dumpsys appops': 'Current AppOps Service state:\n  Uid 1000:\n    Package a.b:\n      CAMERA (ignore): \n',
  });
  writer.close();
  const reader = read(directory);
  const exhibits = reader.exhibits();
  const records = exhibits.flatMap((one): SnapshotRecord[] =>
    must(parseStored(reader, one, noFacts)).records.map((body) => ({
      ...body,
      exhibit: one.id,
      run: null,
      label: one.label,
      handset,
    })),
  );
  const index = {
    exhibitIds: () => new Set(exhibits.map(({ id }) => id)),
    faults: () => [],
    records: () => records,
  } as unknown as IndexReader;
  const snapshot = snapshotOf(reader, index, { label: 'before', handset: null });
  expect(
    snapshot.records.map((one) => (one.kind === 'app-op' ? `${one.package} ${one.op} ${one.mode}` : one.kind)),
  ).toEqual(['a.b CAMERA ignore']);
});
