import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { errorCode } from '../evidence/durable-files.ts';
import { isUnfitName, maxEntries } from '../parsing/zip.ts';
import type { Conduct } from './conduct.ts';
import { StoreFailure, problemOfFailure } from './store-failure.ts';

const blockBytes = 1024 * 1024;
/** What a ZIP without extensions can hold (PKWARE APPNOTE 4.4.8), with room for its directory. */
const maxArchiveBytes = 0xffffffff - 64 * 1024 * 1024;
/** Counted in sixteen bits there. */
const maxFiles = Math.min(maxEntries, 0xfffe);
const maxDepth = 32;
const utf8Names = 0x0800;
/** What hinders one file or directory, not the others; the lack of our own means (EMFILE …) is none of it. */
const unreadable: ReadonlySet<string | null> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ENAMETOOLONG',
  'ELOOP',
  'EISDIR',
  'ENXIO',
  'EBUSY',
  'EIO',
  'ESTALE',
]);

export interface PackedFolder {
  readonly files: number;
  /** Links, sockets and the like, what lies too deep, cannot be read or has a name that no reader takes: not followed, not taken. */
  readonly leftOut: number;
  /** The first of them by name, below the folder; hostile text. */
  readonly firstLeftOut: string | null;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly bytes: number;
  readonly offset: number;
}

interface Listed {
  readonly names: string[];
  /** What the archive needs for them at least. */
  bytes: number;
  readonly leftOut: string[];
}

/**
 * Packs a folder as it lies into a new archive (ZIP, nothing compressed, names sorted), so that it can be taken into custody as one
 * exhibit. No link is followed. The same folder gives the same bytes.
 * Problems: `folder-too-large`, `disk-full` (the archive's folder), `interrupted`, those of reading and writing.
 */
export async function packFolder(folder: string, archive: string, conduct: Conduct): Promise<Result<PackedFolder>> {
  const place = dirname(archive);
  let file: number | null = null;
  try {
    const root = rootOf(folder);
    const listed: Listed = { names: [], bytes: 0, leftOut: [] };
    await listFiles(root, '', 0, listed, conduct);
    const { names } = listed;
    if (names.length > maxFiles || listed.bytes > maxArchiveBytes) return fail('folder-too-large', { path: folder });
    const { bavail, bsize } = statfsSync(place);
    if (listed.bytes > bavail * bsize) return fail('disk-full', { path: place });
    file = openSync(archive, 'wx', 0o600);
    const written: Written[] = [];
    let end = 0;
    for (const [at, name] of names.sort().entries()) {
      conduct.progress({
        task: 'import',
        step: name.slice(-100),
        done: at,
        total: names.length,
        unit: 'steps',
        note: null,
      });
      const one = await addFile(file, end, root, name, conduct);
      if (one === null) listed.leftOut.push(name);
      else if (one.next > maxArchiveBytes) return fail('folder-too-large', { path: folder });
      else {
        written.push(one.entry);
        end = one.next;
      }
    }
    // Of a file that broke off, more may have been written.
    ftruncateSync(file, end);
    writeDirectory(file, end, written);
    const { leftOut } = listed;
    return ok({ files: written.length, leftOut: leftOut.length, firstLeftOut: leftOut.sort()[0] ?? null });
  } catch (error) {
    const told = problemOfFailure(error, folder, 'read');
    return !told.ok && told.problem.code === 'disk-full'
      ? fail('disk-full', { path: place }, told.problem.detail)
      : told;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Lets what waits have its turn: the word to stop, for one. */
async function pause({ signal }: Conduct): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw new StoreFailure(fail('interrupted').problem);
}

/** Null for what cannot be read of it. */
function tried<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (unreadable.has(errorCode(error))) return null;
    throw error;
  }
}

/** The folder with no link in its path, in the system's own words where it has them. */
function rootOf(folder: string): string {
  const real = realpathSync(folder);
  if (process.platform !== 'linux') return real;
  const open = openSync(real, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return placeOf(open, real);
  } finally {
    closeSync(open);
  }
}

/** Where an open file lies, however its path led there; without /proc, where the path leads now. */
function placeOf(open: number, path: string): string {
  const said = process.platform === 'linux' ? tried(() => readlinkSync(`/proc/self/fd/${open}`)) : null;
  return said ?? join(realpathSync(dirname(path)), basename(path));
}

/** Paths of the plain files below, with `/`; stops soon after there are too many. */
async function listFiles(root: string, below: string, depth: number, listed: Listed, conduct: Conduct): Promise<void> {
  const read = (): Dirent[] => readdirSync(join(root, below), { withFileTypes: true });
  // The folder itself has to be readable.
  const entries = below === '' ? read() : tried(read);
  if (entries === null) listed.leftOut.push(below);
  for (const [at, entry] of (entries ?? []).entries()) {
    if (at % 64 === 0) await pause(conduct);
    if (listed.names.length > maxFiles) return;
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth < maxDepth) await listFiles(root, name, depth + 1, listed, conduct);
    else if (!entry.isFile() || isUnfitName(name)) listed.leftOut.push(name);
    else {
      listed.names.push(name);
      listed.bytes += 76 + 2 * Buffer.byteLength(name) + (tried(() => lstatSync(join(root, name)))?.size ?? 0);
    }
  }
}

/** Null for what cannot be read, has become a link or no file meanwhile, or is reached through a link. */
async function addFile(
  archive: number,
  offset: number,
  root: string,
  path: string,
  conduct: Conduct,
): Promise<{ entry: Written; next: number } | null> {
  await pause(conduct);
  const full = join(root, path);
  const source = tried(() => openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  if (source === null) return null;
  try {
    if (!fstatSync(source).isFile() || tried(() => placeOf(source, full)) !== full) return null;
    const name = Buffer.from(path, 'utf8');
    const begin = offset + 30 + name.length;
    const block = Buffer.allocUnsafe(blockBytes);
    let bytes = 0;
    let crc = 0;
    while (begin + bytes <= maxArchiveBytes) {
      const read = tried(() => readSync(source, block, 0, blockBytes, null));
      if (read === null) return null;
      if (read === 0) break;
      const piece = block.subarray(0, read);
      crc = crc32(piece, crc);
      writeAll(archive, piece, begin + bytes);
      bytes += read;
      await pause(conduct);
    }
    const entry = { name, crc, bytes, offset };
    writeAll(archive, Buffer.concat([localHeader(entry), name]), offset);
    return { entry, next: begin + bytes };
  } finally {
    closeSync(source);
  }
}

/** Throws the system's error, and where nothing more is taken without one. */
function writeAll(archive: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const now = writeSync(archive, bytes, done, bytes.length - done, position + done);
    if (now === 0) throw Object.assign(new Error('nothing more could be written'), { code: 'ENOSPC' });
    done += now;
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
  writeAll(archive, all, offset);
}
