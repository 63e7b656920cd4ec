import { digestAt, type DigestTable } from '../transforms/digest-table.ts';
import { digestAlgorithms, truncations } from '../transforms/digests.ts';
import { base64Values, byteAt, hexValues } from './byte-classes.ts';
import { nextSymbol } from './token-runs.ts';

/**
 * Digests are looked up, not scanned for: the first sixteen characters of a token give at least eight bytes of a digest, which are the key.
 * So the cost does not grow with the number of digests (handbook: performance.md).
 */
export interface DigestIndex {
  readonly digests: DigestTable;
  readonly keyHigh: Int32Array;
  readonly keyLow: Int32Array;
  readonly keyDigest: Int32Array;
  /** Bytes of the digest left out in front of the key. */
  readonly keySkip: Int32Array;
  /** One bit for the first twenty-one bits of each key: most tokens are turned away by one look. */
  readonly fronts: Uint8Array;
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
/** Truncations that leave out the front: each needs a key of its own. */
const inner = truncations.filter((t) => t.skipped > 0);
const innerName = (skip: number): string => inner.find((t) => t.skipped === skip * 2)?.step ?? 'middle-16';

export function buildDigestIndex(digests: DigestTable): DigestIndex {
  const { count, functionOf, startOf, bytes } = digests;
  let keys = 0;
  for (let i = 0; i < count; i++) keys += (skipsByFunction[functionOf[i] as number] as readonly number[]).length;
  let slots = 1024;
  while (slots < keys * 4) slots *= 2;
  const index: DigestIndex = {
    digests,
    keyHigh: new Int32Array(keys),
    keyLow: new Int32Array(keys),
    keyDigest: new Int32Array(keys),
    keySkip: new Int32Array(keys),
    fronts: new Uint8Array(1 << 18),
    heads: new Int32Array(slots).fill(-1),
    next: new Int32Array(keys),
    mask: slots - 1,
  };
  let entry = 0;
  for (let i = 0; i < count; i++) {
    const skips = skipsByFunction[functionOf[i] as number] as readonly number[];
    for (let k = 0; k < skips.length; k++) {
      const skip = skips[k] as number;
      enterKey(index, entry, i, skip, bytes, (startOf[i] as number) + skip);
      entry += 1;
    }
  }
  return index;
}

/** Bytes left out in front of each key of a digest, by its function's place in the table. */
const skipsByFunction: readonly (readonly number[])[] = digestAlgorithms.map(({ name }) => [
  0,
  ...inner.filter((cut) => cut.algorithms.includes(name)).map((cut) => cut.skipped / 2),
]);

function enterKey(
  index: DigestIndex,
  entry: number,
  digest: number,
  skip: number,
  bytes: Uint8Array,
  at: number,
): void {
  const high = wordOf(bytes, at);
  const low = wordOf(bytes, at + 4);
  index.keyHigh[entry] = high;
  index.fronts[high >>> 14] = byteAt(index.fronts, high >>> 14) | (1 << ((high >>> 11) & 7));
  index.keyLow[entry] = low;
  const slot = slotOf(high, low, index.mask);
  index.next[entry] = index.heads[slot] ?? -1;
  index.heads[slot] = entry;
  index.keyDigest[entry] = digest;
  index.keySkip[entry] = skip;
}

const wordOf = (bytes: Uint8Array, i: number): number =>
  (byteAt(bytes, i) << 24) | (byteAt(bytes, i + 1) << 16) | (byteAt(bytes, i + 2) << 8) | byteAt(bytes, i + 3);

// A digest's own bits are uniform, but a hostile capture may choose the other side: mixed before masking.
const slotOf = (high: number, low: number, mask: number): number =>
  (Math.imul(high ^ Math.imul(low, 0x85ebca6b), 0x9e3779b1) >>> 9) & mask;

/** Looks up every digest that the run `bytes[start..end)` may hold, whatever is glued to it; `to` bounds what may be read. */
export function lookUpRun(
  index: DigestIndex,
  bytes: Uint8Array,
  start: number,
  end: number,
  to: number,
  onMatch: (match: DigestMatch) => void,
): void {
  if (index.digests.count === 0) return;
  // What precedes may be the two digits of a percent escape.
  const escaped = start > 0 && bytes[start - 1] === 0x25;
  lookUpBase64(index, bytes, start, end, to, onMatch);
  if (escaped && start + 18 <= end) lookUpBase64(index, bytes, start + 2, end, to, onMatch);
  for (const length of base64Lengths)
    if (end - length > start) lookUpBase64(index, bytes, end - length, end, to, onMatch);
  // Inside a run, a digest may begin after any character that is no letter or digit.
  const last = end - 16;
  for (let at = nextSymbol(bytes, start + 1, last) + 1; at <= last; at = nextSymbol(bytes, at, last) + 1) {
    lookUpBase64(index, bytes, at, end, to, onMatch);
  }
  // A run of sixteen hex digits covers a multiple of sixteen.
  let floor = start;
  for (let probe = start + 15; probe < end; probe += 16) {
    if (hexValues[bytes[probe] as number] === 255) continue;
    let hexStart = probe;
    while (hexStart > floor && hexValues[bytes[hexStart - 1] as number] !== 255) hexStart--;
    let hexEnd = probe + 1;
    while (hexEnd < end && hexValues[bytes[hexEnd] as number] !== 255) hexEnd++;
    if (hexEnd - hexStart >= 16) lookUpHexRun(index, bytes, hexStart, hexEnd, escaped && hexStart === start, onMatch);
    floor = hexEnd;
    probe = hexEnd;
  }
}

// Of the digests and their customary cuts: a digest may stand at the end of a run whose front is glued to it.
const base64Lengths = [16, 22, 27, 43, 64, 86];
const hexLengths = [16, 32, 40, 64, 96, 128];

function lookUpHexRun(
  index: DigestIndex,
  bytes: Uint8Array,
  start: number,
  end: number,
  escaped: boolean,
  onMatch: (match: DigestMatch) => void,
): void {
  lookUpHex(index, bytes, start, end, onMatch);
  if (escaped && start + 18 <= end) lookUpHex(index, bytes, start + 2, end, onMatch);
  for (const length of hexLengths) {
    const at = end - length;
    if (at > start && !(escaped && at === start + 2)) lookUpHex(index, bytes, at, end, onMatch);
  }
}

function quadAt(bytes: Uint8Array, i: number): number {
  const values = base64Values;
  return (
    ((values[bytes[i] as number] as number) << 18) |
    ((values[bytes[i + 1] as number] as number) << 12) |
    ((values[bytes[i + 2] as number] as number) << 6) |
    (values[bytes[i + 3] as number] as number)
  );
}

function lookUpBase64(
  index: DigestIndex,
  bytes: Uint8Array,
  at: number,
  end: number,
  to: number,
  onMatch: (match: DigestMatch) => void,
): void {
  const a = quadAt(bytes, at);
  if (((index.fronts[a >>> 6] as number) & (1 << ((a >>> 3) & 7))) === 0) return;
  const b = quadAt(bytes, at + 4);
  const c = quadAt(bytes, at + 8);
  const high = (a << 8) | (b >>> 16);
  const low = ((b & 0xffff) << 16) | (c >>> 8);
  for (let e = index.heads[slotOf(high, low, index.mask)] ?? -1; e !== -1; e = index.next[e] ?? -1) {
    if (index.keyHigh[e] !== high || index.keyLow[e] !== low || index.keySkip[e] !== 0) continue;
    const digest = index.keyDigest[e] ?? 0;
    const pattern = digestAt(index.digests, digest);
    if (pattern === null) continue;
    const full = Math.ceil((pattern.digest.length * 4) / 3);
    let matched = 0;
    while (
      matched < full &&
      at + matched < end &&
      base64Values[byteAt(bytes, at + matched)] === sextet(pattern.digest, matched)
    )
      matched++;
    if (matched < 16) continue;
    const cut = matched === full || at + matched === end ? matched : matched >= 27 ? 27 : 16;
    const padded = cut === full && bytes[at + full] === 0x3d && at + full < to;
    const past = at + cut + (padded ? (3 - (pattern.digest.length % 3)) % 3 : 0);
    onMatch({
      digest,
      start: at,
      end: Math.min(past, to),
      steps: [...(pattern.before ?? []), ...base64Steps(pattern.algorithm, bytes, at, cut, full, padded)],
      bits: cut * 6,
    });
  }
}

function sextet(digest: Uint8Array, character: number): number {
  const bit = character * 6;
  const pair = (byteAt(digest, bit >> 3) << 8) | byteAt(digest, (bit >> 3) + 1);
  return (pair >>> (10 - (bit & 7))) & 63;
}

/** Names the writing: the URL-safe alphabet where the characters leave it open and no padding speaks for the standard one. */
function base64Steps(
  algorithm: string,
  bytes: Uint8Array,
  at: number,
  cut: number,
  full: number,
  padded: boolean,
): string[] {
  let alphabet = padded ? 'base64' : 'base64url';
  for (let i = at; i < at + cut; i++) {
    if (bytes[i] === 0x2b || bytes[i] === 0x2f) alphabet = 'base64';
    if (bytes[i] === 0x2d || bytes[i] === 0x5f) alphabet = 'base64url';
  }
  const named = truncations.some(
    (t) => t.writing === 'base64' && t.characters === cut && t.algorithms.includes(algorithm),
  );
  const whole = cut === full && (padded || !named);
  return [algorithm, alphabet, ...(whole ? [] : [`first-${cut}`])];
}

function hexWordAt(bytes: Uint8Array, at: number): number {
  const values = hexValues;
  let word = 0;
  for (let i = at; i < at + 8; i++) word = (word << 4) | (values[bytes[i] as number] as number);
  return word;
}

function lookUpHex(
  index: DigestIndex,
  bytes: Uint8Array,
  at: number,
  end: number,
  onMatch: (match: DigestMatch) => void,
): void {
  const high = hexWordAt(bytes, at);
  if (((index.fronts[high >>> 14] as number) & (1 << ((high >>> 11) & 7))) === 0) return;
  const low = hexWordAt(bytes, at + 8);
  for (let e = index.heads[slotOf(high, low, index.mask)] ?? -1; e !== -1; e = index.next[e] ?? -1) {
    if (index.keyHigh[e] !== high || index.keyLow[e] !== low) continue;
    const digest = index.keyDigest[e] ?? 0;
    const pattern = digestAt(index.digests, digest);
    if (pattern === null) continue;
    const skip = index.keySkip[e] ?? 0;
    if (skip > 0) {
      const steps = [...(pattern.before ?? []), pattern.algorithm, 'hex', innerName(skip)];
      onMatch({ digest, start: at, end: at + 16, steps, bits: 64 });
      continue;
    }
    const full = (byteLengths.get(pattern.algorithm) ?? pattern.digest.length) * 2;
    let matched = 0;
    while (
      matched < full &&
      at + matched < end &&
      hexValues[byteAt(bytes, at + matched)] === nibble(pattern.digest, matched)
    )
      matched++;
    const cut = matched === full || at + matched === end ? matched : matched >= 32 ? 32 : 16;
    onMatch({
      digest,
      start: at,
      end: at + cut,
      steps: [...(pattern.before ?? []), pattern.algorithm, 'hex', ...(cut === full ? [] : [`first-${cut}`])],
      bits: cut * 4,
    });
  }
}

function nibble(digest: Uint8Array, character: number): number {
  const byte = byteAt(digest, character >> 1);
  return character % 2 === 0 ? byte >> 4 : byte & 15;
}
