import { fieldValueAt } from '../transforms/field-probe.ts';
import { digestAt } from '../transforms/digest-table.ts';
import type { LiteralPattern, PatternSet } from '../transforms/pattern-set.ts';
import { probeOf } from '../transforms/patterns-beside.ts';
import { buildDigestIndex, lookUpRun, type DigestIndex } from './digest-index.ts';
import { buildLiteralIndex, mayHoldLiteral, verifyLiterals, type LiteralIndex } from './literal-index.ts';
import { plainPlaces } from './plain-places.ts';
import { ScanKernel } from './scan-kernel.ts';
import { liesApart, matchAt, type Layer, type RawMatch, type Region } from './raw-match.ts';
import { buildShortFields, shortFieldAt, type ShortFieldIndex } from './short-field.ts';
import { hasTokenRun } from './token-runs.ts';
import { countCap } from './caps.ts';
import { eachTextIn } from './compressed-text.ts';
import { mayInflate } from './inflate.ts';
import { inOneValue } from './inflate-budget.ts';
import { isMeant } from './is-meant.ts';
import { endOfRun, type JoinedLines, lineBreakAt, minDecodedRun, undoRun } from './undo-runs.ts';
import { hasEscape, undoEscapes } from './undo-escapes.ts';
import type { Undone, Worth } from './undo.ts';

/** Outer layers undone at most; deeper ones are counted under `cap-depth`. */
export const maxDepth = 3;

export interface SearchEngine {
  readonly set: PatternSet;
  readonly literals: LiteralIndex;
  readonly digests: DigestIndex;
  readonly shortFields: ShortFieldIndex;
  /** Null: everything is looked at in plain JavaScript, with the same matches. */
  readonly kernel: ScanKernel | null;
  readonly caps: Map<string, number>;
  /** Bytes that may still be inflated in the compressed value being searched; null outside of any. */
  left: number | null;
  /** Of the compressed texts that are being searched, the outermost first: how many matches of each value were handed on. */
  readonly given: Map<number, number>[];
  /** Only matches that touch this place of the outermost bytes are wanted; null: all. */
  across: number | null;
  /** Whether decoded bytes are worth a search of their own. */
  readonly worth: Worth;
}

/** `plain`: without the kernel. */
export function buildEngine(set: PatternSet, plain = false): SearchEngine {
  const literals = buildLiteralIndex(set.literals);
  const digests = buildDigestIndex(set.digests);
  const kernel = plain ? null : new ScanKernel(literals, digests);
  // No only where each way of searchLayer into the bytes is closed: literals, tokens, escapes, compression.
  const worth: Worth = (bytes, words, length) =>
    mayHoldLiteral(literals, words, length) ||
    hasTokenRun(bytes, length) ||
    hasEscape(bytes, length) ||
    mayInflate(bytes, 0, length);
  return {
    set,
    literals,
    digests,
    shortFields: buildShortFields(set),
    kernel,
    caps: new Map(),
    left: null,
    given: [],
    across: null,
    worth,
  };
}

function spaceOf(region: Region): SearchSpace {
  return { bytes: region.bytes, length: region.to, regionAt: () => region, phases: [] };
}

/** Bytes to be searched in one go: one region, or several of different sequences one behind the other. */
export interface SearchSpace {
  /** Begins on a multiple of four of its buffer. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /**
   * The region that holds the byte at `at`, or null. What does not lie whole in one region is no match. Between regions
   * stand at least four bytes that belong to no token, text or escape.
   */
  readonly regionAt: (at: number) => Region | null;
  /** Of the regions that a run of base64 touches which began before them: place, and characters before the first whole group there. */
  readonly phases: readonly number[];
}

/** Searches everything in `space` and everything that can be undone in it. What is reported lies in the region asked for last. */
export function searchSpace(engine: SearchEngine, space: SearchSpace, onMatch: (match: RawMatch) => void): void {
  searchLayer(engine, space, [], onMatch);
}

