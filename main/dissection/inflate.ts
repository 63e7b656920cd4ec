/**
 * A small decoder for deflate (RFC 1951). Bodies are decoded by node:zlib; this one serves where that gives nothing:
 * to keep what comes before a fault, and to tell which compressed bytes gave a stretch of the output.
 */
export interface Inflated {
  readonly bytes: Uint8Array;
  /** `done`: the final block ended; `full`: the output bound was reached; `cut`: the input ended; `damaged`: it makes no sense. */
  readonly end: 'done' | 'full' | 'cut' | 'damaged';
}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const NO_DICTIONARY = new Uint8Array(0);

class Stop extends Error {
  readonly end: 'cut' | 'damaged' | 'full';
  constructor(end: 'cut' | 'damaged' | 'full') {
    super(end);
    this.end = end;
  }
}

/** Canonical Huffman code: how many codes of each length, and the symbols in order of code. */
class Code {
  private readonly counts = new Uint16Array(16);
  private readonly symbols: Uint16Array;

  constructor(lengths: readonly number[]) {
    this.symbols = new Uint16Array(lengths.length);
    for (const n of lengths) this.counts[n] = (this.counts[n] as number) + 1;
    this.counts[0] = 0;
    const offsets = new Uint16Array(17);
    for (let i = 1; i < 16; i++) offsets[i + 1] = (offsets[i] as number) + (this.counts[i] as number);
    lengths.forEach((n, symbol) => {
      if (n !== 0) {
        this.symbols[offsets[n] as number] = symbol;
        offsets[n] = (offsets[n] as number) + 1;
      }
    });
  }

  read(input: BitReader): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= input.bits(1);
      const count = this.counts[length] as number;
      if (code - first < count) return this.symbols[index + (code - first)] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Stop('damaged');
  }
}

class BitReader {
  at: number;
  private readonly b: Uint8Array;
  private bit = 0;
  private count = 0;

  constructor(b: Uint8Array, at: number) {
    this.b = b;
    this.at = at;
  }

  bits(n: number): number {
    while (this.count < n) {
      if (this.at >= this.b.length) throw new Stop('cut');
      this.bit |= (this.b[this.at++] as number) << this.count;
      this.count += 8;
    }
    const value = this.bit & ((1 << n) - 1);
    this.bit >>>= n;
    this.count -= n;
    return value;
  }

  /** Position of the byte that holds the next bit. */
  position(): number {
    return this.at - ((this.count + 7) >> 3);
  }

  align(): void {
    this.at -= this.count >> 3;
    this.bit = 0;
    this.count = 0;
  }
}

class Output {
  bytes: Uint8Array;
  length: number;
  /** Bytes of the dictionary, which stand before the output. */
  readonly before: number;
  private readonly limit: number;

  constructor(limit: number, dictionary: Uint8Array) {
    this.before = dictionary.length;
    this.limit = limit + this.before;
    this.bytes = new Uint8Array(Math.min(this.limit, 64 * 1024 + this.before));
    this.bytes.set(dictionary);
    this.length = this.before;
  }

  push(value: number): void {
    if (this.length >= this.bytes.length) {
      if (this.length >= this.limit) throw new Stop('full');
      const bigger = new Uint8Array(Math.min(this.limit, this.bytes.length * 2));
      bigger.set(this.bytes);
      this.bytes = bigger;
    }
    this.bytes[this.length++] = value;
  }

  repeat(distance: number, count: number): void {
    if (distance > this.length) throw new Stop('damaged');
    for (let i = 0; i < count; i++) this.push(this.bytes[this.length - distance] as number);
  }
}

/**
 * @param from where the deflate data begins
 * @param limit most bytes to give
 * @param index told where each byte came from
 * @param dictionary what matches may refer to before the first byte
 */
