import { bitmap, slotMask, slots } from './tables.as';

// Looks at sixteen bytes at once (WebAssembly SIMD). The tables follow from ASCII and RFC 4648.

const FOLD = i32x4.splat(0x20202020);
const HASH = i32x4.splat(<i32>0x9e3779b1);
const LOW_NIBBLE = i8x16.splat(0x0f);

/** By the upper half of a byte: one bit for each group of base64 characters that have that half; 0x80 for hex digits. */
const UPPER = i8x16(0, 0, 1, 34, 68, 8, 68, 16, 0, 0, 0, 0, 0, 0, 0, 0);
/** By the lower half: the groups that have a base64 character there. 2x: + - /; 3x: digits; 4x, 6x: a-o; 5x: p-z _; 7x: p-z. 32, 64: hex. */
const LOWER = i8x16(58, 126, 126, 126, 126, 126, 126, 62, 62, 62, 28, 5, 4, 5, 4, 13);
const TOKENS = i8x16.splat(31);
const HEX = i8x16.splat(96);

@inline
function groups(block: v128): v128 {
  const lower = i8x16.swizzle(LOWER, v128.and(block, LOW_NIBBLE));
  return v128.and(lower, i8x16.swizzle(UPPER, i8x16.shr_u(block, 4)));
}

@inline
function bitsOf(mask: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(mask));
}

/** A bit for each byte that is a character of either base64 alphabet. */
@inline
export function tokenMask(block: v128): u64 {
  return bitsOf(i8x16.ne(v128.and(groups(block), TOKENS), i8x16.splat(0)));
}

/** A bit for each hex digit. */
@inline
export function hexMask(block: v128): u64 {
  return bitsOf(i8x16.ne(v128.and(groups(block), HEX), i8x16.splat(0)));
}

/** A bit for each of + - / and _. */
@inline
export function symbolMask(block: v128): u64 {
  const plus = i8x16.eq(block, i8x16.splat(0x2b));
  const dash = i8x16.eq(block, i8x16.splat(0x2d));
  const solidus = i8x16.eq(block, i8x16.splat(0x2f));
  const low = i8x16.eq(block, i8x16.splat(0x5f));
  return bitsOf(v128.or(v128.or(plus, dash), v128.or(solidus, low)));
}

/**
 * Where escapes begin, by a byte and the next, a bit for each pair of groups: % and a digit (1) or a letter of hex (16), & # (2), = CR (4),
 * backslash and u (8) or a solidus (32), LF or a colon and = (64).
 */
const LEAD_UPPER = i8x16(64, 0, 19, 68, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const LEAD_LOWER = i8x16(0, 0, 0, 0, 0, 17, 2, 0, 0, 0, 64, 0, 40, 4, 0, 0);
const NEXT_UPPER = i8x16(4, 0, 34, 65, 16, 0, 16, 8, 0, 0, 0, 0, 0, 0, 0, 0);
const NEXT_LOWER = i8x16(1, 17, 17, 19, 17, 25, 17, 1, 1, 1, 0, 0, 0, 68, 0, 32);

/** A bit for each byte that begins an escape as far as it and the next one tell. */
@inline
export function leadMask(at: usize): u64 {
  const block = v128.load(at);
  const next = v128.load(at + 1);
  const lead = v128.and(
    i8x16.swizzle(LEAD_LOWER, v128.and(block, LOW_NIBBLE)),
    i8x16.swizzle(LEAD_UPPER, i8x16.shr_u(block, 4)),
  );
  const following = v128.and(
    i8x16.swizzle(NEXT_LOWER, v128.and(next, LOW_NIBBLE)),
    i8x16.swizzle(NEXT_UPPER, i8x16.shr_u(next, 4)),
  );
  return bitsOf(i8x16.ne(v128.and(lead, following), i8x16.splat(0)));
}

const POWERS = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
const LOW_BITS = i32x4.splat(7);

/** A bit for each of the four words that the bitmap of the literals does not turn away. */
@inline
export function wordMask(block: v128): u32 {
  const hashes = i32x4.mul(v128.or(block, FOLD), HASH);
  const cells = i32x4.shr_u(hashes, 17);
  const first = i8x16.swizzle(POWERS, v128.and(i32x4.shr_u(hashes, 14), LOW_BITS));
  const second = i8x16.swizzle(POWERS, v128.and(i32x4.shr_u(hashes, 11), LOW_BITS));
  const wanted = v128.and(v128.or(first, second), i32x4.splat(0xff));
  let found = i32x4.splat(0);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 0), found, 0);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 1), found, 4);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 2), found, 8);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 3), found, 12);
  return <u32>i32x4.bitmask(i32x4.eq(v128.and(found, wanted), wanted));
}

/** First entry of the literals that were entered with the word at `at`, or -1. */
export function entryAt(at: usize): i32 {
  const word = load<u32>(at) | 0x20202020;
  let slot = ((word * 0x9e3779b1) >>> 7) & slotMask;
  let cell = slots + (<usize>slot << 3);
  while (load<i32>(cell + 4) != -1 && load<u32>(cell) != word) {
    slot = (slot + 1) & slotMask;
    cell = slots + (<usize>slot << 3);
  }
  return load<i32>(cell + 4);
}
