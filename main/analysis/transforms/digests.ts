import { createHash } from 'node:crypto';

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
];

/** Truncations of a digest's text: name of the step, and characters kept. */
export interface Truncation {
  readonly step: string;
  readonly writing: 'hex' | 'base64';
  readonly characters: number;
  /** Characters left out in front. */
  readonly skipped: number;
  readonly algorithms: readonly string[];
  readonly source: string;
}

/** Any cut of at least sixteen characters is found; these name the customary ones. `first-N` of another N is named by its length. */
export const truncations: readonly Truncation[] = [
  {
    step: 'first-16',
    writing: 'base64',
    characters: 16,
    skipped: 0,
    algorithms: ['md5', 'sha1', 'sha256'],
    source: 'H(x) of MIUI Mms, 2012: first 16 of URL-safe base64 of SHA-1',
  },
  {
    step: 'first-27',
    writing: 'base64',
    characters: 27,
    skipped: 0,
    algorithms: ['sha1', 'sha256'],
    source: 'later Xiaomi SDKs: SHA-1 in URL-safe base64 without padding',
  },
  {
    step: 'first-16',
    writing: 'hex',
    characters: 16,
    skipped: 0,
    algorithms: ['md5', 'sha1', 'sha256'],
    source: 'short digests',
  },
  {
    step: 'first-32',
    writing: 'hex',
    characters: 32,
    skipped: 0,
    algorithms: ['sha1', 'sha256'],
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
];

/** H("0"): what MIUI Mms sends for an identifier that is missing. A marker, never a hit (handbook: case-2014.md). */
export const missingIdentifierMarker = 'tlifxqsNyCzxIJnR';

/** Digest of the UTF-8 text. */
export function digestOf(algorithm: DigestAlgorithm, text: string): Buffer {
  return createHash(algorithm.algorithm).update(text, 'utf8').digest();
}

/** `H(x)` of the founding case: the first `characters` (16 or 27) of URL-safe base64 of SHA-1. */
export function founderHash(text: string, characters: 16 | 27 = 16): string {
  return createHash('sha1').update(text, 'utf8').digest('base64url').slice(0, characters);
}
