import { base64Values, byteAt, hexValues } from './byte-classes.ts';
import { givesNothing, inflate } from './inflate.ts';
import { nextSymbol } from './token-runs.ts';
import {
  base32Value,
  base64Compressed,
  base64Promise,
  base64RunIfWorth,
  decodeBase32Run,
  decodeBase64Run,
  hexRunIfWorth,
  type Undone,
  type Worth,
} from './undo.ts';

/** Shortest run that is worth decoding: seventeen bytes of content, an MD5 as it is behind one byte. */
export const minDecodedRun = 23;

/** What has to be known of the bytes around a run. */
export interface TokenRegion {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Where the base64 run that touches `from` began, relative to `from` (zero or less). */
  readonly runStart: number;
  /** Decoded of something whose beginning is not there: where a run that touches `from` began is not known. */
  readonly cut: boolean;
}

/** Lines of base64 that belong together: what they are depends on the bytes alone, not on which of them are looked at. */
export interface JoinedLines {
  /** Where the first of them begins. */
  from: number;
  /** Where the last of them ends; 0 before there are any. */
  until: number;
  /** Each has whole groups of four: a later line says nothing else when it is decoded from its own start. */
  even: boolean;
}

/** Decoded behind a later line's end where it is decoded in another way than from the first line: each line may be. */
const laterLinesBytes = 1024;

/** Characters decoded first of what seems to be compressed inside a run; then twice as many each time. */
const firstPiece = 2048;

/**
 * Decodes a run of base64 characters where it can be base64, and its parts that can be hex or base32, as far as it is worth it. `lines`: of
 * the bytes that the run lies in.
 */
export function undoRun(
  region: TokenRegion,
  start: number,
  end: number,
  worth: Worth,
  lines: JoinedLines,
  onUndone: (undone: Undone) => void,
): void {
  const { bytes, from } = region;
  undoHexRuns(region, start, end, worth, onUndone);
  undoBase32Runs(bytes, start, end, onUndone);
  // Bytes before the region belonged to the run: groups of four are counted from its own start.
  const runStart = start === from ? from + region.runStart : start;
  const first = start + ((runStart - start) & 3);
  if (start >= lines.until) joinLines(region, start, lines);
  const follows = start > lines.from;
  const joinedEnd = Math.max(end, lines.until);
  const reach = follows ? Math.min(joinedEnd, end + laterLinesBytes) : joinedEnd;
  let phases = 0;
  const decode = (at: number, to: number): void => {
    const undone = base64RunIfWorth(bytes, at, to, worth);
    if (undone !== null) onUndone(undone);
  };
  const decodeFrom = (at: number, until = reach): void => {
    const phase = 1 << ((at - runStart) & 3);
    if ((phases & phase) !== 0 || end - at < minDecodedRun) return;
    phases |= phase;
    decode(at, until);
  };
  // What was found to make sense so far is looked at once.
  let floor = 0;
  const decodeCompressed = (at: number): void => {
    if (at < floor || end - at < minDecodedRun) return;
    const until = compressedUntil(bytes, at, joinedEnd);
    if (until === at) return;
    floor = until;
    decode(at, until);
  };
  if (!follows || !lines.even) decodeFrom(first);
  else if (base64Compressed(bytes, start)) decodeCompressed(start);
  if (follows && lines.even) phases |= 1;
  if (region.cut && start === from)
    for (const at of [start + 1, start + 2, start + 3]) if (base64Promise(bytes, at, end) !== null) decodeFrom(at);
  if (runStart === start && saysLength(bytes, start, end)) decodeFrom(start + 1);
  // Of a later line, written behind an escaped line break, whose first line is not there.
  if (!(follows && lines.even) && bytes[start] === 0x6e && bytes[start - 1] === 0x5c)
    decodeFrom(start + 1, Math.min(joinedEnd, end + laterLinesBytes));
  if (start > 0 && bytes[start - 1] === 0x25 && base64Promise(bytes, start + 2, end) !== null) decodeFrom(start + 2);
  const last = end - minDecodedRun;
  for (let at = nextSymbol(bytes, start, last) + 1; at <= last; at = nextSymbol(bytes, at, last) + 1) {
    const known = (phases & (1 << ((at - runStart) & 3))) !== 0;
    // What was decoded in the same phase shows text in it, but nothing compressed, which has to stand first.
    if (known ? base64Compressed(bytes, at) : base64Promise(bytes, at, end) !== null)
      (known ? decodeCompressed : decodeFrom)(at);
  }
}

/** How far what seems to be compressed makes sense, decoded from `at`; `at` where it does not. */
function compressedUntil(bytes: Uint8Array, at: number, end: number): number {
  let until = at;
  for (let length = firstPiece; until < end; length *= 2) {
    const to = Math.min(end, at + length);
    const inflated = inflate(decodeBase64Run(bytes, at, to).bytes);
    if (inflated === null || givesNothing(inflated, length)) break;
    until = to;
    if (inflated.complete) break;
  }
  return until;
}

/**
 * Is the first character no part of the run but its length, as binary formats write it before a text? Of a length of two bytes it is the
 * lower one; padding counts.
 */
