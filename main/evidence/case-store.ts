import fs from 'node:fs';
import { caseLayout } from './case-layout.ts';
import { removeClosedMark, writeClosedMark } from './closed-mark.ts';
import { appendRow, headOf } from './custody.ts';
import type { Row } from './custody.ts';
import { problemOf } from './durable-files.ts';
import { hook } from './hooks.ts';
import type { SqliteDatabase } from './sqlite.ts';
import type { TableName } from './tables.ts';
import type { WriterLock } from './writer-lock.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/** The writer's open database: everything that is written to case.sqlite goes through `write`. */
export interface CaseStore {
  readonly directory: string;
  readonly database: SqliteDatabase;
  readonly actor: string;
  readonly now: () => string;
  /** Says that the case is about to change (mark away, log on). `write` does it by itself. */
  beginWriting(): void;
  /** Runs `work` in one durable transaction; all of it or nothing. */
  write<T>(work: () => T): Result<T>;
  /** Inserts a row with its custody entry; only inside `write`. */
  append(table: TableName, row: Row, action: string, note?: string | null): number;
  close(): void;
}

export interface StoreFacts {
  readonly directory: string;
  readonly database: SqliteDatabase;
  readonly lock: WriterLock;
  readonly actor: string;
  readonly now: () => string;
}

/**
 * Wraps an open, locked case. The switch to the write-ahead log waits for the first transaction: a command that finds
 * out that it may not write leaves the case byte for byte as it was.
 */
export function makeCaseStore(facts: StoreFacts): CaseStore {
  const { directory, database, lock, actor, now } = facts;
  // Without the mark the last writer died: then closing puts the folder in order even if nothing is written.
  let dirty = !fs.existsSync(caseLayout.closedMark(directory));
  let logging = false;
  const beginWriting = (): void => {
    if (logging) return;
    dirty = true;
    removeClosedMark(directory);
    hook('case.wal');
    database.pragma('journal_mode = WAL');
    applyDurableSettings(database);
    logging = true;
  };
  return {
    directory,
    database,
    actor,
    now,
    beginWriting,
    write: (work) => {
      try {
        beginWriting();
        const value = database
          .transaction(() => {
            const result = work();
            hook('case.before-commit');
            return result;
          })
          .immediate();
        hook('case.after-commit');
        return ok(value);
      } catch (error) {
        return problemOf(error, caseLayout.database(directory));
      }
    },
    append: (table, row, action, note = null) => appendRow(database, table, row, { at: now(), actor, action, note }),
    close: () => closeStore(directory, database, lock, dirty),
  };
}

/** FULL: a commit is on the disk when it returns (the default beside a write-ahead log is NORMAL). */
export function applyDurableSettings(database: SqliteDatabase): void {
  database.pragma('synchronous = FULL');
  database.pragma('fullfsync = ON');
  database.pragma('checkpoint_fullfsync = ON');
}

function closeStore(directory: string, database: SqliteDatabase, lock: WriterLock, dirty: boolean): void {
  if (!database.open) return;
  try {
    if (dirty) putAtRest(directory, database);
    else database.close();
  } finally {
    if (database.open) database.close();
    lock.release();
  }
}

/** Checkpoint, rollback journal again, mark: so that the folder opens read-only anywhere. */
function putAtRest(directory: string, database: SqliteDatabase): void {
  let head: string;
  try {
    applyDurableSettings(database);
    hook('case.checkpoint');
    database.pragma('wal_checkpoint(TRUNCATE)');
    hook('case.journal-delete');
    const mode = database.pragma('journal_mode = DELETE', { simple: true });
    head = headOf(database);
    database.close();
    // A reader that is still in the log keeps it alive: the next writer to close puts the folder at rest.
    if (mode !== 'delete') return;
  } catch (error) {
    // Everything acknowledged is in the log already; what fails here is only tidying up (disk full, a reader's lock).
    problemOf(error, directory);
    return;
  }
  hook('case.closed-mark');
  try {
    writeClosedMark(directory, head);
  } catch (error) {
    problemOf(error, directory);
  }
}
