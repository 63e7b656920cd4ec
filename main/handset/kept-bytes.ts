/**
 * Bytes out of chunks that are let go: a view of three bytes would hold the whole chunk that it came in, and a list of such pieces
 * takes more than they do. The capacity doubles, so that pieces of one byte cost no more than large ones.
 */
export class KeptBytes {
  readonly #most: number;
  #bytes = Buffer.alloc(0);
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get room(): number {
    return this.#most - this.#used;
  }

  /** Takes what there is room for. */
  push(bytes: Buffer): void {
    const taken = bytes.subarray(0, this.room);
    const needed = this.#used + taken.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.alloc(Math.min(this.#most, Math.max(needed, 2 * this.#bytes.length)));
      this.#bytes.copy(larger, 0, 0, this.#used);
      this.#bytes = larger;
    }
    taken.copy(this.#bytes, this.#used);
    this.#used = needed;
  }

  all(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }
}
