import type { Problem, Result } from '../../shared/model/problem.ts';
import { problemOf, readProblemOf } from '../evidence/durable-files.ts';

/** Evidence could not be written or read (disk full, folder gone): carried out of callbacks that answer with plain values. */
export class StoreFailure extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

export function need<T>(result: Result<T>): T {
  if (!result.ok) throw new StoreFailure(result.problem);
  return result.value;
}

/** As `problemOf`; a failure that was carried out of callbacks is its own problem. Anything else is a bug and is thrown on. */
export function problemOfFailure(error: unknown, what: string, act: 'read' | 'write' = 'write'): Result<never> {
  if (error instanceof StoreFailure) return { ok: false, problem: error.problem };
  return act === 'read' ? readProblemOf(error, what) : problemOf(error, what);
}
