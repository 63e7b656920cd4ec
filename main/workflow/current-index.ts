import type { Result } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { problemOf } from '../evidence/durable-files.ts';
import { openCaseForReading } from '../evidence/open-case.ts';
import { analyseCase } from './analyse.ts';
import type { Conduct } from './conduct.ts';
import { engineVersion } from './engine-version.ts';

/** A folder without permission to write says `path-unwritable`, a medium that can only be read `case-read-only`. */
const cannotWrite: ReadonlySet<string> = new Set(['case-locked', 'case-read-only', 'path-unwritable']);

/**
 * Gives the case and its current index to `act`; the index is built first where it is missing, damaged or stale.
 * When it cannot be built because another process writes, or the folder is read-only, an index that is merely stale is used.
 */
export async function withIndex<T>(
  directory: string,
  conduct: Conduct,
  act: (reader: CaseReader, index: IndexReader) => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  const first = openCaseForReading(directory);
  if (!first.ok) return first;
  const { state } = first.value.indexState(engineVersion);
  if (state === 'current') return useIndex(directory, first.value, act);
  first.value.close();
  const built = await analyseCase(directory, { workers: null }, conduct);
  if (!built.ok) {
    if (!cannotWrite.has(built.problem.code) || state !== 'stale') return built;
  }
  const reader = openCaseForReading(directory);
  return reader.ok ? useIndex(directory, reader.value, act) : reader;
}

async function useIndex<T>(
  directory: string,
  reader: CaseReader,
  act: (reader: CaseReader, index: IndexReader) => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    const index = reader.openIndex();
    if (!index.ok) return index;
    try {
      return await act(reader, index.value);
    } finally {
      index.value.close();
    }
  } catch (error) {
    return problemOf(error, directory);
  } finally {
    reader.close();
  }
}
