// Unpacks a zip file without any program or package: enough of the format for archives under 4 GiB that were written to be
// read (central directory, stored or deflated entries, Unix modes and symbolic links). Source: PKWARE APPNOTE 6.3.
import { closeSync, fchmodSync, mkdirSync, openSync, readSync, statSync, symlinkSync, writeSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

const endRecord = 0x06054b50;
const centralEntry = 0x02014b50;
const localEntry = 0x04034b50;
const symbolicLink = 0o120000;

function readAt(fd, position, length) {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, position + done);
    if (got === 0) throw new Error('the zip file ends too early');
    done += got;
  }
  return bytes;
}

function centralDirectory(fd, size) {
  const tailLength = Math.min(size, 22 + 65535);
  const tail = readAt(fd, size - tailLength, tailLength);
  for (let at = tailLength - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endRecord) continue;
    return readAt(fd, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  }
  throw new Error('not a zip file');
}

function* entriesOf(directory) {
  let at = 0;
  while (at + 46 <= directory.length && directory.readUInt32LE(at) === centralEntry) {
    const nameLength = directory.readUInt16LE(at + 28);
    yield {
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    };
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

function contentOf(fd, entry) {
  const header = readAt(fd, entry.offset, 30);
  if (header.readUInt32LE(0) !== localEntry) throw new Error(`damaged entry ${entry.name}`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = readAt(fd, start, entry.packedBytes);
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`unknown method ${entry.method} for ${entry.name}`);
  const content = entry.method === 8 ? inflateRawSync(packed) : packed;
  if (crc32(content) !== entry.crc) throw new Error(`damaged content of ${entry.name}`);
  return content;
}

function writeEntry(target, entry, content) {
  mkdirSync(dirname(target), { recursive: true });
  if ((entry.mode & 0o170000) === symbolicLink) {
    symlinkSync(content.toString('utf8'), target);
    return;
  }
  const fd = openSync(target, 'wx');
  try {
    for (let done = 0; done < content.length;) done += writeSync(fd, content, done);
    fchmodSync(fd, (entry.mode & 0o777) | 0o600);
  } finally {
    closeSync(fd);
  }
}

/** Unpacks into `folder` every entry for which `rename(name)` answers with a relative path instead of null. */
export function unzip(file, folder, rename) {
  const fd = openSync(file, 'r');
  try {
    for (const entry of entriesOf(centralDirectory(fd, statSync(file).size))) {
      const name = rename(entry.name);
      if (name === null || entry.name.endsWith('/')) continue;
      if (normalize(name).startsWith('..')) throw new Error(`entry outside the folder: ${entry.name}`);
      writeEntry(join(folder, name), entry, contentOf(fd, entry));
    }
  } finally {
    closeSync(fd);
  }
}