function searchLayer(
  engine: SearchEngine,
  space: SearchSpace,
  layers: readonly Layer[],
  onMatch: (match: RawMatch) => void,
): void {
  const { bytes, length, regionAt, phases } = space;
  const { kernel, literals } = engine;
  const places = kernel?.look(bytes, length, layers.length, phases) ?? plainPlaces(literals, bytes, length);
  const { words, runs, escapes } = places;
  const onLiteral = (literal: number, start: number, end: number): void => {
    const pattern = engine.set.literals[literal];
    const region = regionAt(start);
    if (pattern === undefined || region === null || end > region.to) return;
    // Of a field not its name, which the pattern is, but its value is told.
    if (pattern.nameEnd === undefined && isUnwanted(engine, layers, start, end, pattern.value)) return;
    const match =
      pattern.nameEnd === undefined
        ? matchAt(region, layers, start, end, pattern, pattern.steps, pattern)
        : matchOfField(engine, region, layers, pattern, start + pattern.nameEnd);
    if (match !== null) onMatch(match);
  };
  for (let i = 0; i < words.length; i += 2)
    verifyLiterals(literals, bytes, words[i + 1] as number, words[i] as number, 0, length, onLiteral);
  const lines: JoinedLines = { from: 0, until: 0, even: false };
  for (let i = 0; i < runs.length; i += 2) {
    const region = regionAt(runs[i] as number);
    if (region !== null) searchRun(engine, region, layers, runs[i] as number, runs[i + 1] as number, lines, onMatch);
  }
  undoEscapes(bytes, length, escapes, (undone) => {
    const region = regionAt(undone.start);
    if (region !== null) descend(engine, region, layers, undone, onMatch);
  });
  if (layers.length === 0) return;
  const region = regionAt(0);
  if (region !== null && region.begins && mayInflate(bytes, 0, length))
    searchInflated(engine, region, layers, 0, length, onMatch);
}

/** `value`: of which a match lies there, where one does. What is beyond the cap is counted, and not made first. */
function isUnwanted(
  engine: SearchEngine,
  layers: readonly Layer[],
  start: number,
  end: number,
  value: number | null = null,
): boolean {
  const { across } = engine;
  if (across !== null && liesApart(across, layers, start, end)) return true;
  return value !== null && isCapped(engine, value);
}

function isCapped(engine: SearchEngine, value: number): boolean {
  const capped = engine.given.some((given) => (given.get(value) ?? 0) >= maxSame);
  if (capped) countCap(engine, 'cap-hits');
  return capped;
}

/** A run of base64 characters: a digest, or something encoded. */
function searchRun(
  engine: SearchEngine,
  region: Region,
  layers: readonly Layer[],
  start: number,
  end: number,
  lines: JoinedLines,
  onMatch: (match: RawMatch) => void,
): void {
  const { bytes } = region;
  lookUpRun(engine.digests, bytes, start, end, region.to, (match) => {
    const digest = digestAt(engine.set.digests, match.digest);
    if (digest === null || isUnwanted(engine, layers, match.start, match.end, digest.value)) return;
    const found = { value: digest.value, form: digest.form, span: match.end - match.start, bits: match.bits };
    onMatch(matchAt(region, layers, match.start, match.end, found, match.steps, null));
  });
  if (end - start >= minDecodedRun)
    undoRun(region, start, end, engine.worth, lines, (undone) => descend(engine, region, layers, undone, onMatch));
}

/** The value of the field that a probe found, where it looks like what the probe is for. */
function matchOfField(
  { set, shortFields }: SearchEngine,
  region: Region,
  layers: readonly Layer[],
  pattern: LiteralPattern,
  nameEnd: number,
): RawMatch | null {
  const id = set.values[pattern.value]?.beside?.probe ?? null;
  const listed = id === null ? undefined : shortFields.get(id);
  if (listed !== undefined) {
    const found = shortFieldAt(listed, region.bytes, nameEnd, region.from, region.to, region.ends);
    if (found === null) return null;
    const value = { ...found.form, span: found.end - found.start };
    const match = matchAt(region, layers, found.start, found.end, value, found.form.steps, null);
    return { ...match, before: 'clean', after: found.closed ? 'clean' : 'unknown', wholeField: true };
  }
  const probe = probeOf(id);
  const field = probe === null ? null : fieldValueAt(region.bytes, nameEnd, region.from, region.to, region.ends);
  if (probe === null || field === null || !probe.looks(field.text) || !probe.name.test(field.name)) return null;
  const match = matchAt(region, layers, field.start, field.end, pattern, [], null);
  return { ...match, after: field.closed ? 'clean' : 'unknown', wholeField: true };
}

/** Steps that are certain to hide something, where deflate without a header may be a chance. Of base64 and hex what they hold tells. */
const escapes: ReadonlySet<string> = new Set(['percent', 'json-unicode', 'html-entity', 'quoted-printable']);

