import {
  entryAt,
  hexOfRun,
  isBroken64,
  leads32,
  leads64,
  lowerOfRun,
  runClasses,
  symbolMask,
  symbolsOfRun,
  tokens32,
  tokens64,
  upperOfRun,
  wordMask,
} from './blocks.as';
import { base32At, compressed, compressedAt, decodeBase32, decodeBase64, decodeHex, promises } from './decode.as';
import { deflateMayBegin } from './deflate.as';
import { hexRunEnd, mayHoldDigest, nextHexRun, nextSymbol } from './digests.as';
import { decodeRegion, ENTITY, kindAt, KINDS, NONE, regionEnd, regionStart } from './escapes.as';
import { joinLines, linesEven, linesUntil, LONG_LINE, setLines } from './lines.as';
import { byteAt, isBase64, pad, release, reserve, scratchTop } from './tables.as';

// Whether something decoded may hold a match at any depth. Says yes where it is not sure: the host then looks itself.

/** As maxDepth of layered-search.ts. */
const MAX_DEPTH: u32 = 3;
export const MIN_TOKEN: usize = 16;
const MIN_DECODED: usize = 23;
/** As laterLinesBytes of undo-runs.ts. */
const LATER_LINES: usize = 1024;
/** A longer run or region is left to the host. */
export const MAX_DECODED: usize = 64 * 1024;

/** Of what was decoded into `[out, stop)` one layer below `depth`, with its scratch memory from `top` on given back. */
function promisesBelow(out: usize, stop: usize, depth: u32, top: usize): bool {
  const until = linesUntil;
  const even = linesEven;
  setLines(0, false);
  pad(stop);
  const answer = isPromising(out, stop, depth + 1);
  setLines(until, even);
  release(top);
  return answer;
}

/** Decoded content `[at, end)`, on a multiple of sixteen and with zeros behind it, under `depth` layers. */
function isPromising(at: usize, end: usize, depth: u32): bool {
  if (end - at >= 3 && compressed(byteAt(at), byteAt(at + 1), byteAt(at + 2))) return true;
  if (deflateMayBegin(at, end)) return true;
  if (end - at <= 32) {
    if (hasWordIn32(at, end)) return true;
    if (leads32(at) == 0 && sixteens(tokens32(at)) == 0) return false;
  }
  // One region end for each kind of escape: what lies before it has been looked at. Most contents have no escape.
  let doneAt: usize = 0;
  const words = at + ((end - at) & ~3);
  let runAt: usize = 0;
  let broken = false;
  for (let p = at; p < end + 1; p += 64) {
    if (hasWord(p, words)) return true;
    let leads = leads64(p);
    if (leads != 0 && doneAt == 0) {
      doneAt = reserve(<usize>KINDS << 2);
      if (doneAt == 0) return true;
      memory.fill(doneAt, 0, <usize>KINDS << 2);
    }
    while (leads != 0) {
      const lead = p + <usize>ctz<u64>(leads);
      leads &= leads - 1;
      if (lead < end && escapePromises(lead, at, end, doneAt, depth)) return true;
    }
    if (runAt == 0) {
      if (isBroken64(p)) {
        broken = true;
        continue;
      }
      if (broken) runAt = startOfRun(p);
    }
    broken = false;
    const tokens = tokens64(p);
    let left = tokens;
    if (runAt != 0) {
      if (tokens == u64.MAX_VALUE) left = 0;
      else {
        const ones = ctz<u64>(~tokens);
        const stop = p + <usize>ones;
        if (stop - runAt >= MIN_TOKEN && isPromisingRun(runAt, stop, at, end, 0, depth)) return true;
        runAt = 0;
        left = (tokens >>> ones) << ones;
      }
    }
    let starts = sixteens(left);
    while (starts != 0) {
      const first = ctz<u64>(starts);
      const ones = ctz<u64>(~(left >>> first));
      if (first + ones >= 64) break;
      if (isPromisingRun(p + <usize>first, p + <usize>(first + ones), at, end, 0, depth)) return true;
      starts = (starts >>> (first + ones)) << (first + ones);
    }
    if (runAt == 0) {
      const tail = clz<u64>(~left);
      if (tail != 0) runAt = p + 64 - <usize>tail;
    }
  }
  return false;
}

/** Where the characters of base64 before `p` begin, if there are any, or 0: behind sixty-four bytes that are broken they are seven at most. */
export function startOfRun(p: usize): usize {
  let at = p;
  while (isBase64(at - 1)) at--;
  return at == p ? 0 : at;
}

/** Where sixteen ones in a row begin. */
@inline
export function sixteens(mask: u64): u64 {
  let starts = mask & (mask >>> 1);
  starts &= starts >>> 2;
  starts &= starts >>> 4;
  return starts & (starts >>> 8);
}

