import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { base64Values, byteAt, compressionAt, hexValues, isEscape, looksPrintable } from './byte-classes.ts';

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

/** Regions of non-space text that hold percent escapes, decoded (RFC 3986 2.1). */
export function undoPercent(bytes: Uint8Array, from: number, to: number, onUndone: (undone: Undone) => void): void {
  let at = bytes.indexOf(0x25, from);
  while (at !== -1 && at < to) {
    if (!isEscape(bytes, at, to)) {
      at = bytes.indexOf(0x25, at + 1);
      continue;
    }
    let start = at;
    while (start > from && isGraphic(byteAt(bytes, start - 1))) start--;
    let end = at + 3;
    while (end < to && isGraphic(byteAt(bytes, end))) end++;
    onUndone(percentRegion(bytes, start, end));
    at = bytes.indexOf(0x25, end);
  }
}

const isGraphic = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

function percentRegion(bytes: Uint8Array, start: number, end: number): Undone {
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let i = start; i < end; length++) {
    if (isEscape(bytes, i, end)) {
      out[length] = (byteAt(hexValues, byteAt(bytes, i + 1)) << 4) | byteAt(hexValues, byteAt(bytes, i + 2));
      i += 3;
    } else {
      out[length] = byteAt(bytes, i);
      i += 1;
    }
  }
  const walk = (count: number): number => {
    let i = start;
    for (let n = 0; n < count && i < end; n++) i += isEscape(bytes, i, end) ? 3 : 1;
    return i;
  };
  return { step: 'percent', bytes: out.subarray(0, length), start, end, startOf: walk, endOf: walk };
}

/** Base64 of either alphabet from `start`, over line breaks and JSON-escaped ones. The last incomplete group gives its whole bytes. */
export function decodeBase64Run(bytes: Uint8Array, start: number, end: number): Undone {
  const out = new Uint8Array(Math.ceil(((end - start) * 3) / 4) + 3);
  let length = 0;
  let held = 0;
  let heldBits = 0;
  let urlSafe = false;
  for (let i = start; i < end; i++) {
    const byte = byteAt(bytes, i);
    const value = byteAt(base64Values, byte);
    if (value === 255) {
      if (byte === 0x5c) i++; // JSON's \n and \r
      continue;
    }
    if (byte === 0x2d || byte === 0x5f) urlSafe = true;
    held = ((held << 6) | value) & 0xffff;
    heldBits += 6;
    if (heldBits >= 8) {
      heldBits -= 8;
      out[length++] = (held >> heldBits) & 0xff;
    }
  }
  const characterAt = (index: number): number => {
    let seen = 0;
    for (let i = start; i < end; i++) {
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

/** Hex digits of either case from `start`; an odd last digit is left out. */
export function decodeHexRun(bytes: Uint8Array, start: number, end: number): Undone {
  const out = new Uint8Array((end - start) >> 1);
  for (let i = 0; i < out.length; i++) {
    const at = start + i * 2;
    out[i] = (byteAt(hexValues, byteAt(bytes, at)) << 4) | byteAt(hexValues, byteAt(bytes, at + 1));
  }
  return { step: 'hex', bytes: out, start, end, startOf: (i) => start + i * 2, endOf: (i) => start + i * 2 };
}

/** Longest output of one compressed value. Where it bites, what is left out is counted under `cap-inflate`. */
export const maxInflatedBytes = 16 * 1024 * 1024;

export interface Inflated {
  readonly step: 'gzip' | 'zlib';
  readonly bytes: Uint8Array;
  /** The compressed stream ended inside what was given. */
  readonly complete: boolean;
  readonly consumed: number;
  readonly capped: boolean;
}

/** Undoes gzip or zlib at the start of `bytes`, as far as the bytes go; null when it is neither. */
export function inflate(bytes: Uint8Array): Inflated | null {
  const step = compressionAt(bytes, 0, bytes.length);
  if (step === null) return null;
  // Output beyond the cap is left out: half the input is tried until it fits, and `capped` says so.
  for (let taken = bytes.length, capped = false; taken > 16; taken = taken >> 1, capped = true) {
    const answer = inflateOnce(step, bytes.subarray(0, taken));
    if (answer === 'too-long') continue;
    if (answer === null) return null;
    const complete = capped || answer.consumed < taken || endsCleanly(step, bytes);
    return { step, bytes: answer.bytes, complete, consumed: answer.consumed, capped };
  }
  return null;
}

function inflateOnce(step: 'gzip' | 'zlib', bytes: Uint8Array): { bytes: Uint8Array; consumed: number } | 'too-long' | null {
  const undo = step === 'gzip' ? gunzipSync : inflateSync;
  // SYNC_FLUSH gives what a cut stream holds, instead of an error.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxInflatedBytes, info: true } as const;
  try {
    const { buffer, engine } = undo(bytes, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { bytes: aligned(buffer), consumed: engine.bytesWritten };
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-long' : null;
  }
}

/** Without SYNC_FLUSH a cut stream is an error: so a stream that uses up all bytes is known to be whole. */
function endsCleanly(step: 'gzip' | 'zlib', bytes: Uint8Array): boolean {
  try {
    (step === 'gzip' ? gunzipSync : inflateSync)(bytes, { maxOutputLength: maxInflatedBytes });
    return true;
  } catch {
    return false;
  }
}

/** The scan reads 32-bit words: a slice of a pool must be copied. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
}

/** Do the first characters from `at` decode to text, or to something compressed? */
export function base64Promise(bytes: Uint8Array, at: number, end: number): 'text' | 'compressed' | null {
  const head = decodeBase64Run(bytes, at, Math.min(end, at + 32)).bytes;
  if (compressionAt(head, 0, head.length) === 'gzip') return 'compressed';
  if (head.length >= 12 && looksPrintable(head, 0, head.length)) return 'text';
  return compressionAt(head, 0, head.length) === null ? null : 'compressed';
}
