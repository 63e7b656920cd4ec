/** One entry of a ZIP archive, as its central directory lists it. */
export interface ZipEntry {
  /** As stored; separators are `/`. Hostile text. */
  readonly name: string;
  /** Compressed bytes and where the entry's own header begins. */
  readonly compressedBytes: number;
  /** As the directory says: what comes out may lie, and is counted. */
  readonly bytes: number;
  readonly headerOffset: number;
  readonly crc32: number;
  readonly method: 'stored' | 'deflate' | null;
  /** Why nothing is read of it; null where it can be. */
  readonly refused: ZipRefusal | null;
}

/** `name`: leads out of the archive, is absolute, or cannot be shown. `doubled`: an earlier entry has that name. */
export type ZipRefusal = 'encrypted' | 'method' | 'name' | 'doubled' | 'directory' | 'link' | 'zip64';

/** What the end of the archive says about its directory. */
export interface ZipDirectory {
  readonly offset: number;
  readonly bytes: number;
  readonly entries: number;
}

/** PKWARE APPNOTE 4.3.16: the end record is 22 bytes and a comment of at most 65,535. */
export const endBytes = 22 + 65_535;
/** An archive of more entries is an attack or no collection of a handset. */
export const maxEntries = 100_000;
export const maxDirectoryBytes = 64 * 1024 * 1024;

export type ZipProblem = 'no-end' | 'zip64' | 'several-disks' | 'too-many-entries' | 'directory-outside';

/**
 * Finds the directory from the last bytes of an archive (at most `endBytes` of them). Zip64 and archives of several disks are said,
 * not read. Source: PKWARE APPNOTE 6.3.10, 4.3.16.
 */
export function zipDirectory(tail: Uint8Array, fileBytes: number): ZipDirectory | ZipProblem {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) !== tail.length) continue;
    if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) return 'several-disks';
    const entries = view.getUint16(at + 10, true);
    const bytes = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (entries === 0xffff || bytes === 0xffffffff || offset === 0xffffffff) return 'zip64';
    if (entries > maxEntries || bytes > maxDirectoryBytes) return 'too-many-entries';
    return offset + bytes > fileBytes - tail.length + at ? 'directory-outside' : { offset, bytes, entries };
  }
  return 'no-end';
}

/** Lists the entries of a directory; null where it is no directory or holds less than it says. Does not throw on any bytes. */
export function zipEntries(directory: Uint8Array, count: number): readonly ZipEntry[] | null {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: ZipEntry[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50) return null;
    const nameBytes = view.getUint16(at + 28, true);
    const next = at + 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > directory.length) return null;
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameBytes));
    const entry = entryAt(view, at, name);
    entries.push(entry.refused === null && seen.has(name) ? { ...entry, refused: 'doubled' } : entry);
    seen.add(name);
    at = next;
  }
  return entries;
}

function entryAt(view: DataView, at: number, name: string): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const compressedBytes = view.getUint32(at + 20, true);
  const bytes = view.getUint32(at + 24, true);
  const headerOffset = view.getUint32(at + 42, true);
  // Unix modes stand in the upper half of the external attributes (0xa000: a symbolic link).
  const isLink = (view.getUint16(at + 40, true) & 0xf000) === 0xa000;
  const big = [compressedBytes, bytes, headerOffset].includes(0xffffffff);
  return {
    name,
    compressedBytes,
    bytes,
    headerOffset,
    crc32: view.getUint32(at + 16, true),
    method: method === 0 ? 'stored' : method === 8 ? 'deflate' : null,
    refused: refusalOf({ name, encrypted: (flags & 0x41) !== 0, method, isLink, big }),
  };
}

interface Doubts {
  readonly name: string;
  readonly encrypted: boolean;
  readonly method: number;
  readonly isLink: boolean;
  readonly big: boolean;
}

// Half a surrogate pair cannot be said in UTF-8.
// eslint-disable-next-line no-control-regex
const unfitName = /[\u0000-\u001f\u007f\\:\ufffd\p{Cs}]/u;

/** Whether an entry of that name is refused: it leads out of the archive, is absolute, or cannot be shown. */
export function isUnfitName(name: string): boolean {
  return (
    name === '' || name.length > 1000 || unfitName.test(name) || name.startsWith('/') || name.split('/').includes('..')
  );
}

function refusalOf({ name, encrypted, method, isLink, big }: Doubts): ZipRefusal | null {
  if (isUnfitName(name)) return 'name';
  if (name.endsWith('/')) return 'directory';
  if (isLink) return 'link';
  if (encrypted) return 'encrypted';
  if (big) return 'zip64';
  return method === 0 || method === 8 ? null : 'method';
}

/** Where an entry's bytes begin, from its own header (30 bytes); null where there is none or it contradicts the directory. */
export function zipDataOffset(header: Uint8Array, entry: ZipEntry): number | null {
  if (header.length < 30) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.getUint32(0, true) !== 0x04034b50) return null;
  const method = view.getUint16(8, true);
  if ((method === 0 ? 'stored' : method === 8 ? 'deflate' : null) !== entry.method) return null;
  return entry.headerOffset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
}
