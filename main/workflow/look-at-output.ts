import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { headBytes, isZip, recogniseText, tailBytes } from '../parsing/import/recognise.ts';
import type { Recognised } from '../parsing/import/recognise.ts';
import { readProblem } from './read-problem.ts';

/** A file that others collected, before it is taken in. */
export interface LookedAt {
  readonly name: string;
  readonly bytes: number;
  /** The file's last change, RFC 3339 UTC. */
  readonly modifiedAt: string;
  /** An archive, by its first bytes. */
  readonly isZip: boolean;
  /** What it looks like; a proposal. */
  readonly recognised: Recognised | null;
}

/** Size of a file that may be taken in, whatever it holds. Problems: those of reading it, `empty-file`, `not-a-file`. */
export function sizeOfFile(path: string): Result<number> {
  try {
    const facts = statSync(path);
    if (facts.isDirectory()) return fail('path-is-directory', { path });
    if (!facts.isFile()) return fail('not-a-file', { path });
    return facts.size === 0 ? fail('empty-file', { path }) : ok(facts.size);
  } catch (error) {
    return readProblem(error, path);
  }
}

/**
 * Looks at a folder of others' files. One of androidqf is known by the name of the file that it describes itself in
 * (parsing/import/androidqf.ts). Problems: those of reading it, `path-missing` where it is none.
 */
export function lookAtFolder(path: string): Result<Omit<LookedAt, 'bytes' | 'isZip'> & { readonly bytes: null }> {
  try {
    const facts = statSync(path);
    if (!facts.isDirectory()) return fail('path-missing', { path });
    const describes = lstatSync(join(path, 'acquisition.json'), { throwIfNoEntry: false })?.isFile() === true;
    return ok({
      name: basename(resolve(path)),
      bytes: null,
      modifiedAt: facts.mtime.toISOString().replace('Z', '000Z'),
      recognised: describes ? { command: 'androidqf', by: 'name' } : null,
    });
  } catch (error) {
    return readProblem(error, path);
  }
}

/** Looks at the beginning and the end of a file. Problems: those of reading it, `empty-file`, `not-a-file`. */
export function lookAtOutput(path: string): Result<LookedAt> {
  let handle: number;
  try {
    // Without the flag a pipe that nobody writes to would hold up the opening for ever.
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return readProblem(error, path);
  }
  try {
    const facts = fstatSync(handle);
    if (facts.isDirectory()) return fail('path-is-directory', { path });
    if (!facts.isFile()) return fail('not-a-file', { path });
    if (facts.size === 0) return fail('empty-file', { path });
    const head = Buffer.alloc(Math.min(headBytes, facts.size));
    const read = readSync(handle, head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(tailBytes, facts.size));
    // UTF-16 must be cut between two characters.
    const start = facts.size - tail.length;
    const from = start - (start % 2);
    const end = readSync(handle, tail, 0, tail.length, from);
    const fileName = basename(path);
    // Source: age-encryption.org/v1, the header of every file of age.
    if (head.subarray(0, 21).toString('latin1') === 'age-encryption.org/v1') return fail('file-encrypted', { path });
    return ok({
      name: fileName,
      bytes: facts.size,
      modifiedAt: facts.mtime.toISOString().replace('Z', '000Z'),
      isZip: isZip(head.subarray(0, read)),
      recognised: recogniseText({ fileName, head: head.subarray(0, read), tail: tail.subarray(0, end) }),
    });
  } catch (error) {
    return readProblem(error, path);
  } finally {
    closeSync(handle);
  }
}
