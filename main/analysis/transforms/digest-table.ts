import { digestAlgorithms } from './digests.ts';
import type { DigestPattern } from './pattern-set.ts';

/** What several digests have in common: one text hashed with one function after the other. */
export type DigestRecipe = Pick<DigestPattern, 'value' | 'form' | 'before'>;

/**
 * Digests in a few pieces of memory: a hundred thousand objects, each with a buffer of its own, would take as long to make, to hand on and
 * to collect as a hundred megabytes of traffic to search. Plain data.
 */
export interface DigestTable {
  readonly count: number;
  readonly recipes: readonly DigestRecipe[];
  /** Of each digest its recipe's number. */
  readonly recipeOf: Int32Array;
  /** Of each its function's place in `digestAlgorithms`. */
  readonly functionOf: Uint8Array;
  /** Of each where in `bytes` it begins; as many bytes are its as its function gives. */
  readonly startOf: Int32Array;
  readonly bytes: Uint8Array;
}

const numbers: ReadonlyMap<string, number> = new Map(digestAlgorithms.map(({ name }, i) => [name, i]));

/** Throws for a function that is not in the table. */
export function functionNumber(algorithm: string): number {
  const number = numbers.get(algorithm);
  if (number === undefined) throw new Error(`no hash function ${algorithm} in the table`);
  return number;
}

/** Digest number `i`, with a view of its bytes; null beyond the last. */
export function digestAt(table: DigestTable, i: number): DigestPattern | null {
  const recipe = table.recipes[table.recipeOf[i] ?? -1];
  const row = digestAlgorithms[table.functionOf[i] ?? -1];
  const start = table.startOf[i];
  if (recipe === undefined || row === undefined || start === undefined) return null;
  return { ...recipe, algorithm: row.name, digest: table.bytes.subarray(start, start + row.bytes) };
}

/** Where each digest begins whose functions these are, and where the last one ends. */
export function digestStarts(functionOf: Uint8Array): { readonly startOf: Int32Array; readonly end: number } {
  const startOf = new Int32Array(functionOf.length);
  let end = 0;
  for (let i = 0; i < functionOf.length; i++) {
    startOf[i] = end;
    end += digestAlgorithms[functionOf[i] as number]?.bytes ?? 0;
  }
  return { startOf, end };
}

/** Collects digests for a table. */
export class DigestCollector {
  readonly #recipes: DigestRecipe[] = [];
  #recipeOf = new Int32Array(1024);
  #functionOf = new Uint8Array(1024);
  #bytes = Buffer.allocUnsafeSlow(32 * 1024);
  #count = 0;
  #length = 0;

  get count(): number {
    return this.#count;
  }

  /** What the digests that are added next have in common. */
  recipe(recipe: DigestRecipe): void {
    this.#recipes.push(recipe);
  }

  /** `digest`: as many characters as its function gives bytes (`digestText`). Throws where it is not whole: each one after it would be another. */
  add(algorithm: string, digest: string): void {
    const number = functionNumber(algorithm);
    if (digest.length !== digestAlgorithms[number]?.bytes) throw new Error(`a digest of ${algorithm} is not whole`);
    if (this.#recipes.length === 0) throw new Error(`a digest of ${algorithm} without what is hashed`);
    this.#makeRoom(digest.length);
    this.#recipeOf[this.#count] = this.#recipes.length - 1;
    this.#functionOf[this.#count] = number;
    this.#bytes.write(digest, this.#length, 'latin1');
    this.#count += 1;
    this.#length += digest.length;
  }

  /** Everything that was added, in order. */
  table(): DigestTable {
    const functionOf = this.#functionOf.slice(0, this.#count);
    return {
      count: this.#count,
      recipes: this.#recipes,
      recipeOf: this.#recipeOf.slice(0, this.#count),
      functionOf,
      startOf: digestStarts(functionOf).startOf,
      bytes: new Uint8Array(this.#bytes.subarray(0, this.#length)),
    };
  }

  #makeRoom(length: number): void {
    if (this.#count === this.#recipeOf.length) {
      this.#recipeOf = doubled(this.#recipeOf, new Int32Array(this.#count * 2));
      this.#functionOf = doubled(this.#functionOf, new Uint8Array(this.#count * 2));
    }
    if (this.#length + length > this.#bytes.length)
      this.#bytes = doubled(this.#bytes, Buffer.allocUnsafeSlow(this.#bytes.length * 2));
  }
}

function doubled<T extends Uint8Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
