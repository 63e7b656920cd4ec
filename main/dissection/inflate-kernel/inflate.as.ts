import {
  buildDistances,
  buildHeads,
  buildLiterals,
  distances,
  END,
  fixedDistances,
  fixedLiterals,
  heads,
  lengths,
  literals,
  LITERAL,
  LONG,
  longEntry,
  maskOf,
  prepare,
  SPECIAL,
  TABLE,
  WRONG,
} from './codes.as';
import { preparePatterns, repeat } from './repeat.as';

export { adler32 } from './adler.as';

// Deflate (RFC 1951) from one room of memory into another, which is its own window.

/** Room for the stream, and for what it gives. Longer ones are node:zlib's. */
export const inputBytes: i32 = 256 * 1024;
export const outputBytes: i32 = 1024 * 1024;
/** Room for what matches may refer to before the first byte of output. */
export const historyBytes: i32 = 32 * 1024;

// Behind the input is read what does not count: a block's code lengths, 316 times 14 bits, count only when all are read. Behind the
// output are written some literals, the longest match, and what a copy of sixteen bytes at a time writes too much.
export const input: usize = memory.data(256 * 1024 + 1024, 16);
/** Where the output begins; its history lies before it. */
export const output: usize = memory.data(32 * 1024 + 1024 * 1024 + 512, 16) + 32 * 1024;

// Answers of `inflate`.
const DONE: i32 = 0;
/** The input ended. */
const CUT: i32 = 1;
const DAMAGED: i32 = 2;
/** There is no room for more output. */
const FULL: i32 = 3;
/** Of a block: it ended. */
const GO_ON: i32 = 4;

/** Where the input goes on behind the byte that holds the last bit; its end where the stream is cut. */
export let consumed: i32 = 0;
export let produced: i32 = 0;

let at: usize = 0;
let inputEnd: usize = 0;
/** The next bits, at least as many as the low six bits of `count` say: what stands above is no more than the bytes at `at`. */
let bits: u64 = 0;
let count: u64 = 0;
let out: usize = 0;
let windowStart: usize = 0;
let prepared: bool = false;

function prepareAll(): void {
  prepare();
  preparePatterns();
  prepared = true;
}

@inline
function refill(): void {
  bits |= load<u64>(at) << count;
  at += <usize>((~count & 63) >> 3);
  count |= 56;
}

@inline
function drop(some: u64): void {
  bits >>= some;
  count -= some;
}

/** Bits of the stream that are not yet used; below zero when bits beyond its end were. */
@inline
function bitsLeft(): i32 {
  return (<i32>(inputEnd - at) << 3) + <i32>(count & 63);
}

/** Inflates the stream in bytes `[first, length)` of the input, with `history` bytes that lie before the output. */
export function inflate(first: i32, length: i32, history: i32): i32 {
  if (!prepared) prepareAll();
  at = input + first;
  inputEnd = input + length;
  bits = 0;
  count = 0;
  out = output;
  windowStart = output - history;
  let answer = GO_ON;
  for (let last = false; answer == GO_ON && !last; ) {
    refill();
    last = (bits & 1) != 0;
    const kind = <i32>(bits >> 1) & 3;
    drop(3);
    if (bitsLeft() < 0) answer = CUT;
    else if (kind == 0) answer = stored();
    else if (kind == 1) answer = compressed(fixedLiterals, fixedDistances);
    else if (kind == 3) answer = DAMAGED;
    else {
      answer = readCodes();
      if (answer == GO_ON) answer = compressed(literals, distances);
    }
  }
  if (answer == GO_ON) answer = DONE;
  produced = <i32>(out - output);
  consumed = answer == CUT ? length : length - (bitsLeft() >> 3);
  return answer;
}

/** RFC 1951, 3.2.4. */
function stored(): i32 {
  const left = bitsLeft() >> 3;
  if (left < 4) return CUT;
  const from = inputEnd - left;
  const length = <i32>load<u16>(from);
  if ((length ^ <i32>load<u16>(from, 2)) != 0xffff) return DAMAGED;
  const taken = min(length, left - 4);
  if (<i32>(out - output) + taken > outputBytes) return FULL;
  memory.copy(out, from + 4, taken);
  out += taken;
  at = from + 4 + taken;
  bits = 0;
  count = 0;
  return taken < length ? CUT : GO_ON;
}

/** RFC 1951, 3.2.7. Whether the stream was cut is asked where it would fail, and at the end: until then its bits are not counted. */
function readCodes(): i32 {
  refill();
  const literalCount = <i32>(bits & 31) + 257;
  const distanceCount = <i32>((bits >> 5) & 31) + 1;
  const headCount = <i32>((bits >> 10) & 15) + 4;
  drop(14);
  if (bitsLeft() < 0) return CUT;
  if (literalCount > 286 || distanceCount > 30) return DAMAGED;
  v128.store(lengths, i8x16.splat(0));
  v128.store(lengths, i8x16.splat(0), 16);
  for (let i = 0; i < headCount; i++) {
    if ((i & 15) == 0) refill();
    store<u8>(lengths + <usize>load<u8>(headOrder + i), bits & 7);
    drop(3);
  }
  if (bitsLeft() < 0) return CUT;
  if (!buildHeads(lengths)) return DAMAGED;

  const total = literalCount + distanceCount;
  const mask = maskOf(heads);
  for (let i = 0; i < total; ) {
    refill();
    const entry = <u64>load<u32>(heads + TABLE + (<usize>(bits & mask) << 2));
    drop(entry);
    const symbol = <i32>(entry >> 16);
    if (symbol < 16) {
      store<u8>(lengths + i, symbol);
      i += 1;
      continue;
    }
    let times = 3;
    let value: u8 = 0;
    if (symbol == 16) {
      times += <i32>(bits & 3);
      drop(2);
      if (i == 0) return bitsLeft() < 0 ? CUT : DAMAGED;
      value = load<u8>(lengths + i - 1);
    } else if (symbol == 17) {
      times += <i32>(bits & 7);
      drop(3);
    } else {
      times = 11 + <i32>(bits & 127);
      drop(7);
    }
    if (i + times > total) return bitsLeft() < 0 ? CUT : DAMAGED;
    memory.fill(lengths + i, value, times);
    i += times;
  }
  if (bitsLeft() < 0) return CUT;
  // Without an end the block is refused, whatever else is in it.
  if (load<u8>(lengths + 256) == 0) return DAMAGED;
  if (!buildLiterals(lengths, literalCount)) return DAMAGED;
  return buildDistances(lengths + literalCount, distanceCount) ? GO_ON : DAMAGED;
}

