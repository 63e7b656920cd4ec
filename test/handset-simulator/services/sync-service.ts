import { posix } from 'node:path';
import type { DeviceStream } from '../transport/device-stream.ts';
import { cleanPath, modeBits, sizeOf } from './virtual-files.ts';
import type { FileNode, VirtualFiles } from './virtual-files.ts';

/** What the sync service needs; `writable` says where a push may go, `statV2`/`listV2` follow the advertised features. */
export interface SyncPort {
  readonly files: VirtualFiles;
  readonly statV2: boolean;
  readonly listV2: boolean;
  readonly writable: (path: string) => boolean;
  readonly freeBytes: () => number;
  /** Everything answered to LIST of a folder may be replaced (hostile personas): names as sent. */
  readonly listOverride: (path: string) => readonly string[] | null;
}

const enoent = 2;
const eacces = 13;
const chunkBytes = 64 * 1024;
const longestPath = 1024;
/** The handset's storage is this process's memory. */
const storageBytes = 512 * 1024 * 1024;

function stat1(node: FileNode | null): Buffer {
  const bytes = Buffer.alloc(12);
  if (node === null) return bytes;
  bytes.writeUInt32LE(modeBits(node), 0);
  bytes.writeUInt32LE(sizeOf(node) >>> 0, 4);
  bytes.writeUInt32LE(node.modifiedAt >>> 0, 8);
  return bytes;
}

/** 68 bytes: error, dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime. */
function stat2(node: FileNode | null): Buffer {
  const bytes = Buffer.alloc(68);
  if (node === null || node.denied === true) bytes.writeUInt32LE(node === null ? enoent : eacces, 0);
  if (node === null) return bytes;
  bytes.writeBigUInt64LE(64769n, 4);
  bytes.writeBigUInt64LE(1000n, 12);
  bytes.writeUInt32LE(modeBits(node), 20);
  bytes.writeUInt32LE(1, 24);
  bytes.writeUInt32LE(node.uid, 28);
  bytes.writeUInt32LE(node.gid, 32);
  bytes.writeBigUInt64LE(BigInt(sizeOf(node)), 36);
  for (const offset of [44, 52, 60]) bytes.writeBigInt64LE(BigInt(node.modifiedAt), offset);
  return bytes;
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const tagged = (tag: string, ...rest: Buffer[]): Buffer => Buffer.concat([Buffer.from(tag, 'latin1'), ...rest]);
const failed = (message: string): Buffer => tagged('FAIL', word(Buffer.byteLength(message)), Buffer.from(message));

function entries(port: SyncPort, path: string, second: boolean): Buffer {
  const names = port.listOverride(cleanPath(path)) ?? port.files.list(path) ?? [];
  const parts: Buffer[] = [];
  for (const name of [...(names.length > 0 ? ['.', '..'] : []), ...names]) {
    const node = port.files.lstat(posix.join(path, name)) ?? port.files.stat('/');
    const text = Buffer.from(name);
    parts.push(tagged(second ? 'DNT2' : 'DENT', second ? stat2(node) : stat1(node), word(text.length), text));
  }
  parts.push(tagged('DONE', Buffer.alloc(second ? 72 : 16)));
  return Buffer.concat(parts);
}

async function receive(port: SyncPort, path: string, stream: DeviceStream): Promise<void> {
  const node = port.files.stat(path);
  if (node === null) return void (await stream.write(failed('No such file or directory')));
  if (node.denied === true) return void (await stream.write(failed('Permission denied')));
  if (node.sealed === true) return void (await stream.write(failed('open failed: Required key not available')));
  if (node.kind === 'folder') return void (await stream.write(failed('read failed: Is a directory')));
  const content = node.part === undefined ? node.content() : Buffer.alloc(0);
  const partAt = node.part ?? ((offset: number, length: number): Buffer => content.subarray(offset, offset + length));
  for (let offset = 0; ; offset += chunkBytes) {
    const part = partAt(offset, chunkBytes);
    if (part.length === 0) break;
    if (!(await stream.write(tagged('DATA', word(part.length), part)))) return;
  }
  await stream.write(tagged('DONE', word(0)));
}

/** Reads exactly n bytes of what the host sends, across packets. null at the end of the stream. */
function byteReader(stream: DeviceStream): (count: number) => Promise<Buffer | null> {
  let pending: Buffer = Buffer.alloc(0);
  let wake: (() => void) | null = null;
  stream.onData((data) => {
    pending = Buffer.concat([pending, data]);
    wake?.();
  });
  stream.onClose(() => wake?.());
  return async (count) => {
    while (pending.length < count) {
      if (stream.closed) return null;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (pending.length >= count || stream.closed) resolve();
      });
    }
    const taken = Buffer.from(pending.subarray(0, count));
    pending = pending.subarray(count);
    return taken;
  };
}

async function send(
  port: SyncPort,
  argument: string,
  read: (n: number) => Promise<Buffer | null>,
  stream: DeviceStream,
): Promise<boolean> {
  const comma = argument.lastIndexOf(',');
  const path = comma < 0 ? argument : argument.slice(0, comma);
  const mode = comma < 0 ? 0o644 : Number.parseInt(argument.slice(comma + 1), 10) & 0o777;
  const parts: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const head = await read(8);
    if (head === null) return false;
    const tag = head.toString('latin1', 0, 4);
    const length = head.readUInt32LE(4);
    if (tag === 'DONE') {
      const allowed = port.writable(port.files.resolve(path));
      if (allowed)
        port.files.put(port.files.resolve(path), Buffer.concat(parts), {
          mode,
          uid: 2000,
          gid: 2000,
          modifiedAt: length,
        });
      await stream.write(allowed ? tagged('OKAY', word(0)) : failed(`couldn't create file: Permission denied`));
      return true;
    }
    if (tag !== 'DATA' || length > chunkBytes) {
      await stream.write(failed('oversize data message'));
      return false;
    }
    const data = await read(length);
    if (data === null) return false;
    bytes += data.length;
    if (bytes > Math.min(storageBytes, port.freeBytes())) {
      await stream.write(failed('write failed: No space left on device'));
      return false;
    }
    parts.push(data);
  }
}

/** The file service of adbd: STAT, LIST, RECV and SEND, and their second versions where the persona advertises them. */
export async function serveSync(port: SyncPort, stream: DeviceStream): Promise<void> {
  const read = byteReader(stream);
  for (;;) {
    const head = await read(8);
    if (head === null) return;
    const tag = head.toString('latin1', 0, 4);
    const length = head.readUInt32LE(4);
    const argument = tag === 'QUIT' || length > longestPath ? null : await read(length);
    if (argument === null) {
      if (tag !== 'QUIT') await stream.write(failed('path too long'));
      return stream.end();
    }
    const path = argument.toString('utf8');
    if (tag === 'STAT') await stream.write(tagged('STAT', stat1(port.files.lstat(path))));
    else if (tag === 'STA2' && port.statV2) await stream.write(tagged('STA2', stat2(port.files.stat(path))));
    else if (tag === 'LST2' && port.statV2) await stream.write(tagged('LST2', stat2(port.files.lstat(path))));
    else if (tag === 'LIST') await stream.write(entries(port, path, false));
    else if (tag === 'LIS2' && port.listV2) await stream.write(entries(port, path, true));
    else if (tag === 'RECV') await receive(port, path, stream);
    else if (tag === 'SEND') {
      if (!(await send(port, path, read, stream))) return stream.end();
    } else {
      await stream.write(failed(`unknown command '${tag}'`));
      return stream.end();
    }
  }
}
