import { bitmap, entryChecked, slotMask, slots } from './tables.as';

// Looks at sixteen bytes at once (WebAssembly SIMD). The tables follow from ASCII and RFC 4648.

const FOLD = i32x4.splat(0x20202020);
const HASH = i32x4.splat(<i32>0x9e3779b1);
const LOW_NIBBLE = i8x16.splat(0x0f);

/** By the upper half of a byte: one bit for each group of base64 characters that have that half. */
const TOKEN_UPPER = i8x16(0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0);
/** By the lower half: the groups that have a base64 character there. 2x: + - /; 3x: digits; 4x, 6x: a-o; 5x: p-z _; 7x: p-z. */
const TOKEN_LOWER = i8x16(26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13);
const HEX_UPPER = i8x16(0, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const HEX_LOWER = i8x16(1, 3, 3, 3, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0);

/** Bytes that are not zero where lower and upper half (each below sixteen) have a group in common. */
@inline
export function groups(lower: v128, upper: v128, low: v128, high: v128): v128 {
  return v128.and(i8x16.relaxed_swizzle(lower, low), i8x16.relaxed_swizzle(upper, high));
}

@inline
function bitsOf(groups: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.ne(groups, i8x16.splat(0))));
}

/** A bit for each hex digit. */
@inline
export function hexMask(block: v128): u64 {
  return bitsOf(groups(HEX_LOWER, HEX_UPPER, v128.and(block, LOW_NIBBLE), i8x16.shr_u(block, 4)));
}

/** A bit for each of + - / and _. */
@inline
export function symbolMask(block: v128): u64 {
  const plus = i8x16.eq(block, i8x16.splat(0x2b));
  const dash = i8x16.eq(block, i8x16.splat(0x2d));
  const solidus = i8x16.eq(block, i8x16.splat(0x2f));
  const low = i8x16.eq(block, i8x16.splat(0x5f));
  return <u64>(<u32>i8x16.bitmask(v128.or(v128.or(plus, dash), v128.or(solidus, low))));
}

/**
 * Where escapes begin, by a byte and the next, a bit for each pair of groups: % and a digit (1) or a letter of hex (16), & # (2), = CR (4),
 * backslash and u (8) or a solidus (32), = and a digit or a letter up to I (64).
 */
const LEAD_UPPER = i8x16(0, 0, 19, 68, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const LEAD_LOWER = i8x16(0, 0, 0, 0, 0, 17, 2, 0, 0, 0, 0, 0, 40, 68, 0, 0);
const NEXT_UPPER = i8x16(4, 0, 34, 65, 80, 0, 80, 8, 0, 0, 0, 0, 0, 0, 0, 0);
const NEXT_LOWER = i8x16(65, 81, 81, 83, 81, 89, 81, 65, 65, 65, 0, 0, 0, 4, 0, 32);

/** Of the sixty-four bytes looked at last: a bit for each character of either base64 alphabet, and for each byte that may begin an escape. */
export let tokens: u64 = 0;
export let leads: u64 = 0;

@inline
function following(low: v128, high: v128): v128 {
  return groups(NEXT_LOWER, NEXT_UPPER, low, high);
}

/** Each byte's successor: the first sixteen of `a` and `b` without their first. */
@inline
function successors(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
}

/** Looks at the sixty-four bytes at `p`; sixteen more must be there. */
@inline
export function look64(p: usize): void {
  const a = v128.load(p);
  const b = v128.load(p + 16);
  const c = v128.load(p + 32);
  const d = v128.load(p + 48);
  const e = v128.load(p + 64);
  const aLow = v128.and(a, LOW_NIBBLE);
  const bLow = v128.and(b, LOW_NIBBLE);
  const cLow = v128.and(c, LOW_NIBBLE);
  const dLow = v128.and(d, LOW_NIBBLE);
  const aHigh = i8x16.shr_u(a, 4);
  const bHigh = i8x16.shr_u(b, 4);
  const cHigh = i8x16.shr_u(c, 4);
  const dHigh = i8x16.shr_u(d, 4);
  tokens =
    bitsOf(groups(TOKEN_LOWER, TOKEN_UPPER, aLow, aHigh)) |
    (bitsOf(groups(TOKEN_LOWER, TOKEN_UPPER, bLow, bHigh)) << 16) |
    (bitsOf(groups(TOKEN_LOWER, TOKEN_UPPER, cLow, cHigh)) << 32) |
    (bitsOf(groups(TOKEN_LOWER, TOKEN_UPPER, dLow, dHigh)) << 48);
  const bNext = following(bLow, bHigh);
  const cNext = following(cLow, cHigh);
  const dNext = following(dLow, dHigh);
  const eNext = following(v128.and(e, LOW_NIBBLE), i8x16.shr_u(e, 4));
  const aLead = v128.and(groups(LEAD_LOWER, LEAD_UPPER, aLow, aHigh), successors(following(aLow, aHigh), bNext));
  const bLead = v128.and(groups(LEAD_LOWER, LEAD_UPPER, bLow, bHigh), successors(bNext, cNext));
  const cLead = v128.and(groups(LEAD_LOWER, LEAD_UPPER, cLow, cHigh), successors(cNext, dNext));
  const dLead = v128.and(groups(LEAD_LOWER, LEAD_UPPER, dLow, dHigh), successors(dNext, eNext));
  leads = v128.any_true(v128.or(v128.or(aLead, bLead), v128.or(cLead, dLead)))
    ? bitsOf(aLead) | (bitsOf(bLead) << 16) | (bitsOf(cLead) << 32) | (bitsOf(dLead) << 48)
    : 0;
}

const POWERS = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
const LOW_BITS = i32x4.splat(7);

/** A bit for each of the four words that the bitmap of the literals does not turn away. */
@inline
export function wordMask(block: v128): u32 {
  const hashes = i32x4.mul(v128.or(block, FOLD), HASH);
  const cells = i32x4.shr_u(hashes, 17);
  const first = i8x16.relaxed_swizzle(POWERS, v128.and(i32x4.shr_u(hashes, 14), LOW_BITS));
  const second = i8x16.relaxed_swizzle(POWERS, v128.and(i32x4.shr_u(hashes, 11), LOW_BITS));
  const wanted = v128.and(v128.or(first, second), i32x4.splat(0xff));
  let found = i32x4.splat(0);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 0), found, 0);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 1), found, 4);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 2), found, 8);
  found = v128.load_lane<u8>(bitmap + <usize>i32x4.extract_lane(cells, 3), found, 12);
  return <u32>i32x4.bitmask(i32x4.eq(v128.and(found, wanted), wanted));
}

/** First entry of the literals that were entered with the word at `at` and may lie around it, or -1. */
export function entryAt(at: usize): i32 {
  const word = load<u32>(at) | 0x20202020;
  let slot = ((word * 0x9e3779b1) >>> 7) & slotMask;
  let cell = slots + (<usize>slot << 3);
  while (load<i32>(cell + 4) != -1 && load<u32>(cell) != word) {
    slot = (slot + 1) & slotMask;
    cell = slots + (<usize>slot << 3);
  }
  return entryChecked(load<i32>(cell + 4), at);
}
