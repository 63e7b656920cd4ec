import { base64Values, byteAt, compressionAt, compressionOf, hexValues } from './byte-classes.ts';
import { readEntity, readJson, readPercent, readQuotedPrintable, type ReadEscape } from './escape-codes.ts';
import { deflateMayBegin } from './deflate-gate.ts';
import { inflate } from './inflate.ts';
import { decodeBase64Run, decodeHexRun } from './undo.ts';
import { isZipEntry } from './zip-entry.ts';

/** Bytes that an encoded value is written with: hex and base64, line breaks, and escapes of what stands in it. */
const runBytes = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) if (base64Values[byte] !== 255) runBytes[byte] = 1;
for (const byte of Buffer.from('=%\\&#;\r\n')) runBytes[byte] = 1;

/** Of so many bytes is asked what they begin with: the mark of every compression, encoded twice. */
export const leastOfRun = 24;
/** Characters of the beginning that decide. */
const beginningBytes = 256;
/** A value encoded in an encoded value. */
const maxEncodings = 2;

export function belongsToRun(byte: number): boolean {
  return runBytes[byte] === 1;
}

/**
 * Where hex or base64 of something compressed begins, in `[from, end)`, that runs on to `end` and may go on behind it, over line breaks and
 * escapes; -1 when nothing does. Nearly every place is turned away by its first characters.
 */
export function encodedRunAt(bytes: Uint8Array, from: number, end: number): number {
  let start = end;
  while (start > from && runBytes[bytes[start - 1] as number] === 1) start--;
  const last = end - leastOfRun;
  if ((start === 0 || base64Values[bytes[start - 1] as number] === 255) && begins(bytes, start, last, end))
    return start;
  // An escape may end behind `from`.
  for (let at = nextBreak(bytes, Math.max(0, start - 5), last); at < last; at = nextBreak(bytes, at + 1, last)) {
    const byte = bytes[at] as number;
    if (at + 1 >= from && begins(bytes, at + 1, last, end)) return at + 1;
    const escape = byte === 0x25 || byte === 0x3d ? 3 : byte === 0x5c ? 2 : 0;
    if (escape > 0 && at + escape >= from && begins(bytes, at + escape, last, end)) return at + escape;
    if (byte === 0x5c && bytes[at + 1] === 0x75 && at + 6 >= from && begins(bytes, at + 6, last, end)) return at + 6;
  }
  return -1;
}

/** First index in `[from, to)` of no character of base64, or `to`. A tight loop of its own, for the compiler. */
function nextBreak(bytes: Uint8Array, from: number, to: number): number {
  const values = base64Values;
  let at = from;
  while (at < to && values[bytes[at] as number] !== 255) at++;
  return at;
}

function begins(bytes: Uint8Array, at: number, last: number, end: number): boolean {
  return at <= last && mayHold(bytes, at) && beginsCompressed(charactersOf(bytes, at, end), 1);
}

/** Does a compression begin with what the first characters stand for, or is that encoded again? */
function mayHold(bytes: Uint8Array, at: number): boolean {
  const w = sextet(bytes, at);
  const x = sextet(bytes, at + 1);
  const y = sextet(bytes, at + 2);
  const z = sextet(bytes, at + 3);
  if ((w | x | y | z) < 64 && isPromising((w << 2) | (x >> 4), ((x & 15) << 4) | (y >> 2), ((y & 3) << 6) | z))
    return true;
  if (byteAt(hexValues, byteAt(bytes, at)) === 255) return false;
  const a = hexPair(bytes, at);
  const b = hexPair(bytes, at + 2);
  const c = hexPair(bytes, at + 4);
  return (a | b | c) < 256 && isPromising(a, b, c);
}

const sextet = (bytes: Uint8Array, at: number): number => byteAt(base64Values, byteAt(bytes, at));

