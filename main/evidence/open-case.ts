import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { checkFormat, missingCase, openDatabaseForReading } from './case-database.ts';
import { caseApplicationId, caseLayout } from './case-layout.ts';
import { makeCaseStore, applyDurableSettings } from './case-store.ts';
import type { NewCase } from './case-types.ts';
import { makeCaseWriter } from './case-writer.ts';
import type { CaseWriter } from './case-writer.ts';
import { appendRow } from './custody.ts';
import { errorCode, fsyncDirectory, problemOf } from './durable-files.ts';
import { hook } from './hooks.ts';
import { systemNow } from './instants.ts';
import { formatVersion, migrations } from './migrations/list.ts';
import { migrate } from './migrations/migrate.ts';
import { CaseReader } from './readers/case-reader.ts';
import { createSqlite, openSqlite } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { takeWriterLock } from './writer-lock.ts';
import { removeEmptyDirectory } from './vault.ts';
import type { WriterLock } from './writer-lock.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

export interface WriterOptions {
  /** Who acts; default: the case's examiner. */
  readonly actor?: string;
  /** Name and version of the program, for the migration's row. */
  readonly program?: string;
  /** The workstation's clock, RFC 3339 UTC with microseconds. */
  readonly now?: () => string;
}

/** Files that `createCase` puts into a new folder before case.sqlite is renamed into place. */
const beforeTheCase = ['case.sqlite.new', 'case.sqlite.new-journal', 'writer.json', 'writer.json.new', 'writer.lock'];

/**
 * Makes a case folder and opens it for writing. `directory` must not exist, or be empty, or hold only what a creation
 * that was killed left. Either the whole case is there afterwards or nothing.
 */
export function createCase(directory: string, info: NewCase, options: WriterOptions = {}): Result<CaseWriter> {
  const now = options.now ?? systemNow;
  let made = false;
  try {
    const present = fs.existsSync(directory) ? fs.readdirSync(directory) : null;
    if (present?.every((name) => isUnfinished(directory, name)) === false)
      return fail('case-exists', { path: directory });
    hook('create.directory');
    if (present === null) {
      fs.mkdirSync(directory);
      made = true;
    }
    hook('create.lock-file');
    fs.closeSync(fs.openSync(caseLayout.lock(directory), 'a', 0o600));
  } catch (error) {
    if (made) removeUnfinished(directory, made);
    if (errorCode(error) === 'ENOTDIR') return fail('case-exists', { path: directory });
    return problemOf(error, path.dirname(directory));
  }
  const lock = takeWriterLock(directory, 'creating the case', now());
  if (!lock.ok) return lock;
  try {
    fs.mkdirSync(caseLayout.incoming(directory), { recursive: true });
    hook('create.database');
    const actor = options.actor ?? info.examiner;
    buildDatabase(directory, info, { at: now(), actor, program: options.program ?? 'handsight' });
    return openLocked(directory, lock.value, options, info.examiner);
  } catch (error) {
    lock.value.release();
    removeUnfinished(directory, made);
    return problemOf(error, directory);
  }
}

function buildDatabase(
  directory: string,
  info: NewCase,
  facts: { readonly at: string; readonly actor: string; readonly program: string },
): void {
  const unfinished = `${caseLayout.database(directory)}.new`;
  for (const name of [unfinished, `${unfinished}-journal`]) fs.rmSync(name, { force: true });
  const database = createSqlite(unfinished);
  try {
    applyDurableSettings(database);
    database.pragma(`application_id = ${caseApplicationId}`);
    migrate(database, migrations, facts);
    const { number, title, examiner, synthetic } = info;
    const row = { number, title, examiner, created_at: facts.at, synthetic: synthetic ? 1 : 0 };
    const add = (): number =>
      appendRow(
        database,
        'case_info',
        { case_id: randomUUID(), ...row },
        { ...facts, action: 'case-created', note: null },
      );
    database.transaction(add).immediate();
  } finally {
    database.close();
  }
  fsyncDirectory(caseLayout.vault(directory), 'create.directory-fsync');
  hook('create.rename');
  fs.renameSync(unfinished, caseLayout.database(directory));
  fsyncDirectory(directory, 'create.directory-fsync');
  fsyncDirectory(path.dirname(directory), 'create.directory-fsync');
}

