import type { PatternSet } from '../transforms/pattern-set.ts';
import { buildEngine, searchWhole, type SearchEngine } from './layered-search.ts';
import type { RawMatch } from './raw-match.ts';

/** A writing of an identifier in a text of its own (a text message, a report to be checked). Offsets are bytes of its UTF-8. */
export interface TextMatch {
  readonly value: number;
  readonly owners: readonly { readonly id: string; readonly handset: string }[];
  readonly form: string | null;
  readonly transform: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

const engines = new WeakMap<PatternSet, SearchEngine>();

/** Every identifier in `text`, each occurrence once in its most specific writing, in order of offset. */
export function findInText(set: PatternSet, text: string | Uint8Array): TextMatch[] {
  const engine = engines.get(set) ?? buildEngine(set);
  engines.set(set, engine);
  const matches: RawMatch[] = [];
  searchWhole(engine, Uint8Array.from(typeof text === 'string' ? Buffer.from(text, 'utf8') : text), (match) =>
    matches.push(match),
  );
  // The widest first: what overlaps it for the same value is a lesser reading of the same place.
  matches.sort((a, b) => b.span - a.span || a.steps.length - b.steps.length || a.from - b.from);
  const kept: RawMatch[] = [];
  for (const match of matches) {
    const overlaps = kept.some(
      (k) =>
        k.value === match.value &&
        match.from < k.to &&
        k.from < match.to &&
        (k.inner === null || k.inner.from === match.inner?.from),
    );
    if (!overlaps) kept.push(match);
  }
  return kept
    .sort((a, b) => a.from - b.from || a.value - b.value)
    .map(({ value, form, steps, from, to, bits }) => ({
      value,
      owners: set.values[value]?.owners ?? [],
      form,
      transform: steps,
      start: from,
      end: to,
      bits,
    }));
}
