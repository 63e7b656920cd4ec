import { highHalves, lanes, lowHalves } from './lanes.as';
import { base64At, base64Values, byteAt } from './tables.as';

// Decodes base64 and hex to where nothing has to be allocated: most runs are chance, and what they decode to is not looked at twice.

/** What is to be added to a character, by its upper half: digits 4, A-O and P-Z -65 (191), a-o and p-z -71 (185). */
const SHIFTS = memory.data<u8>([0, 0, 0, 4, 191, 191, 185, 185, 0, 0, 0, 0, 0, 0, 0, 0], 16);
/** + 19, - 17, / 16, by their lower half. */
const SYMBOL_SHIFTS = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 19, 0, 17, 0, 16], 16);
const SYMBOL_HALF = memory.data<u32>([0x02020202, 0x02020202, 0x02020202, 0x02020202], 16);
const LOW_LINE = memory.data<u32>([0x5f5f5f5f, 0x5f5f5f5f, 0x5f5f5f5f, 0x5f5f5f5f], 16);
const LOW_LINE_SHIFT = memory.data<u32>([0xe0e0e0e0, 0xe0e0e0e0, 0xe0e0e0e0, 0xe0e0e0e0], 16);
const FIRST_SEXTET = memory.data<u32>([0x3f, 0x3f, 0x3f, 0x3f], 16);
const SECOND_SEXTET = memory.data<u32>([0x3f00, 0x3f00, 0x3f00, 0x3f00], 16);
const THIRD_SEXTET = memory.data<u32>([0x3f0000, 0x3f0000, 0x3f0000, 0x3f0000], 16);
const ORDER = memory.data<u8>([2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 16, 16, 16, 16], 16);

/** Sixteen characters of either base64 alphabet give twelve bytes at `out`, and four bytes behind them that mean nothing. */
@inline
function decodeBlock(at: usize, out: usize): void {
  const block = v128.load(at);
  const upper = highHalves(block);
  let shift = i8x16.swizzle(lanes(SHIFTS), upper);
  const symbols = i8x16.swizzle(lanes(SYMBOL_SHIFTS), lowHalves(block));
  shift = v128.bitselect(symbols, shift, i8x16.eq(upper, lanes(SYMBOL_HALF)));
  shift = v128.bitselect(lanes(LOW_LINE_SHIFT), shift, i8x16.eq(block, lanes(LOW_LINE)));
  const sextets = i8x16.add(block, shift);
  const a = i32x4.shl(v128.and(sextets, lanes(FIRST_SEXTET)), 18);
  const b = i32x4.shl(v128.and(sextets, lanes(SECOND_SEXTET)), 4);
  const c = i32x4.shr_u(v128.and(sextets, lanes(THIRD_SEXTET)), 10);
  const d = i32x4.shr_u(sextets, 24);
  const triples = v128.or(v128.or(a, b), v128.or(c, d));
  v128.store(out, i8x16.swizzle(triples, lanes(ORDER)));
}

/**
 * Decodes `[at, end)` to `out`; characters of neither alphabet are passed over, a backslash with the one after it (JSON's \n).
 * The first `pure` bytes are known to be base64 characters. @returns how many bytes it gave
 */
export function decodeBase64(at: usize, pure: usize, end: usize, out: usize): usize {
  let from = at;
  let to = out;
  const last = at + pure;
  for (; from + 16 <= last; from += 16, to += 12) decodeBlock(from, to);
  if (last == end) {
    // What is decoded of the characters behind the last lies behind the answer.
    if (from < last) decodeBlock(from, to);
    return to - out + (((last - from) * 3) >>> 2);
  }
  let held: u32 = 0;
  let bits: u32 = 0;
  while (from < end) {
    const byte = byteAt(from);
    const value = <u32>load<u8>(base64Values + <usize>byte);
    from += value == 255 && byte == 0x5c ? 2 : 1;
    if (value == 255) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      store<u8>(to++, held >>> bits);
    }
  }
  return to - out;
}

