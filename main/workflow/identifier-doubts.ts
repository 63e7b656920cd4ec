import { identifierMethodOf, sourceConfidenceOf } from '../../shared/model/identifier-source.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { compareSources } from '../analysis/identifiers/compare-sources.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';

/** Everything read from the handset is one source, however many of its exhibits say it; what a person typed is another. */
const sourceOf = (source: string): string => (/^E\d+$/.test(source) ? 'handset' : source);

/**
 * The identifiers of a case with one more doubt, `contradicted`, on values that another source of the same handset
 * does not share: a wrong seed is a silent false negative, so it is shown before an analysis runs.
 */
export function identifiersWithDoubts(reader: CaseReader): readonly Identifier[] {
  const rows = reader.identifiers();
  const { contradictions } = compareSources(rows.map((row) => ({ ...row, source: sourceOf(row.source) })));
  const contradicted = new Set(
    contradictions.flatMap(({ handset, kind, values }) => values.map(({ value }) => keyOf({ handset, kind, value }))),
  );
  return rows.map((row) =>
    contradicted.has(keyOf(row)) ? { ...row, warnings: [...row.warnings, 'contradicted'] } : row,
  );
}

function keyOf(row: Pick<Identifier, 'handset' | 'kind' | 'value'>): string {
  return JSON.stringify([row.handset, row.kind, row.value]);
}

/** `identifiersWithDoubts`, with the way by which each source was had and what it is worth. */
export function identifiersWithSources(reader: CaseReader): readonly Identifier[] {
  const commands = new Map(
    reader.exhibits().map(({ id, origin }) => [id, origin.type === 'command' ? origin.command : null]),
  );
  return identifiersWithDoubts(reader).map((row) => {
    const method = identifierMethodOf(row.source, commands.get(row.source) ?? null);
    return { ...row, method, sourceConfidence: sourceConfidenceOf(method, row.kind) };
  });
}
