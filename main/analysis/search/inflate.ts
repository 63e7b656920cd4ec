import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { gzipHeaderBytes } from '../../dissection/gzip-header.ts';
import { inflateSmall } from '../../dissection/small-inflate.ts';
import { skippableBytes, ZstdDecoder } from '../../dissection/zstd.ts';
import { compressionAt } from './byte-classes.ts';
import { deflateMayBegin } from './deflate-gate.ts';
import { unpackLz4 } from './lz4-frame.ts';
import { behindDescriptor, zipContentAt, zipDescribes } from './zip-entry.ts';

/** Longest output of one compressed value. Where it bites, what is left out is counted under `cap-inflate`. */
export const maxInflatedBytes = 16 * 1024 * 1024;

/** So many bytes are not tried. */
const leastDeflated = 8;

/** RFC 1952 2.3.1: CRC-32 and length of what was compressed. */
const gzipTrailerBytes = 8;

/** RFC 9659: a content coding of Zstandard may use no larger window. */
const maxZstdWindow = 8 * 1024 * 1024;

/**
 * Of Zstandard, four bytes may announce 128 KiB: it gives no more of so many bytes than deflate can (RFC 1951: 258 bytes of two bits),
 * and so much. What comes later of the same frame, with more bytes of it, may give more.
 */
const zstdBeginning = 256 * 1024;
const mostTimes = 1032;

type Step = 'gzip' | 'zlib' | 'deflate-raw';

export interface Inflated {
  readonly step: Step | 'zstd' | 'lz4' | 'zip';
  readonly bytes: Uint8Array;
  /** The compressed stream ended inside what was given. */
  readonly complete: boolean;
  readonly consumed: number;
  readonly capped: boolean;
}

/** May gzip, zlib, Zstandard, LZ4, an entry of a ZIP file or deflate without a header begin at `at`? The bytes after it decide. */
export function mayInflate(bytes: Uint8Array, at: number, end: number): boolean {
  return compressionAt(bytes, at, end) !== null || deflateMayBegin(bytes, at, end);
}

/** Undoes what `mayInflate` names at the start of `bytes`, as far as the bytes go; null when it is none of it. */
export function inflate(bytes: Uint8Array): Inflated | null {
  const marked = compressionAt(bytes, 0, bytes.length);
  if (marked === 'zstd') return unpackZstd(bytes);
  if (marked === 'lz4') return unpackedLz4(bytes);
  if (marked === 'zip') return inflateZip(bytes);
  const inflated = marked === 'skippable' ? inflateSkipping(bytes) : marked === null ? null : inflateAs(marked, bytes);
  return inflated ?? (deflateMayBegin(bytes, 0, bytes.length) ? inflateAs('deflate-raw', bytes) : null);
}

/** What lies behind frames to be skipped, which belong to the value. */
function inflateSkipping(bytes: Uint8Array): Inflated | null {
  let at = 0;
  for (let size = skippableBytes(bytes, at); size > 0; size = skippableBytes(bytes, at)) at += size;
  const mark = compressionAt(bytes, at, bytes.length);
  // One that is announced to be long and is not there may be none: what begins behind it is found by itself.
  if (at + 3 > bytes.length || mark === 'skippable')
    return bytes.length < silentBytes && at > 0
      ? { step: 'zstd', bytes: new Uint8Array(0), complete: false, consumed: bytes.length, capped: false }
      : null;
  const inflated = mark === 'zstd' || mark === 'lz4' ? inflate(bytes.subarray(at)) : null;
  return inflated === null ? null : { ...inflated, consumed: at + inflated.consumed };
}

/** Bytes in which something comes of what is not Zstandard: names in the headers of gzip and ZIP are shorter, and block heads too. */
const silentBytes = 1024;

/** A beginning of which nothing came in so many bytes makes no sense: gzip's header may seem to go on as long as no byte is zero. */
export function givesNothing({ step, bytes, complete }: Inflated, length: number): boolean {
  return bytes.length === 0 && !complete && step !== 'zstd' && length >= silentBytes;
}

function unpackedLz4(bytes: Uint8Array): Inflated | null {
  const unpacked = unpackLz4(bytes, maxInflatedBytes);
  if (unpacked === null) return null;
  const { bytes: packed, complete, consumed, capped, damaged } = unpacked;
  return { step: 'lz4', bytes: aligned(packed), complete: complete || capped || damaged, consumed, capped };
}