/** Beyond 255 where there are no two digits of hex. */
function hexPair(bytes: Uint8Array, at: number): number {
  const high = byteAt(hexValues, byteAt(bytes, at));
  const low = byteAt(hexValues, byteAt(bytes, at + 1));
  return (high | low) === 255 ? 256 : (high << 4) | low;
}

function isPromising(a: number, b: number, c: number): boolean {
  if (compressionOf(a, b, c) !== null || deflateBlock(a)) return true;
  return base64Values[a] !== 255 && base64Values[b] !== 255 && base64Values[c] !== 255;
}

/** Does a block of deflate without a header seem to begin, with one of the two codes? */
function deflateBlock(first: number): boolean {
  const type = (first >> 1) & 3;
  return type === 1 || type === 2;
}

const characters = new Uint8Array(beginningBytes + 8);
const readers: readonly ReadEscape[] = [readPercent, readJson, readEntity, readQuotedPrintable];

/** What stands there of the alphabets once line breaks are left out and escapes are undone, as much as decides. */
function charactersOf(bytes: Uint8Array, from: number, end: number): Uint8Array {
  let length = 0;
  for (let at = from; at < end && length < beginningBytes;) {
    const byte = byteAt(bytes, at);
    let taken = 1;
    let given = 1;
    if (base64Values[byte] !== 255 || byte === 0x0a || byte === 0x0d) characters[length] = byte;
    else {
      const read = escapeAt(bytes, at, end, length);
      if (read === null) break;
      ({ taken, given } = read);
    }
    at += taken;
    if (given === 0) continue;
    const written = byteAt(characters, length);
    if (base64Values[written] !== 255) length++;
    else if (written !== 0x0a && written !== 0x0d && written !== 0x5c) break;
  }
  return characters.slice(0, length);
}

function escapeAt(bytes: Uint8Array, at: number, end: number, length: number): ReturnType<ReadEscape> {
  for (const read of readers) {
    const answer = read(bytes, at, end, characters, length);
    if (answer !== null) return answer;
  }
  return null;
}

/** Bytes of which something comes where they are compressed. */
const tellingBytes = 32;
/** Bytes that show whether deflate may begin with them: as many as the shortest run has in hex. */
const leastDeflated = leastOfRun / 2;
/** Digits that make hex likely. */
const leastOfHex = 12;

/** Is it hex or base64 of something compressed? The mark of zlib is short: where there are enough bytes, something has to come of them. */
function beginsCompressed(text: Uint8Array, encodings: number): boolean {
  let digits = 0;
  while (digits < text.length && hexValues[text[digits] as number] !== 255) digits++;
  if (digits >= leastOfHex && holds(decodeHexRun(text, 0, digits).bytes, encodings)) return true;
  return holds(decodeBase64Run(text, 0, text.length).bytes, encodings);
}

function holds(bytes: Uint8Array, encodings: number): boolean {
  const mark = compressionAt(bytes, 0, bytes.length);
  // The first entry may be none that is undone.
  if (mark === 'zip') return bytes.length < tellingBytes || isZipEntry(bytes, 0, bytes.length);
  if (mark !== null) return bytes.length < tellingBytes || inflate(Uint8Array.from(bytes)) !== null;
  // Deflate has no mark: enough bytes have to show it. Filling (zeros in hex, say) may read as such without an end.
  if (
    bytes.length >= leastDeflated &&
    !isFilling(bytes) &&
    deflateMayBegin(bytes, 0, bytes.length) &&
    inflate(Uint8Array.from(bytes)) !== null
  )
    return true;
  if (encodings >= maxEncodings) return false;
  return beginsCompressed(charactersOf(bytes, 0, bytes.length), encodings + 1);
}

/** One character again and again gives the same three bytes again and again. */
function isFilling(bytes: Uint8Array): boolean {
  for (let i = 3; i < leastDeflated; i++) if (bytes[i] !== bytes[i - 3]) return false;
  return true;
}
