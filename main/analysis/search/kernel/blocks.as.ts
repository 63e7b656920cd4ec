import { bitsOf, groups, highHalves, lanes, lowHalves } from './lanes.as';
import { bitmap, entryChecked, slotMask, slots } from './tables.as';

// Looks at sixteen bytes at once (WebAssembly SIMD). The tables follow from ASCII and RFC 4648.

const FOLD = memory.data<u32>([0x20202020, 0x20202020, 0x20202020, 0x20202020], 16);
const HASH = memory.data<u32>([0x9e3779b1, 0x9e3779b1, 0x9e3779b1, 0x9e3779b1], 16);

/** By the upper half of a byte: one bit for each group of base64 characters that have that half. */
const TOKEN_UPPER = memory.data<u8>([0, 0, 1, 2, 4, 8, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0], 16);
/** By the lower half: the groups that have a base64 character there. 2x: + - /; 3x: digits; 4x, 6x: a-o; 5x: p-z _; 7x: p-z. */
const TOKEN_LOWER = memory.data<u8>([26, 30, 30, 30, 30, 30, 30, 30, 30, 30, 28, 5, 4, 5, 4, 13], 16);
/**
 * The same within a run of base64 characters, where nothing else stands, a bit for each of these: digits that base32 lacks (1) and has (2),
 * letters of hex (4), + - / and _ (8), A-O (16), P-Z (32), a-o (64), p-z (128).
 */
const RUN_UPPER = memory.data<u8>([0, 0, 8, 3, 20, 40, 68, 128, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const RUN_LOWER = memory.data<u8>([161, 245, 246, 246, 246, 246, 246, 242, 241, 241, 240, 88, 80, 88, 80, 88], 16);
const RUN_HEX = memory.data<u32>([0x07070707, 0x07070707, 0x07070707, 0x07070707], 16);
const RUN_SYMBOL = memory.data<u32>([0x08080808, 0x08080808, 0x08080808, 0x08080808], 16);
const RUN_UPPER_CASE = memory.data<u32>([0x32323232, 0x32323232, 0x32323232, 0x32323232], 16);
const RUN_LOWER_CASE = memory.data<u32>([0xc2c2c2c2, 0xc2c2c2c2, 0xc2c2c2c2, 0xc2c2c2c2], 16);

const HEX_UPPER = memory.data<u8>([0, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const HEX_LOWER = memory.data<u8>([1, 3, 3, 3, 3, 3, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0], 16);
/** The same for + - / and _. */
const SYMBOL_UPPER = memory.data<u8>([0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const SYMBOL_LOWER = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 3], 16);

@inline
function maskOf(lower: usize, upper: usize, block: v128): u64 {
  return bitsOf(groups(lower, upper, lowHalves(block), highHalves(block)));
}

/** A bit for each hex digit. */
@inline
export function hexMask(block: v128): u64 {
  return maskOf(HEX_LOWER, HEX_UPPER, block);
}

/** A bit for each of + - / and _. */
@inline
export function symbolMask(block: v128): u64 {
  return maskOf(SYMBOL_LOWER, SYMBOL_UPPER, block);
}

@inline
export function runClasses(at: usize): v128 {
  const block = v128.load(at);
  return groups(RUN_LOWER, RUN_UPPER, lowHalves(block), highHalves(block));
}

@inline
function ofClass(a: v128, b: v128, c: v128, d: v128, classes: usize): u64 {
  const mask = lanes(classes);
  return (
    bitsOf(v128.and(a, mask)) |
    (bitsOf(v128.and(b, mask)) << 16) |
    (bitsOf(v128.and(c, mask)) << 32) |
    (bitsOf(v128.and(d, mask)) << 48)
  );
}

/** A bit for each hex digit among the sixty-four characters of a run whose classes these are. */
@inline
export function hexOfRun(a: v128, b: v128, c: v128, d: v128): u64 {
  return ofClass(a, b, c, d, RUN_HEX);
}

@inline
export function symbolsOfRun(a: v128, b: v128, c: v128, d: v128): u64 {
  return ofClass(a, b, c, d, RUN_SYMBOL);
}

/** Those of base32 with letters of upper case. */
@inline
export function upperOfRun(a: v128, b: v128, c: v128, d: v128): u64 {
  return ofClass(a, b, c, d, RUN_UPPER_CASE);
}

@inline
export function lowerOfRun(a: v128, b: v128, c: v128, d: v128): u64 {
  return ofClass(a, b, c, d, RUN_LOWER_CASE);
}

/** A bit for each character of either base64 alphabet among the sixty-four bytes at `p`. */
@inline
export function tokens64(p: usize): u64 {
  return (
    maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p)) |
    (maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p + 16)) << 16) |
    (maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p + 32)) << 32) |
    (maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p + 48)) << 48)
  );
}

