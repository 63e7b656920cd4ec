import { createHash } from 'node:crypto';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { printable } from './adb-failure.ts';
import { endProblem } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import { nowInstant } from './instant.ts';
import type { LinkContext } from './link-context.ts';
import type {
  DirectoryListing,
  ListOptions,
  PullOptions,
  PullOutcome,
  PullResult,
  PushOptions,
  TransferOptions,
} from './link-types.ts';
import {
  isUnsafeName,
  maxSyncDataBytes,
  maxSyncPathBytes,
  readStatV1,
  readStatV2,
  statV1Bytes,
  statV2Bytes,
  syncRequest,
} from './sync-wire.ts';
import type { DirectoryEntry, FileStatus } from './sync-wire.ts';

/** Time without a byte after which a transfer counts as stuck. */
const idleTimeoutMs = 30_000;
const maxEntries = 100_000;
/** A folder that is handed on entry by entry may be longer; a handset that lists without end is still left. */
const maxEntriesHandedOn = 10_000_000;
const maxUnsafeNames = 1000;

/** Opens `sync:`, lets `talk` speak on it, says QUIT, and notes the end in the journal whatever happens. */
async function withSync<T>(
  link: LinkContext,
  request: string,
  path: string,
  options: TransferOptions,
  talk: (stream: AdbStream, pathBytes: Buffer) => Promise<Result<T>>,
): Promise<Result<T>> {
  const pathBytes = Buffer.from(path, 'utf8');
  if (pathBytes.length === 0 || pathBytes.length > maxSyncPathBytes || pathBytes.includes(0)) {
    return fail('LIMIT', { what: 'path', bytes: pathBytes.length, maximum: maxSyncPathBytes });
  }
  const opened = await link.open('sync:', `${request} ${path}`, {
    timeoutMs: link.openTimeoutMs,
    signal: options.signal,
  });
  if (!opened.ok) return opened;
  const { stream, note } = opened.value;
  stream.limit(options.idleTimeoutMs ?? idleTimeoutMs, options.signal);
  const result = await talk(stream, pathBytes).catch((error: unknown) => {
    // Whoever takes the bytes could not (a full disk): the handset does not go on sending to nobody.
    stream.end(null);
    note({ outcome: 'ABORTED', bytesReceived: stream.bytesReceived, bytesSent: stream.bytesSent });
    throw error;
  });
  if (!stream.socket.destroyed) await stream.write(syncRequest('QUIT', new Uint8Array()));
  stream.end(null);
  note({
    outcome: result.ok ? 'ok' : result.problem.code,
    bytesReceived: stream.bytesReceived,
    bytesSent: stream.bytesSent,
  });
  return result;
}

/** Follows symbolic links where the release can tell (stat_v2). Problems: NOT_FOUND, REFUSED, and those of the stream. */
export async function statFile(link: LinkContext, path: string, options: TransferOptions): Promise<Result<FileStatus>> {
  const v2 = link.features.has('stat_v2');
  const id = v2 ? 'STA2' : 'STAT';
  return await withSync(link, id, path, options, async (stream, pathBytes) => {
    await stream.write(syncRequest(id, pathBytes));
    const head = await stream.exactly(4);
    if (head === null) return { ok: false, problem: endProblem(stream, link.serial) };
    if (head.toString('latin1') !== id) return await refusal(stream, link, head);
    const body = await stream.exactly(v2 ? statV2Bytes : statV1Bytes);
    if (body === null) return { ok: false, problem: endProblem(stream, link.serial) };
    const status = v2 ? readStatV2(body) : readStatV1(body);
    if (status.errno !== 0) return errnoProblem(status.errno, path);
    // The old answer to a missing file is all zeros: absent and refused cannot be told apart there.
    return !v2 && status.mode === 0 ? fail('NOT_FOUND', { path: printable(path, 300) }) : ok(status);
  });
}

