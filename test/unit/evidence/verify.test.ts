import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginScratchIndex } from '../../../main/evidence/index-build.ts';
import type { IndexDigests } from '../../../main/evidence/index-digest.ts';
import { readPointer, writePointer } from '../../../main/evidence/index-pointer.ts';
import { openSqlite } from '../../../main/evidence/sqlite.ts';
import { tableNames } from '../../../main/evidence/tables.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import type { VerifyOptions } from '../../../main/evidence/verify.ts';
import type { CheckLine } from '../../../shared/model/custody.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { draftOf, fillCase, fillIndex, must, newCase, read, temporaryFolder, write } from './case-fixture.ts';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  const writer = newCase(directory);
  fillCase(writer);
  writer.close();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What workflow does: builds the index again, beside the case. */
async function rebuild(where: string): Promise<Result<IndexDigests>> {
  const reader = read(where);
  const scratch = beginScratchIndex(reader);
  fillIndex(scratch);
  const digests = scratch.digests();
  reader.close();
  return { ok: true, value: digests };
}

const verify = async (options: VerifyOptions = {}): Promise<readonly CheckLine[]> =>
  must(await verifyCase(directory, { rebuildIndex: rebuild, ...options }));
const wrong = async (options: VerifyOptions = {}): Promise<CheckLine | null> => firstFailure(await verify(options));

/** Changes the database as somebody with the sqlite3 program would: triggers dropped, and made again. */
function tamper(sql: string): void {
  const database = openSqlite(path.join(directory, 'case.sqlite'));
  const triggers = database.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  for (const trigger of triggers) database.exec(trigger.sql);
  database.close();
}

describe('a good case', () => {
  test('has one good line for each check', async () => {
    const lines = await verify();
    expect(lines.filter((line) => !line.ok)).toEqual([]);
    const subjects = lines.map((line) => `${line.check} ${line.subject}`);
    expect(subjects).toEqual([
      'custody chain',
      ...tableNames.map((table) => `row ${table}`),
      'row schema',
      'row case.sqlite',
      'exhibit E001',
      'exhibit E002',
      'exhibit E003',
      'index index-1.sqlite',
      ...['meta', 'exhibit', 'record', 'flow', 'message', 'finding', 'fault', 'visibility', 'column_part'].map(
        (name) => `index table ${name}`,
      ),
    ]);
  });

  test('is good while somebody writes, and without an index', async () => {
    const writer = write(directory);
    must(writer.note('looked-at', null));
    expect(await wrong()).toBeNull();
    writer.close();
    for (const name of ['index.json', 'index-1.sqlite']) fs.rmSync(path.join(directory, name));
    expect(await wrong()).toBeNull();
  });

  test('is good with the pointer but without the index file: it may be deleted', async () => {
    fs.rmSync(path.join(directory, 'index-1.sqlite'));
    expect(await wrong()).toBeNull();
  });

  test('says who is to be asked when there is nothing to verify', async () => {
    expect(await verifyCase(path.join(folder, 'none'))).toMatchObject({
      ok: false,
      problem: { code: 'case-not-found' },
    });
    tamper("PRAGMA user_version = 99; INSERT INTO migration VALUES (9, 99, 'seals', 'now', 'later')");
    expect(await verifyCase(directory)).toMatchObject({ ok: false, problem: { code: 'case-newer' } });
  });
});

describe('the printed head', () => {
  test('is found when it is the head, and when work went on', async () => {
    const reader = read(directory);
    const head = reader.head();
    reader.close();
    expect(await wrong({ head })).toBeNull();
    const writer = write(directory);
    must(writer.note('printed', null));
    writer.close();
    const lines = await verify({ head });
    expect(firstFailure(lines)).toBeNull();
    expect(lines.find((line) => line.subject === 'head')?.detail).toContain('1 entries since');
  });

  test('is missed when the end was cut off, which nothing inside tells', async () => {
    const reader = read(directory);
    const head = reader.head();
    const last = reader.custody().at(-1);
    reader.close();
    tamper(`DELETE FROM custody WHERE seq = ${last?.seq}; DELETE FROM decision`);
    fs.rmSync(path.join(directory, 'case.closed.json'));
    expect(await wrong()).toBeNull();
    expect(await wrong({ head })).toMatchObject({ check: 'custody', subject: 'head' });
    expect(await wrong({ head: 'f'.repeat(64) })).toMatchObject({ check: 'custody', subject: 'head' });
  });

  test('is not the zeros that every chain begins after: they would vouch for any', async () => {
    expect(await wrong({ head: '0'.repeat(64) })).toMatchObject({
      check: 'custody',
      subject: 'head',
      detail: expect.stringContaining('vouches for nothing'),
    });
  });
});