/** The same of the thirty-two at `p`. */
@inline
export function tokens32(p: usize): u64 {
  return maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p)) | (maskOf(TOKEN_LOWER, TOKEN_UPPER, v128.load(p + 16)) << 16);
}

/** Is in each eight of the sixty-four bytes at `p` one that is not of ASCII? Then sixteen characters of base64 in a row are not among them. */
@inline
export function isBroken64(p: usize): bool {
  const high =
    <u64>(<u32>i8x16.bitmask(v128.load(p))) |
    (<u64>(<u32>i8x16.bitmask(v128.load(p + 16))) << 16) |
    (<u64>(<u32>i8x16.bitmask(v128.load(p + 32))) << 32) |
    (<u64>(<u32>i8x16.bitmask(v128.load(p + 48))) << 48);
  return ((high - 0x0101010101010101) & ~high & 0x8080808080808080) == 0;
}

/**
 * Where escapes begin, by a byte and the next, a bit for each pair of groups: % and a digit (1) or a letter of hex (16), & # (2), = CR (4),
 * backslash and u (8) or a solidus (32), = and a digit or a letter up to I (64).
 */
const LEAD_UPPER = memory.data<u8>([0, 0, 19, 68, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const LEAD_LOWER = memory.data<u8>([0, 0, 0, 0, 0, 17, 2, 0, 0, 0, 0, 0, 40, 68, 0, 0], 16);
const NEXT_UPPER = memory.data<u8>([4, 0, 34, 65, 80, 0, 80, 8, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const NEXT_LOWER = memory.data<u8>([65, 81, 81, 83, 81, 89, 81, 65, 65, 65, 0, 0, 0, 4, 0, 32], 16);

@inline
function leading(block: v128): v128 {
  return groups(LEAD_LOWER, LEAD_UPPER, lowHalves(block), highHalves(block));
}

@inline
function following(block: v128): v128 {
  return groups(NEXT_LOWER, NEXT_UPPER, lowHalves(block), highHalves(block));
}

/** Each byte's successor: the first sixteen of `a` and `b` without their first. */
@inline
function successors(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
}

/** A bit for each of the sixty-four bytes at `p` that may begin an escape; sixteen more must be there. */
@inline
export function leads64(p: usize): u64 {
  const a = v128.load(p);
  const b = v128.load(p + 16);
  const c = v128.load(p + 32);
  const d = v128.load(p + 48);
  const bNext = following(b);
  const cNext = following(c);
  const dNext = following(d);
  const aLead = v128.and(leading(a), successors(following(a), bNext));
  const bLead = v128.and(leading(b), successors(bNext, cNext));
  const cLead = v128.and(leading(c), successors(cNext, dNext));
  const dLead = v128.and(leading(d), successors(dNext, following(v128.load(p + 64))));
  return v128.any_true(v128.or(v128.or(aLead, bLead), v128.or(cLead, dLead)))
    ? bitsOf(aLead) | (bitsOf(bLead) << 16) | (bitsOf(cLead) << 32) | (bitsOf(dLead) << 48)
    : 0;
}

/** The same of the thirty-two at `p`; sixteen more must be there. */
@inline
export function leads32(p: usize): u64 {
  const a = v128.load(p);
  const b = v128.load(p + 16);
  const bNext = following(b);
  const aLead = v128.and(leading(a), successors(following(a), bNext));
  const bLead = v128.and(leading(b), successors(bNext, following(v128.load(p + 32))));
  return bitsOf(aLead) | (bitsOf(bLead) << 16);
}

const POWERS = memory.data<u8>([1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const LOW_BITS = memory.data<u32>([7, 7, 7, 7], 16);
const UPPER_BYTES = memory.data<u32>([0xffffff00, 0xffffff00, 0xffffff00, 0xffffff00], 16);

/** A bit for each of the four words that the bitmap of the literals does not turn away. */
@inline
export function wordMask(block: v128): u32 {
  const hashes = i32x4.mul(v128.or(block, lanes(FOLD)), lanes(HASH));
  const cells = i32x4.shr_u(hashes, 16);
  const first = i8x16.relaxed_swizzle(lanes(POWERS), v128.and(i32x4.shr_u(hashes, 13), lanes(LOW_BITS)));
  const second = i8x16.relaxed_swizzle(lanes(POWERS), v128.and(i32x4.shr_u(hashes, 10), lanes(LOW_BITS)));
  const wanted = v128.or(first, second);
  // The upper bytes of what is wanted mean nothing.
  let found = lanes(UPPER_BYTES);
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
