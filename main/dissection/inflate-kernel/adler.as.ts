/** Bytes after which sums of 32 bits have to be taken modulo (RFC 1950): a multiple of sixteen. */
const MOST: usize = 5552;
const MODULUS: u32 = 65521;

/** RFC 1950, 8.2: the check sum of `length` bytes, sixteen at a time. */
export function adler32(at: usize, length: usize): u32 {
  const end = at + length;
  let low: u32 = 1;
  let high: u32 = 0;
  const firstWeights = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const lastWeights = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (at < end) {
    const some = min(end - at, MOST);
    const sixteens = at + (some & ~15);
    high += low * <u32>(sixteens - at);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    for (; at < sixteens; at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      const first = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), firstWeights);
      const last = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), lastWeights);
      weighted = i32x4.add(weighted, i32x4.add(first, last));
    }
    low += sumOf(sums);
    high += sumOf(weighted) + (sumOf(before) << 4);
    // What is left over is the end of all.
    for (const rest = sixteens + (some & 15); at < rest; at++) {
      low += load<u8>(at);
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return (high << 16) | low;
}

@inline
function sumOf(four: v128): u32 {
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}