/** The first frame, as far as it goes: nothing as long as its first block is not whole. */
function unpackZstd(bytes: Uint8Array): Inflated | null {
  const decoder = new ZstdDecoder(maxZstdWindow);
  const parts: Uint8Array[] = [];
  let length = 0;
  let consumed = 0;
  const most = Math.min(maxInflatedBytes, zstdBeginning + mostTimes * bytes.length);
  let capped = false;
  let ended = false;
  // By pieces: where the frame ends is not told, and what follows it is none of it.
  for (let at = 0; at < bytes.length && decoder.state === 'more' && !capped && !ended; at = consumed) {
    consumed = Math.min(bytes.length, at + decoder.wanted);
    decoder.push(bytes.subarray(at, consumed), (part) => {
      const taken = Math.min(part.length, most - length);
      capped = taken < part.length;
      parts.push(part.slice(0, taken));
      length += taken;
      return !capped;
    });
    ended = decoder.whole;
  }
  // Packed with a window beyond what is kept: nothing is given of it, and that is told.
  if (decoder.state === 'window')
    return { step: 'zstd', bytes: new Uint8Array(0), complete: true, consumed, capped: true };
  if (decoder.state !== 'more' && (length === 0 || decoder.state !== 'damaged')) return null;
  const out = Uint8Array.from(Buffer.concat(parts, length));
  const full = length >= maxInflatedBytes;
  return { step: 'zstd', bytes: out, complete: ended || full || decoder.state === 'damaged', consumed, capped };
}

/** The entry whose header stands first. Where its deflate stream ends is told by that alone: the header of what was streamed has no sizes. */
function inflateZip(bytes: Uint8Array): Inflated | null {
  const content = zipContentAt(bytes, 0, bytes.length);
  if (content === null) return null;
  // Of so few bytes nothing comes yet.
  if (content + leastDeflated >= bytes.length)
    return { step: 'zip', bytes: new Uint8Array(0), complete: false, consumed: bytes.length, capped: false };
  const inflated = inflateAs('deflate-raw', bytes.subarray(content));
  if (inflated === null) return null;
  const { complete, capped } = inflated;
  const consumed = content + inflated.consumed;
  if (!complete || capped || !zipDescribes(bytes)) return { ...inflated, step: 'zip', consumed };
  // As of gzip, check sum and length belong to the value.
  const behind = behindDescriptor(bytes, consumed, inflated.bytes.length);
  return { ...inflated, step: 'zip', complete: behind !== null, consumed: behind ?? bytes.length };
}

function inflateAs(step: Step, bytes: Uint8Array): Inflated | null {
  // Output beyond the cap is left out: half the input is tried until it fits, and `capped` says so.
  for (let taken = bytes.length, capped = false; taken > leastDeflated; taken = taken >> 1, capped = true) {
    const answer = inflateOnce(step, bytes.subarray(0, taken));
    if (answer === 'too-long') continue;
    if (answer === null) return null;
    // The member's check sum and length belong to the value: a packet that carries only them carries it too.
    const whole = answer.consumed + (step === 'gzip' ? gzipTrailerBytes : 0);
    const complete =
      capped || (whole <= taken && (answer.consumed < taken || (answer.ended ?? endsCleanly(step, bytes))));
    return { step, bytes: answer.bytes, complete, consumed: Math.min(taken, whole), capped };
  }
  return null;
}

interface InflateAnswer {
  readonly bytes: Uint8Array;
  readonly consumed: number;
  /** The stream ended inside what was given; null where that is not known. */
  readonly ended: boolean | null;
}

function inflateOnce(step: Step, bytes: Uint8Array): InflateAnswer | 'too-long' | null {
  // gunzip refuses bytes after the member; raw inflate stops there. So gzip's header is skipped here.
  const header = step === 'gzip' ? Math.min(bytes.length, gzipHeaderBytes(bytes)) : 0;
  const body = header === 0 ? bytes : bytes.subarray(header);
  const small = inflateSmall(step === 'zlib' ? 'zlib' : 'raw-deflate', body);
  if (small !== null) {
    if (small.end === 'damaged') return null;
    return { bytes: small.bytes, consumed: header + small.consumed, ended: small.end === 'done' };
  }
  const undo = step === 'zlib' ? inflateSync : inflateRawSync;
  // SYNC_FLUSH gives what a cut stream holds, instead of an error.
  const chunkSize = chunkOf(body.length);
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxInflatedBytes, chunkSize, info: true };
  // Most tries fail: noting where the error was made takes as long as the try itself.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    // The typings do not know `info`, which node:zlib documents.
    const answer = undo(body, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: aligned(answer.buffer), consumed: header + answer.engine.bytesWritten, ended: null };
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-long' : null;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Room that node:zlib makes at a time, and keeps until the next event: of many small values it must not be much. */
function chunkOf(length: number): number {
  return Math.min(16 * 1024, Math.max(1024, length * 4));
}

/** Without SYNC_FLUSH a cut stream is an error: so a stream that uses up all bytes is known to be whole. */
function endsCleanly(step: Step, bytes: Uint8Array): boolean {
  try {
    const options = { maxOutputLength: maxInflatedBytes, chunkSize: chunkOf(bytes.length) };
    if (step === 'zlib') inflateSync(bytes, options);
    else inflateRawSync(step === 'gzip' ? bytes.subarray(gzipHeaderBytes(bytes)) : bytes, options);
    return true;
  } catch {
    return false;
  }
}

/** The scan reads 32-bit words: a slice of a pool must be copied. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
}
