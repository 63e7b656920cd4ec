import type { Problem } from '../../shared/model/problem.ts';
import { fail } from '../../shared/model/problem.ts';
import { errorCode } from '../evidence/durable-files.ts';

/**
 * Words why a file that a person named could not be read, by the system's error code: `path-missing`, `path-is-directory`,
 * `name-too-long`, else `path-unreadable`. What carries no code is a bug and is thrown on.
 */
export function readProblem(error: unknown, path: string): { readonly ok: false; readonly problem: Problem } {
  const code = errorCode(error);
  const detail = error instanceof Error ? error.message : '';
  if (code === null) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return fail('path-missing', { path }, detail);
  if (code === 'EISDIR') return fail('path-is-directory', { path }, detail);
  if (code === 'ENAMETOOLONG') return fail('name-too-long', { path }, detail);
  return fail('path-unreadable', { path }, detail);
}
