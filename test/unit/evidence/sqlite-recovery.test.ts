import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSqlite, openSqlite } from '../../../main/evidence/sqlite.ts';
import type { SqliteDatabase } from '../../../main/evidence/sqlite.ts';
import {
  applyWriteAheadLog,
  isHotJournal,
  readSqliteHeader,
  rollBack,
  withoutWriteAheadLog,
} from '../../../main/evidence/sqlite-recovery.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import { fillCase, hashTree, must, newCase, read, temporaryFolder, write } from './case-fixture.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const rowsOf = (database: SqliteDatabase): readonly unknown[] => database.prepare('SELECT * FROM t ORDER BY a').all();
const rowsIn = (bytes: Buffer): readonly unknown[] => {
  const copy = openSqlite(bytes, { readonly: true });
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  return rowsOf(copy);
};

describe('the write-ahead log', () => {
  const fill = (database: SqliteDatabase, from: number, to: number): void => {
    const insert = database.prepare('INSERT OR REPLACE INTO t VALUES (?, ?)');
    database.transaction(() => {
      for (let at = from; at < to; at += 1) insert.run(at, `value ${at} `.repeat(at % 97));
    })();
  };

  test('applied in memory gives what SQLite gives, and only what was committed', () => {
    const file = path.join(folder, 'a.sqlite');
    const database = createSqlite(file);
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
    fill(database, 0, 500);
    // Restarted once, so that frames of the old generation lie behind those of the new one.
    database.pragma('wal_checkpoint(RESTART)');
    fill(database, 100, 130);
    database.exec('DELETE FROM t WHERE a > 450');
    const expected = rowsOf(database);
    database.pragma('cache_size = 2');
    database.exec('BEGIN');
    for (let at = 1000; at < 1400; at += 1) database.prepare('INSERT INTO t VALUES (?, ?)').run(at, 'x'.repeat(900));
    const [main, log] = [fs.readFileSync(file), fs.readFileSync(`${file}-wal`)];
    database.exec('ROLLBACK');
    database.close();
    expect(log.length).toBeGreaterThan(300_000);
    expect(rowsIn(withoutWriteAheadLog(applyWriteAheadLog(main, log)))).toEqual(expected);
  });

  test('cut anywhere it gives the last whole commit before the cut', () => {
    const file = path.join(folder, 'a.sqlite');
    const database = createSqlite(file);
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
    database.pragma('wal_checkpoint(TRUNCATE)');
    const commits: { readonly end: number; readonly rows: readonly unknown[] }[] = [{ end: 0, rows: [] }];
    for (let at = 0; at < 6; at += 1) {
      fill(database, at * 50, at * 50 + 50);
      commits.push({ end: fs.statSync(`${file}-wal`).size, rows: rowsOf(database) });
    }
    const [main, log] = [fs.readFileSync(file), fs.readFileSync(`${file}-wal`)];
    database.close();
    for (let cut = 0; cut <= log.length; cut += 1021) {
      const last = commits.findLast((commit) => commit.end <= cut);
      expect(rowsIn(withoutWriteAheadLog(applyWriteAheadLog(main, log.subarray(0, cut))))).toEqual(last?.rows);
    }
  });
});

test('a hot rollback journal is undone in memory as SQLite undoes it', () => {
  const file = path.join(folder, 'a.sqlite');
  const database = createSqlite(file);
  database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)');
  for (let at = 0; at < 300; at += 1) database.prepare('INSERT INTO t VALUES (?, ?)').run(at, `value ${at}`.repeat(20));
  const expected = rowsOf(database);
  database.pragma('cache_size = 2');
  database.exec('BEGIN; UPDATE t SET b = upper(b); DELETE FROM t WHERE a < 100');
  for (let at = 1000; at < 1500; at += 1) database.prepare('INSERT INTO t VALUES (?, ?)').run(at, 'x'.repeat(500));
  const [main, journal] = [fs.readFileSync(file), fs.readFileSync(`${file}-journal`)];
  database.exec('ROLLBACK');
  database.close();
  expect(isHotJournal(journal)).toBe(true);
  expect(rowsIn(rollBack(main, journal))).toEqual(expected);
  expect(isHotJournal(Buffer.alloc(512))).toBe(false);
  expect(rollBack(main, Buffer.alloc(512))).toBe(main);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('SQLite format 3 but not really'.repeat(10))],
  [
    'a page size that is none',
    Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.from([3, 1]), Buffer.alloc(90)]),
  ],
])('%s has no header', (_name, bytes) => {
  expect(readSqliteHeader(bytes)).toBeNull();
});

describe('a case whose writer died', () => {
  /** Copies the folder while the writer is open: what kill -9 leaves. */
  const abandonedCase = (): string => {
    const alive = path.join(folder, 'alive');
    const dead = path.join(folder, 'dead');
    const writer = newCase(alive);
    fillCase(writer);
    fs.cpSync(alive, dead, { recursive: true, filter: (source) => !source.endsWith('-shm') });
    writer.close();
    return dead;
  };

  test('is read whole without changing a byte, by a copy in memory', async () => {
    const dead = abandonedCase();
    expect(fs.statSync(path.join(dead, 'case.sqlite-wal')).size).toBeGreaterThan(0);
    const before = hashTree(dead);
    const reader = read(dead);
    expect(reader.isCopy).toBe(true);
    expect(reader.exhibits()).toHaveLength(3);
    expect(reader.decisions()).toHaveLength(1);
    reader.close();
    const lines = must(await verifyCase(dead));
    expect(firstFailure(lines)).toBeNull();
    expect(lines.find((line) => line.subject === 'case.sqlite')?.detail).toContain('did not close');
    expect(hashTree(dead)).toEqual(before);
  });

  test('is put at rest by the next writer', async () => {
    const dead = abandonedCase();
    const writer = write(dead);
    expect(writer.adopted).toEqual([]);
    writer.close();
    expect(fs.readdirSync(dead).toSorted()).toEqual([
      'case.closed.json',
      'case.sqlite',
      'exhibits',
      'index-1.sqlite',
      'index.json',
      'writer.lock',
    ]);
    expect(firstFailure(must(await verifyCase(dead)))).toBeNull();
  });
});
