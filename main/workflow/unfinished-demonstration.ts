import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Conduct } from './conduct.ts';
import { problemOfFailure } from './store-failure.ts';

/**
 * Takes away the unfinished case, which nothing can finish and which holds nothing but simulated handsets, so that the
 * same command works again; and words the problem accordingly: nothing «stays».
 * @param wasThere an empty folder that somebody had made: it is left, empty
 */
export function removeUnfinished(
  directory: string,
  wasThere: boolean,
  problem: Problem,
  conduct: Conduct,
): Result<never> {
  try {
    if (wasThere) for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    else rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    return problemOfFailure(error, directory);
  }
  if (conduct.signal.aborted) return fail('demonstration-stopped');
  if (problem.code === 'disk-full') return fail('demonstration-disk-full', { path: directory }, problem.detail);
  return { ok: false, problem };
}
