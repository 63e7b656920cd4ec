import type { Identifier } from './identifier.ts';

/** A kind of identifier of which the sources of one handset name different values. */
export interface SourceContradiction {
  readonly handset: string;
  readonly kind: Identifier['kind'];
  readonly values: readonly { readonly value: string; readonly sources: readonly string[] }[];
}

/** Contradictions of the sources, each value with where it is from: to be settled before an analysis searches for them. */
export function contradictionsOf(rows: readonly Identifier[]): SourceContradiction[] {
  const groups = new Map<string, Map<string, { readonly of: Identifier; readonly sources: Set<string> }>>();
  for (const row of rows) {
    if (!row.warnings.includes('contradicted')) continue;
    const key = JSON.stringify([row.handset, row.kind]);
    const values = groups.get(key) ?? new Map<string, { readonly of: Identifier; readonly sources: Set<string> }>();
    groups.set(key, values);
    const known = values.get(row.value);
    if (known === undefined) values.set(row.value, { of: row, sources: new Set([row.source]) });
    else known.sources.add(row.source);
  }
  return [...groups.values()].flatMap((values) => {
    const [first] = values.values();
    if (first === undefined) return [];
    const { handset, kind } = first.of;
    return [{ handset, kind, values: [...values].map(([value, { sources }]) => ({ value, sources: [...sources] })) }];
  });
}
