import { base64Values, byteAt, compressionOf, hexValues } from './byte-classes.ts';
import { deflateMayBegin, gateBytes } from './deflate-gate.ts';

/** Bytes under one outer layer, with the way back to where they lay. */
export interface Undone {
  /** Name of the step, as a finding shows it. */
  readonly step: string;
  /** Begins on a multiple of four of its buffer. */
  readonly bytes: Uint8Array;
  /** What was decoded: its range in the layer above. */
  readonly start: number;
  readonly end: number;
  /** First byte of the layer above that gave byte `i`. */
  readonly startOf: (i: number) => number;
  /** One past the last byte of the layer above that gave byte `i - 1`. */
  readonly endOf: (i: number) => number;
}

const filled = { length: 0, urlSafe: false };

/** Decodes into `out`; result in `filled`. A loop of its own, over plain reads: this is where base64-heavy traffic spends its time. */
function fillFromBase64(bytes: Uint8Array, start: number, end: number, out: Uint8Array): void {
  const values = base64Values;
  let length = 0;
  let urlSafe = 0;
  let i = start;
  let held = 0;
  let heldBits = 0;
  while (i < end) {
    if (heldBits === 0 && i + 4 <= end) {
      const a = bytes[i] as number;
      const b = bytes[i + 1] as number;
      const c = bytes[i + 2] as number;
      const d = bytes[i + 3] as number;
      const va = values[a] as number;
      const vb = values[b] as number;
      const vc = values[c] as number;
      const vd = values[d] as number;
      if ((va | vb | vc | vd) < 64) {
        if (va > 61 || vb > 61 || vc > 61 || vd > 61)
          urlSafe |= urlSafeOf(a) | urlSafeOf(b) | urlSafeOf(c) | urlSafeOf(d);
        const group = (va << 18) | (vb << 12) | (vc << 6) | vd;
        out[length] = group >> 16;
        out[length + 1] = group >> 8;
        out[length + 2] = group;
        length += 3;
        i += 4;
        continue;
      }
    }
    const byte = bytes[i] as number;
    const value = values[byte] as number;
    i += value === 255 && byte === 0x5c ? 2 : 1; // JSON's \n and \r are two characters
    if (value === 255) continue;
    urlSafe |= urlSafeOf(byte);
    held = ((held << 6) | value) & 0xffff;
    heldBits += 6;
    if (heldBits >= 8) {
      heldBits -= 8;
      out[length++] = (held >> heldBits) & 0xff;
    }
  }
  filled.length = length;
  filled.urlSafe = urlSafe !== 0;
}

const urlSafeOf = (byte: number): number => (byte === 0x2d || byte === 0x5f ? 1 : 0);

/** Base64 of either alphabet from `start`, over line breaks and JSON-escaped ones. The last incomplete group gives its whole bytes. */
export function decodeBase64Run(bytes: Uint8Array, start: number, end: number): Undone {
  const out = new Uint8Array(Math.ceil(((end - start) * 3) / 4) + 3);
  fillFromBase64(bytes, start, end, out);
  const { length, urlSafe } = filled;
  // Without line breaks a character's place is known; else places of every sixty-fourth are noted, once something was found.
  const whole = Math.floor(((end - start) * 3) / 4) === length;
  let marks: Int32Array | null = null;
  const characterAt = (index: number): number => {
    if (whole) return Math.min(end, start + index);
    marks ??= markCharacters(bytes, start, end);
    let i = marks[Math.min(marks.length - 1, index >> 6)] ?? end;
    for (let seen = Math.min(marks.length - 1, index >> 6) << 6; i < end; i++) {
      const byte = byteAt(bytes, i);
      if (byteAt(base64Values, byte) === 255) {
        if (byte === 0x5c) i++;
        continue;
      }
      if (seen === index) return i;
      seen++;
    }
    return end;
  };
  return {
    step: urlSafe ? 'base64url' : 'base64',
    bytes: out.subarray(0, length),
    start,
    end,
    startOf: (i) => characterAt(Math.floor((i * 4) / 3)),
    endOf: (i) => (i === 0 ? start : Math.min(end, characterAt(Math.ceil((i * 4) / 3) - 1) + 1)),
  };
}

/** Where every sixty-fourth base64 character of the run lies. */
function markCharacters(bytes: Uint8Array, start: number, end: number): Int32Array {
  const marks = new Int32Array(((end - start) >> 6) + 1).fill(end);
  for (let i = start, seen = 0; i < end; i++) {
    const byte = byteAt(bytes, i);
    if (byteAt(base64Values, byte) === 255) {
      if (byte === 0x5c) i++;
      continue;
    }
    if ((seen & 63) === 0) marks[seen >> 6] = i;
    seen++;
  }
  return marks;
}

