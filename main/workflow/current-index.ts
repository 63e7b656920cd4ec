import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../shared/model/problem.ts';
import { fail } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { openCaseForReading } from '../evidence/open-case.ts';
import { analyseCase, lacksNumbers } from './analyse.ts';
import type { Conduct } from './conduct.ts';
import { engineVersion } from './engine-version.ts';
import { problemOfFailure } from './store-failure.ts';
import { withTemporaryIndex } from './temporary-index.ts';
import { wordsFor } from './words.ts';

type Act<T> = (reader: CaseReader, index: IndexReader) => Result<T> | Promise<Result<T>>;

/** A folder without permission to write says `path-unwritable`, a medium that can only be read `case-read-only`. */
const cannotWrite: ReadonlySet<string> = new Set(['case-read-only', 'path-unwritable', 'disk-full']);

/**
 * Gives the case and its current index to `act`; the index is built first where it is missing, damaged or stale.
 * Where the case cannot be written it is built in the temporary folder; while another process writes, an index that is
 * merely stale is used. Both are told as a notice.
 */
export async function withIndex<T>(directory: string, conduct: Conduct, act: Act<T>): Promise<Result<T>> {
  const first = openCaseForReading(directory);
  if (!first.ok) return first;
  let state: 'ready' | 'stale' | 'unusable';
  try {
    state = stateOf(first.value);
  } catch (error) {
    first.value.close();
    return problemOfFailure(error, directory, 'read');
  }
  if (state === 'ready') return useIndex(directory, first.value, 'numbered', act);
  first.value.close();
  const built = await analyseCase(directory, { workers: null }, conduct);
  const stale = !built.ok && built.problem.code === 'case-locked' && state === 'stale';
  if (!built.ok && !stale && !cannotWrite.has(built.problem.code)) return built;
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  if (built.ok) return useIndex(directory, reader.value, 'numbered', act);
  const words = wordsFor(conduct.lang);
  if (stale) {
    conduct.notice?.(words('notice.index-stale'));
    return useIndex(directory, reader.value, 'to-be-lent', act);
  }
  return useTemporary(directory, reader.value, conduct, act);
}

/**
 * Gives the case and the index of its last analysis, also where evidence came since: the window says so beside it, and
 * waits for an analysis only where the person asked for one. Where there is no index that this engine made, and for a case
 * that can only be read, as `withIndex`.
 */
export async function withLastIndex<T>(directory: string, conduct: Conduct, act: Act<T>): Promise<Result<T>> {
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  const index = isWritable(directory) ? lastIndex(reader.value) : fail('index-missing');
  if (!index.ok) {
    reader.value.close();
    return withIndex(directory, conduct, act);
  }
  try {
    lendMissing(reader.value, index.value);
    return await act(reader.value, index.value);
  } catch (error) {
    return problemOfFailure(error, directory, 'read');
  } finally {
    index.value.close();
    reader.value.close();
  }
}

/** May files of this case be changed? The system decides: a folder's permission, or a medium that can only be read. */
export function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    accessSync(join(directory, 'case.sqlite'), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The index of the last analysis, to be closed by the caller; what another engine wrote may lack what this one reads. */
export function lastIndex(reader: CaseReader): Result<IndexReader> {
  const index = reader.openIndex();
  if (!index.ok || index.value.pointer.engineVersion === engineVersion) return index;
  const made = index.value.pointer.engineVersion;
  index.value.close();
  return fail('index-missing', { path: reader.directory }, `it was made by engine ${made}`);
}

/**
 * Gives the case and whatever index it has now, also an older one, or null: for lists of what was collected, which must not
 * wait for an analysis. What the index does not know yet stands in them as it was stored.
 */
export async function withIndexAsItIs<T>(
  directory: string,
  act: (reader: CaseReader, index: IndexReader | null) => Result<T>,
): Promise<Result<T>> {
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  try {
    const index = reader.value.openIndex();
    try {
      return act(reader.value, index.ok ? index.value : null);
    } finally {
      if (index.ok) index.value.close();
    }
  } catch (error) {
    return problemOfFailure(error, directory, 'read');
  } finally {
    reader.value.close();
  }
}

/** Indexes whose findings all had their numbers: numbers are only ever added, and a big index has many findings. */
const numbered = new Set<string>();
const maxNumbered = 64;

/** `ready` also means that every finding has its number: a build may be killed just before it allots them. */
function stateOf(reader: CaseReader): 'ready' | 'stale' | 'unusable' {
  const { state } = reader.indexState(engineVersion);
  if (state !== 'current') return state === 'stale' ? 'stale' : 'unusable';
  const index = reader.openIndex();
  if (!index.ok) return 'unusable';
  try {
    return isNumbered(reader, index.value) ? 'ready' : 'stale';
  } finally {
    index.value.close();
  }
}

function isNumbered(reader: CaseReader, index: IndexReader): boolean {
  const { generation, sha256 } = index.pointer;
  const key = `${reader.directory}\n${generation} ${sha256}`;
  if (numbered.has(key)) return true;
  if (lacksNumbers(reader, index)) return false;
  if (numbered.size >= maxNumbered) numbered.clear();
  numbered.add(key);
  return true;
}

function lendMissing(reader: CaseReader, index: IndexReader): void {
  if (!isNumbered(reader, index)) reader.lendNumbers(index.findingKeys());
}

/** Every page of every screen comes through here: numbers are lent only where some may be missing. */
async function useIndex<T>(
  directory: string,
  reader: CaseReader,
  numbers: 'numbered' | 'to-be-lent',
  act: Act<T>,
): Promise<Result<T>> {
  try {
    const index = reader.openIndex();
    if (!index.ok) return index;
    try {
      if (numbers === 'to-be-lent') reader.lendNumbers(index.value.findingKeys());
      return await act(reader, index.value);
    } finally {
      index.value.close();
    }
  } catch (error) {
    return problemOfFailure(error, directory, 'read');
  } finally {
    reader.close();
  }
}

async function useTemporary<T>(
  directory: string,
  reader: CaseReader,
  conduct: Conduct,
  act: Act<T>,
): Promise<Result<T>> {
  const words = wordsFor(conduct.lang);
  const tell = (): void => conduct.notice?.(words('notice.index-temporary'));
  try {
    return await withTemporaryIndex(reader, conduct, tell, (index) => {
      if (reader.lendNumbers(index.findingKeys()) > 0) conduct.notice?.(words('notice.numbers-lent'));
      return act(reader, index);
    });
  } catch (error) {
    return problemOfFailure(error, directory, 'read');
  } finally {
    reader.close();
  }
}
