import fs from 'node:fs';
import path from 'node:path';
import { hook, hooksAreOn } from './hooks.ts';
import type { HookName } from './hooks.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Problem } from '../../shared/model/problem.ts';

/** Writes all of `bytes` at `position` (null: at the file's own position). Throws the system's error. */
export function writeAll(
  fd: number,
  bytes: Uint8Array,
  position: number | null,
  points: readonly [HookName, HookName],
): void {
  hook(points[0]);
  let done = 0;
  // With a listener the bytes go in two halves, so that a torn write can be shown.
  const firstEnd = hooksAreOn() ? bytes.length >>> 1 : bytes.length;
  while (done < firstEnd) done += write(fd, bytes, done, firstEnd, position);
  if (firstEnd < bytes.length) hook(points[1]);
  while (done < bytes.length) done += write(fd, bytes, done, bytes.length, position);
}

function write(fd: number, bytes: Uint8Array, from: number, to: number, position: number | null): number {
  return fs.writeSync(fd, bytes, from, to - from, position === null ? null : position + from);
}

/** Makes names in `directory` durable (fsync(2): a new name needs the directory flushed too). */
export function fsyncDirectory(directory: string, point: HookName): void {
  hook(point);
  // Windows has no handle for directories; NTFS journals names itself.
  if (process.platform === 'win32') return;
  const fd = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Replaces `file` whole or not at all: writes beside it, fsyncs, renames, fsyncs the directory. */
export function replaceFile(file: string, bytes: Uint8Array): void {
  const beside = `${file}.new`;
  const fd = fs.openSync(beside, 'w', 0o600);
  try {
    writeAll(fd, bytes, null, ['file.write', 'file.write-half']);
    hook('file.fsync');
    fs.fsyncSync(fd);
  } catch (error) {
    fs.closeSync(fd);
    fs.rmSync(beside, { force: true });
    throw error;
  }
  fs.closeSync(fd);
  hook('file.rename');
  fs.renameSync(beside, file);
  fsyncDirectory(path.dirname(file), 'file.directory-fsync');
}

/** The system's or SQLite's error code of a thrown value, or null when it is something else (a bug). */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/**
 * Words an expected failure of a file or database as a problem. Anything else is a bug and is thrown on.
 * @param what the path that the sentence names
 */
export function problemOf(error: unknown, what: string): { readonly ok: false; readonly problem: Problem } {
  const code = errorCode(error);
  const detail = error instanceof Error ? error.message : '';
  if (code === null) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || code === 'SQLITE_FULL') {
    return fail('disk-full', { path: what }, detail);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return fail('path-missing', { path: what }, detail);
  if (code === 'EISDIR') return fail('path-is-directory', { path: what }, detail);
  if (code === 'EROFS' || code.startsWith('SQLITE_READONLY')) return fail('case-read-only', { path: what }, detail);
  if (code === 'ENAMETOOLONG') return fail('name-too-long', { path: what }, detail);
  if (['EACCES', 'EPERM', 'EIO', 'EMFILE', 'ENFILE'].includes(code)) {
    return fail('path-unwritable', { path: what }, detail);
  }
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_SNAPSHOT') {
    return fail('case-locked', { pid: 0, host: '', doing: '', since: '' }, detail);
  }
  if (isDamage(code)) return fail('case-damaged', { path: what }, detail);
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR')) {
    return fail('path-unwritable', { path: what }, detail);
  }
  throw error;
}

/** As `problemOf`, for what is only read: a refusal is `path-unreadable`, not a place to be written elsewhere. */
export function readProblemOf(error: unknown, what: string): { readonly ok: false; readonly problem: Problem } {
  const told = problemOf(error, what);
  return told.problem.code === 'path-unwritable' ? fail('path-unreadable', { path: what }, told.problem.detail) : told;
}

/** A row that does not read as what was once written there; carries a code as SQLite's own errors do. */
export class DamagedRow extends Error {
  readonly code = 'DAMAGED_ROW';
}

/** SQLite says that the file is not what it wrote: malformed, foreign, or with tables that are not there (SQLITE_ERROR). */
export function isDamage(code: string): boolean {
  return (
    code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || code === 'DAMAGED_ROW'
  );
}
