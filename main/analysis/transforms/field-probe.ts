import type { DataCategory } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';

/**
 * Something that nobody listed and that the name of its field and its own shape give away. Searched for by the end of the name, which is a
 * literal like others: it costs nothing where the name does not occur, and works in whatever the search decodes.
 */
export interface FieldProbe {
  /** Unique over all probes: what goes to the workers instead of functions. */
  readonly id: string;
  readonly kind: IdentifierKind;
  /** Null: an identifier to be proposed. */
  readonly category: DataCategory | null;
  readonly source: string;
  /** How names end, in lower case; any case is found. */
  readonly endings: readonly string[];
  /** First characters of values: short names with a `=` are long enough to be searched for only with them. */
  readonly begins?: readonly string[];
  /** Values may be numbers without quotes. */
  readonly numbers?: true;
  /** The whole name … */
  readonly name: RegExp;
  /** … and the value, without percent escapes. */
  readonly looks: (value: string) => boolean;
}

/** The value of a field, and where it lies. */
export interface FieldValue {
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** False where the bytes end with the value: more of it may come. */
  readonly closed: boolean;
}

const longestName = 64;
const longestValue = 96;
/** `": "`, `\":\"`, `"` and an empty line (multipart): what may stand between name and value. */
const longestGap = 12;

/** What stands between names and values: text in quotes, query and form, header, XML, escaped JSON, multipart. */
export const separators = ['":"', '": ', '=', ': ', '>', '="', '\\":', '"\r\n'] as const;
/** Between a name and a number in JSON. */
const beforeNumbers = '":';
const shortest = 7;
/** Literals that begin alike are compared one after the other wherever the beginning occurs. */
const mostVariants = 64;
const mostVariantsOfRare = 20;
/** What may stand before the name of a field in a query, a form or a cookie. */
export const beforeFields = ['&', '?', '\n', ' ', ';'] as const;

export interface ProbeLiteral {
  readonly text: string;
  /** Where in it the name ends. */
  readonly nameEnd: number;
}

/** The literals that find the names of a probe, in lower case. A short name is left out where what stands around it does not make it long enough. */
export function probeLiterals(probe: FieldProbe): readonly ProbeLiteral[] {
  return probe.endings.flatMap((ending): readonly ProbeLiteral[] => {
    if (ending.length >= shortest) return [{ text: ending, nameEnd: ending.length }];
    const used = probe.numbers === true ? [...separators, beforeNumbers] : separators;
    return used.flatMap((separator) => longEnough(ending, separator, probe));
  });
}

function longEnough(ending: string, separator: string, { begins = [], numbers }: FieldProbe): readonly ProbeLiteral[] {
  const text = ending + separator;
  const missing = shortest - text.length;
  const literal = (before: string, more: string): ProbeLiteral => ({
    text: before + text + more,
    nameEnd: before.length + ending.length,
  });
  const firsts = (count: number): readonly string[] => [
    ...new Set(begins.filter((one) => one.length >= count).map((one) => one.slice(0, count))),
  ];
  if (missing <= 0) return [literal('', '')];
  if (separator === '=') {
    if (missing === 1) return beforeFields.map((before) => literal(before, ''));
    const enough = firsts(missing);
    if (enough.length > 0) return enough.length <= mostVariants ? enough.map((more) => literal('', more)) : [];
    return missing === 2 && firsts(1).length <= mostVariantsOfRare ? firsts(1).map((more) => literal('&', more)) : [];
  }
  // A name of three letters in quotes is searched for as a whole name.
  if (separator.startsWith('"') && ending.length <= 3)
    return (missing === 1 ? ['"'] : ['{"', ',"', ' "']).map((before) => literal(before, ''));
  const rare = numbers === true ? firsts(missing) : [];
  return rare.length <= mostVariantsOfRare ? rare.map((more) => literal('', more)) : [];
}

/**
 * Reads the field whose name ends at `nameEnd`. Null where no value follows. `end` takes the byte behind the value in: once it is there, the value
 * has a longer place than it had without it. `ends` says that no byte follows `to`.
 */
export function fieldValueAt(
  bytes: Uint8Array,
  nameEnd: number,
  from: number,
  to: number,
  ends: boolean,
): FieldValue | null {
  const start = valueStart(bytes, nameEnd, to);
  if (start === -1) return null;
  let end = start;
  const stop = Math.min(to, start + longestValue);
  while (end < stop && !isFieldEnd(bytes[end] ?? 0)) end++;
  // Longer than any value that is looked for.
  if (end === start || (end === stop && stop < to)) return null;
  const text = plain(latin1(bytes, start, end));
  return text === null
    ? null
    : { name: fieldNameAt(bytes, nameEnd, from), text, start, end: Math.min(to, end + 1), closed: end < to || ends };
}

/** The name that ends at `nameEnd`. */
export function fieldNameAt(bytes: Uint8Array, nameEnd: number, from: number): string {
  let first = nameEnd;
  while (first > from && nameEnd - first < longestName && isNameByte(bytes[first - 1] ?? 0)) first--;
  return latin1(bytes, first, nameEnd);
}

/** Where the value of the field begins whose name ends at `nameEnd`, or -1. */
export function valueStart(bytes: Uint8Array, nameEnd: number, to: number): number {
  let separated = false;
  let lines = 0;
  const stop = Math.min(to, nameEnd + longestGap);
  for (let at = nameEnd; at < stop; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x3d || byte === 0x3a || byte === 0x3e) separated = true;
    else if (byte === 0x0a) lines++;
    else if (!isFiller(byte)) return separated || lines >= 2 ? at : -1;
  }
  return -1;
}

/** Quotes, backslash, blanks and brackets between a name and its value. */
const isFiller = (byte: number): boolean =>
  byte === 0x22 || byte === 0x27 || byte === 0x5c || byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x5b;

/** Quotes, `&`, `;`, `,`, brackets, backslash, blanks and control characters end a value. */
export const isFieldEnd = (byte: number): boolean =>
  byte <= 0x20 || '"\'&;,<>}])\\'.includes(String.fromCharCode(byte)) || byte === 0x7f;

const isNameByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) ||
  byte === 0x5f ||
  byte === 0x2d ||
  byte === 0x2e;

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** Without percent escapes, and as UTF-8; null where escapes are broken. */
function plain(raw: string): string | null {
  try {
    return raw.includes('%') ? decodeURIComponent(raw) : Buffer.from(raw, 'latin1').toString('utf8');
  } catch {
    return null;
  }
}
