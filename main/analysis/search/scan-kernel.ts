import { base64Values, hexValues } from './byte-classes.ts';
import type { DigestIndex } from './digest-index.ts';
import { instanceOfKernel, kernelBytes, ownBytes, pageBytes } from './kernel-module.ts';
import type { LiteralIndex } from './literal-index.ts';
import type { Places } from './places.ts';
import { maxStarts, startsAt, type StartsExports } from './starts-kernel.ts';

// Room for answers; a content with more of them is not looked at by the kernel.
const maxWords = 64 * 1024;
const maxRuns = 16 * 1024;
const maxEscapes = 64 * 1024;
const maxPhases = 32 * 1024;
/** Three layers of decoded bytes, of 64 KiB at most each, and what stands between them. */
const scratchBytes = 256 * 1024;

/** What the kernel exports: kernel/scan.as.ts. All places are bytes from the beginning of its memory. */
interface KernelExports extends StartsExports {
  readonly wordCount: { readonly value: number };
  readonly runCount: { readonly value: number };
  readonly escapeCount: { readonly value: number };
  setClasses(base64: number, hex: number): void;
  setLiterals(bitmap: number, slots: number, mask: number, next: number, check: number, checkAt: number): void;
  setDigests(fronts: number, heads: number, mask: number, next: number, high: number, low: number): void;
  setScratch(from: number, to: number): void;
  setAnswers(words: number, most: number, runs: number, mostRuns: number, escapes: number, mostEscapes: number): void;
  scan(at: number, length: number, depth: number, phases: number, phaseCount: number): number;
}

/** Lays one thing behind the other, each on a multiple of sixteen. */
class Layout {
  end = ownBytes;

  take(bytes: number): number {
    const at = this.end;
    this.end = (at + bytes + 15) & ~15;
    return at;
  }
}

/**
 * The pass over everything that is searched, in WebAssembly (decision 0010): sixteen bytes at a time it finds words of literals, runs
 * of base64 characters and escapes, and decodes the latter two as deep as the search goes, to leave out those that hold nothing.
 */
export class ScanKernel {
  readonly #exports: KernelExports;
  readonly #bytes: Uint8Array;
  readonly #numbers: Int32Array;
  /** What is put here need not be copied to be looked at. */
  readonly arena: Uint8Array;
  readonly #arenaAt: number;
  readonly #starts: number;
  readonly #content: number;
  readonly #phases: number;
  readonly #words: number;
  readonly #runs: number;
  readonly #escapes: number;

  constructor(literals: LiteralIndex, digests: DigestIndex) {
    const layout = new Layout();
    const tables: { readonly at: number; readonly from: Uint8Array | Int32Array }[] = [];
    const table = (from: Uint8Array | Int32Array): number => {
      const at = layout.take(from.byteLength);
      tables.push({ at, from });
      return at;
    };
    const classes = [table(base64Values), table(hexValues)] as const;
    const literal = [table(literals.bitmap), table(wordsWithHeads(literals))] as const;
    const entries = [table(literals.entryNext), table(literals.entryCheck), table(literals.entryCheckAt)] as const;
    const digest = [table(digests.fronts), table(digests.heads)] as const;
    const keys = [table(digests.next), table(digests.keyHigh), table(digests.keyLow)] as const;
    this.#phases = layout.take(maxPhases * 8);
    this.#words = layout.take(maxWords * 8);
    this.#runs = layout.take(maxRuns * 8);
    this.#escapes = layout.take(maxEscapes * 8);
    this.#content = layout.take(kernelBytes + 128);
    this.#arenaAt = layout.take(kernelBytes + 128);
    this.#starts = layout.take(maxStarts * 4);
    const scratch = layout.take(scratchBytes);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(layout.end / pageBytes) });
    this.#bytes = new Uint8Array(memory.buffer);
    this.#numbers = new Int32Array(memory.buffer);
    this.arena = new Uint8Array(memory.buffer, this.#arenaAt, kernelBytes);
    for (const { at, from } of tables)
      this.#bytes.set(new Uint8Array(from.buffer, from.byteOffset, from.byteLength), at);
    this.#exports = instanceOfKernel<KernelExports>(memory);
    this.#exports.setClasses(...classes);
    this.#exports.setLiterals(...literal, literals.slotMask, ...entries);
    this.#exports.setDigests(...digest, digests.mask, ...keys);
    this.#exports.setScratch(scratch, layout.end);
    this.#exports.setAnswers(this.#words, maxWords, this.#runs, maxRuns, this.#escapes, maxEscapes);
  }

  /**
   * Looks at `bytes[0..length)` under `depth` layers. `phases`: pairs of the place of a run of base64 that began earlier, ascending,
   * and how many characters lie before its first whole group here.
   * @returns null when this is more than the kernel has room for
   */
  look(bytes: Uint8Array, length: number, depth: number, phases: readonly number[]): Places | null {
    if (length > kernelBytes || phases.length > maxPhases * 2) return null;
    const at = bytes === this.arena ? this.#arenaAt : this.#content;
    if (at === this.#content) this.#bytes.set(length === bytes.length ? bytes : bytes.subarray(0, length), at);
    const first = this.#phases >> 2;
    for (let i = 0; i < phases.length; i += 2) {
      this.#numbers[first + i] = at + (phases[i] as number);
      this.#numbers[first + i + 1] = phases[i + 1] as number;
    }
    const kernel = this.#exports;
    if (kernel.scan(at, length, depth, this.#phases, phases.length >> 1) === 0) return null;
    return {
      words: this.#answers(this.#words, kernel.wordCount.value),
      runs: this.#answers(this.#runs, kernel.runCount.value),
      escapes: this.#answers(this.#escapes, kernel.escapeCount.value),
    };
  }

  /** Of what lies in the arena, as startsIn of starts-kernel.ts. */
  startsIn(length: number): Int32Array | null {
    return startsAt(this.#exports, this.#numbers, this.#arenaAt, length, this.#starts);
  }

  /** Copied: what is found leads to further looks. */
  #answers(at: number, count: number): ArrayLike<number> {
    return count === 0 ? none : this.#numbers.slice(at >> 2, (at >> 2) + count * 2);
  }
}

/** Each word beside its first entry: one look into memory finds both. */
function wordsWithHeads({ slotWords, slotHeads }: LiteralIndex): Int32Array {
  const slots = new Int32Array(slotWords.length * 2);
  slotWords.forEach((word, i) => slots.set([word, slotHeads[i] as number], i * 2));
  return slots;
}

const none: ArrayLike<number> = [];