describe('rows', () => {
  test.each([
    ["UPDATE exhibit SET outcome = 'empty' WHERE id = 'E002'", 'row', 'exhibit/2', 'was changed'],
    ['UPDATE identifier SET value = value + 1 WHERE row = 1', 'row', 'identifier/1', 'was changed'],
    ['UPDATE handset SET serial = NULL', 'row', 'handset/1', 'was changed'],
    ["UPDATE handset SET serial = ''", 'row', 'handset/1', 'was changed'],
    ['UPDATE finding_number SET number = 9 WHERE number = 2', 'row', 'finding_number/2', 'was changed'],
    ['UPDATE handset SET row = 5', 'row', 'handset/5', 'no custody entry'],
    ['DELETE FROM event', 'row', 'event/1', 'was deleted'],
    ["INSERT INTO decision VALUES (9, 'aa', 'dismiss', 'no', 'Lin', 'now')", 'row', 'decision/9', 'no custody entry'],
    ["UPDATE custody SET note = 'other' WHERE seq = 3", 'custody', 'entry 3', 'was changed'],
    ["UPDATE custody SET actor = 'Wang'", 'custody', 'entry 1', 'was changed'],
    ['DELETE FROM custody WHERE seq = 4', 'custody', 'entry 5', 'missing'],
    ['DELETE FROM custody', 'custody', 'chain', 'empty'],
    ["UPDATE custody SET nonce = zeroblob(16) WHERE subject = 'handset/1'", 'row', 'handset/1', 'was changed'],
    ["UPDATE custody SET row_format = 1 WHERE subject = 'handset/1'", 'row', 'handset/1', 'was changed'],
    ['CREATE TABLE extra (a)', 'row', 'table extra', 'does not belong'],
    ['PRAGMA user_version = 2', 'row', 'joined_capture/1', 'was deleted'],
    ['DELETE FROM joined_capture', 'row', 'joined_capture/1', 'was deleted'],
    [`UPDATE joined_capture SET exhibits = '["E002","E001"]'`, 'row', 'joined_capture/1', 'was changed'],
    ['PRAGMA application_id = 3', 'row', 'case.sqlite', 'of application 3'],
    ['VACUUM', 'row', 'case.sqlite', 'since it was closed'],
  ])('%s is named', async (sql, check, subject, detail) => {
    tamper(sql);
    const first = await wrong();
    expect(first).toMatchObject({ check, subject });
    expect(first?.detail).toContain(detail);
  });

  test('a trigger that is gone is named', async () => {
    const database = openSqlite(path.join(directory, 'case.sqlite'));
    database.exec('DROP TRIGGER exhibit_no_delete');
    database.close();
    expect(await wrong()).toMatchObject({ subject: 'trigger exhibit_no_delete', ok: false });
  });

  test('a table that is gone is named, and the others are still checked', async () => {
    const database = openSqlite(path.join(directory, 'case.sqlite'));
    database.exec('DROP TABLE event');
    database.close();
    const lines = await verify();
    expect(firstFailure(lines)).toMatchObject({ check: 'row', subject: 'event', ok: false });
    expect(lines.find((line) => line.subject === 'exhibit')).toMatchObject({ ok: true, detail: '3 rows' });
  });

  test('a changed entry that was hashed again still breaks the link after it', async () => {
    const { hashLink } = await import('../../../main/evidence/canonical.ts');
    const reader = read(directory);
    const entry = reader.custody()[2];
    reader.close();
    if (entry === undefined) throw new Error('no entry');
    const forged = hashLink({ ...entry, note: 'forged' });
    tamper(`UPDATE custody SET note = 'forged', hash = '${forged}' WHERE seq = 3`);
    expect(await wrong()).toMatchObject({ check: 'custody', subject: 'entry 4' });
  });

  test('hundreds of failures are counted, not poured out', async () => {
    const writer = write(directory);
    must(writer.allotNumbers(Array.from({ length: 300 }, (_, index) => `k${index}`)));
    writer.close();
    tamper('UPDATE finding_number SET number = number + 1000');
    const lines = (await verify()).filter((line) => line.subject.startsWith('finding_number'));
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toMatchObject({ ok: false, detail: '202 more failures' });
  });

  test('a mark that was changed is named', async () => {
    fs.appendFileSync(path.join(directory, 'case.closed.json'), ' ');
    expect(await wrong()).toMatchObject({ subject: 'case.closed.json', ok: false });
  });
});

