import { instanceOfKernel, kernelBytes, ownBytes, pageBytes } from './kernel-module.ts';

/** Room for answers; of more of them nothing is said. */
export const maxStarts = 16 * 1024;
const content = ownBytes;
const answers = content + kernelBytes + 128;

export interface StartsExports {
  starts(at: number, length: number, out: number, most: number): number;
}

/** The kernel, for the beginnings of compressed values alone: it needs none of the tables, and where arenas are filled others search. */
export class StartsKernel {
  /** What is put here need not be copied to be looked at. */
  readonly arena: Uint8Array;
  readonly #numbers: Int32Array;
  readonly #exports: StartsExports;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((answers + maxStarts * 4) / pageBytes) });
    this.arena = new Uint8Array(memory.buffer, content, kernelBytes);
    this.#numbers = new Int32Array(memory.buffer);
    this.#exports = instanceOfKernel<StartsExports>(memory);
  }

  /** As valueStartsIn of value-starts.ts, in no order; null when this is more than there is room for. */
  look(bytes: Uint8Array): Int32Array | null {
    if (bytes.length > kernelBytes) return null;
    this.arena.set(bytes);
    return this.startsIn(bytes.length);
  }

  /** The same of what lies in the arena. */
  startsIn(length: number): Int32Array | null {
    return startsAt(this.#exports, this.#numbers, content, length, answers);
  }
}

/** Asks a kernel, whose memory `numbers` are, about the bytes at `at`; `out`: where it has room for answers. */
export function startsAt(
  kernel: StartsExports,
  numbers: Int32Array,
  at: number,
  length: number,
  out: number,
): Int32Array | null {
  const count = kernel.starts(at, length, out, maxStarts);
  return count === -1 ? null : numbers.slice(out >> 2, (out >> 2) + count);
}
