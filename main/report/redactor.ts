import type { Identifier, IdentifierKind } from '../../shared/model/identifier.ts';
import { findInText } from '../analysis/search/find-in-text.ts';
import type { TextMatch } from '../analysis/search/find-in-text.ts';
import { compilePatterns } from '../analysis/search/patterns.ts';
import type { Salt } from '../analysis/search/patterns.ts';
import { maskIdentifier } from './mask.ts';

/** Where a listed identifier stands in bytes, in whatever writing the analysis knows. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly id: string;
  readonly kind: IdentifierKind;
  /** Steps from the identifier to these bytes; empty where it stands as it is. */
  readonly transform: readonly string[];
}

export interface Redactor {
  /** Every place, in order, none overlapping another. */
  places(bytes: Uint8Array): readonly Place[];
  /** The text with every place masked. */
  text(text: string): string;
  /** As `text`, for every string inside a value; names of fields that hold our own hashes are left alone. */
  deep<T>(value: T): T;
}

/** Hexadecimal that we made ourselves: a digest of bytes or rows, no writing of an identifier. */
export const ownHashes: ReadonlySet<string> = new Set([
  'sha256',
  'exhibitSha256',
  'hash',
  'rowHash',
  'previousHash',
  'head',
  'key',
]);

/** Shorter literal values would be found in every second word. */
const shortestLiteral = 2;

/** Five times what the search takes: plain writings of every value come first, the rare encodings of contacts are what is cut. */
const mostLiterals = 100_000;

interface Literal {
  readonly bytes: Buffer;
  readonly id: string;
  readonly kind: IdentifierKind;
}

/**
 * Masks with the same search that finds identifiers in traffic: what the detector would find in a text is taken out of it,
 * encodings and digests included. Values that the search leaves out (too short, not canonical) are matched as they are.
 *
 * @param salts what the handsets have beside identifiers: digests that were made with them are known by them
 */
export function createRedactor(identifiers: readonly Identifier[], salts: readonly Salt[] = []): Redactor {
  const set = compilePatterns(identifiers, mostLiterals, salts);
  const literals = literalsOf(identifiers);
  const known = new Map<string, string>();

  const places = (bytes: Uint8Array): readonly Place[] => {
    const found = findInText(set, bytes).map((match) => placeOf(match, set.values[match.value]?.kind, bytes));
    for (const literal of literals) found.push(...occurrences(bytes, literal));
    return withoutOverlaps(found);
  };
  const text = (original: string): string => {
    if (original.length < shortestLiteral) return original;
    const cached = known.get(original);
    if (cached !== undefined) return cached;
    const masked = maskPlaces(original, places(Buffer.from(original, 'utf8')));
    known.set(original, masked);
    return masked;
  };
  const deep = <T>(value: T): T => deepText(value, text) as T;
  return { places, text, deep };
}

function literalsOf(identifiers: readonly Identifier[]): Literal[] {
  const byText = new Map<string, Literal>();
  for (const { id, kind, value, original } of identifiers) {
    for (const one of [value, original]) {
      if (one.length >= shortestLiteral) byText.set(one, { bytes: Buffer.from(one, 'utf8'), id, kind });
    }
  }
  return [...byText.values()];
}

/** Characters of base64 beside a match hold part of the value's first and last byte: they go with it. */
function placeOf(match: TextMatch, kind: IdentifierKind | undefined, bytes: Uint8Array): Place {
  const { transform, owners } = match;
  const loose = transform.some((step) => step.startsWith('base64')) && !transform.some((step) => digests.has(step));
  const start = loose && isBase64(bytes[match.start - 1]) ? match.start - 1 : match.start;
  const end = loose && isBase64(bytes[match.end]) ? match.end + 1 : match.end;
  return { start, end, transform, id: owners[0]?.id ?? '', kind: kind ?? 'custom' };
}

const digests: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);

function isBase64(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z0-9+/_-]/.test(String.fromCharCode(byte)) && byte < 0x80;
}

/** A value inside a longer word or number is another value: short ones would otherwise blot out half a text. */
function occurrences(bytes: Uint8Array, { bytes: wanted, id, kind }: Literal): Place[] {
  const found: Place[] = [];
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = whole.indexOf(wanted); at !== -1; at = whole.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (wanted.length < 6 && (isWord(whole[at - 1]) || isWord(whole[end]))) continue;
    found.push({ start: at, end, id, kind, transform: [] });
  }
  return found;
}

/** ASCII letters and digits: a neighbour in another script ends a word. */
function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9A-Za-z]/.test(String.fromCharCode(byte)) && byte < 0x80;
}

function withoutOverlaps(found: readonly Place[]): readonly Place[] {
  const kept: Place[] = [];
  for (const place of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || place.start >= last.end) kept.push(place);
    // A longer neighbour that begins inside the last one: both are covered by one place.
    else if (place.end > last.end) kept[kept.length - 1] = { ...last, end: place.end };
  }
  return kept;
}

function maskPlaces(original: string, places: readonly Place[]): string {
  if (places.length === 0) return original;
  const bytes = Buffer.from(original, 'utf8');
  let masked = '';
  let from = 0;
  for (const place of places) {
    masked +=
      bytes.toString('utf8', from, place.start) + maskPlace(bytes.toString('utf8', place.start, place.end), place);
    from = place.end;
  }
  return masked + bytes.toString('utf8', from);
}

/** A plain value keeps a few characters; of an encoding or digest none is kept, because parts of it can be looked up. */
function maskPlace(matched: string, place: Place): string {
  return place.transform.length === 0
    ? maskIdentifier(place.kind, matched)
    : `[${place.id}: ${'•'.repeat(Math.min(8, matched.length))}]`;
}

function deepText(value: unknown, text: (one: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((one) => deepText(one, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      ownHashes.has(key) && typeof item === 'string' ? item : deepText(item, text),
    ]),
  );
}
