import fs from 'node:fs';
import os from 'node:os';
import { caseLayout } from './case-layout.ts';
import { errorCode, problemOf } from './durable-files.ts';
import { hook } from './hooks.ts';
import { openSqlite } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/** Who writes: shown to whoever has to wait. */
export interface WriterFacts {
  readonly pid: number;
  readonly host: string;
  readonly doing: string;
  readonly since: string;
}

export interface WriterLock {
  /** True when the writer before this one did not let go by itself. */
  readonly predecessorDied: boolean;
  release(): void;
}

/**
 * Takes the one writer's place. The lock is SQLite's exclusive lock (fcntl, LockFileEx) on an empty file: the operating
 * system frees it when the process dies. POSIX trap: closing *any* descriptor of that file in this process would drop
 * it, so it is only ever opened through SQLite, which knows about its own descriptors.
 * @returns `case-locked` with pid, host, doing, since of the other writer; nothing is touched then
 */
export function takeWriterLock(directory: string, doing: string, since: string): Result<WriterLock> {
  const file = caseLayout.lock(directory);
  let connection: SqliteDatabase | null = null;
  try {
    connection = openSqlite(file, { timeoutMs: 500 });
    // No journal file beside an empty lock.
    connection.pragma('journal_mode = MEMORY');
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (errorCode(error) === 'SQLITE_BUSY') return lockedBy(directory);
    return problemOf(error, file);
  }
  const held = connection;
  hook('lock.taken');
  const sidecar = caseLayout.writer(directory);
  const facts: WriterFacts = { pid: process.pid, host: os.hostname(), doing, since };
  try {
    const predecessorDied = fs.existsSync(sidecar);
    hook('lock.sidecar');
    fs.writeFileSync(`${sidecar}.new`, `${JSON.stringify(facts)}\n`);
    fs.renameSync(`${sidecar}.new`, sidecar);
    return ok({
      predecessorDied,
      release: () => {
        if (!held.open) return;
        hook('lock.release');
        fs.rmSync(sidecar, { force: true });
        held.close();
      },
    });
  } catch (error) {
    fs.rmSync(`${sidecar}.new`, { force: true });
    held.close();
    return problemOf(error, sidecar);
  }
}

function lockedBy(directory: string): ReturnType<typeof fail> {
  const facts = readWriterFacts(directory);
  return fail('case-locked', { ...(facts ?? unknownWriter) });
}
const unknownWriter: WriterFacts = { pid: 0, host: '', doing: '', since: '' };

/** The sidecar's facts; null when there is none or it cannot be read (the writer is just arriving or leaving). */
function readWriterFacts(directory: string): WriterFacts | null {
  try {
    const facts: unknown = JSON.parse(fs.readFileSync(caseLayout.writer(directory), 'utf8'));
    if (typeof facts !== 'object' || facts === null) return null;
    const known = facts as Partial<Record<keyof WriterFacts, unknown>>;
    return {
      pid: typeof known.pid === 'number' ? known.pid : 0,
      host: typeof known.host === 'string' ? known.host : '',
      doing: typeof known.doing === 'string' ? known.doing : '',
      since: typeof known.since === 'string' ? known.since : '',
    };
  } catch {
    return null;
  }
}

export interface WriterProbe {
  /** Facts of the living writer, or null when nobody writes. */
  readonly writer: WriterFacts | null;
  /** Lets writers in again. */
  release(): void;
}

/**
 * Asks whether somebody writes, changing nothing. While the probe is held (and nobody wrote) no writer can begin, so
 * that the files can be read in peace; hold it briefly.
 */
export function probeWriter(directory: string): WriterProbe {
  const nobody: WriterProbe = { writer: null, release: () => undefined };
  let connection: SqliteDatabase;
  try {
    connection = openSqlite(caseLayout.lock(directory), { readonly: true, timeoutMs: 0 });
  } catch {
    // No lock file (a copy without it) or one that cannot be opened: nobody can hold it.
    return nobody;
  }
  try {
    connection.exec('BEGIN');
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return { writer: null, release: () => void connection.close() };
  } catch (error) {
    connection.close();
    if (errorCode(error) !== 'SQLITE_BUSY') return nobody;
    return { writer: readWriterFacts(directory) ?? unknownWriter, release: () => undefined };
  }
}

/** Facts of the living writer, or null. */
export function currentWriter(directory: string): WriterFacts | null {
  const probe = probeWriter(directory);
  probe.release();
  return probe.writer;
}