export function inflateRaw(
  b: Uint8Array,
  from: number,
  limit: number,
  index: InputIndex | null,
  dictionary: Uint8Array = NO_DICTIONARY,
): Inflated {
  const input = new BitReader(b, from);
  const out = new Output(limit, dictionary);
  let end: Inflated['end'] = 'done';
  try {
    for (let final = false; !final;) {
      final = input.bits(1) === 1;
      const kind = input.bits(2);
      if (kind === 0) stored(input, b, out, index);
      else if (kind === 1) compressed(input, out, index, FIXED_LITERALS, FIXED_DISTANCES);
      else if (kind === 2) compressed(input, out, index, ...readCodes(input));
      else throw new Stop('damaged');
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    end = error.end;
  }
  return { bytes: out.bytes.subarray(out.before, out.length), end };
}

/** Output up to this length is indexed byte by byte; longer output in steps. */
const EXACT_BYTES = 4 * 1024 * 1024;
const STEP = 16;

/** Which input byte each output byte came from. Made once per body, and only when something was found in it. */
export class InputIndex {
  private readonly step: number;
  private readonly starts: Uint32Array;
  private readonly inputLength: number;
  private next = 0;

  constructor(outputLength: number, inputLength: number) {
    this.step = outputLength <= EXACT_BYTES ? 1 : STEP;
    this.starts = new Uint32Array(Math.ceil(outputLength / this.step) + 1);
    this.inputLength = inputLength;
  }

  /** The symbol at `start` of the input has brought the output to `length`. */
  note(length: number, start: number): void {
    while (this.next * this.step < length && this.next < this.starts.length) this.starts[this.next++] = start;
  }

  /** Input bytes that gave output `[from, to)`; a byte shared by two symbols belongs to both. */
  span(from: number, to: number): [number, number] {
    const first = Math.floor(from / this.step);
    const last = Math.ceil(to / this.step);
    const end = last < this.next ? (this.starts[last] as number) + 1 : this.inputLength;
    return [first < this.next ? (this.starts[first] as number) : 0, end];
  }
}

function stored(input: BitReader, b: Uint8Array, out: Output, index: InputIndex | null): void {
  input.align();
  const length = input.bits(16);
  const check = input.bits(16);
  if ((length ^ check) !== 0xffff) throw new Stop('damaged');
  for (let i = 0; i < length; i++) {
    if (input.at >= b.length) throw new Stop('cut');
    out.push(b[input.at++] as number);
    index?.note(out.length - out.before, input.at - 1);
  }
}

function compressed(input: BitReader, out: Output, index: InputIndex | null, literals: Code, distances: Code): void {
  for (;;) {
    const start = input.position();
    const symbol = literals.read(input);
    if (symbol === 256) return;
    if (symbol < 256) {
      out.push(symbol);
    } else {
      const base = LENGTH_BASE[symbol - 257];
      if (base === undefined) throw new Stop('damaged');
      const length = base + input.bits(LENGTH_EXTRA[symbol - 257] ?? 0);
      const code = distances.read(input);
      const far = DISTANCE_BASE[code];
      if (far === undefined) throw new Stop('damaged');
      out.repeat(far + input.bits(code < 4 ? 0 : (code >> 1) - 1), length);
    }
    index?.note(out.length - out.before, start);
  }
}

function readCodes(input: BitReader): [Code, Code] {
  const literalCount = input.bits(5) + 257;
  const distanceCount = input.bits(5) + 1;
  const codeCount = input.bits(4) + 4;
  const codeLengths: number[] = Array.from({ length: 19 }, () => 0);
  for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i] ?? 0] = input.bits(3);
  const codes = new Code(codeLengths);
  const lengths: number[] = [];
  while (lengths.length < literalCount + distanceCount) {
    const symbol = codes.read(input);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const value = symbol === 16 ? lengths.at(-1) : 0;
    if (value === undefined) throw new Stop('damaged');
    const times = symbol === 16 ? 3 + input.bits(2) : symbol === 17 ? 3 + input.bits(3) : 11 + input.bits(7);
    for (let i = 0; i < times; i++) lengths.push(value);
  }
  return [
    new Code(lengths.slice(0, literalCount)),
    new Code(lengths.slice(literalCount, literalCount + distanceCount)),
  ];
}

const FIXED_LITERALS = new Code(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)));
const FIXED_DISTANCES = new Code(Array.from({ length: 30 }, () => 5));
