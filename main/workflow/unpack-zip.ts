import { readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { endBytes, zipDataOffset, zipDirectory, zipEntries } from '../parsing/zip.ts';
import type { ZipEntry, ZipProblem } from '../parsing/zip.ts';
import type { BytesSource } from './store-output.ts';

const blockBytes = 1024 * 1024;
/** What one entry may come to, whatever it says: a bug report of today has some 100 MB of text. */
const maxEntryBytes = 4 * 1024 * 1024 * 1024;

/** The entries of an archive, or why there are none to be had. Reads the end and the directory only. */
export function listZip(fd: number, bytes: number): readonly ZipEntry[] | ZipProblem {
  const tail = readAt(fd, Math.max(0, bytes - endBytes), Math.min(bytes, endBytes));
  const directory = zipDirectory(tail, bytes);
  if (typeof directory === 'string') return directory;
  return zipEntries(readAt(fd, directory.offset, directory.bytes), directory.entries) ?? 'directory-outside';
}

/**
 * The content of one entry, block by block. It ends at what the directory says it is: more (a bomb, a lying size), less, another
 * check sum or broken compression is its `fault`; what came before stays.
 */
export function entryBytes(fd: number, entry: ZipEntry): BytesSource {
  let fault: string | null = null;
  async function* blocks(): AsyncGenerator<Uint8Array> {
    const offset = zipDataOffset(readAt(fd, entry.headerOffset, 30), entry);
    if (offset === null) {
      fault = 'zip-entry-header: its own header is missing or contradicts the directory';
      return;
    }
    const limit = Math.min(entry.bytes, maxEntryBytes);
    let bytes = 0;
    let sum = 0;
    try {
      for await (const block of contentOf(fd, offset, entry)) {
        const piece = block.subarray(0, limit - bytes);
        bytes += piece.length;
        sum = crc32(piece, sum);
        if (piece.length > 0) yield piece;
        if (piece.length < block.length) {
          fault = `zip-entry-size: more comes out than the ${limit} bytes that it may have`;
          return;
        }
      }
    } catch (error) {
      fault = `zip-entry-broken: ${error instanceof Error ? error.message : 'compression'} after ${bytes} bytes`;
      return;
    }
    if (bytes !== entry.bytes) fault = `zip-entry-size: ${bytes} bytes instead of ${entry.bytes}`;
    else if (sum !== entry.crc32) fault = 'zip-entry-sum: another check sum than the archive says';
  }
  return { blocks, fault: () => fault };
}

function contentOf(fd: number, offset: number, entry: ZipEntry): AsyncIterable<Uint8Array> {
  const stored = Readable.from(storedBlocks(fd, offset, entry.compressedBytes));
  if (entry.method === 'stored') return stored;
  const inflate = createInflateRaw();
  stored.on('error', (error) => inflate.destroy(error));
  return stored.pipe(inflate);
}

function* storedBlocks(fd: number, offset: number, bytes: number): Generator<Uint8Array> {
  for (let done = 0; done < bytes;) {
    const block = readAt(fd, offset + done, Math.min(blockBytes, bytes - done));
    if (block.length === 0) return;
    done += block.length;
    yield block;
  }
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  return block.subarray(0, readSync(fd, block, 0, length, offset));
}
