import type { LiteralPattern } from '../transforms/pattern-set.ts';
import { base64Values, byteAt, foldedBytes } from './byte-classes.ts';

/**
 * Multi-pattern search by q-gram sampling (handbook: performance.md): only one 32-bit word in four bytes of text is looked at, in a bitmap of
 * 64 KiB (one of 32 KiB, which would stay in the first-level cache, lets so many more chance words through that it is slower). Each pattern is
 * entered with four neighbouring 4-grams, one of which every occurrence must place on a multiple of four; so nothing of at least seven
 * bytes is missed, whatever its alignment.
 */
export interface LiteralIndex {
  readonly bitmap: Int32Array;
  readonly slotWords: Int32Array;
  readonly slotHeads: Int32Array;
  readonly slotMask: number;
  readonly entryNext: Int32Array;
  readonly entryLiteral: Int32Array;
  /** Where in the pattern the sampled word lies. */
  readonly entryOffset: Int32Array;
  /** A second word of the pattern, and how far from the sampled one it lies (at most 32 bytes): most chance words have another there. */
  readonly entryCheck: Int32Array;
  readonly entryCheckAt: Int32Array;
  readonly literals: readonly LiteralPattern[];
  /** Patterns with case folded where they ignore it. */
  readonly texts: readonly Uint8Array[];
}

/** Bytes of the longest literal. */
export function longestOf(literals: readonly LiteralPattern[]): number {
  return literals.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
}

const bitmapShift = 13; // 2^19 bits
const foldMask = 0x20202020;

/** Of the byte of the bitmap that the hash chooses, a second bit: a word with both is much rarer than one with either. */
const secondBit = (hash: number): number => ((hash >>> bitmapShift) & 24) | ((hash >>> (bitmapShift - 3)) & 7);

const hashOf = (word: number): number => Math.imul(word, 0x9e3779b1);

/** Builds the index; every literal must have at least seven bytes. */
export function buildLiteralIndex(literals: readonly LiteralPattern[]): LiteralIndex {
  const texts = literals.map(textOf);
  const words = texts.map(wordsOf);
  const usage = new Map<number, number>();
  for (const ofText of words) for (const word of ofText) usage.set(word, (usage.get(word) ?? 0) + 1);
  let slots = 1024;
  while (slots < literals.length * 8) slots *= 2;
  const index: LiteralIndex = {
    bitmap: new Int32Array(1 << (27 - bitmapShift)),
    slotWords: new Int32Array(slots),
    slotHeads: new Int32Array(slots).fill(-1),
    slotMask: slots - 1,
    entryNext: new Int32Array(literals.length * 4),
    entryLiteral: new Int32Array(literals.length * 4),
    entryOffset: new Int32Array(literals.length * 4),
    entryCheck: new Int32Array(literals.length * 4),
    entryCheckAt: new Int32Array(literals.length * 4),
    literals,
    texts,
  };
  texts.forEach((text, literal) => {
    const ofText = words[literal] ?? new Int32Array(0);
    const expected = expectedOf(text);
    const start = rarestWindow(ofText, expected, usage);
    for (let j = 0; j < 4; j++) {
      const entry = literal * 4 + j;
      enter(index, entry, literal, start + j, ofText[start + j] ?? 0);
      const check = checkBeside(expected, start + j);
      index.entryCheck[entry] = ofText[check] ?? 0;
      index.entryCheckAt[entry] = check - (start + j);
    }
  });
  return index;
}

function enter(index: LiteralIndex, entry: number, literal: number, offset: number, word: number): void {
  const hash = hashOf(word);
  const bit = hash >>> bitmapShift;
  index.bitmap[bit >>> 5] = byteAtInt(index.bitmap, bit >>> 5) | (1 << (bit & 31)) | (1 << secondBit(hash));
  let slot = (hash >>> 7) & index.slotMask;
  while (byteAtInt(index.slotHeads, slot) !== -1 && index.slotWords[slot] !== word) slot = (slot + 1) & index.slotMask;
  index.slotWords[slot] = word;
  index.entryNext[entry] = byteAtInt(index.slotHeads, slot);
  index.slotHeads[slot] = entry;
  index.entryLiteral[entry] = literal;
  index.entryOffset[entry] = offset;
}

