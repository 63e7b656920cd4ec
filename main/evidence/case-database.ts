import fs from 'node:fs';
import { caseApplicationId, caseLayout } from './case-layout.ts';
import { errorCode, isDamage, readProblemOf } from './durable-files.ts';
import { formatVersion } from './migrations/list.ts';
import { openSqlite } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import {
  applyWriteAheadLog,
  isHotJournal,
  readSqliteHeader,
  rollBack,
  withoutWriteAheadLog,
} from './sqlite-recovery.ts';
import { probeWriter } from './writer-lock.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/**
 * Opens case.sqlite for reading without changing a byte of the folder:
 * - somebody writes: an ordinary reader beside the writer (write-ahead log);
 * - closed properly: an ordinary read-only connection, from a read-only folder too;
 * - left by a killed writer (log or hot journal still there), or on a file system without locks: a copy in memory with
 *   the committed part applied.
 */
export function openDatabaseForReading(
  directory: string,
  lock: 'probe' | 'held-by-us' = 'probe',
): Result<SqliteDatabase> {
  const file = caseLayout.database(directory);
  const missing = missingCase(directory);
  if (missing !== null) return missing;
  const probe = lock === 'probe' ? probeWriter(directory) : { writer: null, release: () => undefined };
  try {
    if (probe.writer === null && !isAtRest(directory)) return ok(openCopy(directory));
    let connection: SqliteDatabase | null = null;
    try {
      connection = openSqlite(file, { readonly: true });
      connection.prepare('SELECT count(*) FROM sqlite_schema').get();
      return ok(connection);
    } catch (error) {
      connection?.close();
      const code = errorCode(error) ?? '';
      if (isDamage(code) || probe.writer !== null) throw error;
      return ok(openCopy(directory));
    }
  } catch (error) {
    return readProblemOf(error, file);
  } finally {
    probe.release();
  }
}

/** Says why a folder is no case, or null when it looks like one. */
export function missingCase(directory: string): ReturnType<typeof fail> | null {
  try {
    if (!fs.statSync(directory).isDirectory()) return fail('case-not-a-case', { path: directory });
    // A folder that may not be searched refuses here, not above.
    const database = fs.statSync(caseLayout.database(directory), { throwIfNoEntry: false });
    return database?.isFile() === true ? null : fail('case-not-a-case', { path: directory });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') {
      return fail('case-not-found', { path: directory });
    }
    return readProblemOf(error, directory);
  }
}

/** True when an ordinary read-only connection will find nothing to recover. Only asked while nobody writes. */
function isAtRest(directory: string): boolean {
  const header = readSqliteHeader(readHead(caseLayout.database(directory), 100));
  // Not a database at all: let SQLite say so.
  if (header === null) return true;
  return !header.writeAheadLog && !isHotJournal(readHead(caseLayout.journal(directory), 28));
}

function readHead(file: string, bytes: number): Buffer {
  if (!fs.existsSync(file)) return Buffer.alloc(0);
  const fd = fs.openSync(file, 'r');
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, fs.readSync(fd, head, 0, bytes, 0));
  } finally {
    fs.closeSync(fd);
  }
}

function openCopy(directory: string): SqliteDatabase {
  let bytes: Buffer = fs.readFileSync(caseLayout.database(directory));
  const journal = caseLayout.journal(directory);
  if (fs.existsSync(journal)) bytes = rollBack(bytes, fs.readFileSync(journal));
  const log = caseLayout.log(directory);
  if (readSqliteHeader(bytes)?.writeAheadLog === true) {
    if (fs.existsSync(log)) bytes = applyWriteAheadLog(bytes, fs.readFileSync(log));
    bytes = withoutWriteAheadLog(bytes);
  }
  const connection = openSqlite(bytes, { readonly: true });
  connection.prepare('SELECT count(*) FROM sqlite_schema').get();
  return connection;
}

/** Format version of an open case: refuses what is newer than this program, or no case at all. */
export function checkFormat(database: SqliteDatabase, directory: string): Result<number> {
  try {
    const application = database.pragma('application_id', { simple: true });
    const version = Number(database.pragma('user_version', { simple: true }));
    if (application !== caseApplicationId) return fail('case-not-a-case', { path: directory });
    if (version > formatVersion) {
      return fail('case-newer', { path: directory, version, supported: formatVersion });
    }
    if (version < 1) return fail('case-damaged', { path: directory }, `format version ${version}`);
    return ok(version);
  } catch (error) {
    return readProblemOf(error, directory);
  }
}
