import {
  base64At,
  fronts,
  keyHeads,
  keyHigh,
  keyLow,
  keyMask,
  keyNext,
} from './tables.as';
import { hexMask, symbolMask } from './blocks.as';

// Says whether a run of base64 characters may hold a digest: the places are those of digest-index.ts, which looks closer.

@inline
function quadAt(at: usize): u32 {
  return (base64At(at) << 18) | (base64At(at + 1) << 12) | (base64At(at + 2) << 6) | base64At(at + 3);
}

function hasKey(high: u32, low: u32): bool {
  const slot = (((high ^ (low * 0x85ebca6b)) * 0x9e3779b1) >>> 9) & keyMask;
  let entry = load<i32>(keyHeads + (<usize>slot << 2));
  while (entry != -1) {
    const at = <usize>entry << 2;
    if (load<u32>(keyHigh + at) == high && load<u32>(keyLow + at) == low) return true;
    entry = load<i32>(keyNext + at);
  }
  return false;
}

@inline
function base64Key(at: usize): bool {
  const a = quadAt(at);
  if (((<u32>load<u8>(fronts + (a >>> 6)) >>> ((a >>> 3) & 7)) & 1) == 0) return false;
  const b = quadAt(at + 4);
  const c = quadAt(at + 8);
  return hasKey((a << 8) | (b >>> 16), ((b & 0xffff) << 16) | (c >>> 8));
}

/** Eight hex digits as a number. */
@inline
function hexWordAt(at: usize): u32 {
  const digits = load<u64>(at);
  const nibbles = (digits & 0x0f0f0f0f0f0f0f0f) + ((digits >>> 6) & 0x0101010101010101) * 9;
  const bytes = ((nibbles << 4) | (nibbles >>> 8)) & 0x00ff00ff00ff00ff;
  const halves = ((bytes << 8) | (bytes >>> 16)) & 0x0000ffff0000ffff;
  return (<u32>halves << 16) | <u32>(halves >>> 32);
}

function hexKey(at: usize): bool {
  const high = hexWordAt(at);
  if (((<u32>load<u8>(fronts + (high >>> 14)) >>> ((high >>> 11) & 7)) & 1) == 0) return false;
  return hasKey(high, hexWordAt(at + 8));
}

/**
 * `[start, end)` is a maximal run of at least sixteen; `escaped`: a percent sign stands before it. `hexAt`, `symbolAt`: what
 * `nextHexRun` and `nextSymbol` say of it.
 */
export function mayHoldDigest(start: usize, end: usize, escaped: bool, hexAt: usize, symbolAt: usize): bool {
  if (base64Key(start)) return true;
  if (escaped && start + 18 <= end && base64Key(start + 2)) return true;
  const length = end - start;
  if (length > 16 && base64Key(end - 16)) return true;
  if (length > 22 && base64Key(end - 22)) return true;
  if (length > 27 && base64Key(end - 27)) return true;
  if (length > 43 && base64Key(end - 43)) return true;
  if (length > 64 && base64Key(end - 64)) return true;
  if (length > 86 && base64Key(end - 86)) return true;
  if (symbolAt != end && behindSymbol(start, end, symbolAt)) return true;
  return hexAt != 0 && mayHoldHexDigest(start, end, escaped, hexAt);
}

/** The first character of `[start, end)` that is no letter or digit, or `end`. */
export function nextSymbol(start: usize, end: usize): usize {
  let p = start & ~15;
  let symbols = symbolMask(v128.load(p)) & (<u64>0xffff << (<u64>start & 15));
  while (symbols == 0) {
    p += 16;
    if (p >= end) return end;
    symbols = symbolMask(v128.load(p));
  }
  return min(end, p + <usize>ctz<u64>(symbols));
}

/** A digest may begin after any character that is no letter or digit. */
function behindSymbol(start: usize, end: usize, symbolAt: usize): bool {
  for (let p = symbolAt & ~15; p + 17 <= end; p += 16) {
    let symbols = symbolMask(v128.load(p));
    while (symbols != 0) {
      const at = p + <usize>ctz<u64>(symbols);
      symbols &= symbols - 1;
      if (at > start && at + 17 <= end && base64Key(at + 1)) return true;
    }
  }
  return false;
}

function mayHoldHexDigest(start: usize, end: usize, escaped: bool, hexAt: usize): bool {
  let from = hexAt;
  while (from != 0) {
    const to = hexRunEnd(from, end);
    if (hexRun(from, to, escaped && from == start)) return true;
    from = nextHexRun(to, end, 16);
  }
  return false;
}

/** Start of the first run of at least `least` hex digits (sixteen or more) in `[start, end)`, or 0. */
export function nextHexRun(start: usize, end: usize, least: usize): usize {
  if (end < start + least) return 0;
  let runAt: usize = 0;
  for (let p = start & ~15; p < end; p += 16) {
    let hex = <u32>hexMask(v128.load(p));
    if (p < start) hex &= 0xffff << <u32>(start - p);
    if (end - p < 16) hex &= (1 << <u32>(end - p)) - 1;
    hex &= 0xffff;
    if (hex == 0xffff) {
      if (runAt == 0) runAt = p;
    } else {
      if (runAt != 0 && p + <usize>ctz<u32>(~hex) - runAt >= least) return runAt;
      const tail = clz<u32>(~(hex << 16));
      runAt = tail == 0 ? 0 : p + 16 - <usize>tail;
    }
  }
  return runAt != 0 && end - runAt >= least ? runAt : 0;
}

export function hexRunEnd(from: usize, end: usize): usize {
  for (let p = from; p < end; p += 16) {
    const ones = ctz<u32>(~(<u32>hexMask(v128.load(p))));
    if (ones < 16) return min(p + <usize>ones, end);
  }
  return end;
}

function hexRun(start: usize, end: usize, escaped: bool): bool {
  if (hexKey(start)) return true;
  if (escaped && start + 18 <= end && hexKey(start + 2)) return true;
  const length = end - start;
  if (length > 16 && hexKey(end - 16)) return true;
  if (length > 32 && hexKey(end - 32)) return true;
  if (length > 40 && hexKey(end - 40)) return true;
  if (length > 64 && hexKey(end - 64)) return true;
  if (length > 96 && hexKey(end - 96)) return true;
  return length > 128 && hexKey(end - 128);
}
