import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCaseForWriting } from '../../../main/evidence/open-case.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { openSqlite } from '../../../main/evidence/sqlite.ts';
import { verifyCase } from '../../../main/evidence/verify.ts';
import { must, newCase, newIntake, read, temporaryFolder, tickingClock } from './case-fixture.ts';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function as<T>(actor: string, act: (writer: CaseWriter) => T): T {
  const writer = must(openCaseForWriting(directory, 'testing', { now: tickingClock(), actor }));
  try {
    return act(writer);
  } finally {
    writer.close();
  }
}

test('an intake comes back as it was recorded, with who recorded it; a later one corrects it and both stay', () => {
  as('Lin', (writer) => {
    expect(must(writer.addIntake(newIntake))).toMatchObject({ id: 'IN1', recordedBy: 'Lin', signed: null });
    must(writer.addIntake({ ...newIntake, seal: 'A 000118', confirmed: [] }));
  });
  const reader = read(directory);
  expect(reader.intakes()).toMatchObject([
    { ...newIntake, id: 'IN1', recordedBy: 'Lin' },
    { id: 'IN2', seal: 'A 000118', confirmed: [] },
  ]);
  // Who handed it over is nobody's business who only sees the chain.
  expect(JSON.stringify(reader.custody())).not.toContain('complainant 12');
  reader.close();
});

test('a second person signs the latest one, once; who recorded it cannot, however the name is written', () => {
  as('Lin', (writer) => {
    must(writer.addIntake(newIntake));
    must(writer.addIntake(newIntake));
  });
  const signAs = (actor: string, id: string): unknown => as(actor, (writer) => writer.signIntake(id));
  for (const name of ['Lin', ' lin', 'ＬＩＮ'])
    expect(signAs(name, 'IN2'), name).toMatchObject({ problem: { code: 'intake-own' } });
  expect(signAs('Wang', 'IN1')).toMatchObject({ problem: { code: 'intake-superseded', params: { latest: 'IN2' } } });
  expect(signAs('Wang', 'IN9')).toMatchObject({ problem: { code: 'intake-unknown' } });
  expect(signAs('Wang', 'IN2')).toMatchObject({ ok: true, value: { signed: { by: 'Wang' } } });
  expect(signAs('Chen', 'IN2')).toMatchObject({ problem: { code: 'intake-signed', params: { by: 'Wang' } } });
  const reader = read(directory);
  expect(reader.intakes().map(({ signed }) => signed?.by ?? null)).toEqual([null, 'Wang']);
  reader.close();
});

test('nothing is recorded of a handset that the case has not, nor with an instant that is none', () => {
  as('Lin', (writer) => {
    for (const handset of ['H9', 'unassigned'])
      expect(writer.addIntake({ ...newIntake, handset })).toMatchObject({ problem: { code: 'handset-unknown' } });
    expect(writer.addIntake({ ...newIntake, receivedAt: 'yesterday' })).toMatchObject({
      problem: { code: 'instant-invalid' },
    });
    expect(writer.intakes()).toEqual([]);
  });
});

test.each([
  [`UPDATE intake SET seal = 'B'`, 'intake/1'],
  [`UPDATE intake_signature SET signed_by = 'Chen'`, 'intake_signature/1'],
  ['DELETE FROM intake_signature', 'intake_signature/1'],
])('a changed row is named: %s', async (sql, subject) => {
  as('Lin', (writer) => must(writer.addIntake(newIntake)));
  as('Wang', (writer) => must(writer.signIntake('IN1')));
  const database = openSqlite(path.join(directory, 'case.sqlite'));
  database.exec(
    'DROP TRIGGER intake_no_update; DROP TRIGGER intake_signature_no_update; DROP TRIGGER intake_signature_no_delete',
  );
  database.exec(sql);
  database.close();
  const lines = must(await verifyCase(directory, {}));
  expect(lines.filter((line) => !line.ok).map((line) => line.subject)).toContain(subject);
});
