import fs from 'node:fs';
import { caseLayout } from './case-layout.ts';
import { fsyncDirectory, replaceFile } from './durable-files.ts';
import { hashFile } from './file-hash.ts';
import { hook } from './hooks.ts';

/**
 * `case.closed.json` holds size, hash and custody head of case.sqlite as the last writer closed it, and is removed
 * before the next one writes. With it a flipped byte is found where no row lies, too (free pages, headers).
 */
export interface ClosedMark {
  readonly bytes: number;
  readonly sha256: string;
  readonly head: string;
}

const encode = (mark: ClosedMark): string =>
  `${JSON.stringify({ bytes: mark.bytes, sha256: mark.sha256, head: mark.head })}\n`;

/** Only while no connection of this process is open: closing the descriptor would drop its POSIX locks. */
export function writeClosedMark(directory: string, head: string): void {
  const { bytes, sha256 } = hashFile(caseLayout.database(directory));
  replaceFile(caseLayout.closedMark(directory), Buffer.from(encode({ bytes, sha256, head }), 'utf8'));
}

export function removeClosedMark(directory: string): void {
  const file = caseLayout.closedMark(directory);
  if (!fs.existsSync(file)) return;
  hook('case.open-mark-removed');
  fs.rmSync(file);
  fsyncDirectory(directory, 'file.directory-fsync');
}

/** The mark, `null` when there is none, `'damaged'` when it is not exactly what this program writes. */
export function readClosedMark(directory: string): ClosedMark | null | 'damaged' {
  const file = caseLayout.closedMark(directory);
  if (!fs.existsSync(file)) return null;
  try {
    const text = fs.readFileSync(file, 'utf8');
    const mark = JSON.parse(text) as ClosedMark;
    return encode(mark) === text ? mark : 'damaged';
  } catch {
    return 'damaged';
  }
}
