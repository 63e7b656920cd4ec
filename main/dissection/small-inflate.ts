import { crc32 } from 'node:zlib';
import { gzipHeaderBytes } from './gzip-header.ts';
import { kernelCode } from './inflate-kernel/code.ts';

/** What stands around the deflate data: RFC 1952, RFC 1950, or nothing. */
export type Wrapping = 'gzip' | 'zlib' | 'raw-deflate';

export interface SmallInflated {
  /** `done`: the stream ended, and its check sum is right; `cut`: the input ended before; `damaged`: zlib would refuse it. */
  readonly end: 'done' | 'cut' | 'damaged';
  /** In memory of its own; nothing where the stream is damaged, all that the input tells where it is cut. */
  readonly bytes: Uint8Array;
  /** Bytes of the input that belong to the stream, as zlib counts them. */
  readonly consumed: number;
}

const GZIP_TRAILER_BYTES = 8;
const HEADER_SUM = 2;
const RESERVED_FLAGS = 0xe0;
const ZLIB_TRAILER_BYTES = 4;
/** Most of what only seems to be deflate fails within so many bytes: of longer input no more is copied at first. */
const FIRST_BYTES = 1024;
const FIRST_TRY_FROM = 16 * FIRST_BYTES;
const NOTHING = new Uint8Array(0);

/** What the kernel exports: inflate-kernel/inflate.as.ts. Places are bytes from the beginning of its memory. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly input: { readonly value: number };
  readonly output: { readonly value: number };
  readonly inputBytes: { readonly value: number };
  readonly outputBytes: { readonly value: number };
  readonly historyBytes: { readonly value: number };
  readonly consumed: { readonly value: number };
  readonly produced: { readonly value: number };
  inflate(first: number, length: number, history: number): number;
  adler32(at: number, length: number): number;
}

/** Answers of the kernel. */
const DONE = 0;
const CUT = 1;
const FULL = 3;

/**
 * Inflates a stream that is small enough for the kernel (decision 0016), and gives exactly what node:zlib would; without a
 * stream object, a window and an error with its stack for each.
 * @param history what matches may refer to before the first byte, without a wrapping only: 32 KiB at most
 * @returns null where it has to be asked of node:zlib: there is no room for it, or it is a rare kind of gzip (a header that is cut or
 * damaged, several members, bytes behind the last)
 */
export function inflateSmall(
  wrapping: Wrapping,
  input: Uint8Array,
  history: Uint8Array = NOTHING,
): SmallInflated | null {
  if (wrapping === 'raw-deflate') return inflated(input, 0, history);
  return wrapping === 'zlib' ? unwrapZlib(input) : unwrapGzip(input);
}

function unwrapZlib(input: Uint8Array): SmallInflated | null {
  if (input.length < 2) return cut(NOTHING, input.length);
  const [method, flags] = [input[0] as number, input[1] as number];
  if (((method << 8) | flags) % 31 !== 0 || (method & 15) !== 8 || method >> 4 > 7) return damaged;
  // A dictionary that nobody has.
  if ((flags & 0x20) !== 0) return input.length < 6 ? cut(NOTHING, input.length) : damaged;
  const body = inflated(input, 2, NOTHING);
  if (body?.end !== 'done') return body;
  const end = body.consumed + ZLIB_TRAILER_BYTES;
  if (end > input.length) return cut(body.bytes, input.length);
  const { kernel, output } = theKernel();
  const sum = kernel.adler32(output, body.bytes.length);
  if (sum >>> 0 !== numberAt(input, body.consumed, false)) return damaged;
  return { ...body, consumed: end };
}

function unwrapGzip(input: Uint8Array): SmallInflated | null {
  const header = gzipHeader(input);
  const { length } = input;
  if (header === null) return null;
  // What a long stream says of its length spares a try for which there is no room; a short one is tried sooner.
  if (length > FIRST_TRY_FROM && numberAt(input, length - 4, true) > theKernel().outputBytes) return null;
  const body = inflated(input, header, NOTHING);
  if (body?.end !== 'done') return body;
  const end = body.consumed + GZIP_TRAILER_BYTES;
  if (length > end) return null;
  if (length >= end - 4 && crc32(body.bytes) !== numberAt(input, body.consumed, true)) return damaged;
  if (length < end) return cut(body.bytes, length);
  return body.bytes.length === numberAt(input, length - 4, true) ? { ...body, consumed: end } : damaged;
}

/** Where the body begins. Null for what is no such header, and for what is left to zlib. */
function gzipHeader(input: Uint8Array): number | null {
  if (input.length < 10 || input[0] !== 0x1f || input[1] !== 0x8b || input[2] !== 8) return null;
  const flags = input[3] as number;
  if ((flags & RESERVED_FLAGS) !== 0) return null;
  const header = gzipHeaderBytes(input);
  if (header > input.length) return null;
  if ((flags & HEADER_SUM) === 0) return header;
  const sum = (input[header - 2] as number) | ((input[header - 1] as number) << 8);
  return (crc32(input.subarray(0, header - 2)) & 0xffff) === sum ? header : null;
}

const damaged: SmallInflated = { end: 'damaged', bytes: NOTHING, consumed: 0 };

function cut(bytes: Uint8Array, consumed: number): SmallInflated {
  return { end: 'cut', bytes, consumed };
}

function numberAt(b: Uint8Array, at: number, littleEndian: boolean): number {
  const [a, c, d, e] = [b[at] as number, b[at + 1] as number, b[at + 2] as number, b[at + 3] as number];
  return (littleEndian ? a | (c << 8) | (d << 16) | (e << 24) : (a << 24) | (c << 16) | (d << 8) | e) >>> 0;
}

/** The deflate data that begins at `first`. */
function inflated(input: Uint8Array, first: number, history: Uint8Array): SmallInflated | null {
  const { kernel, bytes, inputAt, output, inputBytes, historyBytes } = theKernel();
  const { length } = input;
  if (history.length > historyBytes) return null;
  if (history.length > 0) bytes.set(history, output - history.length);
  let answer = CUT;
  if (length > FIRST_TRY_FROM) {
    bytes.set(input.subarray(0, FIRST_BYTES), inputAt);
    if (first < FIRST_BYTES) answer = kernel.inflate(first, FIRST_BYTES, history.length);
  }
  if (answer === CUT) {
    if (length > inputBytes) return null;
    bytes.set(input, inputAt);
    answer = kernel.inflate(first, length, history.length);
  }
  if (answer === FULL) return null;
  if (answer !== DONE && answer !== CUT) return damaged;
  return {
    end: answer === DONE ? 'done' : 'cut',
    bytes: bytes.slice(output, output + kernel.produced.value),
    consumed: kernel.consumed.value,
  };
}

interface Loaded {
  readonly kernel: KernelExports;
  readonly bytes: Uint8Array;
  readonly inputAt: number;
  readonly output: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly historyBytes: number;
}

let loaded: Loaded | null = null;

/** One for each thread, made when it is first needed: 1.4 MiB, of which memory is taken as far as it is used. */
function theKernel(): Loaded {
  return (loaded ??= loadKernel());
}

function loadKernel(): Loaded {
  const module = new WebAssembly.Module(Buffer.from(kernelCode, 'base64'));
  const kernel = new WebAssembly.Instance(module).exports as unknown as KernelExports;
  return {
    kernel,
    bytes: new Uint8Array(kernel.memory.buffer),
    inputAt: kernel.input.value,
    output: kernel.output.value,
    inputBytes: kernel.inputBytes.value,
    outputBytes: kernel.outputBytes.value,
    historyBytes: kernel.historyBytes.value,
  };
}
