import fs from 'node:fs';
import { errorCode } from './durable-files.ts';
import { hashFile } from './file-hash.ts';
import type { IndexPointer } from './index-pointer.ts';

interface Seen {
  readonly stamp: string;
  readonly sha256: string;
}

/** Index files that this process has hashed: many questions are put to one index, and a big one takes seconds to hash. */
const seen = new Map<string, Seen>();

/** A window's process visits few cases; what is forgotten is hashed again. */
const maxSeen = 64;

/** FAT keeps times to two seconds: within that a second change may leave the same stamp, so nothing is remembered. */
const stampDoubtMs = 2000;

/**
 * Compares an index file with what its pointer says was published: size and SHA-256 of every byte.
 * Without it a file that somebody emptied would be an answer: «no findings».
 * @param memory `hash-again` for a verification, which rests on nothing that was seen before
 * @returns what is wrong in English words, or null; a file that cannot be read is wrong too. Throws only bugs.
 */
export function damageOfIndexFile(
  file: string,
  pointer: Pick<IndexPointer, 'bytes' | 'sha256'>,
  memory: 'remembered-will-do' | 'hash-again' = 'remembered-will-do',
): string | null {
  try {
    const facts = fs.statSync(file, { bigint: true });
    if (facts.size !== BigInt(pointer.bytes)) return `has ${facts.size} bytes instead of ${pointer.bytes}`;
    const stamp = [facts.dev, facts.ino, facts.size, facts.mtimeNs, facts.ctimeNs].join(' ');
    const known = memory === 'hash-again' ? undefined : seen.get(file);
    const sha256 = known?.stamp === stamp ? known.sha256 : hashFile(file).sha256;
    if (Date.now() - Number(facts.ctimeMs) > stampDoubtMs) {
      if (seen.size >= maxSeen) seen.clear();
      seen.set(file, { stamp, sha256 });
    }
    return sha256 === pointer.sha256 ? null : 'was changed since it was published';
  } catch (error) {
    if (errorCode(error) === null) throw error;
    return `cannot be read: ${error instanceof Error ? error.message : ''}`;
  }
}
