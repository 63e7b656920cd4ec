import { crc32Of } from './crc32.ts';

// zlib's own output differs between its versions and processors; the captures of a seed must not. So: our own small
// deflate (RFC 1951) with fixed codes and greedy matches, in a gzip wrapping (RFC 1952) without a time.

const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];

class BitWriter {
  readonly bytes: number[] = [];
  #bits = 0;
  #count = 0;

  /** Lowest bit first. */
  put(value: number, count: number): void {
    for (let bit = 0; bit < count; bit += 1) this.#push((value >> bit) & 1);
  }

  /** A Huffman code: highest bit first. */
  code(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#push((value >> bit) & 1);
  }

  flush(): void {
    while (this.#count > 0) this.#push(0);
  }

  #push(bit: number): void {
    this.#bits |= bit << this.#count;
    this.#count += 1;
    if (this.#count < 8) return;
    this.bytes.push(this.#bits);
    this.#bits = 0;
    this.#count = 0;
  }
}

/** Literal or length symbol in the fixed code (RFC 1951 3.2.6). */
function putSymbol(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(0x30 + symbol, 8);
  else if (symbol < 256) out.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.code(symbol - 256, 7);
  else out.code(0xc0 + symbol - 280, 8);
}

function putMatch(out: BitWriter, length: number, distance: number): void {
  const row = lengthBase.findLastIndex((base) => base <= length);
  putSymbol(out, 257 + row);
  out.put(length - (lengthBase[row] ?? 0), lengthExtra[row] ?? 0);
  const code = distanceBase.findLastIndex((base) => base <= distance);
  out.code(code, 5);
  out.put(distance - (distanceBase[code] ?? 0), code < 4 ? 0 : (code >> 1) - 1);
}

function matchLength(bytes: Buffer, from: number, at: number): number {
  let length = 0;
  // 257 and not 258: the longest length has a symbol of its own that is not needed.
  while (length < 257 && at + length < bytes.length && bytes[from + length] === bytes[at + length]) length += 1;
  return length;
}

/** Raw deflate stream of one final block with fixed codes. */
export function deflateFixed(bytes: Buffer): Buffer {
  const out = new BitWriter();
  out.put(0b011, 3);
  const seen = new Map<number, number>();
  for (let at = 0; at < bytes.length;) {
    const key = at + 2 < bytes.length ? bytes.readUIntBE(at, 3) : -1;
    const from = key < 0 ? undefined : seen.get(key);
    if (key >= 0) seen.set(key, at);
    const length = from === undefined || at - from > 32_000 ? 0 : matchLength(bytes, from, at);
    if (from !== undefined && length >= 3) {
      putMatch(out, length, at - from);
      at += length;
    } else {
      putSymbol(out, bytes[at] ?? 0);
      at += 1;
    }
  }
  putSymbol(out, 256);
  out.flush();
  return Buffer.from(out.bytes);
}

/** A gzip member of `bytes`: the same everywhere. */
export function gzipOf(bytes: Buffer): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32Of(bytes), 0);
  tail.writeUInt32LE(bytes.length >>> 0, 4);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), deflateFixed(bytes), tail]);
}
