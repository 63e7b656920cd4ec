import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { IdentifierKind } from '../../shared/model/identifier.ts';
import { identifierKinds } from '../../shared/model/identifier.ts';
import { normaliseIdentifier } from '../analysis/identifiers/normalise-identifier.ts';
import type { AcquisitionOutcome } from '../acquisition/run-acquisition.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { acquisitionFacts, noFacts, parseStored } from './parse-stored.ts';

/** Values from one handset beyond this are an attack or a fault, and are said. */
const maxIdentifiers = 5000;

/**
 * Takes over the identifiers that an acquisition read, each with the exhibit it stands in as its source. The exhibits are
 * closed and hashed by now. Returns what could not be taken over.
 */
export function identifiersFromExhibits(
  writer: CaseWriter,
  about: { readonly handset: string },
  outcome: AcquisitionOutcome,
): Gap[] {
  const ids = outcome.results.flatMap((result) => result.commands.flatMap((command) => command.exhibits));
  const exhibits = ids.flatMap((id) => {
    const exhibit = writer.exhibit(id);
    return exhibit.ok ? [exhibit.value] : [];
  });
  return identifiersOfExhibits(writer, about, exhibits);
}

/** As `identifiersFromExhibits`, of exhibits that came in another way. */
export function identifiersOfExhibits(
  writer: CaseWriter,
  about: { readonly handset: string },
  exhibits: readonly Exhibit[],
): Gap[] {
  const facts = acquisitionFacts(writer, exhibits);
  const doubts: Gap[] = [];
  const seen = new Set<string>();
  for (const exhibit of exhibits) {
    const { id } = exhibit;
    if (exhibit.outcome !== 'read' || exhibit.kind === 'apk') continue;
    const parsed = parseStored(writer, exhibit, facts.get(exhibit.acquisition ?? '') ?? noFacts);
    if (!parsed.ok) continue;
    for (const record of parsed.value.records) {
      if (record.kind !== 'identifier') continue;
      const kind = identifierKinds.find((one): one is IdentifierKind => one === record.identifierKind);
      if (kind === undefined) continue;
      if (seen.size >= maxIdentifiers) return [...doubts, gap('identifiers-limit', { count: maxIdentifiers })];
      const normal = normaliseIdentifier(kind, record.value, { strict: false });
      if (!normal.ok) continue;
      const key = `${kind} ${normal.value.value} ${id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const { value, warnings } = normal.value;
      const added = writer.addIdentifier({
        handset: about.handset,
        kind,
        value,
        original: record.value,
        source: id,
        warnings,
      });
      if (!added.ok && added.problem.code !== 'identifier-duplicate') {
        doubts.push(gap('identifier-not-taken', { exhibit: id, problem: added.problem.code }));
      }
    }
  }
  return doubts;
}
