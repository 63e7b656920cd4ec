import type { Identifier, IdentifierKind } from '../../../shared/model/identifier.ts';

/** Two sources of one handset that name different values of a kind which a handset has once (per slot). */
export interface Contradiction {
  readonly handset: string;
  readonly kind: IdentifierKind;
  readonly values: readonly { readonly value: string; readonly sources: readonly string[] }[];
  /** `differ`: no value has two sources. `luhn`: one of them fails its check digit, probably the wrong one. */
  readonly reason: 'differ' | 'luhn';
}

/** What a source confirms: values named by two independent sources. */
export interface SourceAgreement {
  readonly handset: string;
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly sources: readonly string[];
}

// Kinds a handset has once, or once for each SIM slot; contacts, networks and accounts are many by nature.
const singular: ReadonlySet<IdentifierKind> = new Set([
  'imei',
  'meid',
  'imsi',
  'iccid',
  'msisdn',
  'android-id',
  'serial',
  'wifi-mac',
  'bluetooth-mac',
  'advertising-id',
]);

/** A wrong seed is a silent false negative: compares the sources of each handset's identifiers (handbook: investigation.md, rule 9). */
export function compareSources(identifiers: readonly Identifier[]): {
  readonly contradictions: readonly Contradiction[];
  readonly agreements: readonly SourceAgreement[];
} {
  const contradictions: Contradiction[] = [];
  const agreements: SourceAgreement[] = [];
  for (const [, rows] of groupBy(identifiers, (row) => `${row.handset}\u0000${row.kind}`)) {
    const [first] = rows;
    if (first === undefined) continue;
    const { handset, kind } = first;
    const values = [...groupBy(rows, (row) => row.value)].map(([value, same]) => ({
      value,
      sources: [...new Set(same.map((row) => row.source))].sort(),
    }));
    for (const entry of values) if (entry.sources.length > 1) agreements.push({ handset, kind, ...entry });
    // Dual-SIM handsets have two; a contradiction needs two sources that do not share a value.
    const sources = new Set(values.flatMap((entry) => entry.sources));
    if (!singular.has(kind) || values.length < 2 || sources.size < 2) continue;
    if (values.every((entry) => entry.sources.length === 1)) {
      const doubtful = rows.some((row) => row.warnings.includes('luhn'));
      contradictions.push({ handset, kind, values, reason: doubtful ? 'luhn' : 'differ' });
    }
  }
  return { contradictions, agreements };
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
