import { base64Values, symbolBytes } from './byte-classes.ts';

/** Shortest run worth a look-up: a digest cut to sixteen characters. */
export const minTokenBytes = 16;

/**
 * Maximal runs of at least sixteen characters of the base64 alphabets (hex included) in `bytes[from..to)`. Every such run covers a multiple of
 * sixteen counted from `from`, so binary and prose are passed over at one byte in sixteen.
 */
export function forEachTokenRun(
  bytes: Uint8Array,
  from: number,
  to: number,
  onRun: (start: number, end: number) => void,
): void {
  let floor = from;
  for (let probe = nextProbe(bytes, from + minTokenBytes - 1, floor, to); probe < to;) {
    let start = probe;
    while (start > floor && base64Values[bytes[start - 1] as number] !== 255) start--;
    let end = probe + 1;
    while (end < to && base64Values[bytes[end] as number] !== 255) end++;
    if (end - start >= minTokenBytes) onRun(start, end);
    floor = end;
    probe = nextProbe(bytes, end + minTokenBytes, floor, to);
  }
}

/** First place from `from`, by steps of sixteen, that a run of sixteen may cover, or something past `to`. A tight loop, for the compiler. */
function nextProbe(bytes: Uint8Array, from: number, floor: number, to: number): number {
  const values = base64Values;
  let probe = from;
  while (probe < to && (values[bytes[probe] as number] === 255 || !reachesFar(bytes, probe, floor, to)))
    probe += minTokenBytes;
  return probe;
}

/**
 * Can the run at `probe` have sixteen characters? Then it has eight more on one side at least: words of prose and chance
 * characters in binary are turned away by two looks on either side.
 */
function reachesFar(bytes: Uint8Array, probe: number, floor: number, to: number): boolean {
  const values = base64Values;
  return (
    (probe - 8 >= floor && values[bytes[probe - 8] as number] !== 255 && values[bytes[probe - 4] as number] !== 255) ||
    (probe + 8 < to && values[bytes[probe + 8] as number] !== 255 && values[bytes[probe + 4] as number] !== 255)
  );
}

/** Is there such a run in the first `length` bytes? */
export function hasTokenRun(bytes: Uint8Array, length: number): boolean {
  const values = base64Values;
  for (let probe = minTokenBytes - 1; probe < length; probe += minTokenBytes) {
    if (values[bytes[probe] as number] === 255 || !reachesFar(bytes, probe, 0, length)) continue;
    let start = probe;
    while (start > 0 && values[bytes[start - 1] as number] !== 255) start--;
    let end = probe + 1;
    while (end < length && values[bytes[end] as number] !== 255) end++;
    if (end - start >= minTokenBytes) return true;
  }
  return false;
}

/** Where the run of base64 characters that touches `end` begins; `end` when there is none. */
export function trailingRunStart(bytes: Uint8Array, from: number, end: number): number {
  let start = end;
  while (start > from && base64Values[bytes[start - 1] as number] !== 255) start--;
  return start;
}

/** Length of the non-space ASCII text that `bytes[from..to)` ends with, counted as far as `most`. */
export function trailingGraphic(bytes: Uint8Array, from: number, to: number, most: number): number {
  const first = Math.max(from, to - most);
  let at = to;
  for (; at > first; at--) {
    const byte = bytes[at - 1] as number;
    if (byte <= 0x20 || byte >= 0x7f) break;
  }
  return to - at;
}

/** First index in `[from, to)` of a base64 character that is no letter or digit, or `to`. A tight loop of its own, for the compiler. */
export function nextSymbol(bytes: Uint8Array, from: number, to: number): number {
  const symbols = symbolBytes;
  let i = from;
  while (i < to && symbols[bytes[i] as number] === 0) i++;
  return i;
}
