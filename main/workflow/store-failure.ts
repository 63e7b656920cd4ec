import type { Problem, Result } from '../../shared/model/problem.ts';

/** Evidence could not be written (disk full, folder gone): carried out of callbacks that answer with plain values. */
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
