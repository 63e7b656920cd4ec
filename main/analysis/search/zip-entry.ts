import { byteAt } from './byte-classes.ts';

/** APPNOTE.TXT 4.3.7: the fields of a local file header, before name and extra field. */
const fixedBytes = 30;
/** Signature, version, flags and method. */
const decidingBytes = 10;

/** A local file header as a word of four bytes. */
const signature = 0x04034b50;

/**
 * Where the deflate stream begins of the ZIP entry whose local file header begins at `at` (APPNOTE.TXT 4.3.7, 4.4.4, 4.4.5); it may be
 * behind the bytes there are. Null when there is none, and for what cannot be undone (encrypted, other methods) or needs no undoing
 * (stored; Zstandard has its own mark).
 */
export function zipContentAt(bytes: Uint8Array, at: number, end: number): number | null {
  return contentAt(bytes, at, end, 8);
}

/** The same of an entry that is stored as it is. */
export function storedContentAt(bytes: Uint8Array, at: number, end: number): number | null {
  return contentAt(bytes, at, end, 0);
}

function contentAt(bytes: Uint8Array, at: number, end: number, method: number): number | null {
  if (!isZipEntry(bytes, at, end)) return null;
  const encrypted = (byteAt(bytes, at + 6) & 1) !== 0;
  if (encrypted || shortAt(bytes, at + 8) !== method) return null;
  const names = at + fixedBytes > end ? 0 : shortAt(bytes, at + 26) + shortAt(bytes, at + 28);
  return at + fixedBytes + names;
}

/** Does a local file header begin there, of whatever entry? */
export function isZipEntry(bytes: Uint8Array, at: number, end: number): boolean {
  return at + decidingBytes <= end && wordAt(bytes, at) === signature;
}

const signatureBytes = Buffer.from([0x50, 0x4b, 3, 4]);

/** Where the next local file header begins, from `from` on, or -1. It is looked for and not reckoned: sizes may be missing, or a lie. */
export function nextZipEntry(bytes: Uint8Array, from: number, end: number): number {
  const at: number = Buffer.prototype.indexOf.call(bytes.subarray(0, end), signatureBytes, from);
  return at !== -1 && isZipEntry(bytes, at, end) ? at : -1;
}

/** Do CRC-32 and sizes come behind the stream of the entry that begins here? APPNOTE.TXT 4.4.4, bit 3. */
export function zipDescribes(bytes: Uint8Array): boolean {
  return (byteAt(bytes, 6) & 8) !== 0;
}

/**
 * Behind the data descriptor (APPNOTE.TXT 4.3.9: CRC-32 and sizes, of four or eight bytes) that stands at `at`, of an entry of `length`
 * bytes; `at` itself where none stands, and null where the bytes end before that is seen. One without its signature is not looked for.
 */
export function behindDescriptor(bytes: Uint8Array, at: number, length: number): number | null {
  for (let i = 0; i < descriptorSignature.length; i++) {
    if (at + i >= bytes.length) return null;
    if (bytes[at + i] !== descriptorSignature[i]) return at;
  }
  if (at + longDescriptorBytes > bytes.length) return null;
  if (wordAt(bytes, at + 12) === length) return at + descriptorBytes;
  return wordAt(bytes, at + 16) === length ? at + longDescriptorBytes : at;
}

const descriptorSignature = [0x50, 0x4b, 7, 8];
const descriptorBytes = 16;
const longDescriptorBytes = 24;

function wordAt(bytes: Uint8Array, at: number): number {
  return (shortAt(bytes, at) | (shortAt(bytes, at + 2) << 16)) >>> 0;
}

function shortAt(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
}
