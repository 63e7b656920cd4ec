import { digestAlgorithms } from './digests.ts';
import type { DigestPattern, FieldForm, LiteralPattern, PatternSet } from './pattern-set.ts';

/**
 * A set of patterns in one piece of memory, which threads share: tens of thousands of small objects would take each of them as long to
 * send and to receive as two hundred megabytes of traffic to search. Bytes of a text in JSON, UTF-8, as a number of four bytes; that text;
 * the bytes of all patterns, in the order of the text.
 */
export type PackedPatterns = SharedArrayBuffer;

type WithLength<Pattern extends { readonly bytes: Uint8Array }> = Omit<Pattern, 'bytes'> & { readonly length: number };
/** What several digests have in common. */
type Recipe = Pick<DigestPattern, 'value' | 'form' | 'before'>;

interface PackedText extends Omit<PatternSet, 'literals' | 'digests' | 'fieldForms'> {
  readonly literals: readonly WithLength<LiteralPattern>[];
  readonly fieldForms: readonly WithLength<FieldForm>[];
  readonly recipes: readonly Recipe[];
  /** Of each digest in order, twice: its recipe's number; its function's place in the table of digests. */
  readonly digests: readonly number[];
}

const headBytes = 4;

export function packPatterns(set: PatternSet): PackedPatterns {
  const recipes: Recipe[] = [];
  const digests: number[] = [];
  let last: DigestPattern | null = null;
  for (const digest of set.digests) {
    const { value, form, before, algorithm } = digest;
    // Neighbours are of one text hashed with one function after the other.
    if (last === null || last.value !== value || last.form !== form || last.before !== before)
      recipes.push(before === undefined ? { value, form } : { value, form, before });
    last = digest;
    const number = functionNumber(algorithm);
    // Shorter or longer, it and each one after it would be taken from the wrong place.
    if (digest.digest.length !== digestAlgorithms[number]?.bytes)
      throw new Error(`a digest of ${algorithm} is not whole`);
    digests.push(recipes.length - 1, number);
  }
  const packed: PackedText = {
    ...set,
    literals: set.literals.map(({ bytes, ...literal }) => ({ ...literal, length: bytes.length })),
    fieldForms: set.fieldForms.map(({ bytes, ...form }) => ({ ...form, length: bytes.length })),
    recipes,
    digests,
  };
  const text = Buffer.from(JSON.stringify(packed));
  const pieces = [
    ...set.literals.map(bytesOf),
    ...set.fieldForms.map(bytesOf),
    ...set.digests.map((one) => one.digest),
  ];
  // Joined first: many small copies into shared memory cost several times as much as one large one.
  const bytes = Buffer.concat([Buffer.alloc(headBytes), text, ...pieces]);
  bytes.writeUInt32BE(text.length, 0);
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** The same set again; its digests are only made when they are asked for. */
export function unpackPatterns(memory: PackedPatterns): PatternSet {
  const length = new DataView(memory).getUint32(0);
  const packed = JSON.parse(Buffer.from(memory, headBytes, length).toString()) as PackedText;
  // Not shared any more: decoders and readers of text take no shared memory.
  const bytes = new Uint8Array(memory).slice(headBytes + length);
  let at = 0;
  const take = (count: number): Uint8Array => bytes.subarray(at, (at += count));
  const literals = packed.literals.map(({ length: count, ...literal }) => ({ ...literal, bytes: take(count) }));
  const fieldForms = packed.fieldForms.map(({ length: count, ...form }) => ({ ...form, bytes: take(count) }));
  const { version, values, counts, skipped } = packed;
  let digests: readonly DigestPattern[] | null = null;
  return {
    version,
    values,
    literals,
    fieldForms,
    counts,
    skipped,
    get digests() {
      return (digests ??= unpackDigests(packed, bytes.subarray(at)));
    },
  };
}

function unpackDigests({ recipes, digests }: PackedText, bytes: Uint8Array): DigestPattern[] {
  const patterns: DigestPattern[] = [];
  let at = 0;
  for (let i = 0; i < digests.length; i += 2) {
    const recipe = recipes[digests[i] as number];
    const row = digestAlgorithms[digests[i + 1] as number];
    if (recipe === undefined || row === undefined) throw new Error('a digest without its recipe or its function');
    const digest = bytes.subarray(at, at + row.bytes);
    patterns.push({ ...recipe, algorithm: row.name, digest });
    at += row.bytes;
  }
  if (at !== bytes.length) throw new Error(`digests take ${at} bytes of ${bytes.length}`);
  return patterns;
}

const numbers: ReadonlyMap<string, number> = new Map(digestAlgorithms.map(({ name }, i) => [name, i]));

function functionNumber(algorithm: string): number {
  const number = numbers.get(algorithm);
  if (number === undefined) throw new Error(`no hash function ${algorithm} in the table`);
  return number;
}

const bytesOf = ({ bytes }: { readonly bytes: Uint8Array }): Uint8Array => bytes;
