import type { DigestPattern } from '../transforms/pattern-set.ts';
import { digestAlgorithms, truncations } from '../transforms/digests.ts';
import { base64Values, byteAt, hexValues, isWordByte } from './byte-classes.ts';

/**
 * Digests are looked up, not scanned for: the first sixteen characters of a token give at least eight bytes of a digest, which are the key.
 * So the cost does not grow with the number of digests (handbook: performance.md).
 */
export interface DigestIndex {
  readonly digests: readonly DigestPattern[];
  readonly keyHigh: Int32Array;
  readonly keyLow: Int32Array;
  readonly keyDigest: Int32Array;
  /** Bytes of the digest left out in front of the key. */
  readonly keySkip: Int32Array;
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly mask: number;
}

export interface DigestMatch {
  readonly digest: number;
  readonly start: number;
  readonly end: number;
  readonly steps: readonly string[];
  readonly bits: number;
}

const byteLengths: ReadonlyMap<string, number> = new Map(digestAlgorithms.map((a) => [a.name, a.bytes]));
const middle = truncations.find((t) => t.skipped > 0);

export function buildDigestIndex(digests: readonly DigestPattern[]): DigestIndex {
  const keys: { digest: number; skip: number }[] = [];
  digests.forEach((pattern, digest) => {
    keys.push({ digest, skip: 0 });
    if (middle?.algorithms.includes(pattern.algorithm) === true) keys.push({ digest, skip: middle.skipped / 2 });
  });
  let slots = 1024;
  while (slots < keys.length * 4) slots *= 2;
  const index: DigestIndex = {
    digests,
    keyHigh: new Int32Array(keys.length),
    keyLow: new Int32Array(keys.length),
    keyDigest: Int32Array.from(keys, (k) => k.digest),
    keySkip: Int32Array.from(keys, (k) => k.skip),
    heads: new Int32Array(slots).fill(-1),
    next: new Int32Array(keys.length),
    mask: slots - 1,
  };
  keys.forEach(({ digest, skip }, entry) => {
    const bytes = digests[digest]?.digest ?? new Uint8Array(20);
    const high = wordOf(bytes, skip);
    const low = wordOf(bytes, skip + 4);
    index.keyHigh[entry] = high;
    index.keyLow[entry] = low;
    const slot = slotOf(high, low, index.mask);
    index.next[entry] = index.heads[slot] ?? -1;
    index.heads[slot] = entry;
  });
  return index;
}

const wordOf = (bytes: Uint8Array, i: number): number =>
  (byteAt(bytes, i) << 24) | (byteAt(bytes, i + 1) << 16) | (byteAt(bytes, i + 2) << 8) | byteAt(bytes, i + 3);

// A digest's own bits are uniform, but a hostile capture may choose the other side: mixed before masking.
const slotOf = (high: number, low: number, mask: number): number => (Math.imul(high ^ Math.imul(low, 0x85ebca6b), 0x9e3779b1) >>> 9) & mask;

/** Looks up every digest that the run `bytes[start..end)` may hold, whatever is glued to it; `to` bounds what may be read. */
export function lookUpRun(index: DigestIndex, bytes: Uint8Array, start: number, end: number, to: number, onMatch: (match: DigestMatch) => void): void {
  if (index.digests.length === 0) return;
  const base64At = (at: number): void => {
    if (at >= start && at + 16 <= end) lookUpBase64(index, bytes, at, end, to, onMatch);
  };
  const hexAt = (at: number, hexStart: number, hexEnd: number): void => {
    if (at >= hexStart && at + 16 <= hexEnd) lookUpHex(index, bytes, at, hexEnd, onMatch);
  };
  // What precedes may be the two digits of a percent escape.
  const escaped = start > 0 && bytes[start - 1] === 0x25;
  base64At(start);
  if (escaped) base64At(start + 2);
  for (const length of [16, 22, 27, 43]) if (end - length > start) base64At(end - length);
  let hexStart = start;
  for (let i = start; i <= end; i++) {
    const byte = i < end ? byteAt(bytes, i) : 0;
    if (i > start && i < end && !isWordByte(byte)) base64At(i + 1);
    if (i === end || hexValues[byte] === 255) {
      if (i - hexStart >= 16) {
        const candidates = [hexStart, ...(escaped && hexStart === start ? [hexStart + 2] : []), i - 16, i - 32, i - 40, i - 64];
        for (const at of new Set(candidates)) hexAt(at, hexStart, i);
      }
      hexStart = i + 1;
    }
  }
}

