import { expect, test } from 'vitest';
import { appendRow, readCustody } from '../../../main/evidence/custody.ts';
import { formatVersion, migrations } from '../../../main/evidence/migrations/list.ts';
import { migrate } from '../../../main/evidence/migrations/migrate.ts';
import { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import { createScratchSqlite } from '../../../main/evidence/sqlite.ts';
import { rowFormat, rowFormats, tableNames } from '../../../main/evidence/tables.ts';
import { checkChain, checkRows } from '../../../main/evidence/verify-rows.ts';

const facts = { at: '2014-08-07T10:00:00.000000Z', actor: 'Lin', program: 'handsight 0' };

test('steps are numbered from 1 without a gap', () => {
  expect(migrations.map((step) => step.version)).toEqual(migrations.map((_step, index) => index + 1));
  expect(formatVersion).toBe(migrations.length);
});

test('0002: rows of the first format keep their hashes; a complaint may then name its symptom', () => {
  const database = createScratchSqlite();
  migrate(database, migrations.slice(0, 1), facts);
  const old = readCustody(database);
  migrate(database, migrations, facts);
  const first = { at: facts.at, actor: 'Lin', action: 'complaint-added', note: null };
  const row = { id: 'CP1', text: 'x', received_at: facts.at, received_from: 'y', symptom: 'closes' };
  appendRow(database, 'complaint', row, first);
  expect(readCustody(database).slice(0, old.length)).toEqual(old);
  expect([...checkChain(database, undefined), ...checkRows(database)].filter((line) => !line.ok)).toEqual([]);
  // The new column is part of what is hashed.
  database.exec(`DROP TRIGGER complaint_no_update; UPDATE complaint SET symptom = 'gone'`);
  expect(checkRows(database).filter((line) => !line.ok)).toMatchObject([{ subject: 'complaint/1' }]);
});

test('the steps make every table of the row format, STRICT, with its columns and both triggers', () => {
  const database = createScratchSqlite();
  migrate(database, migrations, facts);
  const tables = database.pragma('table_list') as { name: string; strict: number; type: string }[];
  const ours = tables.filter((table) => !table.name.startsWith('sqlite_'));
  expect(ours.map((table) => table.name).toSorted()).toEqual([...tableNames, 'custody'].toSorted());
  expect(ours.every((table) => table.strict === 1)).toBe(true);
  for (const table of tableNames) {
    const columns = (database.pragma(`table_info(${table})`) as { name: string }[]).map((column) => column.name);
    expect(columns).toEqual(['row', ...(rowFormats[rowFormat]?.[table] ?? [])]);
  }
  const triggers = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  expect(triggers).toHaveLength((tableNames.length + 1) * 2);
  expect(database.pragma('user_version', { simple: true })).toBe(formatVersion);
});

test('0003: a case of an earlier format is read and verified without the table, not when its header only says so', () => {
  const database = createScratchSqlite();
  migrate(database, migrations.slice(0, 2), facts);
  const joined = (): unknown => checkRows(database).find((line) => line.subject.startsWith('joined_capture'));
  expect(joined()).toMatchObject({ ok: true, detail: '0 rows' });
  expect(new CaseReader('/nowhere', database).joinedCaptures()).toEqual([]);
  migrate(database, migrations, facts);
  const row = { id: 'J1', exhibits: '["E001","E002"]', added_at: facts.at };
  appendRow(database, 'joined_capture', row, { ...facts, action: 'captures-joined', note: null });
  expect(new CaseReader('/nowhere', database).joinedCaptures()).toMatchObject([{ exhibits: ['E001', 'E002'] }]);
  expect(joined()).toMatchObject({ ok: true, detail: '1 rows' });
  database.pragma('user_version = 2');
  expect(joined()).toMatchObject({ ok: false, subject: 'joined_capture/1' });
});

test('0004: a case of an earlier format has no changes; a change with another undo than ours is read as none', () => {
  const database = createScratchSqlite();
  migrate(database, migrations.slice(0, 3), facts);
  expect(new CaseReader('/nowhere', database).handsetChanges()).toEqual([]);
  migrate(database, migrations, facts);
  const own = [{ type: 'remove-file', path: '/data/local/tmp/handsight-0123456789ab.png' }];
  const rows = [own, [{ type: 'remove-file', path: '/sdcard' }]].map((undo, at) => ({
    id: `HC${at + 1}`,
    handset: 'H1',
    serial: 's',
    act: 'A1',
    command: 'screencap',
    reason: 'screenshot',
    undo: JSON.stringify(undo),
    begun_at: facts.at,
  }));
  const made = { ...facts, action: 'handset-change-begun', note: null };
  for (const row of rows) appendRow(database, 'handset_change', row, made);
  const end = { change_id: 'HC1', ended_at: facts.at, outcome: 'left', why: 'OFFLINE' };
  appendRow(database, 'handset_change_end', end, { ...made, action: 'handset-change-left' });
  const changes = new CaseReader('/nowhere', database).handsetChanges();
  expect(changes.map(({ id, undo, ends }) => [id, undo, ends.length])).toEqual([
    ['HC1', own, 1],
    ['HC2', null, 0],
  ]);
  expect([...checkChain(database, undefined), ...checkRows(database)].filter((line) => !line.ok)).toEqual([]);
  database.exec(`DROP TRIGGER handset_change_no_update; UPDATE handset_change SET undo = '[]' WHERE id = 'HC1'`);
  expect(checkRows(database).filter((line) => !line.ok)).toMatchObject([{ subject: 'handset_change/1' }]);
});

test('0006: a change of an earlier format has no identity; a later one has, and its row holds it', () => {
  const database = createScratchSqlite();
  migrate(database, migrations.slice(0, 5), facts);
  database.exec(`INSERT INTO handset_change (id, handset, serial, act, command, reason, undo, begun_at)
    VALUES ('HC1', 'H1', 's', 'A1', 'screencap', 'screenshot', '[]', 'now')`);
  const identities = (): unknown => new CaseReader('/nowhere', database).handsetChanges().map((one) => one.identity);
  expect(identities()).toEqual([null]);
  migrate(database, migrations, facts);
  const identity = { hardwareSerial: 'f00dcafe', androidId: null, fingerprint: null };
  const row = { id: 'HC2', handset: 'H1', serial: 's', act: 'A1', command: 'screencap', reason: 'screenshot' };
  const stored = { undo: '[]', identity: JSON.stringify(identity), begun_at: facts.at };
  const made = { ...facts, action: 'handset-change-begun', note: null };
  appendRow(database, 'handset_change', { ...row, ...stored }, made);
  expect(identities()).toEqual([null, identity]);
  const wrong = (): unknown => checkRows(database).filter((line) => !line.ok && line.subject === 'handset_change/2');
  expect(wrong()).toEqual([]);
  database.exec(`DROP TRIGGER handset_change_no_update; UPDATE handset_change SET identity = NULL WHERE id = 'HC2'`);
  expect(wrong()).toHaveLength(1);
});

test('a further step keeps the rows and their hashes, adds its own row, and runs once', () => {
  const database = createScratchSqlite();
  migrate(database, migrations, facts);
  const before = readCustody(database);
  const next = { version: formatVersion + 1, name: 'seals', sql: 'ALTER TABLE handset ADD COLUMN colour TEXT;' };
  migrate(database, [...migrations, next], facts);
  migrate(database, [...migrations, next], facts);
  const after = readCustody(database);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.slice(before.length)).toMatchObject([{ action: 'format-migrated', note: `${next.version} seals` }]);
  expect([...checkChain(database, undefined), ...checkRows(database)].filter((line) => !line.ok)).toEqual([]);
});

test('a failing step leaves the database as it was', () => {
  const database = createScratchSqlite();
  migrate(database, migrations, facts);
  const before = database.serialize();
  const broken = { version: formatVersion + 1, name: 'broken', sql: 'CREATE TABLE x (a); CREATE TABLE handset (b);' };
  expect(() => migrate(database, [...migrations, broken], facts)).toThrow('already exists');
  expect(database.serialize().equals(before)).toBe(true);
});
