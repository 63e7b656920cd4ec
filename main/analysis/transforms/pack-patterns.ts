import { digestAlgorithms } from './digests.ts';
import { type DigestRecipe, digestStarts, type DigestTable } from './digest-table.ts';
import type { FieldForm, LiteralPattern, PatternSet } from './pattern-set.ts';

/**
 * A set of patterns in one piece of memory, which threads share: tens of thousands of small objects would take each of them as long to
 * send and to receive as two hundred megabytes of traffic to search. Bytes of a text in JSON, UTF-8, as a number of four bytes; that text;
 * the bytes of all patterns, in the order of the text; of each digest its recipe's number (four bytes, little-endian), then of each its
 * function's place in the table, then their bytes.
 */
export type PackedPatterns = SharedArrayBuffer;

type WithLength<Pattern extends { readonly bytes: Uint8Array }> = Omit<Pattern, 'bytes'> & { readonly length: number };

interface PackedText extends Omit<PatternSet, 'literals' | 'digests' | 'fieldForms'> {
  readonly literals: readonly WithLength<LiteralPattern>[];
  readonly fieldForms: readonly WithLength<FieldForm>[];
  readonly recipes: readonly DigestRecipe[];
  /** How many digests there are. */
  readonly digests: number;
}

const headBytes = 4;
const numberBytes = 4;

export function packPatterns(set: PatternSet): PackedPatterns {
  const { recipes, recipeOf, functionOf, bytes: digestBytes, count } = set.digests;
  const packed: PackedText = {
    ...set,
    literals: set.literals.map(({ bytes, ...literal }) => ({ ...literal, length: bytes.length })),
    fieldForms: set.fieldForms.map(({ bytes, ...form }) => ({ ...form, length: bytes.length })),
    recipes,
    digests: count,
  };
  const text = Buffer.from(JSON.stringify(packed));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(text.length, 0);
  const numbers = Buffer.alloc(count * numberBytes);
  for (let i = 0; i < count; i++) numbers.writeInt32LE(recipeOf[i] as number, i * numberBytes);
  const pieces = [
    head,
    text,
    ...set.literals.map(bytesOf),
    ...set.fieldForms.map(bytesOf),
    numbers,
    functionOf,
    digestBytes,
  ];
  // Joined first: many small copies into shared memory cost several times as much as one large one.
  const bytes = Buffer.concat(pieces);
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return memory;
}

/** The same set again. Throws where its parts are not as long as they say. */
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
  const numbers = take(packed.digests * numberBytes);
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.length);
  const recipeOf = Int32Array.from({ length: packed.digests }, (_, i) => view.getInt32(i * numberBytes, true));
  const functionOf = take(packed.digests).slice();
  const digests = digestTable(packed.recipes, recipeOf, functionOf, bytes.slice(at));
  return { version, values, literals, fieldForms, counts, skipped, digests };
}

function digestTable(
  recipes: readonly DigestRecipe[],
  recipeOf: Int32Array,
  functionOf: Uint8Array,
  bytes: Uint8Array,
): DigestTable {
  const { startOf, end } = digestStarts(functionOf);
  const isWhole = recipeOf.every((recipe) => recipe < recipes.length);
  if (!isWhole || functionOf.some((one) => one >= digestAlgorithms.length))
    throw new Error('a digest without its recipe or its function');
  if (end !== bytes.length) throw new Error(`digests take ${end} bytes of ${bytes.length}`);
  return { count: recipeOf.length, recipes, recipeOf, functionOf, startOf, bytes };
}

const bytesOf = ({ bytes }: { readonly bytes: Uint8Array }): Uint8Array => bytes;
