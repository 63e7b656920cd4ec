import { compressionAt, type Mark } from './byte-classes.ts';
import { countCap } from './caps.ts';
import { inflate, maxInflatedBytes, type Inflated } from './inflate.ts';
import { spend } from './inflate-budget.ts';
import type { SearchEngine } from './layered-search.ts';
import { nextZipEntry, storedContentAt, zipContentAt } from './zip-entry.ts';

/** Members of these, one behind the other, are one text: RFC 1952 2.2, RFC 8878 3.1, lz4_Frame_format.md («Frame Concatenation»). */
const joined: ReadonlySet<string> = new Set(['gzip', 'zstd', 'lz4']);

/** Is what several members of this kind give, one directly behind the other, one text? */
export function areOneText(step: Inflated['step']): boolean {
  return joined.has(step);
}

/** As so many bytes a further member is counted at least, even where it gives nothing: room is made for each, most for Zstandard. */
const leastOfMember = 4096;
const leastOfZstd = 64 * 1024;

/** What was compressed, as one text: of one member, or of several that are one. Places of compressed bytes are those of the layer above. */
export interface CompressedText {
  readonly step: Inflated['step'];
  /** Begins on a multiple of four of its buffer. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Something of it is left out. */
  readonly capped: boolean;
  /** Another text lies directly behind it. */
  readonly followed: boolean;
  /** Where the member begins that gave byte `i`. */
  readonly startOf: (i: number) => number;
  /** Where the member ends that gave byte `i - 1`. */
  readonly endOf: (i: number) => number;
  /** The first byte of the text that the member gave which gave byte `i`. */
  readonly baseOf: (i: number) => number;
}

interface Member {
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Gives what is compressed from `start` and directly behind that; of a ZIP file what each of its entries holds, whatever lies between
 * them. What a stored entry holds needs no undoing, unless that is compressed itself.
 */
export function eachTextIn(
  engine: SearchEngine,
  bytes: Uint8Array,
  start: number,
  end: number,
  onText: (text: CompressedText) => void,
): void {
  const zipped = compressionAt(bytes, start, end) === 'zip';
  for (let at = start; at !== -1; at = zipped ? nextZipEntry(bytes, at, end) : -1) {
    const from = zipped ? compressedInEntry(bytes, at, end) : at;
    const next = Math.max(at + 1, from);
    if (from === -1) {
      at = next;
      continue;
    }
    if (engine.left !== null && engine.left <= 0) {
      countCap(engine, 'cap-inflate');
      return;
    }
    const inflated = inflate(bytes.subarray(from, end));
    spend(engine, end - from, inflated, from === start ? 0 : leastOfMember);
    at = inflated === null || isChance(inflated) ? next : eachText(engine, inflated, bytes, from, end, onText);
  }
}

/** Where what can be undone of the entry at `at` begins: its header, or what it stores; -1 where there is no such thing. */
function compressedInEntry(bytes: Uint8Array, at: number, end: number): number {
  if (zipContentAt(bytes, at, end) !== null) return at;
  const content = storedContentAt(bytes, at, end);
  const mark = content === null ? null : compressionAt(bytes, content, end);
  // The entries of a ZIP file in a ZIP file are come upon by their own headers.
  return content === null || mark === null || mark === 'zip' ? -1 : content;
}

/**
 * Deflate has no mark: random bytes may read as the beginning of a stream that does not end. One that ends is none of them, however
 * little it gives: none of 37 million random values of 40 bytes that announce codes of their own did.
 */
function isChance({ step, complete, bytes }: Inflated): boolean {
  return step === 'deflate-raw' && !complete && bytes.length < 64;
}

/**
 * Gives what `first`, inflated of `bytes` from `start`, and everything compressed in the same way directly behind it hold, as far as the
 * budget of the value goes. @returns where that ends
 */
export function eachText(
  engine: SearchEngine,
  first: Inflated,
  bytes: Uint8Array,
  start: number,
  end: number,
  onText: (text: CompressedText) => void,
): number {
  const { step } = first;
  let members: Member[] = [];
  let capped = false;
  const take = (inflated: Inflated, at: number): number => {
    const before = members.at(-1);
    const base = before === undefined ? 0 : before.base + before.bytes.length;
    const past = Math.min(end, at + Math.max(1, inflated.consumed));
    members.push({ bytes: inflated.bytes, base, start: at, end: past });
    capped ||= inflated.capped;
    return past;
  };
  let at = take(first, start);
  let last = first;
  let length = first.bytes.length;
  while (last.complete && !capped && follows(step, compressionAt(bytes, at, end))) {
    if (step === 'zip' && zipContentAt(bytes, at, end) === null) break;
    if (engine.left !== null && engine.left <= 0) {
      capped = true;
      break;
    }
    const next = inflate(bytes.subarray(at, end));
    spend(engine, end - at, next, step === 'zstd' ? leastOfZstd : leastOfMember);
    if (next?.step !== step) break;
    if (!areOneText(step)) {
      onText(textOf(step, members, capped, true));
      members = [];
      length = 0;
    }
    length += next.bytes.length;
    if (length > maxInflatedBytes) {
      capped = true;
      break;
    }
    at = take(next, at);
    last = next;
  }
  if (members.length > 0) onText(textOf(step, members, capped, false));
  return at;
}

/** May what has this mark be a further member? Frames to be skipped stand between those of Zstandard and LZ4. */
function follows(step: Inflated['step'], mark: Mark | null): boolean {
  return mark === step || (mark === 'skippable' && (step === 'zstd' || step === 'lz4'));
}

function textOf(
  step: Inflated['step'],
  members: readonly Member[],
  capped: boolean,
  followed: boolean,
): CompressedText {
  const first = members[0] as Member;
  const last = members.at(-1) as Member;
  const memberAt = (i: number): Member => {
    let [low, high] = [0, members.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((members[middle] as Member).base <= i) low = middle;
      else high = middle - 1;
    }
    return members[low] as Member;
  };
  return {
    step,
    bytes: members.length === 1 ? first.bytes : joinedBytes(members, last.base + last.bytes.length),
    start: first.start,
    end: last.end,
    capped,
    followed,
    startOf: (i) => memberAt(i).start,
    endOf: (i) => memberAt(Math.max(0, i - 1)).end,
    baseOf: (i) => memberAt(i).base,
  };
}

function joinedBytes(members: readonly Member[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const member of members) bytes.set(member.bytes, member.base);
  return bytes;
}
