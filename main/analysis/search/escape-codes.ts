import { byteAt, hexValues, isEscape } from './byte-classes.ts';

/** Reads the escape at `i`, writes what it stands for to `out[at …]` and says how many bytes of either there are; null: no escape is there. */
export type ReadEscape = (bytes: Uint8Array, i: number, end: number, out: Uint8Array, at: number) => EscapeRead | null;

/** `taken` bytes of the text gave `given` bytes. */
export interface EscapeRead {
  readonly taken: number;
  readonly given: number;
}

// One object for all: an escape is read at every third byte of some texts.
const answer = { taken: 0, given: 0 };

function gave(taken: number, given: number): EscapeRead {
  answer.taken = taken;
  answer.given = given;
  return answer;
}

const hexAt = (bytes: Uint8Array, i: number): number => byteAt(hexValues, byteAt(bytes, i));

/** `%34` (RFC 3986 2.1). */
export const readPercent: ReadEscape = (bytes, i, end, out, at) => {
  if (!isEscape(bytes, i, end)) return null;
  out[at] = (hexAt(bytes, i + 1) << 4) | hexAt(bytes, i + 2);
  return gave(3, 1);
};

// Backspace, form feed, line feed, carriage return, tab.
const shortEscapes: ReadonlyMap<number, number> = new Map([
  [0x62, 8],
  [0x66, 12],
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
]);

/** `\u0034`, `\/`, `\"`, `\n` … (RFC 8259 7); a pair of surrogates is one character. */
export const readJson: ReadEscape = (bytes, i, end, out, at) => {
  if (bytes[i] !== 0x5c || i + 1 >= end) return null;
  const second = byteAt(bytes, i + 1);
  if (second === 0x2f || second === 0x22 || second === 0x5c) {
    out[at] = second;
    return gave(2, 1);
  }
  const short = shortEscapes.get(second);
  if (short !== undefined) {
    out[at] = short;
    return gave(2, 1);
  }
  const unit = codeUnitAt(bytes, i, end);
  if (unit === -1) return null;
  const low = unit >= 0xd800 && unit < 0xdc00 ? codeUnitAt(bytes, i + 6, end) : -1;
  if (low >= 0xdc00 && low < 0xe000) {
    return gave(12, writeUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out, at));
  }
  return gave(6, writeUtf8(unit, out, at));
};

/** The code unit of a `\uXXXX` at `i`, or -1. */
export function codeUnitAt(bytes: Uint8Array, i: number, end: number): number {
  if (i + 6 > end || bytes[i] !== 0x5c || bytes[i + 1] !== 0x75) return -1;
  let unit = 0;
  for (let k = i + 2; k < i + 6; k++) {
    const digit = hexAt(bytes, k);
    if (digit === 255) return -1;
    unit = (unit << 4) | digit;
  }
  return unit;
}

// HTML 13.5; of the names, those that stand for ASCII and that every encoder writes.
const namedEntities: readonly { readonly name: string; readonly byte: number }[] = [
  { name: '&amp;', byte: 0x26 },
  { name: '&lt;', byte: 0x3c },
  { name: '&gt;', byte: 0x3e },
  { name: '&quot;', byte: 0x22 },
  { name: '&apos;', byte: 0x27 },
];

/** `&#52;`, `&#x34;` (HTML 13.2.5.75 and following, XML 4.1), and the five names of XML. */
export const readEntity: ReadEscape = (bytes, i, end, out, at) => {
  if (bytes[i] !== 0x26) return null;
  if (bytes[i + 1] !== 0x23) {
    const named = namedEntities.find(({ name }) => startsWith(bytes, i, end, name));
    if (named === undefined) return null;
    out[at] = named.byte;
    return gave(named.name.length, 1);
  }
  const hex = (byteAt(bytes, i + 2) | 0x20) === 0x78;
  let value = 0;
  let k = i + (hex ? 3 : 2);
  const first = k;
  for (; k < end && k < first + 8; k++) {
    const digit = hexAt(bytes, k);
    if (digit === 255 || (!hex && digit > 9)) break;
    value = value * (hex ? 16 : 10) + digit;
  }
  if (k === first || k >= end || bytes[k] !== 0x3b || value > 0x10ffff || value === 0) return null;
  return gave(k + 1 - i, writeUtf8(value, out, at));
};

function startsWith(bytes: Uint8Array, i: number, end: number, text: string): boolean {
  if (i + text.length > end) return false;
  for (let k = 0; k < text.length; k++) if (bytes[i + k] !== text.charCodeAt(k)) return false;
  return true;
}

/** `=34`, and the line end that `=` takes back (RFC 2045 6.7). */
export const readQuotedPrintable: ReadEscape = (bytes, i, end, out, at) => {
  if (bytes[i] !== 0x3d) return null;
  if (bytes[i + 1] === 0x0d && bytes[i + 2] === 0x0a && i + 3 <= end) return gave(3, 0);
  if (i + 2 >= end) return null;
  const high = hexAt(bytes, i + 1);
  const low = hexAt(bytes, i + 2);
  if (high === 255 || low === 255) return null;
  out[at] = (high << 4) | low;
  return gave(3, 1);
};

function writeUtf8(point: number, out: Uint8Array, at: number): number {
  if (point < 0x80) {
    out[at] = point;
    return 1;
  }
  if (point < 0x800) {
    out[at] = 0xc0 | (point >> 6);
    out[at + 1] = 0x80 | (point & 63);
    return 2;
  }
  if (point < 0x10000) {
    out[at] = 0xe0 | (point >> 12);
    out[at + 1] = 0x80 | ((point >> 6) & 63);
    out[at + 2] = 0x80 | (point & 63);
    return 3;
  }
  out[at] = 0xf0 | (point >> 18);
  out[at + 1] = 0x80 | ((point >> 12) & 63);
  out[at + 2] = 0x80 | ((point >> 6) & 63);
  out[at + 3] = 0x80 | (point & 63);
  return 4;
}
