import { Mask } from './masks.ts';
import { RowSet } from './row-set.ts';

/** Bytes kept of the last answers: about a hundred over five million rows. */
const maxKeptBytes = 96 * 1024 * 1024;

/** Answers to the last questions and to the parts of them: a table that is scrolled asks the same one again and again, a filter that grows by a word asks most of the old one. */
export class Answers {
  readonly #kept = new Map<string, Mask | RowSet>();
  #bytes = 0;

  /** A copy, to be changed at will. */
  mask(key: string, make: () => Mask): Mask {
    const known = this.#recall(key);
    if (known instanceof Mask) return known.copy();
    const made = make();
    this.#keep(key, made);
    return made.copy();
  }

  rows(key: string, make: () => RowSet): RowSet {
    const known = this.#recall(key);
    if (known instanceof RowSet) return known;
    const made = make();
    this.#keep(key, made);
    return made;
  }

  forget(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #recall(key: string): Mask | RowSet | undefined {
    const known = this.#kept.get(key);
    if (known === undefined) return undefined;
    // Asked last: forgotten last.
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return known;
  }

  #keep(key: string, answer: Mask | RowSet): void {
    this.#kept.set(key, answer);
    this.#bytes += bytesOf(answer);
    for (const [oldest, known] of this.#kept) {
      if (this.#bytes <= maxKeptBytes || oldest === key) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(known);
    }
  }
}

function bytesOf(answer: Mask | RowSet): number {
  return answer instanceof Mask ? answer.words.byteLength : answer.bytes;
}
