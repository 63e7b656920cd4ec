interface Wanted {
  /** As it is, and as the hexadecimal digits that a request carries. */
  readonly forms: readonly Buffer[];
  readonly onFound: (offsetBytes: number) => void;
}

/** Looks for known bytes in a stream as it passes, across the cuts between its chunks. */
export class NonceWatch {
  #offset = 0;
  #tail: Buffer = Buffer.alloc(0);
  readonly #wanted = new Set<Wanted>();

  /** From now on; resolves with the offset in the stream where the nonce begins. */
  want(nonce: Buffer): Promise<number> {
    return new Promise<number>(
      (resolve) => void this.#wanted.add({ forms: [nonce, Buffer.from(nonce.toString('hex'))], onFound: resolve }),
    );
  }

  push(chunk: Buffer): void {
    if (this.#wanted.size > 0) {
      const window = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
      for (const wanted of this.#wanted) {
        const at = wanted.forms.map((form) => window.indexOf(form)).find((place) => place >= 0);
        if (at === undefined) continue;
        this.#wanted.delete(wanted);
        wanted.onFound(this.#offset - this.#tail.length + at);
      }
    }
    this.#offset += chunk.length;
    // Kept whether or not somebody waits: a nonce may begin in this chunk and be asked for before the next.
    const joined = chunk.length >= 64 ? chunk : Buffer.concat([this.#tail, chunk]);
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - 63)));
  }
}