/** A bit for each of the sixteen words at `p` that the bitmap of the literals does not turn away. */
@inline
export function words64(p: usize): u32 {
  return (
    wordMask(v128.load(p)) |
    (wordMask(v128.load(p + 16)) << 4) |
    (wordMask(v128.load(p + 32)) << 8) |
    (wordMask(v128.load(p + 48)) << 12)
  );
}

@inline
function hasWord(p: usize, words: usize): bool {
  return isAnyWord(words64(p), p, words);
}

/** The same of a content of thirty-two bytes at most. */
@inline
function hasWordIn32(at: usize, end: usize): bool {
  return isAnyWord(wordMask(v128.load(at)) | (wordMask(v128.load(at + 16)) << 4), at, at + ((end - at) & ~3));
}

@inline
function isAnyWord(mask: u32, p: usize, words: usize): bool {
  let candidates = mask;
  while (candidates != 0) {
    const at = p + (<usize>ctz<u32>(candidates) << 2);
    candidates &= candidates - 1;
    if (at < words && entryAt(at) != -1) return true;
  }
  return false;
}

/** May the run hold a digest, or decode to something? `phase`: characters before its first whole group of base64. */
export function isPromisingRun(start: usize, end: usize, from: usize, to: usize, phase: usize, depth: u32): bool {
  const escaped = start > from && byteAt(start - 1) == 0x25;
  const later = start < linesUntil;
  if (!later && end - start >= LONG_LINE) joinLines(start, end, to, phase);
  const block = start & ~15;
  if (end - block > 64) {
    const hexAt = nextHexRun(start, end, MIN_TOKEN);
    const symbolAt = nextSymbol(start, end);
    if (mayHoldDigest(start, end, escaped, hexAt, symbolAt)) return true;
    if (depth >= MAX_DEPTH) return true;
    if (hexAt != 0 && hexPromises(hexAt, end, depth)) return true;
    if (base32Promises(start, end, 0x41, depth) || base32Promises(start, end, 0x61, depth)) return true;
    return decodesToPromise(start, end, from, phase, depth, symbolAt, later);
  }
  // Most are short: what they are made of is seen at one look.
  const a = runClasses(block);
  const b = runClasses(block + 16);
  const c = runClasses(block + 32);
  const d = runClasses(block + 48);
  const before = <u64>(start - block);
  const within = u64.MAX_VALUE >>> (64 - <u64>(end - start));
  const hexRuns = sixteens((hexOfRun(a, b, c, d) >>> before) & within);
  const symbols = (symbolsOfRun(a, b, c, d) >>> before) & within;
  const hexAt = hexRuns == 0 ? 0 : start + <usize>ctz<u64>(hexRuns);
  const symbolAt = symbols == 0 ? end : start + <usize>ctz<u64>(symbols);
  if (mayHoldDigest(start, end, escaped, hexAt, symbolAt)) return true;
  if (end - start < MIN_DECODED) return false;
  // At the last depth an encoded text is a cap that bites: the host looks whether it is one, and counts it.
  if (depth >= MAX_DEPTH) return true;
  if (hexAt != 0 && hexPromises(hexAt, end, depth)) return true;
  if (sixteens((upperOfRun(a, b, c, d) >>> before) & within) != 0 && base32Promises(start, end, 0x41, depth)) return true;
  if (sixteens((lowerOfRun(a, b, c, d) >>> before) & within) != 0 && base32Promises(start, end, 0x61, depth)) return true;
  return decodesToPromise(start, end, from, phase, depth, symbolAt, later);
}

