import type { Origin } from '../../dissection/sink.ts';
import { skippableBytes } from '../../dissection/zstd.ts';
import { base64Values, byteAt, compressionAt } from './byte-classes.ts';
import { areOneText, eachText, type CompressedText } from './compressed-text.ts';
import { belongsToRun } from './encoded-run.ts';
import { countCap } from './caps.ts';
import {
  notWithoutEnd,
  type Region,
  searchSpace,
  searchWhole,
  type RawMatch,
  type SearchEngine,
} from './layered-search.ts';
import { aligned, givesNothing, inflate, type Inflated } from './inflate.ts';
import { inOneValue, spend } from './inflate-budget.ts';
import { continues, type Seam, searchSeam, seamBehind } from './member-seam.ts';
import { decodeBase64Run, type Undone } from './undo.ts';
import { ValueOrigins, type Locate } from './value-origins.ts';

/** Compressed bytes kept for one value; a longer one is searched as far as this, and counted under `cap-compressed`. */
export const maxCompressedBytes = 4 * 1024 * 1024;

/** Bytes at which a value is tried first; then at twice as many each time, so that what comes of it depends on its bytes alone. */
const firstTry = 64;

/** As it is, in base64 that decides by itself, or under whatever hex, base64, line breaks and escapes an encoded run holds. */
type ValueKind = 'raw' | 'base64' | 'run';

/** A compressed value that no header announces, collected until it can be inflated. */
export interface CompressedValue {
  readonly kind: ValueKind;
  /** Offset in the sequence. */
  readonly start: number;
  bytes: Uint8Array;
  length: number;
  nextTry: number;
  /** So many of its bytes are done with: its mark, what made sense, or the value that was found. What else begins comes after them. */
  doneWith: number;
  readonly origins: ValueOrigins;
  /** The end of the text of a member of gzip or of frames before it; once this one is whole, with what it gave. */
  seam: Seam | null;
}

/** `seam`: of what was found before it in the sequence. */
export function beginValue(kind: ValueKind, start: number, shifts: boolean, seam: Seam | null): CompressedValue {
  const origins = new ValueOrigins(start, shifts);
  return { kind, start, bytes: new Uint8Array(256), length: 0, nextTry: firstTry, doneWith: 2, origins, seam };
}

/** How many more bytes it takes before it is tried. */
export function wantedOf(value: CompressedValue): number {
  const most = value.kind !== 'raw' ? pieceBytes : value.nextTry - value.length;
  return Math.min(most, maxCompressedBytes - value.length);
}

/** Bytes taken of a value at once. */
const pieceBytes = 16 * 1024;

/** Takes the bytes that still belong to the value. @returns where they end, and whether the value is over */
export function growValue(
  value: CompressedValue,
  bytes: Uint8Array,
  from: number,
  to: number,
  locate: Locate,
): { readonly end: number; readonly over: boolean } {
  let end = to;
  if (value.kind !== 'raw') {
    end = from;
    while (end < to && belongsToRun(byteAt(bytes, end))) end++;
  }
  const taken = end - from;
  if (value.length + taken > value.bytes.length) {
    const larger = new Uint8Array(Math.max(value.bytes.length * 2, value.length + taken));
    larger.set(value.bytes.subarray(0, value.length));
    value.bytes = larger;
  }
  value.bytes.set(bytes.subarray(from, end), value.length);
  if (taken > 0) value.origins.add(value.start + value.length, value.start + value.length + taken, locate);
  value.length += taken;
  return { end, over: end < to || value.length >= maxCompressedBytes };
}

function belongsToBase64(byte: number): boolean {
  // Line breaks, JSON's escaped ones (\n, \r) and padding lie inside or end the value.
  return byteAt(base64Values, byte) !== 255 || byte === 0x0a || byte === 0x0d || byte === 0x5c || byte === 0x3d;
}

/** As far as it is base64 and line breaks: behind that stand escapes, or something else. */
function packedLength({ bytes, length }: CompressedValue): number {
  let end = 0;
  while (end < length && belongsToBase64(byteAt(bytes, end))) end++;
  return end;
}

/** Where the base64 ends before its padding and what else came with it: as it does in bytes that are searched at once. */
function digitsEnd(bytes: Uint8Array, length: number): number {
  let end = length;
  while (end > 0 && byteAt(base64Values, byteAt(bytes, end - 1)) === 255) end--;
  return end;
}

/** Does the base64 hold a ZIP file? Of its entries not all are compressed, nor lie one directly behind the other. */
function isZip({ bytes, length }: CompressedValue): boolean {
  return compressionAt(decodeBase64Run(bytes, 0, Math.min(length, 4)).bytes, 0, 3) === 'zip';
}

/** Searches all of an encoded run as bytes are searched at once. Of what it holds only what was compressed needed the whole of it. */
function searchRun(
  engine: SearchEngine,
  value: CompressedValue,
  onMatch: (match: RawMatch, origin: Origin) => void,
): void {
  const bytes = aligned(value.bytes.subarray(0, value.length));
  const region: Region = { bytes, from: 0, to: bytes.length, begins: true, ends: true, runStart: 0, cut: false };
  searchSpace(engine, { bytes, length: bytes.length, regionAt: () => region, phases: [] }, (match) => {
    if (match.inner === null) return;
    const to = Math.max(match.from + 1, match.to);
    onMatch(match, value.origins.of(value.start + match.from, value.start + to));
  });
}

