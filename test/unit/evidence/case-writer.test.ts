import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCase, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import { openSqlite } from '../../../main/evidence/sqlite.ts';
import { tableNames } from '../../../main/evidence/tables.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import type { ExhibitMeta } from '../../../main/evidence/incoming.ts';
import { draftOf, fileMeta, fillCase, must, newCase, readFinal, temporaryFolder } from './case-fixture.ts';

let folder: string;
let writer: CaseWriter;
beforeEach(() => {
  folder = temporaryFolder();
  writer = newCase(path.join(folder, 'a'));
});
afterEach(() => {
  writer.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

test('every row comes back as it was given, with its custody entry by the examiner', () => {
  fillCase(writer);
  expect(writer.handsets()).toMatchObject([{ id: 'H1', label: 'Redmi 1S', serial: 'serial-f00d', role: 'exhibit' }]);
  expect(writer.identifiers({ handset: 'H1' }).map(({ id, source, warnings }) => [id, source, warnings])).toEqual([
    ['I1', 'label', []],
    ['I1', '*#06#', ['luhn']],
  ]);
  expect(writer.events({ run: 'R1' })).toMatchObject([
    { id: 'EV1', kind: 'consent-act', at: '2014-08-07T10:05:00.000000Z' },
  ]);
  expect(writer.events({ run: 'R2' })).toEqual([]);
  expect(writer.complaints()).toMatchObject([{ id: 'CP1', text: '瀏覽器一開就當掉', from: 'Chen' }]);
  expect(writer.claims()).toMatchObject([{ id: 'C7', predicates: { all: [] } }]);
  expect(writer.protocols()).toMatchObject([{ id: 'P1', steps: [{ text: 'SMS' }] }]);
  expect(writer.runs()).toMatchObject([{ id: 'R1', protocol: 'P1', handset: 'H1' }]);
  expect(writer.acquisitions()).toMatchObject([{ id: 'A1', outcome: 'complete', profile: 'quick' }]);
  expect(writer.exhibits({ label: 'before' }).map((exhibit) => exhibit.id)).toEqual(['E001', 'E002', 'E003']);
  expect(writer.exhibits({ acquisition: 'A2' })).toEqual([]);
  expect(writer.decisions()).toMatchObject([{ findingKey: 'aa', verdict: 'confirm', by: 'Lin' }]);
  expect(writer.labels()).toEqual(['before']);
  const custody = writer.custody();
  expect(custody.every((entry, index) => entry.seq === index + 1 && entry.actor === 'Lin')).toBe(true);
  const touched = new Set(custody.map((entry) => entry.subject?.split('/')[0]));
  // A second person's signature has its own test (intake.test.ts).
  expect([...touched].map(String).toSorted()).toEqual(
    tableNames.filter((name) => name !== 'intake_signature').toSorted(),
  );
});

test('exhibits are one capture only where they can be the files of one recording', () => {
  fillCase(writer);
  expect(writer.joinedCaptures()).toMatchObject([{ id: 'J1', exhibits: ['E001', 'E002'] }]);
  const store = (kind: 'capture' | 'file', over: Partial<ExhibitMeta> = {}): string =>
    must(writer.storeExhibit(Buffer.from('x'), fileMeta({ kind, ...over }), readFinal)).id;
  const [one, two, other, file] = [
    store('capture'),
    store('capture'),
    store('capture', { label: 'after' }),
    store('file'),
  ];
  for (const ids of [[], [one], [one, one], [one, 'E001'], [one, other], [one, file], [one, 'E999']]) {
    expect(writer.joinCaptures(ids), ids.join()).toMatchObject({ problem: { code: 'exhibits-not-joined' } });
  }
  expect(writer.joinCaptures([two, one])).toMatchObject({ ok: true, value: { id: 'J2', exhibits: [two, one] } });
  expect(writer.custody().at(-1)).toMatchObject({ action: 'captures-joined', note: `J2 ${two} ${one}` });
});

test('no identifier value stands in the chain that may be published', () => {
  fillCase(writer);
  const published = JSON.stringify(writer.custody());
  expect(published).not.toContain('865903020000009');
  expect(published).not.toContain('serial-f00d');
});

test('the same rows in two cases have other hashes: the chain cannot be enumerated', () => {
  fillCase(writer);
  const second = must(
    createCase(path.join(folder, 'b'), {
      number: '103-1',
      title: 'Handset reports home',
      examiner: 'Lin',
      synthetic: true,
    }),
  );
  fillCase(second);
  const hashes = new Set(writer.custody().map((entry) => entry.rowHash));
  expect(second.custody().filter((entry) => hashes.has(entry.rowHash))).toEqual([]);
  second.close();
});

test('tables are append-only, also for whoever opens the file', () => {
  fillCase(writer);
  writer.close();
  const second = must(openCaseForWriting(path.join(folder, 'a'), 'testing', { actor: 'Wang' }));
  must(second.signIntake('IN1'));
  second.close();
  const database = openSqlite(path.join(folder, 'a', 'case.sqlite'));
  for (const table of [...tableNames, 'custody']) {
    expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('append-only');
    const column = table === 'custody' ? 'seq' : 'row';
    expect(() => database.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow('append-only');
  }
  expect(() => database.exec(`INSERT INTO handset VALUES (NULL, 'H2', 'x', x'00', 'twin', 'now')`)).toThrow('TEXT');
  database.close();
});

test('finding numbers are allotted once, in key order, after the highest', () => {
  expect(must(writer.allotNumbers(['cc', 'aa', 'cc']))).toBe(2);
  expect(must(writer.allotNumbers(['bb', 'aa', 'ab']))).toBe(2);
  expect(must(writer.allotNumbers(['bb']))).toBe(0);
  expect(Object.fromEntries(writer.findingNumbers())).toEqual({ aa: 1, cc: 2, ab: 3, bb: 4 });
});

test('findings get their number and the last decision, in the order of their numbers', () => {
  must(writer.allotNumbers(['bb']));
  must(writer.allotNumbers(['aa', 'bb']));
  must(writer.decide('bb', { verdict: 'confirm', reason: 'seen' }));
  must(writer.decide('bb', { verdict: 'dismiss', reason: 'it is the twin' }));
  const named = writer.nameFindings([draftOf('aa'), draftOf('bb')]);
  expect(named.map(({ number, decision }) => [number, decision?.verdict ?? null])).toEqual([
    ['F0001', 'dismiss'],
    ['F0002', null],
  ]);
  expect(() => writer.nameFindings([draftOf('zz')])).toThrow('has no number');
});

test('ids count on, and a later claim with the same id supersedes', () => {
  for (const label of ['a', 'b']) must(writer.addHandset({ label, serial: null, role: 'twin' }));
  const kind = { kind: 'ssid', original: 'x', source: 'typed', warnings: [] } as const;
  const ids = [
    must(writer.addIdentifier({ ...kind, handset: 'H1', value: 'x' })).id,
    must(writer.addIdentifier({ ...kind, handset: 'H2', value: 'x' })).id,
    must(writer.addIdentifier({ ...kind, handset: 'H1', value: 'x', source: 'E004' })).id,
    must(writer.addIdentifier({ ...kind, handset: 'unassigned', value: 'y' })).id,
  ];
  expect(ids).toEqual(['I1', 'I2', 'I1', 'I3']);
  for (const text of ['first', 'second']) {
    must(writer.addClaim({ id: 'C1', text, statedAt: null, source: null, predicates: null }));
  }
  expect(writer.claims().map((claim) => claim.text)).toEqual(['second']);
});

test('text that UTF-8 cannot hold is kept as it can, and still verifies', () => {
  const added = must(writer.addHandset({ label: 'a\ud800b\0c', serial: null, role: 'twin' }));
  expect(writer.handsets()).toMatchObject([{ id: added.id, label: 'a\ufffdb\0c' }]);
});

test('who acts can be named', () => {
  writer.close();
  writer = must(openCaseForWriting(path.join(folder, 'a'), 'testing', { actor: 'Wang' }));
  must(writer.note('supervisor-signed', null));
  expect(writer.custody().at(-1)).toMatchObject({
    actor: 'Wang',
    action: 'supervisor-signed',
    subject: null,
    rowHash: null,
  });
});

test('what an acquisition of one’s own selection asks is in the chain before anything is asked, and is read back', () => {
  must(writer.addHandset({ label: 'Redmi 1S', serial: null, role: 'exhibit' }));
  const wish = { handset: 'H1', label: 'before', run: null, serial: 's' } as const;
  must(writer.beginAcquisition({ ...wish, profile: 'quick' }));
  const own = must(writer.beginAcquisition({ ...wish, profile: 'own', collectors: ['clock', 'packages'] }));
  expect(own).toMatchObject({ id: 'A2', profile: 'own', collectors: ['clock', 'packages'] });
  expect(writer.custody().at(-1)).toMatchObject({ action: 'acquisition-started', note: 'A2; asks: clock, packages' });
  const ended = must(writer.endAcquisition('A2', { outcome: 'complete', detail: null }));
  expect(ended).toMatchObject({ profile: 'own', collectors: ['clock', 'packages'], outcome: 'complete' });
  writer.close();
  writer = must(openCaseForWriting(path.join(folder, 'a'), 'testing'));
  const [named, read] = writer.acquisitions();
  expect(named).not.toHaveProperty('collectors');
  expect(read).toMatchObject({ profile: 'own', collectors: ['clock', 'packages'] });
});
