import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a file beside its name under a name that nobody has, makes it durable and renames it. What stood at
 * `path` is replaced only with `replaces`; else the name is taken by an empty file first, which fails where another file has it by
 * now. Problems: `disk-full`, `path-unwritable`, `report-place-taken`.
 */
export function writeDurably(path: string, content: string | Uint8Array, replaces: boolean): Result<WrittenFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const beside = join(dirname(path), `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}.new`);
  try {
    const file = openSync(beside, 'wx', 0o600);
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!replaces) closeSync(openSync(path, 'wx', 0o600));
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return fail('report-place-taken', { path });
    return writeProblem(error, path);
  }
  return ok({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
}

const mostNames = 1000;

/**
 * As `writeDurably`, to a name that nobody asked for: `STEM.html`, or `STEM-2.html` … where that is taken. The name is
 * made ours by an empty file first, so that no other file is replaced, not even one that appears meanwhile.
 */
export function writeBesideOthers(stem: string, ending: string, content: string): Result<WrittenFile> {
  for (let count = 1; count <= mostNames; count += 1) {
    const path = `${stem}${count === 1 ? '' : `-${count}`}${ending}`;
    try {
      closeSync(openSync(path, 'wx', 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      return writeProblem(error, path);
    }
    const written = writeDurably(path, content, true);
    if (!written.ok) rmSync(path, { force: true });
    return written;
  }
  return fail('path-unwritable', { path: `${stem}${ending}` });
}

/** A failure of the file system in words. */
export function writeProblem(error: unknown, path: string): ReturnType<typeof fail> {
  const code = (error as NodeJS.ErrnoException).code;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC') return fail('disk-full', { path }, detail);
  return fail('path-unwritable', { path }, detail);
}
