import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { beginScratchIndex } from '../evidence/index-build.ts';
import { inputsDigest } from '../evidence/index-inputs.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { defaultWorkers } from './analyse.ts';
import { buildIndex } from './build-index.ts';
import type { Conduct } from './conduct.ts';
import { engineVersion } from './engine-version.ts';
import { problemOfFailure } from './store-failure.ts';

interface Temporary {
  readonly key: string;
  readonly built: Promise<Result<IndexReader>>;
  uses: number;
}

/** The last one built stays until another is needed: a window puts many questions to the same case. */
let latest: Temporary | null = null;

/**
 * Gives `act` an index of a case that cannot be written (sealed, on a medium that can only be read, on a full disk), built
 * in the temporary folder. It has no name there: whatever ends the process, nothing is left.
 * Problems: `disk-full` (the temporary folder's), `interrupted`, those of reading the case.
 * @param onBuild told when one has to be built: that takes as long as an analysis
 */
export async function withTemporaryIndex<T>(
  reader: CaseReader,
  conduct: Conduct,
  onBuild: () => void,
  act: (index: IndexReader) => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  const key = `${resolve(reader.directory)}\n${inputsDigest(reader, engineVersion)}`;
  let mine = latest;
  if (mine?.key !== key) {
    onBuild();
    mine = { key, built: build(reader, conduct), uses: 0 };
    const before = latest;
    latest = mine;
    if (before !== null) await closeUnused(before);
  }
  mine.uses += 1;
  try {
    const index = await mine.built;
    if (index.ok) return await act(index.value);
    if (latest === mine) latest = null;
    return index;
  } finally {
    mine.uses -= 1;
    if (latest !== mine) await closeUnused(mine);
  }
}

async function closeUnused(one: Temporary): Promise<void> {
  if (one.uses > 0) return;
  const index = await one.built;
  if (index.ok && one.uses === 0) index.value.close();
}

async function build(reader: CaseReader, conduct: Conduct): Promise<Result<IndexReader>> {
  let scratch: ReturnType<typeof beginScratchIndex> | null = null;
  try {
    scratch = beginScratchIndex(reader);
    await buildIndex(reader, scratch, { workers: defaultWorkers() }, conduct);
    if (!conduct.signal.aborted) return ok(scratch.intoReader(engineVersion));
    scratch.close();
    return fail('interrupted');
  } catch (error) {
    scratch?.close();
    return problemOfFailure(error, tmpdir());
  }
}
