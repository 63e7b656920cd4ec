import { resolve } from 'node:path';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { openCaseForReading, openCaseForWriting } from '../evidence/open-case.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Conduct } from './conduct.ts';
import { programVersion } from './program-version.ts';
import { problemOfFailure } from './store-failure.ts';

export function writerOptions(conduct: Pick<Conduct, 'actor'>): { readonly actor?: string; readonly program: string } {
  const program = `handsight ${programVersion()}`;
  return conduct.actor === null ? { program } : { actor: conduct.actor, program };
}

interface SharedWriter {
  readonly writer: CaseWriter;
  readonly actor: string | null;
  uses: number;
}

/**
 * Writers of this process by folder: an event is noted while a capture runs, so acts of one process share its one writer.
 * Everything in it is synchronous within a transaction, so acts cannot cut into each other.
 */
const openWriters = new Map<string, SharedWriter>();

function borrowWriter(directory: string, doing: string, conduct: Pick<Conduct, 'actor'>): Result<SharedWriter> {
  const key = resolve(directory);
  const shared = openWriters.get(key);
  // Another person's act must not be signed by the first one's name: it waits, as for another process.
  if (shared !== undefined && shared.actor === conduct.actor) {
    shared.uses += 1;
    return ok(shared);
  }
  const opened = openCaseForWriting(directory, doing, writerOptions(conduct));
  if (!opened.ok) return opened;
  const fresh: SharedWriter = { writer: opened.value, actor: conduct.actor, uses: 1 };
  openWriters.set(key, fresh);
  return ok(fresh);
}

function giveBack(directory: string, shared: SharedWriter): void {
  shared.uses -= 1;
  if (shared.uses > 0) return;
  openWriters.delete(resolve(directory));
  shared.writer.close();
}

/** Opens a case as its writer for one act and lets the next writer in, whatever happens. */
export function writeCase<T>(
  directory: string,
  doing: string,
  conduct: Pick<Conduct, 'actor'>,
  act: (writer: CaseWriter) => Result<T>,
): Result<T> {
  const shared = borrowWriter(directory, doing, conduct);
  if (!shared.ok) return shared;
  try {
    return act(shared.value.writer);
  } catch (error) {
    return problemOfFailure(error, directory);
  } finally {
    giveBack(directory, shared.value);
  }
}

/** As `writeCase`, for an act that takes its time. */
export async function writeCaseWhile<T>(
  directory: string,
  doing: string,
  conduct: Pick<Conduct, 'actor'>,
  act: (writer: CaseWriter) => Promise<Result<T>>,
): Promise<Result<T>> {
  const shared = borrowWriter(directory, doing, conduct);
  if (!shared.ok) return shared;
  try {
    return await act(shared.value.writer);
  } catch (error) {
    return problemOfFailure(error, directory);
  } finally {
    giveBack(directory, shared.value);
  }
}

/** Opens a case for reading; changes no byte of it. */
export function readCase<T>(directory: string, act: (reader: CaseReader) => Result<T>): Result<T> {
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  try {
    return act(reader.value);
  } catch (error) {
    // Damage that only shows while reading, a full disk: a problem. A bug is thrown on.
    return problemOfFailure(error, directory, 'read');
  } finally {
    reader.value.close();
  }
}

/** Whether it is this process that writes in a case now. */
export function writesHere(directory: string): boolean {
  return openWriters.has(resolve(directory));
}
