import { bitsOf, groups, highHalves, lowHalves } from './lanes.as';
import { pad } from './tables.as';

// Where compressed values may begin, as value-starts.ts says; sixty-four bytes at a time.

/** By the halves of a byte, a bit for each beginning: end of a header (1), gzip (2), Zstandard (4), LZ4 (8), zlib (16), ZIP (32). */
const FIRST_UPPER = memory.data<u8>([9, 2, 4, 0, 0, 32, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const FIRST_LOWER = memory.data<u8>([32, 0, 0, 0, 8, 0, 0, 0, 20, 0, 0, 0, 0, 1, 0, 2], 16);
/** The same for the byte behind it. */
const SECOND_UPPER = memory.data<u8>([17, 0, 8, 0, 32, 16, 0, 0, 2, 16, 0, 4, 0, 16, 0, 0], 16);
const SECOND_LOWER = memory.data<u8>([0, 16, 8, 0, 0, 4, 0, 0, 0, 0, 17, 34, 16, 0, 16, 0], 16);

/** What begins at `p`: its place doubled, one more behind the end of a header; or -1. */
function startAt(p: usize, at: usize, end: usize): i32 {
  const word = load<u32>(p);
  const place = <i32>(p - at) << 1;
  if (word == 0x0a0d0a0d) return p + 4 <= end ? place + 9 : -1;
  if (word == 0xfd2fb528 || word == 0x184d2204 || word == 0x04034b50) return p + 4 <= end ? place : -1;
  if ((word & 0xffffff) == 0x088b1f) return p + 3 <= end ? place : -1;
  const two = word & 0xffff;
  return (two == 0x0178 || two == 0x5e78 || two == 0x9c78 || two == 0xda78) && p + 2 <= end ? place : -1;
}

/** The bytes of the sixteen at `p` that, by themselves and with the next, may be the first two of a beginning: not zero. */
@inline
function beginnings(p: usize): v128 {
  const first = v128.load(p);
  const second = v128.load(p + 1);
  return v128.and(
    groups(FIRST_LOWER, FIRST_UPPER, lowHalves(first), highHalves(first)),
    groups(SECOND_LOWER, SECOND_UPPER, lowHalves(second), highHalves(second)),
  );
}

/** Writes the starts in `length` bytes from `at` (a multiple of sixteen) to `out`. @returns how many, or -1 when there are more than `most` */
export function starts(at: usize, length: usize, out: usize, most: i32): i32 {
  const end = at + length;
  pad(end);
  let count = 0;
  for (let p = at; p < end; p += 64) {
    const a = beginnings(p);
    const b = beginnings(p + 16);
    const c = beginnings(p + 32);
    const d = beginnings(p + 48);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    let left = bitsOf(a) | (bitsOf(b) << 16) | (bitsOf(c) << 32) | (bitsOf(d) << 48);
    while (left != 0) {
      const start = startAt(p + <usize>ctz<u64>(left), at, end);
      left &= left - 1;
      if (start == -1) continue;
      if (count >= most) return -1;
      store<i32>(out + (<usize>count << 2), start);
      count++;
    }
  }
  return count;
}
