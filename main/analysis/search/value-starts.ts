import { byteAt, compressionAt } from './byte-classes.ts';
import { deflateMayBegin } from './deflate-gate.ts';
import { mayInflate } from './inflate.ts';
import { StartsKernel } from './starts-kernel.ts';
import { zipContentAt } from './zip-entry.ts';

/** Where compressed values may begin in bytes: places in order, doubled, one more where the end of a header stands before. */
export type ValueStarts = ArrayLike<number>;

const headerEnd = Buffer.from('\r\n\r\n');
/** gzip, Zstandard, LZ4, entries of ZIP files; and zlib of a window of 32 KiB, as everybody writes it, with its four levels (RFC 1950 2.2). */
const marks = ['1f8b08', '28b52ffd', '04224d18', '504b0304', '7801', '785e', '789c', '78da'].map((mark) =>
  Buffer.from(mark, 'hex'),
);

/** As many as a header of gzip has: fewer show nothing. */
export const markBytes = 10;

let kernel: StartsKernel | null = null;

/** One look at all bytes, whatever sequences they belong to. */
export function valueStartsIn(bytes: Uint8Array): ValueStarts {
  kernel ??= new StartsKernel();
  return sortedStarts(kernel.look(bytes), bytes);
}

/** What a kernel says of `bytes`, in order; where it says nothing they are looked through here. */
export function sortedStarts(told: Int32Array | null, bytes: Uint8Array): ValueStarts {
  return told?.sort() ?? plainStartsIn(bytes);
}

/** The same without the kernel, for bytes of any length: Buffer's own search of a constant is many times faster than a loop here. */
export function plainStartsIn(bytes: Uint8Array): ValueStarts {
  const found: number[] = [];
  for (const needle of [headerEnd, ...marks]) {
    const header = needle === headerEnd;
    for (let from = 0; ;) {
      const at: number = Buffer.prototype.indexOf.call(bytes, needle, from);
      if (at === -1) break;
      from = at + 1;
      found.push(header ? (at + needle.length) * 2 + 1 : at * 2);
    }
  }
  return found.sort((a, b) => a - b);
}

/** Bytes of one sequence in which a value may begin. */
export interface StartWindow {
  readonly bytes: Uint8Array;
  /** Of these bytes and what lies around them. */
  readonly starts: ValueStarts;
  /** Where `bytes` begin in that. */
  readonly base: number;
  /** Are there headers of messages in these bytes? */
  readonly headers: boolean;
  /** Does it lie in the body of a message that dissection hands on undone, as the message's header announces? */
  readonly isHandedOn: (at: number) => boolean;
}

/** The first place from `at` on where a value begins behind a header that does not announce it, or that a mark shows; -1 when none does. */
export function nextValueStart(window: StartWindow, at: number): number {
  const { bytes, starts, base } = window;
  for (let i = firstFrom(starts, (base + at) * 2); i < starts.length; i++) {
    const start = starts[i] as number;
    const place = (start >> 1) - base;
    if (place >= bytes.length) return -1;
    const begins = (start & 1) === 1 ? window.headers && isBehindHeader(bytes, place) : isMark(bytes, place);
    if (begins && !window.isHandedOn(place)) return place;
  }
  return -1;
}

/** Does one of `starts` lie in `[from, to)` of the bytes around? */
export function hasStart(starts: ValueStarts, from: number, to: number): boolean {
  const first = firstFrom(starts, from * 2);
  return first < starts.length && (starts[first] as number) < to * 2;
}

function firstFrom(starts: ValueStarts, least: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Behind the end of a header. */
function isBehindHeader(bytes: Uint8Array, body: number): boolean {
  return body >= headerEnd.length && mayInflate(bytes, body, bytes.length);
}

/** Something compressed that its mark shows beyond doubt; deflate without a header has none. */
function isMark(b: Uint8Array, i: number): boolean {
  if (i + markBytes > b.length) return false;
  const mark = compressionAt(b, i, b.length);
  // RFC 1952 2.3.1: three bits of the flags are reserved. A stored block shows its content as it is.
  if (mark === 'zip') return zipContentAt(b, i, b.length) !== null;
  if (mark === 'gzip') return (byteAt(b, i + 3) & 0xe0) === 0;
  return mark === 'zlib' ? deflateMayBegin(b, i + 2, b.length) : mark !== null;
}
