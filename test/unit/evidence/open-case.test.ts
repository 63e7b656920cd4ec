import { migrations } from '../../../main/evidence/migrations/list.ts';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCase, openCaseForReading, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import { createSqlite, openSqlite } from '../../../main/evidence/sqlite.ts';
import { verifyCase } from '../../../main/evidence/verify.ts';
import {
  fileMeta,
  fillCase,
  hashTree,
  must,
  newCase,
  read,
  readFinal,
  temporaryFolder,
  write,
} from './case-fixture.ts';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a.handsight');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const info = { number: '1', title: 'T', examiner: 'Lin', synthetic: false };

describe('creating', () => {
  test('makes a case that opens, at rest, and begins its chain', () => {
    newCase(directory).close();
    expect(fs.readdirSync(directory).toSorted()).toEqual([
      'case.closed.json',
      'case.sqlite',
      'exhibits',
      'writer.lock',
    ]);
    const reader = read(directory);
    const summary = reader.summary();
    expect(summary).toMatchObject({
      formatVersion: migrations.length,
      number: '103-1',
      examiner: 'Lin',
      synthetic: true,
      writer: null,
    });
    expect(reader.custody().map((entry) => entry.action)).toEqual([
      ...migrations.map(() => 'format-migrated'),
      'case-created',
    ]);
    expect(summary.head).toBe(reader.custody().at(-1)?.hash);
    reader.close();
  });

  test.each([
    [
      'a folder with something in it',
      () => fs.mkdirSync(path.join(directory, 'mine'), { recursive: true }),
      'case-exists',
    ],
    [
      'a vault that holds something',
      () => {
        fs.mkdirSync(path.join(directory, 'exhibits', 'ab'), { recursive: true });
      },
      'case-exists',
    ],
    ['a file', () => fs.writeFileSync(directory, 'x'), 'case-exists'],
    ['another case', () => newCase(directory).close(), 'case-exists'],
  ])('refuses %s and leaves it as it is', (_name, prepare, code) => {
    prepare();
    const before = hashTree(folder);
    const result = createCase(directory, info);
    expect(result).toMatchObject({ ok: false, problem: { code } });
    expect(hashTree(folder)).toEqual(before);
  });

  test('names a missing parent', () => {
    const result = createCase(path.join(folder, 'no', 'where'), info);
    expect(result).toMatchObject({ ok: false, problem: { code: 'path-missing' } });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('takes an empty folder', () => {
    fs.mkdirSync(directory);
    must(createCase(directory, info)).close();
    read(directory).close();
  });

  test.each([
    ['it\'s a "case" 100%?#', 'punctuation'],
    ['案件 紅米.handsight', 'CJK'],
    ['x'.repeat(200), '200 characters'],
    ['案'.repeat(80), '240 bytes'],
    ['file:memory', 'what SQLite could take for a URI'],
  ])('takes the name %s (%s)', async (name) => {
    const odd = path.join(folder, name);
    const writer = newCase(odd);
    fillCase(writer);
    writer.close();
    write(odd).close();
    const reader = read(odd);
    expect(must(reader.openIndex()).flows()).toHaveLength(3);
    reader.close();
    expect(must(await verifyCase(odd)).every((line) => line.ok)).toBe(true);
  });
});

describe('opening', () => {
  test.each([
    ['nothing there', () => undefined, 'case-not-found'],
    ['an empty folder', () => fs.mkdirSync(directory), 'case-not-a-case'],
    ['a file', () => fs.writeFileSync(directory, 'x'), 'case-not-a-case'],
    [
      'a database of somebody else',
      () => {
        fs.mkdirSync(directory);
        const other = createSqlite(path.join(directory, 'case.sqlite'));
        other.exec('CREATE TABLE t (a)');
        other.close();
      },
      'case-not-a-case',
    ],
    [
      'no database',
      () => {
        fs.mkdirSync(directory);
        fs.writeFileSync(path.join(directory, 'case.sqlite'), 'x'.repeat(5000));
      },
      'case-damaged',
    ],
    [
      'an empty database',
      () => {
        fs.mkdirSync(directory);
        fs.writeFileSync(path.join(directory, 'case.sqlite'), '');
      },
      'case-not-a-case',
    ],
    [
      'a newer format',
      () => {
        newCase(directory).close();
        const database = openSqlite(path.join(directory, 'case.sqlite'));
        database.pragma('user_version = 99');
        database.close();
      },
      'case-newer',
    ],
  ])('refuses %s, for reading and writing, and changes nothing', (_name, prepare, code) => {
    prepare();
    const before = hashTree(folder);
    expect(openCaseForReading(directory)).toMatchObject({ ok: false, problem: { code } });
    expect(openCaseForWriting(directory, 'testing')).toMatchObject({ ok: false, problem: { code } });
    expect(hashTree(folder)).toEqual(before);
  });

  test('a second writer learns who writes, and touches nothing', () => {
    const first = newCase(directory);
    const before = hashTree(folder);
    const second = openCaseForWriting(directory, 'importing');
    expect(second).toMatchObject({
      ok: false,
      problem: {
        code: 'case-locked',
        params: {
          pid: process.pid,
          host: os.hostname(),
          doing: 'creating the case',
          since: '2014-08-07T10:00:00.001000Z',
        },
      },
    });
    expect(hashTree(folder)).toEqual(before);
    first.close();
    write(directory).close();
  });

  test('a reader beside the writer sees each committed row', () => {
    const writer = newCase(directory);
    const reader = read(directory);
    expect(reader.handsets()).toEqual([]);
    must(writer.addHandset({ label: 'Redmi', serial: null, role: 'twin' }));
    expect(reader.handsets()).toHaveLength(1);
    expect(reader.summary().writer).toMatchObject({ pid: process.pid });
    reader.close();
    writer.close();
  });

  test('a reader opened before the writer came goes on reading', () => {
    newCase(directory).close();
    const reader = read(directory);
    const writer = write(directory);
    must(writer.addHandset({ label: 'Redmi', serial: null, role: 'twin' }));
    expect(reader.handsets()).toHaveLength(1);
    writer.close();
    expect(reader.handsets()).toHaveLength(1);
    reader.close();
    const next = write(directory);
    next.close();
    expect(fs.readdirSync(directory)).not.toContain('case.sqlite-wal');
  });

  test('a writer that writes nothing, or is refused everything, leaves every byte as it was', () => {
    const first = newCase(directory);
    fillCase(first);
    first.close();
    const before = hashTree(folder);
    const writer = write(directory);
    const imei = {
      handset: 'H1',
      kind: 'imei',
      value: '865903020000009',
      original: 'x',
      source: 'label',
      warnings: [],
    } as const;
    const refused = [
      writer.addIdentifier({ ...imei, handset: 'H9' }),
      writer.addIdentifier(imei),
      writer.addEvent({
        run: null,
        label: null,
        handset: null,
        kind: 'note',
        at: '2014-02-30T00:00:00Z',
        atHandset: null,
        text: '',
        source: '',
      }),
      writer.addRun({ id: 'R1', protocol: null, handset: 'H1', label: 'x', note: null }),
      writer.decide('zz', { verdict: 'dismiss', reason: 'no' }),
      writer.decide('aa', { verdict: 'dismiss', reason: ' ' }),
      writer.endAcquisition('A9', { outcome: 'complete', detail: null }),
      writer.storeExhibit(Buffer.from('x'), fileMeta({ handset: 'H9' }), readFinal),
      writer.beginExhibit(fileMeta({ handset: 'H9' })),
      writer.exhibit('E999'),
    ].map((result) => (result.ok ? 'ok' : result.problem.code));
    expect(refused).toEqual([
      'handset-unknown',
      'identifier-duplicate',
      'instant-invalid',
      'value-invalid',
      'finding-unknown',
      'reason-missing',
      'value-invalid',
      'handset-unknown',
      'handset-unknown',
      'exhibit-unknown',
    ]);
    writer.close();
    expect(hashTree(folder)).toEqual(before);
  });

  test('reading everything and verifying changes no byte', async () => {
    const first = newCase(directory);
    fillCase(first);
    first.close();
    const before = hashTree(folder);
    const reader = read(directory);
    reader.summary();
    reader.custody();
    reader.acquisitions();
    must(reader.readExhibit('E001'));
    const index = must(reader.openIndex());
    index.search('imei');
    index.close();
    reader.close();
    must(await verifyCase(directory));
    expect(hashTree(folder)).toEqual(before);
  });
});