function fillFromHex(bytes: Uint8Array, start: number, out: Uint8Array, length: number): void {
  const values = hexValues;
  for (let i = 0, at = start; i < length; i++, at += 2) {
    out[i] = ((values[bytes[at] as number] as number) << 4) | (values[bytes[at + 1] as number] as number);
  }
}

/** Hex digits of either case from `start`; an odd last digit is left out. */
export function decodeHexRun(bytes: Uint8Array, start: number, end: number): Undone {
  const out = new Uint8Array((end - start) >> 1);
  fillFromHex(bytes, start, out, out.length);
  return { step: 'hex', bytes: out, start, end, startOf: (i) => start + i * 2, endOf: (i) => start + i * 2 };
}

/** Five-bit value of a base32 character (RFC 4648 6) of letters of one case, `letters` being that of its A, or 255. */
export function base32Value(byte: number, letters: number): number {
  if (byte >= letters && byte < letters + 26) return byte - letters;
  return byte >= 0x32 && byte <= 0x37 ? byte - 0x32 + 26 : 255;
}

/** Base32 of one case from `start`; the last incomplete group gives its whole bytes. */
export function decodeBase32Run(bytes: Uint8Array, start: number, end: number, letters: number): Undone {
  const out = new Uint8Array(((end - start) * 5) >> 3);
  for (let i = start, to = 0, held = 0, bits = 0; i < end; i++) {
    held = ((held << 5) | base32Value(byteAt(bytes, i), letters)) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out[to++] = (held >> bits) & 0xff;
  }
  const startOf = (i: number): number => start + Math.floor((i * 8) / 5);
  const endOf = (i: number): number => Math.min(end, start + Math.ceil((i * 8) / 5));
  return { step: 'base32', bytes: out, start, end, startOf, endOf };
}

/** Says whether a search of the decoded bytes `[0, length)` can find anything; `words` is the same memory. */
export type Worth = (bytes: Uint8Array, words: Int32Array, length: number) => boolean;

const scratch = new Uint8Array(4096);
const scratchWords = new Int32Array(scratch.buffer);

/** Most runs are random tokens: they are decoded where nothing has to be allocated, and again only when they are worth it. */
export function base64RunIfWorth(bytes: Uint8Array, start: number, end: number, worth: Worth): Undone | null {
  if (end - start <= scratch.length) {
    fillFromBase64(bytes, start, end, scratch);
    if (!worth(scratch, scratchWords, filled.length)) return null;
  }
  return decodeBase64Run(bytes, start, end);
}

export function hexRunIfWorth(bytes: Uint8Array, start: number, end: number, worth: Worth): Undone | null {
  if (end - start <= scratch.length) {
    const length = (end - start) >> 1;
    fillFromHex(bytes, start, scratch, length);
    if (!worth(scratch, scratchWords, length)) return null;
  }
  return decodeHexRun(bytes, start, end);
}

/**
 * Do the first 32 characters from `at` decode to text, or to something compressed? Decided without allocating, and on random text
 * after a few characters: it is asked at every `/` and `+` of a long run.
 */
export function base64Promise(bytes: Uint8Array, at: number, end: number): 'text' | 'compressed' | null {
  const stop = Math.min(end, at + 32);
  if (stop - at < 16) return null;
  const first = groupAt(bytes, at);
  if (isCompressed(first)) return 'compressed';
  let odd = 0;
  let continuing = 0;
  for (let i = at; i + 4 <= stop; i += 4) {
    const group = groupAt(bytes, i);
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (group >> shift) & 0xff;
      if (continuing > 0 && (byte & 0xc0) === 0x80) continuing--;
      else if ((byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13) continuing = 0;
      else if (byte >= 0xc2 && byte < 0xf5 && continuing === 0) continuing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
      else odd++;
    }
    // Text begins with text; later on, one odd byte is let pass.
    if (odd > (i === at ? 0 : 1)) return null;
  }
  return 'text';
}

/** Do the characters from `at` decode to something that begins with the mark of a compression? */
export function base64Compressed(bytes: Uint8Array, at: number): boolean {
  return isCompressed(groupAt(bytes, at));
}

/** Do the characters from `at` decode to what may be inflated: gzip, zlib, or deflate without a header? */
export function base64MayInflate(bytes: Uint8Array, at: number, end: number): boolean {
  if (isCompressed(groupAt(bytes, at))) return true;
  fillFromBase64(bytes, at, Math.min(end, at + (gateBytes * 4) / 3), scratch);
  return deflateMayBegin(scratch, 0, filled.length);
}

function groupAt(bytes: Uint8Array, i: number): number {
  const values = base64Values;
  return (
    ((values[bytes[i] as number] as number) << 18) |
    ((values[bytes[i + 1] as number] as number) << 12) |
    ((values[bytes[i + 2] as number] as number) << 6) |
    (values[bytes[i + 3] as number] as number)
  );
}

function isCompressed(group: number): boolean {
  return compressionOf(group >> 16, (group >> 8) & 0xff, group & 0xff) !== null;
}
