import { availableParallelism } from 'node:os';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { PatternCounts } from '../analysis/search/patterns.ts';
import { buildIndex } from './build-index.ts';
import { writeCaseWhile, readCase } from './case-session.ts';
import type { Conduct } from './conduct.ts';
import { engineVersion } from './engine-version.ts';
import { isGap, wordGap } from './gaps.ts';
import { patternCounts } from './pattern-counts.ts';
import { wordsFor } from './words.ts';

export interface Analysed {
  readonly rebuilt: boolean;
  readonly generation: number;
  readonly exhibits: number;
  readonly records: number;
  readonly flows: number;
  readonly messages: number;
  readonly findings: number;
  readonly newFindings: number;
  /** How much is searched for at once; null for an index that does not tell. */
  readonly patterns: PatternCounts | null;
  /** What could not be read whole, one a line. */
  readonly gaps: readonly string[];
}

/** Half of the processors, at least one: the other half writes the index and serves the window. */
export function defaultWorkers(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}

/**
 * Rebuilds the index where it is missing, damaged, of another engine, or older than what the case holds; gives new
 * findings their numbers. Problems: those of opening the case, `disk-full`, `interrupted` (the old index stays).
 */
export async function analyseCase(
  directory: string,
  wish: { readonly workers: number | null },
  conduct: Conduct,
): Promise<Result<Analysed>> {
  let damage: string | null = null;
  const current = readCase(directory, (reader) => {
    const known = reader.indexState(engineVersion);
    damage = known.damage;
    if (known.state !== 'current') return ok(null);
    const index = reader.openIndex();
    if (!index.ok) return ok(null);
    const unnumbered = lacksNumbers(reader, index.value);
    const counts = index.value.counts();
    const gaps = index.value.meta('gaps');
    const patterns = patternCounts(index.value.meta('patterns'));
    index.value.close();
    if (unnumbered) return ok(null);
    return ok<Analysed>({
      rebuilt: false,
      generation: index.value.pointer.generation,
      exhibits: reader.exhibits().length,
      records: counts.record,
      flows: counts.flow,
      messages: counts.message,
      findings: counts.finding,
      newFindings: 0,
      patterns,
      gaps: Array.isArray(gaps) ? gaps.filter(isGap).map((one) => wordGap(conduct.lang, one)) : [],
    });
  });
  if (!current.ok) return current;
  if (current.value !== null) return ok(current.value);
  return writeCaseWhile(directory, 'analysing', conduct, async (writer) => {
    if (damage !== null) conduct.notice?.(wordsFor(conduct.lang)('notice.index-damaged'));
    const built = await rebuild(writer, wish.workers ?? defaultWorkers(), conduct);
    if (!built.ok || damage === null) return built;
    const noted = writer.note('index-rebuilt', damage);
    return noted.ok ? built : noted;
  });
}

/** Have findings of the index no number yet? Then its build was killed between its two last steps. */
export function lacksNumbers(reader: CaseReader, index: IndexReader): boolean {
  const numbered = reader.findingNumbers();
  return index.findingKeys().some((key) => !numbered.has(key));
}

async function rebuild(writer: CaseWriter, workers: number, conduct: Conduct): Promise<Result<Analysed>> {
  const begun = writer.beginIndex(engineVersion);
  if (!begun.ok) return begun;
  const builder = begun.value;
  let summary: Awaited<ReturnType<typeof buildIndex>>;
  try {
    summary = await buildIndex(writer, builder, { workers }, conduct);
  } catch (error) {
    builder.discard();
    throw error;
  }
  if (conduct.signal.aborted) {
    builder.discard();
    return fail('interrupted');
  }
  const published = builder.publish();
  if (!published.ok) return published;
  const numbered = writer.allotNumbers(summary.findingKeys);
  if (!numbered.ok) return numbered;
  return ok({
    rebuilt: true,
    generation: published.value.generation,
    exhibits: writer.exhibits().length,
    records: summary.records,
    flows: summary.flows,
    messages: summary.messages,
    findings: summary.findings,
    newFindings: numbered.value,
    patterns: summary.patterns,
    gaps: summary.gaps.map((one) => wordGap(conduct.lang, one)),
  });
}
