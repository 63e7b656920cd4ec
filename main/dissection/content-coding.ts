import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { inflateRaw, InputIndex } from './inflate.ts';

/** Output of one body: a few bytes can announce gigabytes. */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
const MAX_LAYERS = 3;

export interface DecodedContent {
  readonly bytes: Uint8Array;
  /** What was undone, outermost first; empty when the bytes are as they came. */
  readonly decodings: readonly string[];
  readonly problems: readonly ('decoding-failed' | 'decoding-unsupported' | 'cap-inflate')[];
  /** Maps a stretch of `bytes` to the stretch of the input that gave it. */
  readonly locate: (from: number, to: number) => [number, number];
}

type Kind = 'gzip' | 'zlib' | 'raw-deflate' | 'br';

interface Layer {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly whole: boolean;
  readonly capped: boolean;
  readonly locate: (from: number, to: number) => [number, number];
}

/**
 * Undoes Content-Encoding. The header is a claim: bytes that are not what it says are left as they are.
 * @param codings as in the header, in the order in which they were applied
 */
export function decodeContent(codings: readonly string[], input: Uint8Array): DecodedContent {
  const problems = new Set<DecodedContent['problems'][number]>();
  const decodings: string[] = [];
  const layers: Layer[] = [];
  let bytes = input;
  if (codings.length > MAX_LAYERS) problems.add('decoding-unsupported');
  for (const coding of codings.slice(-MAX_LAYERS).reverse()) {
    if (coding === 'identity' || coding === '' || coding === 'none') continue;
    const kind = kindOf(coding, bytes);
    if (kind === null) {
      // A known name over other bytes is a header that lies: the content stands as it is. An unknown name is our lack.
      problems.add(isKnown(coding) ? 'decoding-failed' : 'decoding-unsupported');
      break;
    }
    const layer = undo(kind, bytes);
    if (layer === 'too-long' || layer === null) {
      problems.add(layer === null ? 'decoding-failed' : 'cap-inflate');
      break;
    }
    if (!layer.whole) problems.add(layer.capped ? 'cap-inflate' : 'decoding-failed');
    layers.push(layer);
    decodings.push(layer.name);
    bytes = layer.bytes;
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

function isKnown(coding: string): boolean {
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(coding);
}

function kindOf(coding: string, b: Uint8Array): Kind | null {
  if (coding === 'br') return 'br';
  const first = b[0] ?? 0;
  const second = b[1] ?? 0;
  const gzip = first === 0x1f && second === 0x8b && b[2] === 8;
  const zlib = (first & 15) === 8 && ((first << 8) | second) % 31 === 0;
  if (coding === 'gzip' || coding === 'x-gzip') return gzip ? 'gzip' : zlib ? 'zlib' : null;
  // «deflate» should be zlib (RFC 9110), is often raw, and sometimes gzip.
  if (coding === 'deflate') return gzip ? 'gzip' : zlib ? 'zlib' : 'raw-deflate';
  return null;
}

const NAMES: Readonly<Record<Kind, string>> = { gzip: 'gzip', zlib: 'deflate', 'raw-deflate': 'deflate-raw', br: 'br' };

function undo(kind: Kind, input: Uint8Array): Layer | 'too-long' | null {
  const whole = viaZlib(kind, input);
  if (whole instanceof Uint8Array) {
    const locate = kind === 'br' ? () => all(input) : lazyLocate(kind, input, whole.length);
    return { bytes: whole, name: NAMES[kind], whole: true, capped: false, locate };
  }
  if (kind === 'br') return whole;
  // The library gives nothing when the data is damaged or too long: our own decoder keeps what comes before the fault.
  const skip = bodyStart(kind, input);
  const part = inflateRaw(input, skip, MAX_INFLATED_BYTES, null);
  // Without a header of its own anything may seem to be deflate for a few bytes.
  if (part.bytes.length === 0 || (kind === 'raw-deflate' && part.end === 'damaged')) return null;
  return {
    bytes: part.bytes,
    name: NAMES[kind],
    whole: false,
    capped: part.end === 'full',
    locate: lazyLocate(kind, input, part.bytes.length),
  };
}

function viaZlib(kind: Kind, input: Uint8Array): Uint8Array | 'too-long' | null {
  const chunkSize = Math.min(1024 * 1024, Math.max(16 * 1024, input.length * 4));
  try {
    if (kind === 'br') {
      const finishFlush = constants.BROTLI_OPERATION_FLUSH;
      return brotliDecompressSync(input, { maxOutputLength: MAX_INFLATED_BYTES, finishFlush, chunkSize });
    }
    // A body that was cut short still gives what it holds: no complaint about the missing end.
    const options = { maxOutputLength: MAX_INFLATED_BYTES, finishFlush: constants.Z_SYNC_FLUSH, chunkSize };
    if (kind === 'gzip') return gunzipSync(input, options);
    return kind === 'zlib' ? inflateSync(input, options) : inflateRawSync(input, options);
  } catch (error) {
    return error instanceof RangeError ? 'too-long' : null;
  }
}

/** Where the deflate data begins: behind the gzip (RFC 1952) or zlib (RFC 1950) header. */
function bodyStart(kind: Kind, b: Uint8Array): number {
  if (kind === 'raw-deflate') return 0;
  if (kind === 'zlib') return 2 + (((b[1] ?? 0) & 0x20) === 0 ? 0 : 4);
  const flags = b[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (b[at] ?? 0) + ((b[at + 1] ?? 0) << 8);
  for (const bit of [8, 16]) {
    if ((flags & bit) === 0) continue;
    while (at < b.length && b[at] !== 0) at++;
    at++;
  }
  return at + ((flags & 2) === 0 ? 0 : 2);
}

function all(input: Uint8Array): [number, number] {
  return [0, input.length];
}

/** Decodes again, once and only when something was found, to learn which compressed bytes gave what. */
function lazyLocate(kind: Kind, input: Uint8Array, length: number): Layer['locate'] {
  let index: InputIndex | null = null;
  return (from, to) => {
    if (index === null) {
      index = new InputIndex(length, input.length);
      inflateRaw(input, bodyStart(kind, input), length, index);
    }
    return index.span(from, to);
  };
}
