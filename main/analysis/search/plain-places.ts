import { forEachEscape } from './undo-escapes.ts';
import { forEachSampledWord, type LiteralIndex } from './literal-index.ts';
import type { Places } from './places.ts';
import { forEachTokenRun } from './token-runs.ts';

/**
 * The same in plain JavaScript, for contents of any length: slower, and without leaving out what decodes to nothing. What the
 * kernel finds is held against this in a property test.
 */
export function plainPlaces(literals: LiteralIndex, bytes: Uint8Array, length: number): Places {
  const words: number[] = [];
  const runs: number[] = [];
  const escapes: number[] = [];
  forEachSampledWord(literals, bytes, length, (at, entry) => words.push(at, entry));
  forEachTokenRun(bytes, 0, length, (start, end) => runs.push(start, end));
  forEachEscape(bytes, length, (kind, at) => escapes.push(kind, at));
  return { words, runs, escapes };
}
