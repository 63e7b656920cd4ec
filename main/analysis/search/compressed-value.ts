import type { Origin } from '../../dissection/sink.ts';
import { skippableBytes } from '../../dissection/zstd.ts';
import { byteAt } from './byte-classes.ts';
import { areOneText } from './compressed-text.ts';
import { belongsToRun } from './encoded-run.ts';
import { countCap } from './caps.ts';
import { searchSpace, searchWhole, type SearchEngine } from './layered-search.ts';
import { aligned, givesNothing, inflate, type Inflated } from './inflate.ts';
import { inOneValue, spend } from './inflate-budget.ts';
import { continues, type Seam, searchSeam, seamBehind } from './member-seam.ts';
import type { RawMatch, Region } from './raw-match.ts';
import { fieldNameBefore } from './surroundings.ts';
import { ValueOrigins, type Locate } from './value-origins.ts';

/** Compressed bytes kept for one value; a longer one is searched as far as this, and counted under `cap-compressed`. */
export const maxCompressedBytes = 4 * 1024 * 1024;

/** Bytes at which a value is tried first; then at twice as many each time, so that what comes of it depends on its bytes alone. */
const firstTry = 64;

/** As it is, or under whatever hex, base64, line breaks and escapes an encoded run holds. */
type ValueKind = 'raw' | 'run';

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
  /** What stands before it, as far as it may name it. */
  readonly lead: Uint8Array;
  /** The end of the text of a member of gzip or of frames before it; once this one is whole, with what it gave. */
  seam: Seam | null;
}

/** `seam`: of what was found before it in the sequence. */
export function beginValue(
  kind: ValueKind,
  start: number,
  shifts: boolean,
  seam: Seam | null,
  lead: Uint8Array = nothing,
): CompressedValue {
  const origins = new ValueOrigins(start, shifts);
  return { kind, start, bytes: new Uint8Array(256), length: 0, nextTry: firstTry, doneWith: 2, origins, lead, seam };
}

const nothing = new Uint8Array(0);

/** How many more bytes it takes before it is tried. */
export function wantedOf(value: CompressedValue): number {
  const most = value.kind === 'run' ? pieceBytes : value.nextTry - value.length;
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
  if (value.kind === 'run') {
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

/**
 * Searches all of an encoded run as bytes are searched at once: what is found, and where, must not depend on how they came. Of what it
 * holds only what was compressed needed the whole of it.
 */
function searchRun(
  engine: SearchEngine,
  value: CompressedValue,
  onMatch: (match: RawMatch, origin: Origin) => void,
): void {
  const bytes = aligned(value.bytes.subarray(0, value.length));
  const region: Region = { bytes, from: 0, to: bytes.length, begins: true, ends: true, runStart: 0, cut: false };
  const originOf = lastKept((from, to) => value.origins.of(value.start + from, value.start + to));
  searchSpace(engine, { bytes, length: bytes.length, regionAt: () => region, phases: [] }, (match) => {
    if (match.inner === null) return;
    const name = match.name ?? nameBefore(value, match.from);
    onMatch({ ...match, name }, originOf(match.from, Math.max(match.from + 1, match.to)));
  });
}

/** Name of the field that holds the run, for what lies where it begins. */
function nameBefore({ lead, bytes, length }: CompressedValue, at: number): string | null {
  if (at >= nameDistance) return null;
  const around = Buffer.concat([lead, bytes.subarray(0, Math.min(length, at))]);
  return fieldNameBefore({ bytes: around, start: around.length, end: around.length });
}

/** So far behind a name its value may begin, and farther. */
const nameDistance = 16;

/** The answer for the same place is given again: many matches lie in one member. */
function lastKept(originOf: (from: number, to: number) => Origin): (from: number, to: number) => Origin {
  let last: { readonly from: number; readonly to: number; readonly origin: Origin } | null = null;
  return (from, to) => {
    if (last?.from !== from || last.to !== to) last = { from, to, origin: originOf(from, to) };
    return last.origin;
  };
}

/** Tries to inflate what was collected. Matches get the whole value's range, relative to `start`. False: more bytes are needed. */
export function searchValue(
  engine: SearchEngine,
  value: CompressedValue,
  over: boolean,
  onMatch: (match: RawMatch, origin: Origin) => void,
): boolean {
  if (!over && (value.kind === 'run' || value.length < value.nextTry)) return false;
  if (value.kind === 'raw') return searchPacked(engine, value, over, onMatch);
  if (value.length >= maxCompressedBytes) countCap(engine, 'cap-compressed');
  searchRun(engine, value, onMatch);
  return true;
}

function searchPacked(
  engine: SearchEngine,
  value: CompressedValue,
  over: boolean,
  onMatch: (match: RawMatch, origin: Origin) => void,
): boolean {
  const { length } = value;
  const collected = aligned(value.bytes.subarray(0, length));
  const inflated = inflate(collected);
  if (inflated === null || (!over && givesNothing(inflated, length))) return true;
  if (!inflated.complete && !over) {
    value.doneWith = length;
    value.nextTry = length * 2;
    return false;
  }
  const behind = behindSkippable(inflated, collected);
  if (isFrame(inflated) && behind > length - skippableHeadBytes && behind <= length && !over) {
    // A frame to be skipped may begin there.
    value.doneWith = length;
    value.nextTry = length * 2;
    return false;
  }
  if (length >= maxCompressedBytes) countCap(engine, 'cap-compressed');
  const end = inflated.consumed;
  value.doneWith = Math.max(2, end);
  // Before what the member itself shows: that does not know what stands before it.
  const text = joinMembers(engine, value, inflated, behind, onMatch);
  const origin = value.origins.of(value.start, value.start + Math.max(1, end));
  inOneValue(engine, length, () => {
    spend(engine, length, inflated);
    if (inflated.capped) countCap(engine, 'cap-inflate');
    // What lies behind it is collected as a value of its own.
    searchWhole(engine, inflated.bytes, (match) => {
      const { base, start } = text;
      const inner = { from: match.from, to: match.to, base, root: start - value.start, deeper: match.inner };
      onMatch({ ...match, steps: [...match.steps, inflated.step], inner, from: 0, to: end, undone: true }, origin);
    });
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
 * @returns where it begins in that text, and where the text does in the sequence
 */
function joinMembers(
  engine: SearchEngine,
  value: CompressedValue,
  { step, bytes, complete, consumed, capped }: Inflated,
  behind: number,
  onMatch: (match: RawMatch, origin: Origin) => void,
): { readonly base: number; readonly start: number } {
  const next = { step, start: value.start, end: value.start + consumed, bytes, origins: value.origins };
  const before = continues(value.seam, next) ? value.seam : null;
  if (before !== null) searchSeam(engine, before, next, onMatch);
  value.seam = areOneText(step) && complete && !capped ? seamBehind(before, next, value.start + behind) : null;
  return { base: before?.length ?? 0, start: before?.start ?? value.start };
}