/** Lists a folder; unsafe names are reported, not listed. See `HandsetLink.readDir`. */
export async function listFolder(
  link: LinkContext,
  path: string,
  options: ListOptions,
): Promise<Result<DirectoryListing>> {
  const v2 = link.features.has('ls_v2');
  const entries: DirectoryEntry[] = [];
  const unsafeNames: Buffer[] = [];
  const limit = options.maxEntries ?? (options.onEntry === undefined ? maxEntries : maxEntriesHandedOn);
  type Counted = Omit<DirectoryListing, 'entries' | 'unsafeNames'>;
  const listed = await withSync<Counted>(link, v2 ? 'LIS2' : 'LIST', path, options, async (stream, pathBytes) => {
    await stream.write(syncRequest(v2 ? 'LIS2' : 'LIST', pathBytes));
    let [count, unsafeCount] = [0, 0];
    while (count < limit) {
      const next = await nextEntry(link, stream, v2);
      if (!next.ok) return next;
      const entry = next.value;
      if (entry === null) return ok({ count, unsafeCount, truncatedAtEntries: null });
      if (entry.name === '.' || entry.name === '..') continue;
      count += 1;
      if (isUnsafeName(entry.nameBytes)) {
        unsafeCount += 1;
        if (unsafeNames.length < maxUnsafeNames) unsafeNames.push(entry.nameBytes);
      } else if (options.onEntry === undefined) entries.push(entry);
      else await options.onEntry(entry);
      stream.limit(options.idleTimeoutMs ?? idleTimeoutMs, options.signal);
    }
    return ok({ count, unsafeCount, truncatedAtEntries: limit });
  });
  return listed.ok ? ok({ ...listed.value, entries, unsafeNames }) : listed;
}

/** The next entry of a listing as it was sent; null at its end. */
async function nextEntry(link: LinkContext, stream: AdbStream, v2: boolean): Promise<Result<DirectoryEntry | null>> {
  const statBytes = v2 ? statV2Bytes : statV1Bytes;
  const head = await stream.exactly(4);
  const word = head?.toString('latin1');
  if (head === null || word === undefined) return { ok: false, problem: endProblem(stream, link.serial) };
  if (word === 'FAIL') return await refusal(stream, link, head);
  const body = await stream.exactly(statBytes + 4);
  if (body === null) return { ok: false, problem: endProblem(stream, link.serial) };
  if (word === 'DONE') return ok(null);
  if (word !== (v2 ? 'DNT2' : 'DENT')) return fail('PROTOCOL', undefined, `in a listing: ${printable(word, 8)}`);
  const nameLength = body.readUInt32LE(statBytes);
  if (nameLength > maxSyncPathBytes) return fail('PROTOCOL', undefined, `a name of ${nameLength} bytes`);
  const nameBytes = await stream.exactly(nameLength);
  if (nameBytes === null) return { ok: false, problem: endProblem(stream, link.serial) };
  return ok({ ...(v2 ? readStatV2(body) : readStatV1(body)), name: nameBytes.toString('utf8'), nameBytes });
}

/** Pulls a file block by block, hashing on the way; nothing is collected here. See `HandsetLink.pull`. */
export async function pullFile(
  link: LinkContext,
  path: string,
  onChunk: (chunk: Buffer) => void | Promise<void>,
  options: PullOptions,
): Promise<PullOutcome> {
  const hash = createHash('sha256');
  const startedAt = nowInstant();
  let bytes = 0;
  let truncatedAtBytes: number | null = null;
  const result = await withSync(link, 'RECV', path, options, async (stream, pathBytes): Promise<Result<null>> => {
    await stream.write(syncRequest('RECV', pathBytes));
    for (;;) {
      const head = await stream.exactly(8);
      if (head === null) return { ok: false, problem: pullEnd(stream, link) };
      const word = head.toString('latin1', 0, 4);
      if (word === 'DONE') return ok(null);
      if (word === 'FAIL') return await refusal(stream, link, head);
      if (word !== 'DATA') return fail('PROTOCOL', undefined, `in a pull: ${printable(word, 8)}`);
      let left = head.readUInt32LE(4);
      if (left > maxSyncDataBytes) return fail('PROTOCOL', undefined, `a block of ${left} bytes`);
      while (left > 0) {
        const chunk = await stream.next();
        if (chunk === null) return { ok: false, problem: pullEnd(stream, link) };
        if (chunk.length > left) stream.unread(chunk.subarray(left));
        const block = chunk.length > left ? chunk.subarray(0, left) : chunk;
        left -= block.length;
        const room = (options.maxBytes ?? Number.POSITIVE_INFINITY) - bytes;
        const taken = block.length > room ? block.subarray(0, room) : block;
        hash.update(taken);
        bytes += taken.length;
        const wait = onChunk(taken);
        if (wait !== undefined) await wait;
        options.onProgress?.(bytes);
        if (block.length > room) {
          truncatedAtBytes = bytes;
          stream.end(null);
          return ok(null);
        }
      }
      stream.limit(options.idleTimeoutMs ?? idleTimeoutMs, options.signal);
    }
  });
  const value: PullResult = { bytes, sha256: hash.digest('hex'), startedAt, endedAt: nowInstant(), truncatedAtBytes };
  return result.ok ? { ok: true, value } : { ok: false, problem: result.problem, partial: bytes > 0 ? value : null };
}