/** `symbolAt`: the first of + - / _ in it, or `end`. `later`: it is a later line of those that were joined. */
function decodesToPromise(
  start: usize,
  end: usize,
  from: usize,
  phase: usize,
  depth: u32,
  symbolAt: usize,
  later: bool,
): bool {
  const joined = later ? min(linesUntil, end + LATER_LINES) : max(linesUntil, end);
  if (joined - start > MAX_DECODED) return true;
  const origin = start + phase;
  let phases: u32 = end >= origin + MIN_DECODED ? 1 : 0;
  if (later && linesEven) {
    // Decoded from the first of them it is the same, but what is compressed has to stand first.
    if (end >= start + MIN_DECODED && compressedAt(start)) return true;
    phases = 1;
  } else if (base64Promises(origin, end, joined, depth)) return true;
  // It may have begun before what is decoded here: as `cut` of undo-runs.ts.
  if (depth > 0 && start == from) {
    for (let i: usize = 1; i < 4; i++) {
      if (!promises(start + i, end)) continue;
      if (end >= start + i + MIN_DECODED) phases |= 1 << (<u32>i & 3);
      if (base64Promises(start + i, end, joined, depth)) return true;
    }
  }
  // Its length stands before it: as saysLength of undo-runs.ts.
  if (phase == 0 && ((byteAt(start) - <u32>(end - start - 1)) & 255) <= 2) {
    if (end >= start + 1 + MIN_DECODED) phases |= 2;
    if (base64Promises(start + 1, end, joined, depth)) return true;
  }
  // Behind an escaped line break: as undo-runs.ts.
  if (start > from && byteAt(start) == 0x6e && byteAt(start - 1) == 0x5c) {
    if (end >= start + 1 + MIN_DECODED) phases |= 1 << ((1 - <u32>phase) & 3);
    if (base64Promises(start + 1, end, min(joined, end + LATER_LINES), depth)) return true;
  }
  if (start > from && byteAt(start - 1) == 0x25) {
    const bit: u32 = 1 << ((2 - <u32>phase) & 3);
    if ((phases & bit) == 0 && promises(start + 2, end)) {
      if (end >= start + 2 + MIN_DECODED) phases |= bit;
      if (base64Promises(start + 2, end, joined, depth)) return true;
    }
  }
  for (let p = symbolAt & ~15; p + MIN_DECODED < end; p += 16) {
    let symbols = symbolMask(v128.load(p));
    while (symbols != 0) {
      const symbol = p + <usize>ctz<u64>(symbols);
      symbols &= symbols - 1;
      if (symbol < start || symbol + MIN_DECODED >= end) continue;
      const at = symbol + 1;
      const bit: u32 = 1 << ((<u32>at - <u32>origin) & 3);
      if ((phases & bit) != 0 ? !compressedAt(at) : !promises(at, end)) continue;
      phases |= bit;
      if (base64Promises(at, end, joined, depth)) return true;
    }
  }
  return false;
}

function base64Promises(at: usize, end: usize, joined: usize, depth: u32): bool {
  if (end < at + MIN_DECODED) return false;
  const top = scratchTop;
  const out = reserve((((joined - at) * 3) >>> 2) + 16);
  if (out == 0) return true;
  const stop = out + decodeBase64(at, end - at, joined, out);
  return promisesBelow(out, stop, depth, top);
}

function hexPromises(start: usize, end: usize, depth: u32): bool {
  let from = nextHexRun(start, end, MIN_DECODED);
  while (from != 0) {
    const to = hexRunEnd(from, end);
    if (hexRunPromises(from, to, depth) || hexRunPromises(from + 1, to, depth)) return true;
    from = nextHexRun(to, end, MIN_DECODED);
  }
  return false;
}

function hexRunPromises(from: usize, to: usize, depth: u32): bool {
  if (to - from > MAX_DECODED) return true;
  const top = scratchTop;
  const out = reserve((to - from) >>> 1);
  if (out == 0) return true;
  const stop = out + decodeHex(from, to, out);
  return promisesBelow(out, stop, depth, top);
}

/** As undoBase32Runs of undo-runs.ts: every run of base32 that is worth decoding covers one of the places looked at. */
function base32Promises(start: usize, end: usize, letters: u32, depth: u32): bool {
  let floor = start;
  for (let probe = start + MIN_DECODED - 1; probe < end; probe += MIN_DECODED) {
    if (base32At(probe, letters) == 255) continue;
    let from = probe;
    while (from > floor && base32At(from - 1, letters) != 255) from--;
    let to = probe + 1;
    while (to < end && base32At(to, letters) != 255) to++;
    if (to - from >= MIN_DECODED) {
      if (base32RunPromises(from, to, letters, depth) || base32RunPromises(from + 1, to, letters, depth)) return true;
    }
    floor = to;
    probe = to;
  }
  return false;
}

function base32RunPromises(from: usize, to: usize, letters: u32, depth: u32): bool {
  if (to - from > MAX_DECODED) return true;
  const top = scratchTop;
  const out = reserve((((to - from) * 5) >>> 3) + 16);
  if (out == 0) return true;
  const stop = out + decodeBase32(from, to, letters, out);
  return promisesBelow(out, stop, depth, top);
}

/** Does the escape at `lead` begin a region that may hold something? `doneAt`: how far each kind has been looked at. */
export function escapePromises(lead: usize, from: usize, to: usize, doneAt: usize, depth: u32): bool {
  const kind = kindAt(lead, from, to);
  if (kind == NONE) return false;
  const done = doneAt + (<usize>kind << 2);
  if (lead < <usize>load<u32>(done)) return false;
  // At the last depth an escape is a cap that bites: the host counts it.
  if (depth >= MAX_DEPTH || kind == ENTITY) return true;
  const start = regionStart(kind, lead, from);
  const end = regionEnd(kind, lead, to);
  store<u32>(done, <u32>end);
  return regionPromises(kind, start, end, depth);
}

function regionPromises(kind: u32, start: usize, end: usize, depth: u32): bool {
  if (end - start > MAX_DECODED) return true;
  const top = scratchTop;
  const out = reserve(end - start);
  if (out == 0) return true;
  const stop = out + decodeRegion(kind, start, end, out);
  return promisesBelow(out, stop, depth, top);
}

