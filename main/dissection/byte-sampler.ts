/** Bytes of each direction that are looked at. */
export const SAMPLE_BYTES = 512;
/** Directions whose samples are still growing; beyond, the oldest is closed with what it has. */
const MAX_OPEN = 8192;
/** Fewer bytes tell nothing about entropy: even random ones repeat too seldom. */
const MIN_ENTROPY_BYTES = 64;

const NONE = 0;
const OPEN = 1;
const CLOSED = 2;

/** What the first bytes of one direction look like. */
export interface ByteFigures {
  /** How many bytes the figures stand on: at most `SAMPLE_BYTES`. */
  readonly sampledBytes: number;
  /** Shannon entropy in bits per byte, 0 to 8, corrected for the size of the sample; null for fewer than 64 bytes. */
  readonly entropyBitsPerByte: number | null;
  /** Share of printable ASCII, tab, CR and LF among them, 0 to 1. */
  readonly printableShare: number;
}

/**
 * Entropy of the source that gave these counts, in bits per symbol. The plain formula is too low for small samples (512 random
 * bytes come to 7.6 bits); Chao and Shen (Environmental and Ecological Statistics 10, 2003, 429-443) weigh each symbol by the
 * share of the source that the sample covers and by its chance to have been seen at all.
 * @param counts how often each of 256 byte values was seen
 * @param n their sum
 */
export function entropyOf(counts: ArrayLike<number>, n: number): number {
  if (n === 0) return 0;
  let once = 0;
  for (let i = 0; i < 256; i++) if (counts[i] === 1) once++;
  // When nothing was seen twice the coverage cannot be told: one fewer is taken.
  const coverage = 1 - Math.min(once, n - 1) / n;
  if (coverage === 0) return 0;
  let bits = 0;
  for (let i = 0; i < 256; i++) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    const p = (coverage * count) / n;
    bits -= (p * Math.log2(p)) / (1 - (1 - p) ** n);
  }
  return Math.min(8, Math.max(0, bits));
}

/**
 * Entropy and printable share of what nobody recognised, from the first bytes of each direction as they come. A cell is a flow's row
 * times two plus the side. Memory: eight bytes a cell, and 512 for each of at most 8,192 growing samples.
 */
export class ByteSampler {
  private states = new Uint8Array(128);
  private sampled = new Uint16Array(128);
  private printable = new Uint16Array(128);
  private entropy = new Float32Array(128);
  /** Counts of the open cells, the oldest first. */
  private readonly open = new Map<number, Uint16Array>();
  private readonly spare: Uint16Array[] = [];

  /** More bytes of a direction; once the sample is full this costs one comparison. */
  add(cell: number, b: Uint8Array, start: number, end: number): void {
    if (this.states[cell] === CLOSED || end <= start) return;
    const counts = this.states[cell] === OPEN ? this.open.get(cell) : this.begin(cell);
    if (counts === undefined) return;
    const seen = this.sampled[cell] as number;
    const stop = start + Math.min(end - start, SAMPLE_BYTES - seen);
    let printable = 0;
    for (let i = start; i < stop; i++) {
      const c = b[i] as number;
      counts[c] = (counts[c] as number) + 1;
      if ((c >= 32 && c < 127) || c === 9 || c === 10 || c === 13) printable++;
    }
    this.sampled[cell] = seen + (stop - start);
    this.printable[cell] = (this.printable[cell] as number) + printable;
    if (this.sampled[cell] === SAMPLE_BYTES) this.close(cell, counts);
  }

  private begin(cell: number): Uint16Array {
    if (cell >= this.states.length) this.grow(cell);
    if (this.open.size >= MAX_OPEN) {
      for (const [oldest, counts] of this.open) {
        this.close(oldest, counts);
        break;
      }
    }
    const counts = this.spare.pop() ?? new Uint16Array(256);
    this.open.set(cell, counts);
    this.states[cell] = OPEN;
    return counts;
  }

  private close(cell: number, counts: Uint16Array): void {
    this.entropy[cell] = entropyOf(counts, this.sampled[cell] as number);
    this.states[cell] = CLOSED;
    this.open.delete(cell);
    counts.fill(0);
    this.spare.push(counts);
  }

  private grow(cell: number): void {
    const size = 2 ** Math.ceil(Math.log2(cell + 1));
    const copy = <T extends Uint8Array | Uint16Array | Float32Array>(old: T, bigger: T): T => {
      bigger.set(old);
      return bigger;
    };
    this.states = copy(this.states, new Uint8Array(size));
    this.sampled = copy(this.sampled, new Uint16Array(size));
    this.printable = copy(this.printable, new Uint16Array(size));
    this.entropy = copy(this.entropy, new Float32Array(size));
  }

  /** The direction has nothing more to say: its sample is closed. Null when nothing of it was sampled. */
  figures(cell: number): ByteFigures | null {
    const state = this.states[cell] ?? NONE;
    if (state === NONE) return null;
    const counts = state === OPEN ? this.open.get(cell) : undefined;
    if (counts !== undefined) this.close(cell, counts);
    const sampledBytes = this.sampled[cell] as number;
    const bits = this.entropy[cell] as number;
    return {
      sampledBytes,
      entropyBitsPerByte: sampledBytes < MIN_ENTROPY_BYTES ? null : Math.round(bits * 100) / 100,
      printableShare: Math.round(((this.printable[cell] as number) / sampledBytes) * 1000) / 1000,
    };
  }
}
