import { entryAt, isBroken64, leads64, tokens64 } from './blocks.as';
import { kindAt, KINDS } from './escapes.as';
import { escapePromises, isPromisingRun, MIN_TOKEN, sixteens, startOfRun, words64 } from './promising.as';
import { setLines } from './lines.as';
import { pad, release, reserve, scratchTop } from './tables.as';

export { starts } from './starts.as';

/** Where the constants of the kernel end: the host's memory begins behind them. */
export function constantsEnd(): usize {
  return __heap_base;
}

export { setClasses, setDigests, setLiterals, setScratch } from './tables.as';

// One pass over what is searched: gives the places at which the host has to look closer.

/** Where answers go: pairs (place, first entry), (start, end) and (kind, place), as many of each as there is room for. */
let words: usize = 0;
let runs: usize = 0;
let escapes: usize = 0;
let roomForWords: i32 = 0;
let roomForRuns: i32 = 0;
let roomForEscapes: i32 = 0;

export let wordCount: i32 = 0;
export let runCount: i32 = 0;
export let escapeCount: i32 = 0;

export function setAnswers(
  wordsAt: usize,
  forWords: i32,
  runsAt: usize,
  forRuns: i32,
  escapesAt: usize,
  forEscapes: i32,
): void {
  words = wordsAt;
  roomForWords = forWords;
  runs = runsAt;
  roomForRuns = forRuns;
  escapes = escapesAt;
  roomForEscapes = forEscapes;
}

/** Pairs (place, phase) of the stretches whose first run of base64 began before them, in order; the phase is 0 for the others. */
let stretch: usize = 0;
let stretchesEnd: usize = 0;

function phaseAt(start: usize): usize {
  while (stretch < stretchesEnd && <usize>load<u32>(stretch) < start) stretch += 8;
  if (stretch < stretchesEnd && <usize>load<u32>(stretch) == start) return <usize>load<u32>(stretch + 4);
  return 0;
}

/**
 * Looks at `length` bytes from `at` (a multiple of sixteen) under `depth` layers. `phases`: where `phaseCount` pairs lie.
 * @returns false when there was no room for an answer: what was given then is not all
 */
export function scan(at: usize, length: usize, depth: u32, phases: usize, phaseCount: i32): bool {
  const end = at + length;
  pad(end);
  setLines(0, false);
  wordCount = 0;
  runCount = 0;
  escapeCount = 0;
  stretch = phases;
  stretchesEnd = phases + ((<usize>phaseCount) << 3);
  const top = scratchTop;
  const doneAt = reserve((<usize>KINDS) << 2);
  memory.fill(doneAt, 0, (<usize>KINDS) << 2);
  const fits = look(at, end, depth, doneAt);
  release(top);
  return fits;
}

function look(at: usize, end: usize, depth: u32, doneAt: usize): bool {
  const lastWord = at + ((end - at) & ~3);
  let runAt: usize = 0;
  let broken = false;
  for (let p = at; p < end + 1; p += 64) {
    const candidates = words64(p);
    if (candidates != 0 && !tellWords(candidates, p, at, lastWord)) return false;
    const leads = leads64(p);
    if (leads != 0 && !tellEscapes(leads, p, at, end, doneAt, depth)) return false;
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
        if (stop - runAt >= MIN_TOKEN && !tellRun(runAt, stop, at, end, depth)) return false;
        runAt = 0;
        left = (tokens >>> ones) << ones;
      }
    }
    let starts = sixteens(left);
    while (starts != 0) {
      const first = ctz<u64>(starts);
      const ones = ctz<u64>(~(left >>> first));
      if (first + ones >= 64) break;
      if (!tellRun(p + <usize>first, p + <usize>(first + ones), at, end, depth)) return false;
      starts = (starts >>> (first + ones)) << (first + ones);
    }
    if (runAt == 0) {
      const tail = clz<u64>(~left);
      if (tail != 0) runAt = p + 64 - <usize>tail;
    }
  }
  return true;
}

function tellWords(mask: u32, p: usize, at: usize, lastWord: usize): bool {
  let candidates = mask;
  while (candidates != 0) {
    const here = p + ((<usize>ctz<u32>(candidates)) << 2);
    candidates &= candidates - 1;
    if (here >= lastWord) return true;
    const entry = entryAt(here);
    if (entry == -1) continue;
    if (wordCount >= roomForWords) return false;
    const answer = words + ((<usize>wordCount) << 3);
    wordCount++;
    store<u32>(answer, <u32>(here - at));
    store<i32>(answer + 4, entry);
  }
  return true;
}

function tellRun(start: usize, stop: usize, at: usize, end: usize, depth: u32): bool {
  if (!isPromisingRun(start, stop, at, end, phaseAt(start), depth)) return true;
  if (runCount >= roomForRuns) return false;
  const answer = runs + ((<usize>runCount) << 3);
  runCount++;
  store<u32>(answer, <u32>(start - at));
  store<u32>(answer + 4, <u32>(stop - at));
  return true;
}

function tellEscapes(mask: u64, p: usize, at: usize, end: usize, doneAt: usize, depth: u32): bool {
  let leads = mask;
  while (leads != 0) {
    const lead = p + <usize>ctz<u64>(leads);
    leads &= leads - 1;
    if (lead >= end || !escapePromises(lead, at, end, doneAt, depth)) continue;
    if (escapeCount >= roomForEscapes) return false;
    const answer = escapes + ((<usize>escapeCount) << 3);
    escapeCount++;
    store<u32>(answer, kindAt(lead, at, end));
    store<u32>(answer + 4, <u32>(lead - at));
  }
  return true;
}
