import { crc32, inflateRawSync } from 'node:zlib';
import { endBytes, zipDataOffset, zipDirectory, zipEntries } from '../zip.ts';
import type { ZipDirectory, ZipEntry, ZipProblem } from '../zip.ts';

/** A file that is read piece by piece: an app's code may have hundreds of megabytes. */
export interface ApkSource {
  readonly bytes: number;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Uint8Array;
}

/** What the archive holds, by its directory. */
export interface ApkArchive {
  readonly directory: ZipDirectory;
  readonly entries: readonly ZipEntry[];
}

/** Directories of real apps have some megabytes; each entry of them costs memory. */
const maxApkDirectoryBytes = 16 * 1024 * 1024;

/** Reads the end and the directory of the archive, nothing else of it. Problems: those of the archive's directory. */
export function openApk(source: ApkSource): ApkArchive | ZipProblem {
  const wanted = Math.min(source.bytes, endBytes);
  const directory = zipDirectory(source.read(source.bytes - wanted, wanted), source.bytes);
  if (typeof directory === 'string') return directory;
  if (directory.bytes > maxApkDirectoryBytes) return 'too-many-entries';
  const entries = zipEntries(source.read(directory.offset, directory.bytes), directory.entries);
  return entries === null ? 'directory-outside' : { directory, entries };
}

export type EntryProblem = 'refused' | 'header' | 'limit' | 'cut' | 'broken' | 'sum';

/**
 * The content of one entry, held whole: for small ones, at most `maxBytes` of them whatever the directory says. Problems: `refused`
 * (by what the directory says of it), `header` (its own contradicts the directory), `limit`, `cut` (the file ends before), `broken`
 * (compression, or another size than said), `sum`.
 */
export function entryContent(source: ApkSource, entry: ZipEntry, maxBytes: number): Uint8Array | EntryProblem {
  if (entry.refused !== null && entry.refused !== 'doubled') return 'refused';
  if (entry.bytes > maxBytes || entry.compressedBytes > maxBytes) return 'limit';
  const offset = zipDataOffset(source.read(entry.headerOffset, 30), entry);
  if (offset === null) return 'header';
  const packed = source.read(offset, entry.compressedBytes);
  if (packed.length !== entry.compressedBytes) return 'cut';
  const content = entry.method === 'stored' ? packed : inflated(packed, entry.bytes);
  if (content?.length !== entry.bytes) return 'broken';
  return crc32(content) === entry.crc32 ? content : 'sum';
}

/** Stops one byte after what was said: more is a lie, and none of ours to hold. */
function inflated(packed: Uint8Array, bytes: number): Uint8Array | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: bytes + 1 });
  } catch {
    return null;
  }
}