/** RFC 1951, 3.2.7: the order of the lengths in a block's head. */
const headOrder: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** The symbols of a block. Without counting while the stream and the room for output last, then with care. */
function compressed(literalCode: usize, distanceCode: usize): i32 {
  const literalTable = literalCode + TABLE;
  const distanceTable = distanceCode + TABLE;
  const literalMask = maskOf(literalCode);
  const distanceMask = maskOf(distanceCode);
  const from = windowStart;
  const outputEnd: usize = output + outputBytes;
  // Two refills of up to eight bytes each read nothing beyond the stream.
  const lastFast: usize = inputEnd - 15;
  let here = at;
  let buffer = bits;
  let filled = count;
  let to = out;
  let answer = GO_ON;

  while (here < lastFast && to <= outputEnd) {
    buffer |= load<u64>(here) << filled;
    here += <usize>((~filled & 63) >> 3);
    filled |= 56;
    let entry = <u64>load<u32>(literalTable + (<usize>(buffer & literalMask) << 2));
    if (entry & LITERAL) {
      store<u8>(to, entry >> 16);
      buffer >>= entry;
      filled -= entry;
      entry = <u64>load<u32>(literalTable + (<usize>(buffer & literalMask) << 2));
      if (entry & LITERAL) {
        store<u8>(to, entry >> 16, 1);
        buffer >>= entry;
        filled -= entry;
        entry = <u64>load<u32>(literalTable + (<usize>(buffer & literalMask) << 2));
        if (entry & LITERAL) {
          store<u8>(to, entry >> 16, 2);
          buffer >>= entry;
          filled -= entry;
          to += 3;
          continue;
        }
        to += 2;
      } else to += 1;
    }
    if (entry & SPECIAL) {
      if (entry & LONG) entry = longEntry(literalCode, buffer);
      if (entry & LITERAL) {
        store<u8>(to, entry >> 16);
        to += 1;
        buffer >>= entry;
        filled -= entry;
        continue;
      }
      if (entry & WRONG) {
        answer = DAMAGED;
        break;
      }
      if (entry & END) {
        bits = buffer >> entry;
        count = filled - entry;
        at = here;
        out = to;
        return GO_ON;
      }
    }
    const length = <usize>(entry >> 16) + <usize>((buffer & (((<u64>1) << entry) - 1)) >> ((entry >> 8) & 15));
    buffer >>= entry;
    filled -= entry;
    buffer |= load<u64>(here) << filled;
    here += <usize>((~filled & 63) >> 3);
    filled |= 56;
    entry = <u64>load<u32>(distanceTable + (<usize>(buffer & distanceMask) << 2));
    if (entry & SPECIAL) {
      if (entry & LONG) entry = longEntry(distanceCode, buffer);
      if (entry & WRONG) {
        answer = DAMAGED;
        break;
      }
    }
    const distance = <usize>(entry >> 16) + <usize>((buffer & (((<u64>1) << entry) - 1)) >> ((entry >> 8) & 15));
    buffer >>= entry;
    filled -= entry;
    if (distance > to - from) {
      answer = DAMAGED;
      break;
    }
    repeat(to, distance, length);
    to += length;
  }
  bits = buffer;
  count = filled;
  at = here;
  out = to;
  if (to > outputEnd) return FULL;
  return answer == GO_ON ? withCare(literalCode, distanceCode) : answer;
}

/** The same where the stream ends: no symbol counts of which a bit is missing. */
function withCare(literalCode: usize, distanceCode: usize): i32 {
  while (<i32>(out - output) <= outputBytes) {
    let entry = nextEntry(literalCode);
    if (bitsLeft() < <i32>(entry & 63)) return CUT;
    if (entry & WRONG) return DAMAGED;
    const length = valueOf(entry);
    drop(entry);
    if (entry & LITERAL) {
      store<u8>(out, length);
      out += 1;
      continue;
    }
    if (entry & END) return GO_ON;
    entry = nextEntry(distanceCode);
    if (bitsLeft() < <i32>(entry & 63)) return CUT;
    if (entry & WRONG) return DAMAGED;
    const distance = valueOf(entry);
    drop(entry);
    if (distance > out - windowStart) return DAMAGED;
    repeat(out, distance, length);
    out += length;
  }
  return FULL;
}

function nextEntry(code: usize): u64 {
  refill();
  const entry = <u64>load<u32>(code + TABLE + (<usize>(bits & maskOf(code)) << 2));
  return entry & LONG ? longEntry(code, bits) : entry;
}

/** A length or distance with what its extra bits add. */
@inline
function valueOf(entry: u64): usize {
  return (<usize>(entry >> 16) & 0x7fff) + <usize>((bits & (((<u64>1) << entry) - 1)) >> ((entry >> 8) & 15));
}