/** A pull that ends without DONE is cut off, however many bytes came. */
function pullEnd(stream: AdbStream, link: LinkContext): Problem {
  const problem = endProblem(stream, link.serial);
  return problem.code === 'SERVER_DOWN' ? { ...problem, code: 'TRUNCATED' } : problem;
}

/** Writes a file in blocks of at most 64 KB. It changes the handset: callers journal the reason. See `HandsetLink.push`. */
export async function pushFile(
  link: LinkContext,
  path: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  options: PushOptions,
): Promise<Result<{ readonly bytes: number }>> {
  return await withSync(link, 'SEND', path, options, async (stream, pathBytes) => {
    const mode = Buffer.from(`,${(0o100000 | (options.mode ?? 0o644)).toString(10)}`);
    await stream.write(syncRequest('SEND', Buffer.concat([pathBytes, mode])));
    let bytes = 0;
    for await (const piece of source instanceof Uint8Array ? [source] : source) {
      for (let at = 0; at < piece.length; at += maxSyncDataBytes) {
        const block = piece.subarray(at, at + maxSyncDataBytes);
        if (!(await stream.write(syncRequest('DATA', block)))) return await sendEnd(stream, link);
        bytes += block.length;
        stream.limit(options.idleTimeoutMs ?? idleTimeoutMs, options.signal);
      }
    }
    const done = Buffer.alloc(8);
    done.write('DONE', 0, 4, 'latin1');
    done.writeUInt32LE(options.modifiedSeconds ?? Math.floor(Date.now() / 1000), 4);
    await stream.write(done);
    const answer = await stream.exactly(8);
    if (answer === null) return { ok: false, problem: endProblem(stream, link.serial) };
    return answer.toString('latin1', 0, 4) === 'OKAY' ? ok({ bytes }) : await refusal(stream, link, answer);
  });
}

/** The handset may have said FAIL before it stopped listening. */
async function sendEnd(stream: AdbStream, link: LinkContext): Promise<Result<never>> {
  const head = await stream.exactly(8);
  return head === null ? { ok: false, problem: endProblem(stream, link.serial) } : await refusal(stream, link, head);
}

/** Reads the text behind FAIL; `head` holds 4 or 8 bytes of it. */
async function refusal(stream: AdbStream, link: LinkContext, head: Buffer): Promise<Result<never>> {
  if (head.toString('latin1', 0, 4) !== 'FAIL') {
    return fail('PROTOCOL', undefined, `expected FAIL, got ${printable(head.toString('latin1', 0, 4), 8)}`);
  }
  const length = head.length >= 8 ? head.subarray(4, 8) : await stream.exactly(4);
  if (length === null) return { ok: false, problem: endProblem(stream, link.serial) };
  const text = await stream.exactly(Math.min(length.readUInt32LE(0), 4096));
  const said = printable(text?.toString('utf8') ?? '', 500);
  if (/no such file|not a directory/i.test(said)) return fail('NOT_FOUND', undefined, said);
  // ENOKEY: encrypted, and not unlocked since the handset was started (kernel, filesystems/fscrypt).
  if (/permission denied|not permitted|read-only|required key not available/i.test(said))
    return fail('REFUSED', undefined, said);
  return fail('REMOTE', undefined, said);
}

/** errno of Linux: ENOENT 2, ENOTDIR 20, EPERM 1, EACCES 13. */
function errnoProblem(errno: number, path: string): Result<never> {
  const params = { path: printable(path, 300) };
  if (errno === 2 || errno === 20) return fail('NOT_FOUND', params, `errno ${errno}`);
  if (errno === 1 || errno === 13) return fail('REFUSED', params, `errno ${errno}`);
  return fail('REMOTE', params, `errno ${errno}`);
}