const NINE = memory.data<u32>([0x09090909, 0x09090909, 0x09090909, 0x09090909], 16);
const LAST_DIGIT = memory.data<u32>([0x39393939, 0x39393939, 0x39393939, 0x39393939], 16);
const LOWER_BYTES = memory.data<u32>([0x00ff00ff, 0x00ff00ff, 0x00ff00ff, 0x00ff00ff], 16);

/** Hex digits from `at`; an odd last one is left out. Up to seven bytes behind the answer mean nothing. */
export function decodeHex(at: usize, end: usize, out: usize): usize {
  const length = (end - at) >>> 1;
  for (let i: usize = 0; i < length; i += 8) {
    const block = v128.load(at + (i << 1));
    const letter = v128.and(i8x16.gt_s(block, lanes(LAST_DIGIT)), lanes(NINE));
    const nibbles = i8x16.add(lowHalves(block), letter);
    const pairs = v128.and(v128.or(i16x8.shl(nibbles, 4), i16x8.shr_u(nibbles, 8)), lanes(LOWER_BYTES));
    v128.store_lane<u64>(out + i, i8x16.narrow_i16x8_u(pairs, pairs), 0);
  }
  return length;
}

/** Five-bit value of a base32 character (RFC 4648 6) of letters of one case, `letters` being that of its A; 255 for everything else. */
@inline
export function base32At(at: usize, letters: u32): u32 {
  const byte = byteAt(at);
  if (byte - letters < 26) return byte - letters;
  return byte - 0x32 < 6 ? byte - 0x32 + 26 : 255;
}

/** Base32 of one case from `at`. @returns how many whole bytes it gave */
export function decodeBase32(at: usize, end: usize, letters: u32, out: usize): usize {
  let to = out;
  let held: u32 = 0;
  let bits: u32 = 0;
  for (let p = at; p < end; p++) {
    held = ((held << 5) | base32At(p, letters)) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    store<u8>(to++, held >>> bits);
  }
  return to - out;
}

/** Does something compressed seem to begin with these bytes? As compressionOf in byte-classes.ts. */
export function compressed(a: u32, b: u32, c: u32): bool {
  if (a == 0x1f) return b == 0x8b && c == 8;
  if (a == 0x28) return b == 0xb5 && c == 0x2f;
  if (b == 0x2a) return a >>> 4 == 5 && c == 0x4d;
  if (a == 0x50) return b == 0x4b && c == 3;
  if (a == 0x04) return b == 0x22 && c == 0x4d;
  if ((a & 0x0f) != 8 || a >>> 4 > 7) return false;
  return ((a << 8) | b) % 31 == 0 && (b & 0x20) == 0 && (c & 6) != 6;
}

/** Do the characters at `at` decode to the mark of a compression? */
export function compressedAt(at: usize): bool {
  const first = quad(at);
  return compressed(first >>> 16, (first >>> 8) & 0xff, first & 0xff);
}

/** Do the first 32 characters from `at` decode to text, or to something compressed? As base64Promise in undo.ts. */
export function promises(at: usize, end: usize): bool {
  const stop = min(end, at + 32);
  if (stop - at < 16) return false;
  if (compressedAt(at)) return true;
  let odd: u32 = 0;
  let continuing: u32 = 0;
  for (let i = at; i + 4 <= stop; i += 4) {
    const group = quad(i);
    for (let shift: i32 = 16; shift >= 0; shift -= 8) {
      const byte = (group >>> shift) & 0xff;
      if (continuing > 0 && (byte & 0xc0) == 0x80) continuing--;
      else if ((byte >= 0x20 && byte < 0x7f) || byte == 9 || byte == 10 || byte == 13) continuing = 0;
      else if (byte >= 0xc2 && byte < 0xf5 && continuing == 0) continuing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
      else odd++;
    }
    if (odd > (i == at ? 0 : 1)) return false;
  }
  return true;
}

@inline
function quad(at: usize): u32 {
  return (base64At(at) << 18) | (base64At(at + 1) << 12) | (base64At(at + 2) << 6) | base64At(at + 3);
}
