/**
 * Reading numbers and text from byte blocks. Callers check bounds first; a read past the end yields 0, never an exception,
 * because typed arrays give `undefined` there and bit operations turn that into 0.
 */
export function u8(b: Uint8Array, i: number): number {
  return b[i] as number;
}

export function u16(b: Uint8Array, i: number): number {
  return ((b[i] as number) << 8) | (b[i + 1] as number);
}

export function u24(b: Uint8Array, i: number): number {
  return ((b[i] as number) << 16) | ((b[i + 1] as number) << 8) | (b[i + 2] as number);
}

export function u32(b: Uint8Array, i: number): number {
  return i32(b, i) >>> 0;
}

/** 32 bits in network order as a signed word: cheaper as a table key than the unsigned value. */
export function i32(b: Uint8Array, i: number): number {
  return ((b[i] as number) << 24) | ((b[i + 1] as number) << 16) | ((b[i + 2] as number) << 8) | (b[i + 3] as number);
}

export function u16le(b: Uint8Array, i: number): number {
  return ((b[i + 1] as number) << 8) | (b[i] as number);
}

export function u32le(b: Uint8Array, i: number): number {
  return (
    (((b[i + 3] as number) << 24) | ((b[i + 2] as number) << 16) | ((b[i + 1] as number) << 8) | (b[i] as number)) >>> 0
  );
}

/** A Buffer over the same memory: its text decoders are native. */
export function asBuffer(b: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(b.buffer, b.byteOffset + start, end - start);
}

/** The same bytes to be copied: of a Buffer `subarray` makes another Buffer, which takes three times as long. */
export function viewOf(b: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(b.buffer, b.byteOffset + start, end - start);
}

export function latin1(b: Uint8Array, start: number, end: number): string {
  // Most blocks are Buffers: to make another one takes as long as to read a short text.
  return Buffer.isBuffer(b) ? b.toString('latin1', start, end) : asBuffer(b, start, end).toString('latin1');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 where the bytes are valid UTF-8, otherwise one character per byte: nothing is lost and nothing throws. */
export function textOf(b: Uint8Array, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    if ((b[i] as number) >= 0x80) {
      try {
        return utf8.decode(asBuffer(b, start, end));
      } catch {
        return latin1(b, start, end);
      }
    }
  }
  return latin1(b, start, end);
}

/** A latin-1 string whose bytes are valid UTF-8 becomes that text. */
export function textOfLatin1(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) {
      const bytes = Buffer.from(text, 'latin1');
      return textOf(bytes, 0, bytes.length);
    }
  }
  return text;
}

/** Does `text` (ASCII) stand at `at`? False when the bytes end first. */
export function startsWith(b: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Is what is there the beginning of `text`, as far as it goes? */
export function couldBecome(b: Uint8Array, at: number, end: number, text: string): boolean {
  const n = Math.min(end - at, text.length);
  for (let i = 0; i < n; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** RFC 5952 text of 16 bytes: lower case, the longest run of two or more zero groups shortened, leftmost of equals. */
export function ipv6Text(words: readonly [number, number, number, number]): string {
  const groups: number[] = [];
  for (const w of words) groups.push((w >>> 16) & 0xffff, w & 0xffff);
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8;) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) {
      bestAt = i;
      bestLength = j - i;
    }
    i = j === i ? i + 1 : j;
  }
  const hex = groups.map((g) => g.toString(16));
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) return `::ffff:${ipv4Text(words[3])}`;
  if (bestAt < 0) return hex.join(':');
  return `${hex.slice(0, bestAt).join(':')}::${hex.slice(bestAt + bestLength).join(':')}`;
}

export function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}