function saysLength(bytes: Uint8Array, start: number, end: number): boolean {
  return ((byteAt(bytes, start) - (end - start - 1)) & 255) <= 2;
}

function undoHexRuns(
  region: TokenRegion,
  start: number,
  end: number,
  worth: Worth,
  onUndone: (undone: Undone) => void,
): void {
  const { bytes } = region;
  let floor = start;
  for (let probe = start + minDecodedRun - 1; probe < end; probe += minDecodedRun) {
    if (hexValues[bytes[probe] as number] === 255) continue;
    let hexStart = probe;
    while (hexStart > floor && hexValues[bytes[hexStart - 1] as number] !== 255) hexStart--;
    let hexEnd = probe + 1;
    while (hexEnd < end && hexValues[bytes[hexEnd] as number] !== 255) hexEnd++;
    if (hexEnd - hexStart >= minDecodedRun) {
      // The first digit may be glued to the front, or lie before the region.
      for (const first of [hexStart, hexStart + 1]) {
        const undone = hexRunIfWorth(bytes, first, hexEnd, worth);
        if (undone !== null) onUndone(undone);
      }
    }
    floor = hexEnd;
    probe = hexEnd;
  }
}

/** A, and a: base32 is written in letters of one case. */
const firstLetters = [0x41, 0x61];

/** Base32 as names in DNS can hold it. A character before the first, as the length of a label may be, is left out once. */
function undoBase32Runs(bytes: Uint8Array, start: number, end: number, onUndone: (undone: Undone) => void): void {
  for (const letters of firstLetters) {
    let floor = start;
    for (let probe = start + minDecodedRun - 1; probe < end; probe += minDecodedRun) {
      if (base32Value(bytes[probe] as number, letters) === 255) continue;
      let first = probe;
      while (first > floor && base32Value(bytes[first - 1] as number, letters) !== 255) first--;
      let last = probe + 1;
      while (last < end && base32Value(bytes[last] as number, letters) !== 255) last++;
      if (last - first >= minDecodedRun) {
        onUndone(decodeBase32Run(bytes, first, last, letters));
        onUndone(decodeBase32Run(bytes, first + 1, last, letters));
      }
      floor = last;
      probe = last;
    }
  }
}

/** Android's Base64.DEFAULT breaks after 76 characters (PEM after 64): following lines belong to the same value. */
export const longLine = 60;

/**
 * The lines that the one that begins at `start` belongs to. Of a line break that is written as an escape the last character looks as if it
 * began the line behind it: it counts for how long that is, and for whether the first line has whole groups.
 */
function joinLines({ bytes, from, to, runStart }: TokenRegion, start: number, lines: JoinedLines): void {
  lines.from = start;
  for (let gap = lineBreakBefore(bytes, start, from); gap > 0; gap = lineBreakBefore(bytes, lines.from, from)) {
    const end = behindEscape(bytes, lines.from) - gap;
    let runAt = end;
    while (runAt > from && base64Values[bytes[runAt - 1] as number] !== 255) runAt--;
    if (end - runAt < longLine) break;
    lines.from = runAt;
  }
  let runAt = lines.from;
  let lineEnd = endOfRun(bytes, runAt, to);
  let even = ((lineEnd - runAt - (runAt === from ? runStart & 3 : 0)) & 3) === 0;
  lines.even = true;
  while (lineEnd - runAt >= longLine && lineEnd < to) {
    const gap = lineBreakAt(bytes, lineEnd, to);
    if (gap === 0) break;
    lines.even &&= even;
    const lineStart = lineEnd + gap;
    runAt = bytes[lineStart - 1] === 0x6e ? lineStart - 1 : lineStart;
    lineEnd = endOfRun(bytes, lineStart, to);
    even = ((lineEnd - lineStart) & 3) === 0;
  }
  lines.until = lineEnd;
}

function behindEscape(bytes: Uint8Array, runAt: number): number {
  return bytes[runAt - 1] === 0x5c && bytes[runAt] === 0x6e ? runAt + 1 : runAt;
}

/** Where the base64 characters from `at` end. */
export function endOfRun(bytes: Uint8Array, at: number, to: number): number {
  const values = base64Values;
  let end = at;
  while (end < to && values[bytes[end] as number] !== 255) end++;
  return end;
}

/** How many bytes the line break at `at` has, as it is or as JSON writes it; 0 where there is none. */
export function lineBreakAt(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] === 0x0a) return 1;
  if (at + 1 < to && bytes[at] === 0x0d && bytes[at + 1] === 0x0a) return 2;
  if (at + 1 < to && bytes[at] === 0x5c && bytes[at + 1] === 0x6e) return 2;
  return at + 3 < to && bytes[at] === 0x5c && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x5c && bytes[at + 3] === 0x6e
    ? 4
    : 0;
}

/** The same, of what stands before the run at `runAt`, or reaches over its first character. */
function lineBreakBefore(bytes: Uint8Array, runAt: number, from: number): number {
  const at = behindEscape(bytes, runAt);
  for (const gap of [4, 2, 1]) if (at - gap >= from && lineBreakAt(bytes, at - gap, at) === gap) return gap;
  return 0;
}