/** True for what a killed creation may have left; a vault with anything in it is somebody's. */
function isUnfinished(directory: string, name: string): boolean {
  if (name !== 'exhibits') return beforeTheCase.includes(name);
  const inside = fs.readdirSync(caseLayout.vault(directory));
  return inside.every((entry) => entry === '.incoming' && fs.readdirSync(caseLayout.incoming(directory)).length === 0);
}

/** Takes away what a failing creation made, and only that. */
function removeUnfinished(directory: string, made: boolean): void {
  if (fs.existsSync(caseLayout.database(directory))) return;
  for (const name of beforeTheCase) fs.rmSync(path.join(directory, name), { force: true });
  removeEmptyDirectory(caseLayout.incoming(directory));
  removeEmptyDirectory(caseLayout.vault(directory));
  if (made) removeEmptyDirectory(directory);
}

/**
 * Opens a case for reading; changes no byte of it, whoever writes meanwhile.
 * Problems: `case-not-found`, `case-not-a-case`, `case-newer`, `case-damaged`.
 */
export function openCaseForReading(directory: string): Result<CaseReader> {
  const database = openDatabaseForReading(directory);
  if (!database.ok) return database;
  const format = checkFormat(database.value, directory);
  if (!format.ok) {
    database.value.close();
    return format;
  }
  return ok(new CaseReader(directory, database.value));
}

/**
 * Opens a case as its one writer, saying what for (`doing` is shown to whoever has to wait). What a killed writer left
 * is taken in first. Problems: those of reading, `case-locked` (pid, host, doing, since), `case-read-only`.
 */
export function openCaseForWriting(directory: string, doing: string, options: WriterOptions = {}): Result<CaseWriter> {
  const missing = missingCase(directory);
  if (missing !== null) return missing;
  const lockFile = caseLayout.lock(directory);
  const lockWasThere = fs.existsSync(lockFile);
  if (!lockWasThere) {
    // A copy that left the empty file behind.
    try {
      fs.closeSync(fs.openSync(lockFile, 'a', 0o600));
    } catch (error) {
      return problemOf(error, lockFile);
    }
  }
  const lock = takeWriterLock(directory, doing, (options.now ?? systemNow)());
  if (!lock.ok) return lock;
  const opened = openLocked(directory, lock.value, options, null);
  if (!opened.ok) {
    lock.value.release();
    if (!lockWasThere) fs.rmSync(lockFile, { force: true });
  }
  return opened;
}

function openLocked(
  directory: string,
  lock: WriterLock,
  options: WriterOptions,
  examiner: string | null,
): Result<CaseWriter> {
  // Asked first without touching anything: opening for writing would already recover and checkpoint.
  const peek = peekExaminer(directory, examiner);
  if (!peek.ok) return peek;
  const now = options.now ?? systemNow;
  const actor = options.actor ?? peek.value;
  let database: SqliteDatabase | null = null;
  try {
    fs.accessSync(caseLayout.database(directory), fs.constants.W_OK);
    database = openSqlite(caseLayout.database(directory));
    applyDurableSettings(database);
    const store = makeCaseStore({ directory, database, lock, actor, now });
    if (Number(database.pragma('user_version', { simple: true })) < formatVersion) {
      store.beginWriting();
      migrate(database, migrations, { at: now(), actor, program: options.program ?? 'handsight' });
    }
    return makeCaseWriter(store);
  } catch (error) {
    database?.close();
    return problemOf(error, directory);
  }
}

function peekExaminer(directory: string, known: string | null): Result<string> {
  if (known !== null) return ok(known);
  const database = openDatabaseForReading(directory, 'held-by-us');
  if (!database.ok) return database;
  try {
    const format = checkFormat(database.value, directory);
    if (!format.ok) return format;
    const sql = 'SELECT examiner FROM case_info ORDER BY row DESC LIMIT 1';
    const examiner: unknown = database.value.prepare(sql).pluck().get();
    return typeof examiner === 'string' ? ok(examiner) : fail('case-damaged', { path: directory }, 'no case_info row');
  } catch (error) {
    return problemOf(error, directory);
  } finally {
    database.value.close();
  }
}
