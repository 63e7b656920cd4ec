// Prefix codes (RFC 1951, 3.2.2): from the lengths of the codes to a table that is asked with the next bits of the stream.
//
// An entry: bits 0 to 5, how many bits the symbol takes, its extra bits included; 8 to 11, how many without them; 16 to 30, the
// literal, or the length or distance without what its extra bits add; and these marks.

/** A byte of the output. */
export const LITERAL: u64 = 0x80000000;
/** The end of the block. */
export const END: u64 = 0x1000;
/** No symbol has this code. */
export const WRONG: u64 = 0x2000;
/** The code is longer than the bits that the table is asked with. */
export const LONG: u64 = 0x4000;
export const SPECIAL: u64 = END | WRONG | LONG;

/** The length of a code is added to its symbol's entry: once for all bits, once for those of the code. */
const ONE_BIT: u32 = 0x101;
const LONGEST: i32 = 15;

/** Bits that the tables are asked with at most. Three literals and what must not be refilled behind them fit 56 bits. */
const LITERAL_BITS: i32 = 10;
const DISTANCE_BITS: i32 = 8;
const HEAD_BITS: i32 = 7;

const LITERAL_SYMBOLS: i32 = 288;
const DISTANCE_SYMBOLS: i32 = 32;

/** What entries are before the lengths of the codes are known. */
const literalEntries: usize = memory.data(288 * 4, 16);
const distanceEntries: usize = memory.data(32 * 4, 16);
const headEntries: usize = memory.data(32 * 4, 16);

// A code in memory: how many codes have each length (16 times u16), where its symbols' entries lie, the bits its table is asked with
// (as a mask), the symbols in the order of their codes (288 times u16), and the table.
const ENTRIES: usize = 32;
const MASK: usize = 36;
const ORDER: usize = 48;
export const TABLE: usize = 624;

export const literals: usize = memory.data(624 + 4 * 1024 + 16, 16);
export const distances: usize = memory.data(624 + 4 * 256 + 16, 16);
export const heads: usize = memory.data(624 + 4 * 128 + 16, 16);
export const fixedLiterals: usize = memory.data(624 + 4 * 1024 + 16, 16);
export const fixedDistances: usize = memory.data(624 + 4 * 256 + 16, 16);

/** Lengths of the codes of one block's literals and distances, a byte each. */
export const lengths: usize = memory.data(512, 16);
/** Where the symbols of each length go (16 times u16). */
const places: usize = memory.data(32, 16);

export function maskOf(code: usize): u64 {
  return <u64>load<u32>(code, MASK);
}

/** RFC 1951, 3.2.5 and 3.2.6. */
export function prepare(): void {
  for (let i = 0; i < 256; i++) store<u32>(literalEntries + (<usize>i << 2), <u32>LITERAL | ((<u32>i) << 16));
  store<u32>(literalEntries + 256 * 4, <u32>END);
  let length: u32 = 3;
  for (let i = 257; i < 285; i++) {
    const extra: u32 = i < 265 ? 0 : (<u32>i - 261) >> 2;
    store<u32>(literalEntries + (<usize>i << 2), (length << 16) | extra);
    length += 1 << extra;
  }
  store<u32>(literalEntries + 285 * 4, 258 << 16);
  store<u32>(literalEntries + 286 * 4, <u32>WRONG);
  store<u32>(literalEntries + 287 * 4, <u32>WRONG);
  let distance: u32 = 1;
  for (let i = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (<u32>i >> 1) - 1;
    store<u32>(distanceEntries + (<usize>i << 2), (distance << 16) | extra);
    distance += 1 << extra;
  }
  store<u32>(distanceEntries + 30 * 4, <u32>WRONG);
  store<u32>(distanceEntries + 31 * 4, <u32>WRONG);
  for (let i = 0; i < 19; i++) store<u32>(headEntries + (<usize>i << 2), (<u32>i) << 16);

  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  build(fixedLiterals, literalEntries, LITERAL_BITS, lengths, LITERAL_SYMBOLS);
  memory.fill(lengths, 5, DISTANCE_SYMBOLS);
  build(fixedDistances, distanceEntries, DISTANCE_BITS, lengths, DISTANCE_SYMBOLS);
}

/** @returns false where the lengths make no code that decoders take */
export function buildLiterals(from: usize, count: i32): bool {
  return build(literals, literalEntries, LITERAL_BITS, from, count);
}

