import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { maxEntries } from '../parsing/zip.ts';
import type { Conduct } from './conduct.ts';
import { problemOfFailure } from './store-failure.ts';

const blockBytes = 1024 * 1024;
/** What a ZIP without extensions can hold (PKWARE APPNOTE 4.4.8), with room for its directory. */
const maxArchiveBytes = 0xffffffff - 64 * 1024 * 1024;
/** Counted in sixteen bits there. */
const maxFiles = Math.min(maxEntries, 0xfffe);
const maxDepth = 32;
const utf8Names = 0x0800;

export interface PackedFolder {
  readonly files: number;
  /** Links, sockets and the like, and what lies too deep: not followed, not taken. */
  readonly leftOut: number;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * Packs a folder as it lies into a new archive (ZIP, nothing compressed, names sorted), so that it can be taken into custody as one
 * exhibit. No link is followed. The same folder gives the same bytes.
 * Problems: `folder-too-large`, `interrupted`, those of reading and writing.
 */
export function packFolder(folder: string, archive: string, conduct: Conduct): Result<PackedFolder> {
  let file: number | null = null;
  try {
    const listed = listFiles(folder);
    if (listed === null) return fail('folder-too-large', { path: folder });
    file = openSync(archive, 'wx', 0o600);
    const written: Written[] = [];
    let end = 0;
    for (const [at, name] of listed.names.entries()) {
      if (conduct.signal.aborted) return fail('interrupted');
      conduct.progress({
        task: 'import',
        step: name.slice(-100),
        done: at,
        total: listed.names.length,
        unit: 'steps',
        note: null,
      });
      const one = addFile(file, end, folder, name);
      if (one === null) listed.leftOut += 1;
      else if (one.next > maxArchiveBytes) return fail('folder-too-large', { path: folder });
      else {
        written.push(one.entry);
        end = one.next;
      }
    }
    writeDirectory(file, end, written);
    return ok({ files: written.length, leftOut: listed.leftOut });
  } catch (error) {
    return problemOfFailure(error, folder, 'read');
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Paths of the plain files below, with `/`, sorted; null where there are too many. */
function listFiles(folder: string): { readonly names: readonly string[]; leftOut: number } | null {
  const names: string[] = [];
  let leftOut = 0;
  const walk = (below: string, depth: number): boolean => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < maxDepth) {
        if (!walk(name, depth + 1)) return false;
      } else if (!entry.isFile()) leftOut += 1;
      else if (names.push(name) > maxFiles) return false;
    }
    return true;
  };
  return walk('', 0) ? { names: names.sort(), leftOut } : null;
}

/** Null for what has become a link or no file meanwhile. */
function addFile(
  archive: number,
  offset: number,
  folder: string,
  path: string,
): { entry: Written; next: number } | null {
  let source: number;
  try {
    source = openSync(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return null;
    throw error;
  }
  try {
    if (!fstatSync(source).isFile()) return null;
    const name = Buffer.from(path, 'utf8');
    const begin = offset + 30 + name.length;
    const block = Buffer.allocUnsafe(blockBytes);
    let bytes = 0;
    let crc = 0;
    for (let read = readSync(source, block, 0, blockBytes, null); read > 0;) {
      const piece = block.subarray(0, read);
      crc = crc32(piece, crc);
      writeSync(archive, piece, 0, read, begin + bytes);
      bytes += read;
      if (begin + bytes > maxArchiveBytes) break;
      read = readSync(source, block, 0, blockBytes, null);
    }
    const entry = { name, crc, bytes, offset };
    writeSync(archive, Buffer.concat([localHeader(entry), name]), 0, 30 + name.length, offset);
    return { entry, next: begin + bytes };
  } finally {
    closeSync(source);
  }
}

/** APPNOTE 4.3.7; without times: what the workstation's copy says of them is no evidence. */
function localHeader({ name, crc, bytes }: Written): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(utf8Names, 6);
  header.writeUInt16LE(0x21, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt32LE(bytes, 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

/** APPNOTE 4.3.12 and 4.3.16. */
function writeDirectory(archive: number, offset: number, written: readonly Written[]): void {
  const rows = written.map(({ name, crc, bytes, offset: at }) => {
    const row = Buffer.alloc(46);
    row.writeUInt32LE(0x02014b50, 0);
    row.writeUInt16LE(20, 4);
    row.writeUInt16LE(20, 6);
    row.writeUInt16LE(utf8Names, 8);
    row.writeUInt16LE(0x21, 14);
    row.writeUInt32LE(crc, 16);
    row.writeUInt32LE(bytes, 20);
    row.writeUInt32LE(bytes, 24);
    row.writeUInt16LE(name.length, 28);
    row.writeUInt32LE(at, 42);
    return Buffer.concat([row, name]);
  });
  const directory = Buffer.concat(rows);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(written.length, 8);
  end.writeUInt16LE(written.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  const all = Buffer.concat([directory, end]);
  writeSync(archive, all, 0, all.length, offset);
}
