import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { setImmediate } from 'node:timers/promises';

export interface HashedFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** 4 MiB: what was measured to read at the disk's speed (createReadStream's default does not). */
const blockBytes = 4 * 1024 * 1024;

/**
 * SHA-256 of a file, or of its first `limit` bytes, read block by block. Throws the system's error.
 * @param onBytes told after each block how many bytes are done
 */
export function hashFile(file: string, limit = Number.POSITIVE_INFINITY, onBytes?: (done: number) => void): HashedFile {
  const blocks = hashBlocks(file, limit);
  for (;;) {
    const next = blocks.next();
    if (next.done === true) return next.value;
    onBytes?.(next.value);
  }
}

/** As `hashFile`, for a file that may be big: between blocks the program hears signals; null when it was stopped. */
export async function hashFileWhile(file: string, mayGoOn: () => boolean): Promise<HashedFile | null> {
  const blocks = hashBlocks(file, Number.POSITIVE_INFINITY);
  try {
    for (;;) {
      const next = blocks.next();
      if (next.done === true) return next.value;
      await setImmediate();
      if (!mayGoOn()) return null;
    }
  } finally {
    blocks.return({ bytes: 0, sha256: '' });
  }
}

/** Gives how many bytes are done after each block. */
function* hashBlocks(file: string, limit: number): Generator<number, HashedFile> {
  const fd = fs.openSync(file, 'r');
  try {
    const block = Buffer.allocUnsafeSlow(Math.min(blockBytes, Math.max(4096, fs.fstatSync(fd).size)));
    const hash = createHash('sha256');
    let done = 0;
    while (done < limit) {
      const read = fs.readSync(fd, block, 0, Math.min(block.length, limit - done), done);
      if (read === 0) break;
      hash.update(read === block.length ? block : block.subarray(0, read));
      done += read;
      yield done;
    }
    return { bytes: done, sha256: hash.digest('hex') };
  } finally {
    fs.closeSync(fd);
  }
}