export function buildDistances(from: usize, count: i32): bool {
  return build(distances, distanceEntries, DISTANCE_BITS, from, count);
}

/** The code that the lengths of the other two are written in. */
export function buildHeads(from: usize): bool {
  return build(heads, headEntries, HEAD_BITS, from, 19);
}

/**
 * The code whose symbols have the `count` lengths at `from`. As zlib has it: more codes than there is room for are refused, and fewer
 * too, save a single one of one bit and, until it is used, none at all. Without any code each bit of the heads stands for length 0.
 */
function build(code: usize, entries: usize, mostBits: i32, from: usize, count: i32): bool {
  const nothing = i8x16.splat(0);
  v128.store(code, nothing);
  v128.store(code, nothing, 16);
  for (let i = 0; i < count; i++) {
    const slot = code + (<usize>load<u8>(from + i) << 1);
    store<u16>(slot, load<u16>(slot) + 1);
  }
  store<u16>(code, 0);
  let longest = LONGEST;
  while (longest > 0 && load<u16>(code + (<usize>longest << 1)) == 0) longest -= 1;

  let room: i32 = 1;
  let place: u32 = 0;
  for (let length = 1; length <= longest; length++) {
    const some: i32 = load<u16>(code + (<usize>length << 1));
    room = (room << 1) - some;
    if (room < 0) return false;
    store<u16>(places + (<usize>length << 1), place);
    place += some;
  }
  const isHead = entries == headEntries;
  if (room > 0 && longest > 0 && (isHead || longest > 1)) return false;

  for (let i = 0; i < count; i++) {
    const length: usize = load<u8>(from + i);
    if (length == 0) continue;
    const slot = places + (length << 1);
    const at: usize = load<u16>(slot);
    store<u16>(slot, at + 1);
    store<u16>(code + (at << 1), i, ORDER);
  }
  const bits = min(max(longest, 1), mostBits);
  store<u32>(code, <u32>entries, ENTRIES);
  store<u32>(code, (1 << bits) - 1, MASK);
  fill(code, entries, bits, longest, isHead);
  return true;
}

/** Codes stand in the stream with their first bit first: so the table is asked with them turned round. */
function fill(code: usize, entries: usize, bits: i32, longest: i32, isHead: bool): void {
  const table = code + TABLE;
  let order = code + ORDER;
  // The next code, turned round; `left`: how many of so many bits there are still.
  let next: u32 = 0;
  let left: u32 = 1;
  for (let length = 1; length <= bits; length++) {
    left <<= 1;
    const half: usize = 2 << length;
    // What was told by fewer bits is so whatever the next bit is.
    if (length > 1) for (let i: usize = 0; i < half; i += 16) v128.store(table + half + i, v128.load(table + i));
    const add = <u32>length * ONE_BIT;
    for (let n: u32 = load<u16>(code + (<usize>length << 1)); n > 0; n--) {
      const symbol: usize = load<u16>(order);
      order += 2;
      store<u32>(table + (<usize>next << 2), load<u32>(entries + (symbol << 2)) + add);
      left -= 1;
      next = following(next, length);
    }
  }
  const rest = longest > bits ? <u32>LONG : isHead ? ONE_BIT : <u32>WRONG + ONE_BIT;
  for (; left > 0; left--) {
    store<u32>(table + (<usize>next << 2), rest);
    next = following(next, bits);
  }
}

/** The code after `code`, both of `length` bits and turned round; 0 after the last. */
@inline
function following(code: u32, length: i32): u32 {
  const zeros = ~code & ((1 << length) - 1);
  if (zeros == 0) return 0;
  const bit: u32 = 0x80000000 >> clz(zeros);
  return (code & (bit - 1)) | bit;
}

/** The entry of the code that the bits begin with, one bit after the other: for those that the table does not know. */
export function longEntry(code: usize, bits: u64): u64 {
  let value: i32 = 0;
  let first: i32 = 0;
  let place: usize = code + ORDER;
  for (let length = 1; length <= LONGEST; length++) {
    value |= <i32>(bits & 1);
    bits >>= 1;
    const some: i32 = load<u16>(code + (<usize>length << 1));
    if (value - first < some) {
      const symbol: usize = load<u16>(place + (<usize>(value - first) << 1));
      return <u64>(load<u32>(<usize>load<u32>(code, ENTRIES) + (symbol << 2)) + <u32>length * ONE_BIT);
    }
    place += <usize>some << 1;
    first = (first + some) << 1;
    value <<= 1;
  }
  return WRONG;
}
