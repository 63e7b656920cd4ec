import { byteAt } from './byte-classes.ts';

/** Bytes that decide; of fewer as much is looked at as there is. */
export const gateBytes = 24;
/** Symbols of a block with the fixed code that have to be text. */
const gateSymbols = 12;

/**
 * May a deflate stream without any header (RFC 1951) begin here, as Android's `Deflater(level, true)` writes it? It has no mark:
 * a block with its own codes shows itself by a complete code of code lengths, one with the fixed code has to begin with text.
 * A stored block's content stands there as it is and needs no undoing. Random bytes pass once in a thousand times.
 */
export function deflateMayBegin(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 3 > end) return false;
  const type = (byteAt(bytes, at) >> 1) & 3;
  if (type === 1) return beginsWithText(bytes, at, Math.min(end, at + gateBytes));
  return type === 2 && hasCompleteCode(bytes, at, end);
}

/** RFC 1951 3.2.7: the lengths of the code that the other two codes are written in fill it exactly. */
function hasCompleteCode(bytes: Uint8Array, at: number, end: number): boolean {
  const head = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16);
  if (((head >> 3) & 31) > 29 || ((head >> 8) & 31) > 29) return false;
  const count = ((head >> 13) & 15) + 4;
  if (at + ((17 + count * 3 + 7) >> 3) > end) return true;
  let filled = 0;
  for (let i = 0, bit = 17; i < count; i++, bit += 3) {
    const byte = at + (bit >> 3);
    const length = ((byteAt(bytes, byte) | (byteAt(bytes, byte + 1) << 8)) >> (bit & 7)) & 7;
    if (length > 0) filled += 128 >> length;
  }
  return filled === 128;
}

/** RFC 1951 3.2.6: literals of text in UTF-8, and repetitions of what is there already. */
function beginsWithText(bytes: Uint8Array, at: number, end: number): boolean {
  const bits = (end - at) * 8;
  let bit = 3;
  let written = 0;
  // Bytes that a character still needs; -1 behind a repetition, which may end anywhere.
  let needed = 0;
  const take = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, bit++) value |= ((byteAt(bytes, at + (bit >> 3)) >> (bit & 7)) & 1) << i;
    return value;
  };
  const code = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value = (value << 1) | take(1);
    return value;
  };
  for (let n = 0; n < gateSymbols && bit + 9 <= bits; n++) {
    const seven = code(7);
    if (seven === 0) return written >= 8;
    if (seven < 24 || (seven >= 96 && seven < 100)) {
      const length = lengthOf(seven < 24 ? seven + 256 : ((seven << 1) | code(1)) - 192 + 280, take);
      if (bit + 18 > bits) return written > 0;
      const distance = distanceOf(code(5), take);
      if (length === null || distance === null || distance > written) return false;
      written += length;
      needed = -1;
      continue;
    }
    const eight = (seven << 1) | code(1);
    // Bytes from 144 on take nine bits.
    const byte = eight < 192 ? eight - 48 : ((eight << 1) | code(1)) - 256;
    if ((byte & 0xc0) === 0x80) {
      if (needed === 0) return false;
      needed = Math.max(-1, needed - 1);
    } else {
      if (needed > 0 || (byte < 0x80 ? !isText(byte) : byte < 0xc2 || byte > 0xf4)) return false;
      needed = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    }
    written += 1;
  }
  return written > 0;
}

const isText = (byte: number): boolean => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13;

function lengthOf(symbol: number, take: (count: number) => number): number | null {
  if (symbol < 265) return symbol - 254;
  if (symbol === 285) return 258;
  if (symbol > 285) return null;
  const extra = (symbol - 261) >> 2;
  return 3 + ((4 + ((symbol - 261) & 3)) << extra) + take(extra);
}

function distanceOf(code: number, take: (count: number) => number): number | null {
  if (code > 29) return null;
  if (code < 4) return code + 1;
  const extra = (code >> 1) - 1;
  return 1 + ((2 + (code & 1)) << extra) + take(extra);
}
