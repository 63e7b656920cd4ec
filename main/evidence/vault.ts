import fs from 'node:fs';
import path from 'node:path';
import { caseLayout } from './case-layout.ts';
import { errorCode, fsyncDirectory } from './durable-files.ts';
import { hashFile } from './file-hash.ts';
import { hook } from './hooks.ts';

/** How `promote` put the bytes in their place, so that a failing row can undo it. */
export interface Promotion {
  /** False: the same content lay there already; one file serves both exhibits. */
  readonly placed: boolean;
  readonly file: string;
  /** The folder of the first two digits was made for it. */
  readonly madeDirectory: boolean;
}

/**
 * Moves a finished, fsynced incoming file to its place by hash and makes the name durable. Throws the system's error.
 * A file that is there under this name but does not have these bytes (damage) is replaced by the good one; where the
 * same content lies there already the incoming file stays for the caller to remove once the row is written.
 */
export function promote(directory: string, incoming: string, sha256: string): Promotion {
  const file = caseLayout.exhibit(directory, sha256);
  const folder = path.dirname(file);
  const madeDirectory = !fs.existsSync(folder);
  if (madeDirectory) {
    fs.mkdirSync(folder);
    try {
      fsyncDirectory(caseLayout.vault(directory), 'vault.directory-fsync');
    } catch (error) {
      removeEmptyDirectory(folder);
      throw error;
    }
  }
  const promotion = { placed: !holds(file, sha256), file, madeDirectory };
  if (!promotion.placed) return promotion;
  try {
    hook('vault.mode');
    fs.chmodSync(incoming, 0o400);
    hook('vault.rename');
    fs.renameSync(incoming, file);
    fsyncDirectory(folder, 'vault.directory-fsync');
  } catch (error) {
    demote({ ...promotion, placed: !fs.existsSync(incoming) }, incoming);
    throw error;
  }
  return promotion;
}

/** Takes back a promotion whose row could not be written. */
export function demote(promotion: Promotion, incoming: string): void {
  if (promotion.placed) {
    fs.renameSync(promotion.file, incoming);
    fs.chmodSync(incoming, 0o600);
  }
  if (promotion.madeDirectory) removeEmptyDirectory(path.dirname(promotion.file));
}

export function removeEmptyDirectory(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (errorCode(error) === null) throw error;
  }
}

/** True when `file` exists and has the content that its name says. */
export function holds(file: string, sha256: string): boolean {
  return fs.existsSync(file) && hashFile(file).sha256 === sha256;
}