/** Does it stand as it is above one of the escapes? Then it was undone there, with a layer less. */
function isDetour(layers: readonly Layer[], { start, end }: Undone): boolean {
  let [first, last] = [start, end - 1];
  for (const { undone } of layers.toReversed()) {
    const isEscape = escapes.has(undone.step);
    // Behind a character of it there may stand a line break that an escape undoes.
    const [from, to] = [undone.startOf(first), isEscape ? undone.startOf(last) : undone.endOf(last + 1) - 1];
    if (isEscape && to - from === last - first) return true;
    [first, last] = [from, to];
  }
  return false;
}

function descend(
  engine: SearchEngine,
  parent: Region,
  layers: readonly Layer[],
  undone: Undone,
  onMatch: (match: RawMatch) => void,
  baseOf: Layer['baseOf'] = null,
): void {
  if (isUnwanted(engine, layers, undone.start, undone.end)) return;
  if (layers.length >= maxDepth) {
    const isCertain = escapes.has(undone.step) || (baseOf !== null && undone.step !== 'deflate-raw');
    if (isCertain || (baseOf === null && !isDetour(layers, undone) && isMeant(undone.bytes)))
      countCap(engine, 'cap-depth');
    return;
  }
  const begins = parent.begins || beginsIn(parent, undone.start);
  const ends = undone.end < parent.to || parent.ends;
  const region: Region = {
    bytes: undone.bytes,
    from: 0,
    to: undone.bytes.length,
    begins,
    ends,
    runStart: 0,
    cut: !begins,
  };
  searchLayer(engine, spaceOf(region), [...layers, { undone, parent, baseOf, named: null }], onMatch);
}

/** Does what is decoded from `start` begin in the region? Of a run that began before it, the first whole group stands a little behind `from`. */
function beginsIn(region: Region, start: number): boolean {
  const { from, runStart, cut } = region;
  const lead = start - from;
  if (followsCutLine(region, start)) return false;
  return lead > 3 || (lead > 0 && runStart === 0 && !cut);
}

/** Longer lines of base64 are not written. */
const longestLine = 1024;

/** Does a line of base64 that began before the region go on at `start`? */
function followsCutLine({ bytes, from }: Region, start: number): boolean {
  if (start - from > longestLine) return false;
  const lineEnd = endOfRun(bytes, from, start);
  return lineEnd < start && lineEnd + lineBreakAt(bytes, lineEnd, start) === start;
}

/** Inflates what begins at `start` and searches it; hits get the whole range of the members that they lie in. */
function searchInflated(
  engine: SearchEngine,
  region: Region,
  layers: readonly Layer[],
  start: number,
  end: number,
  onMatch: (match: RawMatch) => void,
): void {
  inOneValue(engine, end - start, () => {
    const parent: Region = { ...region, begins: true, ends: true };
    // Made when something comes of it: most of what is tried is nothing.
    let given: Map<number, number> | null = null;
    eachTextIn(engine, region.bytes, start, end, (text) => {
      given ??= new Map<number, number>();
      if (text.capped) countCap(engine, 'cap-inflate');
      notWithoutEnd(engine, given, onMatch, (limited) => descend(engine, parent, layers, text, limited, text.baseOf));
    });
  });
}

/** Matches of one value given of inflated bytes: a few bytes may inflate to a million of them. */
const maxSame = 10_000;

/** Hands on so many matches of each value, with those that were `given` before; more are counted under `cap-hits`. */
function notWithoutEnd(
  engine: SearchEngine,
  given: Map<number, number>,
  onMatch: (match: RawMatch) => void,
  search: (limited: (match: RawMatch) => void) => void,
): void {
  underLimit(engine, given, (admit) =>
    search((match) => {
      if (admit(match.value)) onMatch(match);
    }),
  );
}

/** The same where it is asked for each match: `admit` says whether one of that value may still be given. */
export function underLimit<T>(
  engine: SearchEngine,
  given: Map<number, number>,
  search: (admit: (value: number) => boolean) => T,
): T {
  engine.given.push(given);
  try {
    return search((value) => {
      const count = given.get(value) ?? 0;
      if (count >= maxSame) {
        countCap(engine, 'cap-hits');
        return false;
      }
      given.set(value, count + 1);
      return true;
    });
  } finally {
    engine.given.pop();
  }
}

/** A complete value of its own (a collected body, a text message): searched whole, outer compression included. */
export function searchWhole(engine: SearchEngine, bytes: Uint8Array, onMatch: (match: RawMatch) => void): void {
  const region: Region = { bytes, from: 0, to: bytes.length, begins: true, ends: true, runStart: 0, cut: false };
  searchLayer(engine, spaceOf(region), [], onMatch);
  if (mayInflate(bytes, 0, bytes.length)) searchInflated(engine, region, [], 0, bytes.length, onMatch);
}