describe('exhibits', () => {
  const vault = (...names: readonly string[]): string => path.join(directory, 'exhibits', ...names);
  const fileOf = (id: string): string => {
    const reader = read(directory);
    const file = reader.exhibitPath(must(reader.exhibit(id)));
    reader.close();
    return file;
  };

  test('missing, cut, changed: named by number', async () => {
    const file = fileOf('E002');
    const bytes = fs.readFileSync(file);
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, bytes.subarray(1));
    expect((await wrong())?.detail).toContain(`has ${bytes.length - 1} bytes instead of ${bytes.length}`);
    bytes[3] = 0;
    fs.writeFileSync(file, bytes);
    expect(await wrong()).toMatchObject({ check: 'exhibit', subject: 'E002' });
    fs.rmSync(file);
    expect(await wrong()).toMatchObject({ check: 'exhibit', subject: 'E002', detail: 'its bytes are missing' });
    fs.symlinkSync(fileOf('E001'), file);
    expect(await wrong()).toMatchObject({ check: 'exhibit', subject: 'E002', detail: 'is not a file' });
  });

  test('two exhibits with the same content both fail', async () => {
    fs.chmodSync(fileOf('E001'), 0o600);
    fs.appendFileSync(fileOf('E001'), 'x');
    expect((await verify()).filter((line) => !line.ok).map((line) => line.subject)).toEqual(['E001', 'E003']);
  });

  test('a lost mode is noted, not failed', async () => {
    fs.chmodSync(fileOf('E001'), 0o644);
    const lines = await verify();
    expect(firstFailure(lines)).toBeNull();
    expect(lines.find((line) => line.subject === 'E001')?.detail).toBe('mode 644 instead of 400');
  });

  test.each([['zz'], ['ab/strange'], ['.incoming/strange']])('%s, which nobody put there, is named', async (name) => {
    fs.mkdirSync(path.dirname(vault(name)), { recursive: true });
    fs.writeFileSync(vault(name), 'x');
    expect(await wrong()).toMatchObject({ check: 'exhibit', subject: name });
  });
});

describe('the index', () => {
  test('another content than a rebuild gives is named by table', async () => {
    const writer = write(directory);
    const builder = must(writer.beginIndex('engine-1'));
    fillIndex(builder);
    builder.insertFindings([draftOf('cc')]);
    must(builder.publish());
    writer.close();
    expect(await wrong()).toMatchObject({
      check: 'index',
      subject: 'table finding',
      detail: 'a rebuild says otherwise',
    });
    expect(await wrong({ rebuildIndex: undefined })).toBeNull();
  });

  test('a row changed through SQL, with file hash and pointer forged, is found by its digest', async () => {
    const { hashFile } = await import('../../../main/evidence/file-hash.ts');
    const file = path.join(directory, 'index-1.sqlite');
    const database = openSqlite(file);
    database.exec(`UPDATE finding SET body = replace(body, 'high', 'info')`);
    database.close();
    expect(await wrong()).toMatchObject({ check: 'index', subject: 'index-1.sqlite' });
    const pointer = readPointer(directory);
    if (pointer === null || pointer === 'damaged') throw new Error('no pointer');
    writePointer(directory, { ...pointer, ...hashFile(file) });
    expect(await wrong()).toMatchObject({ check: 'index', subject: 'table finding' });
  });

  test('one older than the case is not compared, and the line says so', async () => {
    const writer = write(directory);
    must(writer.addHandset({ label: 'x', serial: null, role: 'twin' }));
    writer.close();
    const lines = await verify();
    expect(firstFailure(lines)).toBeNull();
    expect(lines.find((line) => line.subject === 'rebuild')?.detail).toContain('changed since');
  });

  test('a rebuild that is not possible fails', async () => {
    const rebuildIndex = async (): Promise<Result<IndexDigests>> => ({
      ok: false,
      problem: { code: 'internal', detail: 'why' },
    });
    expect(await wrong({ rebuildIndex })).toMatchObject({
      check: 'index',
      subject: 'rebuild',
      detail: 'was not possible: why',
    });
  });
});
