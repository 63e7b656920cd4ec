/** Six-bit value of a base64 character in either alphabet, or 255. */
export const base64Values = new Uint8Array(256).fill(255);
/** Four-bit value of a hex digit, or 255. */
export const hexValues = new Uint8Array(256).fill(255);
/** Letter case folded for A-Z only. */
export const foldedBytes = new Uint8Array(256);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < 64; i++) base64Values[alphabet.charCodeAt(i)] = i;
base64Values[0x2d] = 62; // '-' of the URL-safe alphabet (RFC 4648 5)
base64Values[0x5f] = 63; // '_'
for (let i = 0; i < 16; i++) {
  const digit = i.toString(16);
  hexValues[digit.charCodeAt(0)] = i;
  hexValues[digit.toUpperCase().charCodeAt(0)] = i;
}
for (let i = 0; i < 256; i++) foldedBytes[i] = i >= 0x41 && i <= 0x5a ? i | 0x20 : i;

/** Byte at `index`, or 0 outside. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

export function isWordByte(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);
}

/** Is there a percent escape of two hex digits at `index`? */
export function isEscape(bytes: Uint8Array, index: number, end: number): boolean {
  return (
    index >= 0 &&
    index + 2 < end &&
    bytes[index] === 0x25 &&
    hexValues[byteAt(bytes, index + 1)] !== 255 &&
    hexValues[byteAt(bytes, index + 2)] !== 255
  );
}

export type Mark = 'gzip' | 'zlib' | 'zstd' | 'lz4' | 'zip' | 'skippable';

/**
 * A gzip member (RFC 1952), a zlib stream (RFC 1950), a Zstandard (RFC 8878) or LZ4 frame, or an entry of a ZIP file (APPNOTE.TXT) seems
 * to begin with these three bytes; or a frame to be skipped before one of Zstandard or LZ4 (RFC 8878 3.1.2, lz4_Frame_format.md).
 */
export function compressionOf(a: number, b: number, c: number): Mark | null {
  if (a === 0x1f) return b === 0x8b && c === 8 ? 'gzip' : null;
  if (a === 0x28) return b === 0xb5 && c === 0x2f ? 'zstd' : null;
  if (b === 0x2a) return a >> 4 === 5 && c === 0x4d ? 'skippable' : null;
  if (a === 0x50) return b === 0x4b && c === 3 ? 'zip' : null;
  if (a === 0x04) return b === 0x22 && c === 0x4d ? 'lz4' : null;
  if ((a & 0x0f) !== 8 || a >> 4 > 7) return null;
  // CM 8, window at most 32 KiB, check bits, no preset dictionary; a first block of type 3 does not exist (RFC 1951 3.2.3).
  return ((a << 8) | b) % 31 === 0 && (b & 0x20) === 0 && (c & 6) !== 6 ? 'zlib' : null;
}

export function compressionAt(bytes: Uint8Array, index: number, end: number): Mark | null {
  return index + 3 > end
    ? null
    : compressionOf(byteAt(bytes, index), byteAt(bytes, index + 1), byteAt(bytes, index + 2));
}

/** 1 for the base64 characters that are no letters or digits: another value may begin after them. */
export const symbolBytes = new Uint8Array(256);
for (const symbol of '+/-_') symbolBytes[symbol.charCodeAt(0)] = 1;