function lookUpBase64(index: DigestIndex, bytes: Uint8Array, at: number, end: number, to: number, onMatch: (match: DigestMatch) => void): void {
  const quad = (i: number): number =>
    (byteAt(base64Values, byteAt(bytes, i)) << 18) |
    (byteAt(base64Values, byteAt(bytes, i + 1)) << 12) |
    (byteAt(base64Values, byteAt(bytes, i + 2)) << 6) |
    byteAt(base64Values, byteAt(bytes, i + 3));
  const [a, b, c] = [quad(at), quad(at + 4), quad(at + 8)];
  const high = (a << 8) | (b >>> 16);
  const low = ((b & 0xffff) << 16) | (c >>> 8);
  for (let e = index.heads[slotOf(high, low, index.mask)] ?? -1; e !== -1; e = index.next[e] ?? -1) {
    if (index.keyHigh[e] !== high || index.keyLow[e] !== low || index.keySkip[e] !== 0) continue;
    const digest = index.keyDigest[e] ?? 0;
    const pattern = index.digests[digest];
    if (pattern === undefined) continue;
    const full = Math.ceil((pattern.digest.length * 4) / 3);
    let matched = 0;
    while (matched < full && at + matched < end && base64Values[byteAt(bytes, at + matched)] === sextet(pattern.digest, matched)) matched++;
    if (matched < 16) continue;
    const cut = matched === full || at + matched === end ? matched : matched >= 27 ? 27 : 16;
    const padded = cut === full && bytes[at + full] === 0x3d && at + full < to;
    const past = at + cut + (padded ? (3 - (pattern.digest.length % 3)) % 3 : 0);
    onMatch({ digest, start: at, end: Math.min(past, to), steps: base64Steps(pattern.algorithm, bytes, at, cut, full, padded), bits: cut * 6 });
  }
}

function sextet(digest: Uint8Array, character: number): number {
  const bit = character * 6;
  const pair = (byteAt(digest, bit >> 3) << 8) | byteAt(digest, (bit >> 3) + 1);
  return (pair >>> (10 - (bit & 7))) & 63;
}

/** Names the writing: the URL-safe alphabet where the characters leave it open and no padding speaks for the standard one. */
function base64Steps(algorithm: string, bytes: Uint8Array, at: number, cut: number, full: number, padded: boolean): string[] {
  let alphabet = padded ? 'base64' : 'base64url';
  for (let i = at; i < at + cut; i++) {
    if (bytes[i] === 0x2b || bytes[i] === 0x2f) alphabet = 'base64';
    if (bytes[i] === 0x2d || bytes[i] === 0x5f) alphabet = 'base64url';
  }
  const named = truncations.some((t) => t.writing === 'base64' && t.characters === cut && t.algorithms.includes(algorithm));
  const whole = cut === full && (padded || !named);
  return [algorithm, alphabet, ...(whole ? [] : [`first-${cut}`])];
}

function lookUpHex(index: DigestIndex, bytes: Uint8Array, at: number, end: number, onMatch: (match: DigestMatch) => void): void {
  const word = (i: number): number => {
    let value = 0;
    for (let k = 0; k < 8; k++) value = (value << 4) | byteAt(hexValues, byteAt(bytes, i + k));
    return value;
  };
  const high = word(at);
  const low = word(at + 8);
  for (let e = index.heads[slotOf(high, low, index.mask)] ?? -1; e !== -1; e = index.next[e] ?? -1) {
    if (index.keyHigh[e] !== high || index.keyLow[e] !== low) continue;
    const digest = index.keyDigest[e] ?? 0;
    const pattern = index.digests[digest];
    if (pattern === undefined) continue;
    const skip = index.keySkip[e] ?? 0;
    if (skip > 0) {
      onMatch({ digest, start: at, end: at + 16, steps: [pattern.algorithm, 'hex', 'middle-16'], bits: 64 });
      continue;
    }
    const full = (byteLengths.get(pattern.algorithm) ?? pattern.digest.length) * 2;
    let matched = 0;
    while (matched < full && at + matched < end && hexValues[byteAt(bytes, at + matched)] === nibble(pattern.digest, matched)) matched++;
    const cut = matched === full || at + matched === end ? matched : matched >= 32 ? 32 : 16;
    onMatch({ digest, start: at, end: at + cut, steps: [pattern.algorithm, 'hex', ...(cut === full ? [] : [`first-${cut}`])], bits: cut * 4 });
  }
}

function nibble(digest: Uint8Array, character: number): number {
  const byte = byteAt(digest, character >> 1);
  return character % 2 === 0 ? byte >> 4 : byte & 15;
}
