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
  if (at + decidingBytes > end || (shortAt(bytes, at) | (shortAt(bytes, at + 2) << 16)) !== signature) return null;
  const encrypted = (byteAt(bytes, at + 6) & 1) !== 0;
  if (encrypted || shortAt(bytes, at + 8) !== 8) return null;
  const names = at + fixedBytes > end ? 0 : shortAt(bytes, at + 26) + shortAt(bytes, at + 28);
  return at + fixedBytes + names;
}

function shortAt(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
}