function byteAtInt(table: Int32Array, at: number): number {
  return table[at] ?? 0;
}

/** Little-endian word with case folded, as the scan reads it. */
function wordAt(text: Uint8Array, i: number): number {
  const word = byteAt(text, i) | (byteAt(text, i + 1) << 8) | (byteAt(text, i + 2) << 16) | (byteAt(text, i + 3) << 24);
  return word | foldMask;
}

/** A copy, with case folded where the literal ignores it. */
function textOf({ bytes, fold }: LiteralPattern): Uint8Array {
  const text = new Uint8Array(bytes);
  if (fold) for (let i = 0; i < text.length; i++) text[i] = byteAt(foldedBytes, byteAt(text, i));
  return text;
}

function wordsOf(text: Uint8Array): Int32Array {
  const words = new Int32Array(text.length - 3);
  for (let i = 0; i < words.length; i++) words[i] = wordAt(text, i);
  return words;
}

/** Start of the seven bytes whose four words are least to be expected in traffic and least shared among the patterns. */
function rarestWindow(words: Int32Array, expected: Float64Array, usage: ReadonlyMap<number, number>): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  const costs = Float64Array.from(expected);
  for (let i = 0; i < costs.length; i++) {
    const sharers = usage.get(words[i] as number) ?? 1;
    if (sharers > 1) costs[i] = Math.log2(sharers) + (expected[i] as number);
  }
  for (let start = 0; start + 4 <= costs.length; start++) {
    let cost = 0;
    for (let j = start; j < start + 4; j++) cost += costs[j] as number;
    if (cost < bestCost) {
      bestCost = cost;
      best = start;
    }
  }
  return best;
}

const mostCheckAway = 32;

/** Start of the word, near the one at `offset`, that says most beside it: with four bytes of its own where there are any, and rare ones. */
function checkBeside(expected: Float64Array, offset: number): number {
  let best = offset;
  let bestCost = Number.POSITIVE_INFINITY;
  const last = Math.min(expected.length - 1, offset + mostCheckAway);
  for (let at = Math.max(0, offset - mostCheckAway); at <= last; at++) {
    // A byte that the sampled word has as well says nothing.
    const cost = 8 * Math.max(0, 4 - Math.abs(at - offset)) + (expected[at] as number);
    if (cost < bestCost) {
      bestCost = cost;
      best = at;
    }
  }
  return best;
}

/** How common each word of a text is in traffic: the sum over its bytes. */
function expectedOf(text: Uint8Array): Float64Array {
  const expected = new Float64Array(Math.max(0, text.length - 3));
  for (let i = 0; i < expected.length; i++)
    for (let k = 0; k < 4; k++) expected[i] = (expected[i] as number) + (expectations[byteAt(text, i + k)] as number);
  return expected;
}

/** How common a byte is in traffic, roughly, in bits: the order matters, not the figures. */
function expectation(byte: number): number {
  const folded = byte | 0x20;
  if (byte === 0 || byte === 0x20) return 6;
  if (byte >= 0x30 && byte <= 0x32) return 4;
  if (byte >= 0x33 && byte <= 0x39) return 3;
  if ('etaoinsr'.includes(String.fromCharCode(folded))) return 4;
  if (folded >= 0x61 && folded <= 0x7a) return 2.5;
  return byte >= 0x21 && byte < 0x7f ? 2 : 1;
}

const expectations = Float64Array.from({ length: 256 }, (_, byte) => expectation(byte));

/** Called for each occurrence; `start` and `end` include base64 characters that the value fixes in part. */
export type OnLiteral = (literal: number, start: number, end: number) => void;

/** Called for each word of `bytes[0..length)` on a multiple of four that literals were entered with, with the first of their entries. */
export function forEachSampledWord(
  index: LiteralIndex,
  bytes: Uint8Array,
  length: number,
  onWord: (at: number, entry: number) => void,
): void {
  const { bitmap } = index;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, length >> 2);
  const last = words.length;
  for (let k = nextCandidate(bitmap, words, 0, last); k < last; k = nextCandidate(bitmap, words, k + 1, last)) {
    const entry = firstEntry(index, (words[k] as number) | foldMask);
    if (entry !== -1) onWord(k << 2, entry);
  }
}