/** Tries to inflate what was collected. Matches get the whole value's range, relative to `start`. False: more bytes are needed. */
export function searchValue(
  engine: SearchEngine,
  value: CompressedValue,
  over: boolean,
  onMatch: (match: RawMatch, origin: Origin) => void,
): boolean {
  if (!over && (value.kind !== 'raw' || value.length < value.nextTry)) return false;
  if (value.kind === 'raw') return searchPacked(engine, value, value.length, over, onMatch);
  if (value.length >= maxCompressedBytes) countCap(engine, 'cap-compressed');
  const packed = value.kind === 'base64' && !isZip(value) ? packedLength(value) : 0;
  if (packed > 0) searchPacked(engine, value, packed, over, onMatch);
  const escaped = value.bytes.subarray(0, packed).includes(0x5c);
  if (packed < value.length || escaped) searchRun(engine, value, onMatch);
  return true;
}

function searchPacked(
  engine: SearchEngine,
  value: CompressedValue,
  length: number,
  over: boolean,
  onMatch: (match: RawMatch, origin: Origin) => void,
): boolean {
  const collected = aligned(value.bytes.subarray(0, length));
  const decoded: Undone | null = value.kind === 'base64' ? decodeBase64Run(collected, 0, length) : null;
  const inflated = inflate(decoded?.bytes ?? collected);
  if (inflated === null || (!over && givesNothing(inflated, length))) return true;
  if (!inflated.complete && !over) {
    value.doneWith = length;
    value.nextTry = length * 2;
    return false;
  }
  const behind = decoded === null ? behindSkippable(inflated, collected) : 0;
  if (isFrame(inflated) && behind > length - skippableHeadBytes && behind <= length && !over) {
    // A frame to be skipped may begin there.
    value.doneWith = length;
    value.nextTry = length * 2;
    return false;
  }
  if (value.kind === 'raw' && length >= maxCompressedBytes) countCap(engine, 'cap-compressed');
  const end = decoded === null ? inflated.consumed : digitsEnd(value.bytes, length);
  value.doneWith = Math.max(2, end);
  const outer = [inflated.step, ...(decoded === null ? [] : [decoded.step])];
  const originOf = lastKept((from, to) => value.origins.of(value.start + from, value.start + Math.max(from + 1, to)));
  // Before what the member itself shows: that does not know what stands before it.
  const textAt = decoded === null ? joinMembers(engine, value, inflated, behind, onMatch) : 0;
  const limited = notWithoutEnd(engine, (match) => onMatch(match, originOf(match.from, match.to)));
  const search = (text: Pick<CompressedText, 'bytes' | 'capped'>, rangeOf: RangeOf): void => {
    if (text.capped) countCap(engine, 'cap-inflate');
    searchWhole(engine, text.bytes, (match) => {
      const { from, to, base } = rangeOf(match);
      const inner = match.inner ?? { from: match.from - base, to: match.to - base, base: textAt + base };
      limited({ ...match, steps: [...match.steps, ...outer], inner, from, to, undone: true });
    });
  };
  inOneValue(engine, length, () => {
    spend(engine, length, inflated);
    // What lies behind bytes that are not in base64 is collected as a value of its own.
    if (decoded === null) {
      search(inflated, () => ({ from: 0, to: end, base: 0 }));
    } else
      eachText(engine, inflated, decoded.bytes, 0, decoded.bytes.length, (text) =>
        search(text, (match) => rangeInBase64(decoded, end, text, match)),
      );
  });
  return true;
}

/** Of a frame to be skipped: its mark and its length. */
const skippableHeadBytes = 8;
/** Longer ones are not waited for. */
const maxSkipped = 64 * 1024;

/** Is it a whole frame of those that others may follow which are to be skipped? */
function isFrame({ step, complete }: Inflated): boolean {
  return complete && (step === 'zstd' || step === 'lz4');
}

/** Where what goes on with a frame of Zstandard or LZ4 begins: behind those to be skipped that follow it. */
function behindSkippable(inflated: Inflated, bytes: Uint8Array): number {
  let at = inflated.consumed;
  if (!isFrame(inflated)) return at;
  for (let size = skippableBytes(bytes, at); size > 0 && size <= maxSkipped; size = skippableBytes(bytes, at))
    at += size;
  return at;
}

/**
 * What a value that is a member of gzip, or a frame, gave is one text with what the one directly before it in the sequence gave.
 * @returns where it begins in that text
 */
function joinMembers(
  engine: SearchEngine,
  value: CompressedValue,
  { step, bytes, complete, consumed, capped }: Inflated,
  behind: number,
  onMatch: (match: RawMatch, origin: Origin) => void,
): number {
  const next = { step, start: value.start, end: value.start + consumed, bytes, origins: value.origins };
  const before = continues(value.seam, next) ? value.seam : null;
  if (before !== null) searchSeam(engine, before, next, onMatch);
  value.seam = areOneText(step) && complete && !capped ? seamBehind(before, next, value.start + behind) : null;
  return before?.length ?? 0;
}

/** Where what was found lies in the value, and where in the inflated text the member begins that gave it. */
type RangeOf = (match: RawMatch) => { readonly from: number; readonly to: number; readonly base: number };

/** The characters of its members; of the last one as far as the base64 goes, to `end`. */
function rangeInBase64(decoded: Undone, end: number, text: CompressedText, match: RawMatch): ReturnType<RangeOf> {
  const to = text.endOf(match.to);
  return {
    from: decoded.startOf(text.startOf(match.from)),
    to: text.followed || to < text.end ? decoded.endOf(to) : end,
    base: text.baseOf(match.from),
  };
}

/** The answer for the same place is given again: many matches lie in one member. */
function lastKept(originOf: (from: number, to: number) => Origin): (from: number, to: number) => Origin {
  let last: { readonly from: number; readonly to: number; readonly origin: Origin } | null = null;
  return (from, to) => {
    if (last?.from !== from || last.to !== to) last = { from, to, origin: originOf(from, to) };
    return last.origin;
  };
}
