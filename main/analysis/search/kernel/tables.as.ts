// Where the host has put its tables, in bytes from the beginning of memory. The host lays memory out (scan-kernel.ts).

/** 256 six-bit values of base64 characters, 256 four-bit values of hex digits; 255 for everything else. */
export let base64Values: usize = 0;
export let hexValues: usize = 0;

/** Literals: 2^16 bytes with two bits for the hash of each sampled word; then an open-addressed table of words, each with its first entry. */
export let bitmap: usize = 0;
export let slots: usize = 0;
export let slotMask: u32 = 0;
/** By entry: the next one with the same word, a second word of its literal, and how far from the first that lies. */
let entryNext: usize = 0;
let entryCheck: usize = 0;
let entryCheckAt: usize = 0;

/** Digests: 2^21 bits, one for the first twenty-one bits of each key; then chains of keys of eight bytes. */
export let fronts: usize = 0;
export let keyHeads: usize = 0;
export let keyMask: u32 = 0;
export let keyNext: usize = 0;
export let keyHigh: usize = 0;
export let keyLow: usize = 0;

/** What is decoded lies between these; `scratchTop` is where the next piece goes. */
export let scratchTop: usize = 0;
export let scratchEnd: usize = 0;

export function setClasses(base64: usize, hex: usize): void {
  base64Values = base64;
  hexValues = hex;
}

export function setLiterals(bits: usize, words: usize, mask: u32, next: usize, check: usize, checkAt: usize): void {
  bitmap = bits;
  slots = words;
  slotMask = mask;
  entryNext = next;
  entryCheck = check;
  entryCheckAt = checkAt;
}

/**
 * The first entry from `first` on whose literal may lie around the word at `here`, or -1. The second word is at most thirty-two bytes away:
 * what is read there outside of the content is some other memory, and makes no match.
 */
export function entryChecked(first: i32, here: usize): i32 {
  let entry = first;
  while (entry != -1) {
    const cell = <usize>entry << 2;
    if ((load<u32>(here + <usize>load<i32>(entryCheckAt + cell)) | 0x20202020) == load<u32>(entryCheck + cell)) return entry;
    entry = load<i32>(entryNext + cell);
  }
  return -1;
}

export function setDigests(
  frontBits: usize,
  heads: usize,
  mask: u32,
  next: usize,
  high: usize,
  low: usize,
): void {
  fronts = frontBits;
  keyHeads = heads;
  keyMask = mask;
  keyNext = next;
  keyHigh = high;
  keyLow = low;
}

export function setScratch(from: usize, to: usize): void {
  scratchTop = from;
  scratchEnd = to;
}

/** Bytes after each content that are zero, so that blocks of sixty-four may reach over its end. */
export const PADDING: usize = 96;

/** Room for `length` decoded bytes, on a multiple of sixteen; 0 when there is none left. */
export function reserve(length: usize): usize {
  const at = (scratchTop + 15) & ~15;
  if (at + length + PADDING > scratchEnd) return 0;
  scratchTop = at + length + PADDING;
  return at;
}

/** Gives back everything reserved since `scratchTop` was `top`. */
export function release(top: usize): void {
  scratchTop = top;
}

/** Zeros behind a content that ends at `end`. */
export function pad(end: usize): void {
  // memory.fill is a call out of the kernel, which takes longer than all that is done with a short run.
  const zero = i64x2.splat(0);
  v128.store(end, zero);
  v128.store(end + 16, zero);
  v128.store(end + 32, zero);
  v128.store(end + 48, zero);
  v128.store(end + 64, zero);
  v128.store(end + 80, zero);
}

@inline
export function byteAt(at: usize): u32 {
  return load<u8>(at);
}

@inline
export function base64At(at: usize): u32 {
  return load<u8>(base64Values + <usize>load<u8>(at));
}

@inline
export function hexAt(at: usize): u32 {
  return load<u8>(hexValues + <usize>load<u8>(at));
}

@inline
export function isHex(at: usize): bool {
  return hexAt(at) != 255;
}

@inline
export function isBase64(at: usize): bool {
  return base64At(at) != 255;
}
