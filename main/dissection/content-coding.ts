import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { gzipHeaderBytes } from './gzip-header.ts';
import { inflateRaw, InputIndex } from './inflate.ts';
import { inflateSmall } from './small-inflate.ts';
import { looksLikeZstd, ZstdDecoder } from './zstd.ts';

/** Output of one body: a few bytes can announce gigabytes. */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
const MAX_LAYERS = 3;
/** RFC 9659: a content coding may use no larger window. */
const MAX_ZSTD_WINDOW = 8 * 1024 * 1024;
/** A damaged brotli stream up to this long is tried in parts, to keep what stands before the fault. */
const MAX_BROTLI_RETRY_BYTES = 1024 * 1024;
const MAX_BROTLI_RETRY_OUTPUT = 4 * 1024 * 1024;

export type DecodingProblem = 'decoding-failed' | 'decoding-unsupported' | 'cap-inflate' | 'message-cut';

export interface DecodedContent {
  readonly bytes: Uint8Array;
  /**
   * What was undone, outermost first; empty when the bytes are as they came. A question mark says that the bytes were so,
   * against their header: `gzip?`.
   */
  readonly decodings: readonly string[];
  readonly problems: readonly DecodingProblem[];
  /** Maps a stretch of `bytes` to the stretch of the input that gave it. */
  readonly locate: (from: number, to: number) => [number, number];
}

type Kind = 'gzip' | 'zlib' | 'raw-deflate' | 'br' | 'zstd';

interface Layer {
  readonly bytes: Uint8Array;
  readonly problem: DecodingProblem | null;
  readonly locate: (from: number, to: number) => [number, number];
}

/**
 * Undoes Content-Encoding. The header is a claim: bytes that are something else are taken for what they are, and bytes that
 * are nothing known are left as they are.
 * @param codings as in the header, in the order in which they were applied
 */
export function decodeContent(codings: readonly string[], input: Uint8Array): DecodedContent {
  const problems = new Set<DecodingProblem>();
  const decodings: string[] = [];
  const layers: Layer[] = [];
  let bytes = input;
  if (codings.length > MAX_LAYERS) problems.add('decoding-unsupported');
  for (const coding of codings.slice(-MAX_LAYERS).reverse()) {
    if (coding === 'identity' || coding === '' || coding === 'none' || bytes.length === 0) continue;
    const undone = undoOne(coding, bytes);
    if (typeof undone === 'string') {
      problems.add(undone);
      break;
    }
    if (undone.layer.problem !== null) problems.add(undone.layer.problem);
    layers.push(undone.layer);
    decodings.push(undone.name);
    bytes = undone.layer.bytes;
  }
  const locate = (from: number, to: number): [number, number] =>
    layers.reduceRight<[number, number]>(([a, z], layer) => layer.locate(a, z), [from, to]);
  return { bytes, decodings, problems: [...problems], locate };
}

/** Codings as listed in a Content-Encoding or Transfer-Encoding field. */
export function codingsOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  return value
    .split(',')
    .map((c) => c.trim().toLowerCase())
    .filter((c) => c !== '' && c !== 'identity' && c !== 'none');
}

const NAMED: Readonly<Record<string, readonly Kind[]>> = {
  gzip: ['gzip'],
  'x-gzip': ['gzip'],
  // «deflate» should be zlib (RFC 9110, 8.4.1.2), and is often raw.
  deflate: ['zlib', 'raw-deflate'],
  br: ['br'],
  zstd: ['zstd'],
};

const NAMES: Readonly<Record<Kind, string>> = {
  gzip: 'gzip',
  zlib: 'deflate',
  'raw-deflate': 'deflate-raw',
  br: 'br',
  zstd: 'zstd',
};

/** What the header says is tried first, then what the bytes look like. */
function undoOne(coding: string, b: Uint8Array): { name: string; layer: Layer } | DecodingProblem {
  const named = NAMED[coding] ?? [];
  const look = lookOf(b);
  const plausible = named.filter((kind) => kind === look || kind === 'br' || kind === 'raw-deflate');
  const kinds = look === null || plausible.includes(look) ? plausible : [...plausible, look];
  let problem: DecodingProblem = named.length === 0 ? 'decoding-unsupported' : 'decoding-failed';
  let damaged: { name: string; layer: Layer } | null = null;
  for (const kind of kinds) {
    const layer = undo(kind, b);
    const said = named.includes(kind);
    if (typeof layer === 'string') {
      if (layer !== 'decoding-failed') problem = layer;
    } else if (layer.problem !== 'decoding-failed') {
      return { name: NAMES[kind] + (said ? '' : '?'), layer };
    } else if (said) {
      // Half of something that only looks compressed would hide what it is.
      damaged ??= { name: NAMES[kind], layer };
    }
  }
  return damaged ?? problem;
}

/** What compressed bytes with a mark of their own are; brotli and raw deflate have none. */
function lookOf(b: Uint8Array): Kind | null {
  const first = b[0] ?? 0;
  const second = b[1] ?? 0;
  if (first === 0x1f && second === 0x8b && b[2] === 8) return 'gzip';
  if (looksLikeZstd(b, 0, b.length)) return 'zstd';
  return (first & 15) === 8 && first >> 4 < 8 && ((first << 8) | second) % 31 === 0 ? 'zlib' : null;
}

