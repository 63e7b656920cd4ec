import fs from 'node:fs';
import { caseLayout } from './case-layout.ts';
import { readClosedMark } from './closed-mark.ts';
import { headOf } from './custody.ts';
import { hashFile } from './file-hash.ts';
import { migrations } from './migrations/list.ts';
import { createScratchSqlite } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { probeWriter } from './writer-lock.ts';
import type { CheckLine } from '../../shared/model/custody.ts';

/** SQLite's own check of its pages and indexes, and the tables and triggers against what the format has. */
export function checkSchema(database: SqliteDatabase): readonly CheckLine[] {
  const complaints = (database.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((text) => text !== 'ok');
  const [first] = complaints;
  if (first !== undefined) return [line('case.sqlite', `SQLite finds damage: ${first}`)];
  const version = Number(database.pragma('user_version', { simple: true }));
  const expected = schemaOf(version);
  const actual = readSchema(database);
  for (const [name, sql] of expected) {
    if (!actual.has(name)) return [line(name, 'is missing from the database')];
    if (actual.get(name) !== sql) return [line(name, 'was changed')];
  }
  for (const name of actual.keys()) if (!expected.has(name)) return [line(name, 'does not belong to the format')];
  return [{ check: 'row', subject: 'schema', ok: true, detail: `format ${version}` }];
}

function readSchema(database: SqliteDatabase): ReadonlyMap<string, string | null> {
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all() as {
    type: string;
    name: string;
    sql: string | null;
  }[];
  return new Map(rows.map((row) => [`${row.type} ${row.name}`, row.sql]));
}

function schemaOf(version: number): ReadonlyMap<string, string | null> {
  const scratch = createScratchSqlite();
  try {
    for (const step of migrations) if (step.version <= version) scratch.exec(step.sql);
    return readSchema(scratch);
  } finally {
    scratch.close();
  }
}

/**
 * Compares case.sqlite with what it was when its last writer closed it: finds a changed byte where no row lies, too.
 * Without a mark (somebody writes, or the last writer was killed) there is nothing to compare with, and the line says so.
 */
export function checkDatabaseFile(database: SqliteDatabase, directory: string): readonly CheckLine[] {
  const probe = probeWriter(directory);
  try {
    if (probe.writer !== null) return [note('not compared: the case is open for writing')];
    const mark = readClosedMark(directory);
    if (mark === 'damaged') return [line('case.closed.json', 'was changed')];
    if (mark === null) return [note('not compared: the last writer did not close the case')];
    const { size } = fs.statSync(caseLayout.database(directory));
    if (size !== mark.bytes) return [line('case.sqlite', `has ${size} bytes, ${mark.bytes} when it was closed`)];
    if (hashFile(caseLayout.database(directory)).sha256 !== mark.sha256) {
      return [line('case.sqlite', 'was changed since it was closed')];
    }
    if (headOf(database) !== mark.head) return [line('case.closed.json', 'names another head')];
    return [{ check: 'row', subject: 'case.sqlite', ok: true, detail: `${size} bytes as they were closed` }];
  } finally {
    probe.release();
  }
}

const line = (subject: string, detail: string): CheckLine => ({ check: 'row', subject, ok: false, detail });
const note = (detail: string): CheckLine => ({ check: 'row', subject: 'case.sqlite', ok: true, detail });
