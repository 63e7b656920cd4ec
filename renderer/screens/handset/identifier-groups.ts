import type { Identifier } from '../../../shared/model/identifier.ts';
import {
  sourceConfidences,
  type IdentifierMethod,
  type SourceConfidence,
} from '../../../shared/model/identifier-source.ts';

export interface IdentifierGroup {
  readonly id: string;
  readonly handset: string;
  readonly kind: Identifier['kind'];
  readonly value: string;
  readonly sources: readonly string[];
  readonly warnings: readonly string[];
  /** Read from the handset and seen elsewhere, or seen in two other places: reading a handset twice is one source. */
  readonly independentSources: number;
  /** The best of its sources; null where none is known. */
  readonly confidence: SourceConfidence | null;
  readonly methods: readonly IdentifierMethod[];
}

const isExhibit = (source: string): boolean => /^E\d{3,}\b/.test(source);

/** One row per identifier; the rows of a case are one per source. */
export function groupIdentifiers(rows: readonly Identifier[]): readonly IdentifierGroup[] {
  const byId = new Map<string, Identifier[]>();
  for (const row of rows) {
    const known = byId.get(row.id);
    if (known === undefined) byId.set(row.id, [row]);
    else known.push(row);
  }
  return [...byId.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sources = [...new Set(group.map((row) => row.source))];
    return [
      {
        id: first.id,
        handset: first.handset,
        kind: first.kind,
        value: first.value,
        sources,
        warnings: [...new Set(group.flatMap((row) => row.warnings))],
        confidence: sourceConfidences.find((one) => group.some((row) => row.sourceConfidence === one)) ?? null,
        methods: [...new Set(group.flatMap((row) => (row.method === undefined ? [] : [row.method])))],
        independentSources: new Set(sources.map((source) => (isExhibit(source) ? 'handset' : source))).size,
      },
    ];
  });
}