function undo(kind: Kind, input: Uint8Array): Layer | DecodingProblem {
  if (kind === 'zstd') return undoZstd(input);
  const small = kind === 'br' ? null : inflateSmall(kind, input);
  const whole = small === null ? viaZlib(kind, input, false) : small.end === 'done' ? small.bytes : small.end;
  if (whole instanceof Uint8Array) return { bytes: whole, problem: null, locate: locateFor(kind, input, whole.length) };
  if (whole === 'cut') {
    const part = small === null ? viaZlib(kind, input, true) : small.bytes;
    if (part instanceof Uint8Array && part.length > 0)
      return { bytes: part, problem: 'message-cut', locate: locateFor(kind, input, part.length) };
  }
  if (kind === 'br') return undoPartOfBrotli(input);
  // The library gives nothing when the data is damaged or too long: our own decoder keeps what comes before the fault.
  const part = inflateRaw(input, bodyStart(kind, input), MAX_INFLATED_BYTES, null);
  // Without a header of its own anything may seem to be deflate for a few bytes.
  if (part.bytes.length === 0 || (kind === 'raw-deflate' && part.end === 'damaged')) return 'decoding-failed';
  const problem = part.end === 'full' ? 'cap-inflate' : part.end === 'cut' ? 'message-cut' : 'decoding-failed';
  return { bytes: part.bytes, problem, locate: locateFor(kind, input, part.bytes.length) };
}

function viaZlib(kind: Kind, input: Uint8Array, partial: boolean): Uint8Array | 'too-long' | 'cut' | 'damaged' {
  // Kept until the next event: of many small bodies it must not be much.
  const chunkSize = Math.min(1024 * 1024, Math.max(1024, input.length * 4));
  const bounds = { maxOutputLength: MAX_INFLATED_BYTES, chunkSize };
  try {
    if (kind === 'br') return brotliDecompressSync(input, partial ? { ...bounds, ...BROTLI_PART } : bounds);
    const options = partial ? { ...bounds, finishFlush: constants.Z_SYNC_FLUSH } : bounds;
    if (kind === 'gzip') return gunzipSync(input, options);
    return kind === 'zlib' ? inflateSync(input, options) : inflateRawSync(input, options);
  } catch (error) {
    if (error instanceof RangeError) return 'too-long';
    return (error as { code?: unknown }).code === 'Z_BUF_ERROR' ? 'cut' : 'damaged';
  }
}

const BROTLI_PART = { finishFlush: constants.BROTLI_OPERATION_FLUSH };

/** Brotli that is damaged or too long: the longest beginning that the library takes, found by halving. */
function undoPartOfBrotli(input: Uint8Array): Layer | DecodingProblem {
  if (input.length > MAX_BROTLI_RETRY_BYTES) return 'decoding-failed';
  const limit = { ...BROTLI_PART, maxOutputLength: MAX_BROTLI_RETRY_OUTPUT };
  let best: Uint8Array | null = null;
  let problem: DecodingProblem = 'decoding-failed';
  for (let good = 0, bad = input.length; bad - good > 1;) {
    const middle = (good + bad) >> 1;
    try {
      best = brotliDecompressSync(input.subarray(0, middle), limit);
      good = middle;
    } catch (error) {
      if (error instanceof RangeError) problem = 'cap-inflate';
      bad = middle;
    }
  }
  if (best === null || (best.length < 16 && problem === 'decoding-failed')) return 'decoding-failed';
  return best.length === 0 ? problem : { bytes: best, problem, locate: () => [0, input.length] };
}

function undoZstd(input: Uint8Array): Layer | DecodingProblem {
  const decoder = new ZstdDecoder(MAX_ZSTD_WINDOW);
  const ends: number[] = [];
  const reads: number[] = [];
  let out: Uint8Array = new Uint8Array(Math.min(MAX_INFLATED_BYTES, Math.max(4096, input.length * 4)));
  let length = 0;
  let capped = false;
  decoder.push(input, (bytes, read) => {
    const n = Math.min(bytes.length, MAX_INFLATED_BYTES - length);
    capped = n < bytes.length;
    if (length + n > out.length) {
      const bigger = new Uint8Array(Math.min(MAX_INFLATED_BYTES, Math.max(out.length * 2, length + n)));
      bigger.set(out.subarray(0, length));
      out = bigger;
    }
    out.set(bytes.subarray(0, n), length);
    length += n;
    ends.push(length);
    reads.push(read);
    return !capped;
  });
  if (decoder.state === 'window' || decoder.state === 'dictionary') return 'decoding-unsupported';
  const problem = capped
    ? 'cap-inflate'
    : decoder.whole
      ? null
      : decoder.state === 'more'
        ? 'message-cut'
        : 'decoding-failed';
  if (length === 0 && problem !== null) return problem;
  const locate = (from: number, to: number): [number, number] => {
    const first = ends.findIndex((end) => end > from);
    const last = ends.findIndex((end) => end >= to);
    return [first > 0 ? (reads[first - 1] as number) : 0, last < 0 ? input.length : (reads[last] as number)];
  };
  return { bytes: out.subarray(0, length), problem, locate };
}

/** Where the deflate data begins: behind the gzip (RFC 1952) or zlib (RFC 1950) header. */
function bodyStart(kind: Kind, b: Uint8Array): number {
  if (kind === 'raw-deflate') return 0;
  return kind === 'gzip' ? gzipHeaderBytes(b) : 2 + (((b[1] ?? 0) & 0x20) === 0 ? 0 : 4);
}

/** Decodes again, once and only when something was found, to learn which compressed bytes gave what. */
function locateFor(kind: Kind, input: Uint8Array, length: number): Layer['locate'] {
  if (kind === 'br') return () => [0, input.length];
  let index: InputIndex | null = null;
  return (from, to) => {
    if (index === null) {
      index = new InputIndex(length, input.length);
      inflateRaw(input, bodyStart(kind, input), length, index);
    }
    return index.span(from, to);
  };
}