/** First word from `k` whose bit is set, or `last`. A tight loop of its own, for the compiler: every fourth byte of the traffic passes here. */
function nextCandidate(bitmap: Int32Array, words: Int32Array, k: number, last: number): number {
  let at = k;
  while (at < last) {
    const hash = Math.imul((words[at] as number) | foldMask, 0x9e3779b1);
    const cell = bitmap[hash >>> (bitmapShift + 5)] as number;
    if (((cell >>> ((hash >>> bitmapShift) & 31)) & (cell >>> secondBit(hash)) & 1) !== 0) break;
    at++;
  }
  return at;
}

/** First entry of the literals that were entered with this word (case folded), or -1. */
function firstEntry(index: LiteralIndex, word: number): number {
  let slot = (hashOf(word) >>> 7) & index.slotMask;
  while (byteAtInt(index.slotHeads, slot) !== -1 && index.slotWords[slot] !== word) slot = (slot + 1) & index.slotMask;
  return byteAtInt(index.slotHeads, slot);
}

/** Could anything of `bytes[0..length)` begin or cover an occurrence? `words` is the same memory. */
export function mayHoldLiteral(index: LiteralIndex, words: Int32Array, length: number): boolean {
  const { bitmap } = index;
  const last = length >> 2;
  for (let k = nextCandidate(bitmap, words, 0, last); k < last; k = nextCandidate(bitmap, words, k + 1, last)) {
    if (firstEntry(index, (words[k] as number) | foldMask) !== -1) return true;
  }
  return false;
}

/** Reports the literals of the chain that begins with entry `first`, whose word stands at `at`, as far as they lie whole in `bytes[from..to)`. */
export function verifyLiterals(
  index: LiteralIndex,
  bytes: Uint8Array,
  first: number,
  at: number,
  from: number,
  to: number,
  onLiteral: OnLiteral,
): void {
  for (let entry = first; entry !== -1; entry = byteAtInt(index.entryNext, entry)) {
    const literal = byteAtInt(index.entryLiteral, entry);
    const text = index.texts[literal];
    const pattern = index.literals[literal];
    const start = at - byteAtInt(index.entryOffset, entry);
    if (text === undefined || pattern === undefined || start < from || start + text.length > to) continue;
    if (!sameBytes(bytes, start, text, pattern.fold)) continue;
    const end = start + text.length;
    if (pattern.partial === undefined) onLiteral(literal, start, end);
    else verifyPartial(pattern.partial, bytes, literal, start, end, from, to, onLiteral);
  }
}

function sameBytes(bytes: Uint8Array, start: number, text: Uint8Array, fold: boolean): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = byteAt(bytes, start + i);
    if ((fold ? byteAt(foldedBytes, byte) : byte) !== text[i]) return false;
  }
  return true;
}

/** The characters beside a base64 match hold the value's remaining bits; `+` and `/` may stand there percent-encoded. */
function verifyPartial(
  partial: NonNullable<LiteralPattern['partial']>,
  bytes: Uint8Array,
  literal: number,
  start: number,
  end: number,
  from: number,
  to: number,
  onLiteral: OnLiteral,
): void {
  let [first, past] = [start, end];
  if (partial.beforeMask !== 0) {
    const escaped = start - 3 >= from ? escapedValue(bytes, start - 3) : 255;
    first = escaped === 255 ? start - 1 : start - 3;
    if (first < from) return;
    const value = escaped === 255 ? byteAt(base64Values, byteAt(bytes, first)) : escaped;
    if (value === 255 || (value & partial.beforeMask) !== (partial.beforeValue & partial.beforeMask)) return;
  }
  if (partial.afterMask !== 0) {
    if (end >= to) return;
    const escaped = end + 3 <= to ? escapedValue(bytes, end) : 255;
    past = escaped === 255 ? end + 1 : end + 3;
    const value = escaped === 255 ? byteAt(base64Values, byteAt(bytes, end)) : escaped;
    if (value === 255 || (value & partial.afterMask) !== (partial.afterValue & partial.afterMask)) return;
  }
  onLiteral(literal, first, past);
}

/** 62 or 63 for `%2B` and `%2F`, else 255. */
function escapedValue(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x25 || bytes[at + 1] !== 0x32) return 255;
  const third = byteAt(bytes, at + 2) | 0x20;
  return third === 0x62 ? 62 : third === 0x66 ? 63 : 255;
}
