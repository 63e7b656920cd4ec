import { createHmac, hash } from 'node:crypto';
import { reverse } from './encodings.ts';

export interface DigestAlgorithm {
  readonly name: string;
  /** Node's name. */
  readonly algorithm: string;
  readonly bytes: number;
  readonly source: string;
}

/** Hash functions of the lattice, one line each. */
export const digestAlgorithms: readonly DigestAlgorithm[] = [
  { name: 'md5', algorithm: 'md5', bytes: 16, source: 'RFC 1321' },
  { name: 'sha1', algorithm: 'sha1', bytes: 20, source: 'FIPS 180-4; H(x) of MIUI Mms, 2012' },
  { name: 'sha256', algorithm: 'sha256', bytes: 32, source: 'FIPS 180-4' },
  { name: 'sha384', algorithm: 'sha384', bytes: 48, source: 'FIPS 180-4' },
  { name: 'sha512', algorithm: 'sha512', bytes: 64, source: 'FIPS 180-4' },
];

/** Truncations of a digest's text: name of the step, and characters kept. */
export interface Truncation {
  readonly step: string;
  readonly writing: 'hex' | 'base64';
  readonly characters: number;
  /** Characters left out in front; even, and sixteen characters are kept, where it is not zero. */
  readonly skipped: number;
  readonly algorithms: readonly string[];
  readonly source: string;
}

const all = digestAlgorithms.map((a) => a.name);

/** Any cut of at least sixteen characters is found; these name the customary ones. `first-N` of another N is named by its length. */
export const truncations: readonly Truncation[] = [
  {
    step: 'first-16',
    writing: 'base64',
    characters: 16,
    skipped: 0,
    algorithms: all,
    source: 'H(x) of MIUI Mms, 2012: first 16 of URL-safe base64 of SHA-1',
  },
  {
    step: 'first-27',
    writing: 'base64',
    characters: 27,
    skipped: 0,
    algorithms: all.slice(1),
    source: 'later Xiaomi SDKs: SHA-1 in URL-safe base64 without padding',
  },
  { step: 'first-16', writing: 'hex', characters: 16, skipped: 0, algorithms: all, source: 'short digests' },
  {
    step: 'first-32',
    writing: 'hex',
    characters: 32,
    skipped: 0,
    algorithms: all.slice(1),
    source: 'digests cut to the length of MD5',
  },
  {
    step: 'middle-16',
    writing: 'hex',
    characters: 16,
    skipped: 8,
    algorithms: ['md5'],
    source: '«16-character MD5» customary in China: characters 9 to 24',
  },
  {
    step: 'last-16',
    writing: 'hex',
    characters: 16,
    skipped: 16,
    algorithms: ['md5'],
    source: 'the second half of an MD5 as a key of 64 bits',
  },
  {
    step: 'last-16',
    writing: 'hex',
    characters: 16,
    skipped: 24,
    algorithms: ['sha1'],
    source: 'the end of a SHA-1, as with public key identifiers',
  },
];

/** What is hashed instead of the text itself. */
export interface DigestInput {
  /** Steps from the text to the bytes that are hashed. */
  readonly before: readonly string[];
  readonly bytes: Uint8Array;
}

interface DigestInputRow {
  readonly name: string;
  readonly source: string;
  readonly write: (text: string) => readonly DigestInput[];
}

/** Text → what is hashed: one row a practice. Contacts, of whom there may be thousands, have the first row only. */
export const digestInputs: readonly DigestInputRow[] = [
  { name: 'text', source: 'UTF-8', write: (text) => [{ before: [], bytes: Buffer.from(text, 'utf8') }] },
  {
    name: 'line',
    source: 'a line end hashed along (echo without -n, println)',
    write: (text) => [{ before: ['line'], bytes: Buffer.from(`${text}\n`, 'utf8') }],
  },
  {
    name: 'utf-16',
    source: 'String.getBytes("UTF-16LE") and "UTF-16BE"',
    write: (text) => [
      { before: ['utf-16le'], bytes: Buffer.from(text, 'utf16le') },
      { before: ['utf-16be'], bytes: Buffer.from(text, 'utf16le').swap16() },
    ],
  },
  {
    name: 'reversed',
    source: 'the characters from last to first',
    write: (text) => [{ before: ['reversed'], bytes: Buffer.from(reverse(text), 'utf8') }],
  },
  {
    name: 'encoded',
    source: 'RFC 4648 4 and 8',
    write: (text) => [
      { before: ['base64'], bytes: Buffer.from(Buffer.from(text, 'utf8').toString('base64')) },
      { before: ['hex'], bytes: Buffer.from(Buffer.from(text, 'utf8').toString('hex')) },
    ],
  },
  {
    name: 'hashed',
    source: 'a digest of a digest’s hex digits, of either case',
    write: (text) =>
      digestAlgorithms.slice(0, 3).flatMap((algorithm) => {
        const hex = digestOf(algorithm, text).toString('hex');
        return [
          { before: [algorithm.name, 'hex'], bytes: Buffer.from(hex) },
          { before: [algorithm.name, 'upper-hex'], bytes: Buffer.from(hex.toUpperCase()) },
        ];
      }),
  },
];

/**
 * What software sends in the place of an identifier that is missing: digests of nothing, of `0`, of `null` and `unknown`. They are markers,
 * never hits (the first: handbook, case-2014.md).
 */
export const missingIdentifierTexts: readonly string[] = ['0', '', 'null', 'unknown', 'undefined', 'none', 'NULL'];

/** H("0"): what MIUI Mms sends for an identifier that is missing. */
export const missingIdentifierMarker = 'tlifxqsNyCzxIJnR';

const keyLength = 12;
const missingKeys = new Set(
  missingIdentifierTexts.flatMap((text) => digestAlgorithms.map((a) => digestText(a, text).slice(0, keyLength))),
);

/** Does the digest (`digestText`) stand for «no identifier»? */
export function isMissingMarker(digest: string): boolean {
  return missingKeys.has(digest.slice(0, keyLength));
}

/** Digest of the UTF-8 text, or of bytes. */
export function digestOf(algorithm: DigestAlgorithm, input: string | Uint8Array): Buffer {
  return hash(algorithm.algorithm, input, 'buffer');
}

/** The same as a string, a character a byte: made in a third of the time, which counts where there are tens of thousands. */
export function digestText(algorithm: DigestAlgorithm, input: string | Uint8Array): string {
  return hash(algorithm.algorithm, input, 'binary');
}

/** HMAC (RFC 2104) of the UTF-8 text, a character a byte. */
export function hmacText(algorithm: DigestAlgorithm, key: string, text: string): string {
  return createHmac(algorithm.algorithm, key).update(text, 'utf8').digest('binary');
}

/** `H(x)` of the founding case: the first `characters` (16 or 27) of URL-safe base64 of SHA-1. */
export function founderHash(text: string, characters: 16 | 27 = 16): string {
  return hash('sha1', text, 'base64url').slice(0, characters);
}
