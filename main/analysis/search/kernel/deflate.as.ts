import { byteAt } from './tables.as';

// The gate of deflate without a header, as deflate-gate.ts, which says why.

const GATE_BYTES: usize = 24;
const GATE_SYMBOLS: u32 = 12;

let base: usize = 0;
let bit: usize = 0;

export function deflateMayBegin(at: usize, end: usize): bool {
  if (at + 3 > end) return false;
  const type = (byteAt(at) >>> 1) & 3;
  if (type == 1) return beginsWithText(at, min(end, at + GATE_BYTES));
  return type == 2 && hasCompleteCode(at, end);
}

function hasCompleteCode(at: usize, end: usize): bool {
  const head: u32 = byteAt(at) | (byteAt(at + 1) << 8) | (byteAt(at + 2) << 16);
  if (((head >>> 3) & 31) > 29 || ((head >>> 8) & 31) > 29) return false;
  const count = ((head >>> 13) & 15) + 4;
  if (at + <usize>((17 + count * 3 + 7) >>> 3) > end) return true;
  let filled: u32 = 0;
  // Nineteen lengths of three bits from the seventeenth on: all of them are in one word.
  let lengths = load<u64>(at + 2) >>> 1;
  for (let i: u32 = 0; i < count; i++) {
    const length = <u32>lengths & 7;
    lengths >>>= 3;
    if (length > 0) filled += 128 >>> length;
  }
  return filled == 128;
}

function beginsWithText(at: usize, end: usize): bool {
  const bits = (end - at) << 3;
  base = at;
  bit = 3;
  let written: u32 = 0;
  let needed: i32 = 0;
  for (let n: u32 = 0; n < GATE_SYMBOLS && bit + 9 <= bits; n++) {
    const seven = code(7);
    if (seven == 0) return written >= 8;
    if (seven < 24 || (seven >= 96 && seven < 100)) {
      const length = lengthOf(seven < 24 ? seven + 256 : ((seven << 1) | take(1)) - 192 + 280);
      if (bit + 18 > bits) return written > 0;
      const distance = distanceOf(code(5));
      if (length == 0 || distance == 0 || distance > written) return false;
      written += length;
      needed = -1;
      continue;
    }
    const eight = (seven << 1) | take(1);
    const byte = eight < 192 ? eight - 48 : ((eight << 1) | take(1)) - 256;
    if ((byte & 0xc0) == 0x80) {
      if (needed == 0) return false;
      needed = max<i32>(-1, needed - 1);
    } else {
      if (needed > 0) return false;
      if (byte < 0x80) {
        if (byte < 0x20 ? byte != 9 && byte != 10 && byte != 13 : byte == 0x7f) return false;
        needed = 0;
      } else {
        if (byte < 0xc2 || byte > 0xf4) return false;
        needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      }
    }
    written += 1;
  }
  return written > 0;
}

/** The next bits, at most sixteen; the first is the lowest. */
@inline
function take(count: u32): u32 {
  const value = (load<u32>(base + (bit >>> 3)) >>> (<u32>bit & 7)) & ((1 << count) - 1);
  bit += <usize>count;
  return value;
}

/** The next bits, at most eight; the first is the highest. */
@inline
function code(count: u32): u32 {
  let value = take(count);
  value = ((value & 0xf0) >>> 4) | ((value & 0x0f) << 4);
  value = ((value & 0xcc) >>> 2) | ((value & 0x33) << 2);
  value = ((value & 0xaa) >>> 1) | ((value & 0x55) << 1);
  return value >>> (8 - count);
}

/** Zero: there is no such length. */
function lengthOf(symbol: u32): u32 {
  if (symbol < 265) return symbol - 254;
  if (symbol == 285) return 258;
  if (symbol > 285) return 0;
  const extra = (symbol - 261) >>> 2;
  return 3 + ((4 + ((symbol - 261) & 3)) << extra) + take(extra);
}

/** Zero: there is no such distance. */
function distanceOf(symbol: u32): u32 {
  if (symbol > 29) return 0;
  if (symbol < 4) return symbol + 1;
  const extra = (symbol >>> 1) - 1;
  return 1 + ((2 + (symbol & 1)) << extra) + take(extra);
}
