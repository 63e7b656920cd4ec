import type { DataCategory } from '../../../shared/model/finding.ts';
import { categories, categoryOf } from '../categories/categories.ts';
import type { CategorySeed } from '../categories/data-category.ts';
import { proposalProbes } from '../identifiers/propose-identifiers.ts';
import type { DigestCollector } from './digest-table.ts';
import { digestAlgorithms, digestText } from './digests.ts';
import { probeLiterals, type FieldProbe } from './field-probe.ts';
import { minLiteralBytes, type Candidate } from './literal-candidates.ts';
import type { PatternValue } from './pattern-set.ts';

/** What is looked for beside listed identifiers. */
export interface BesideSources {
  readonly seeds: readonly CategorySeed[];
  /** Whether fields that are named and built like something are looked for. */
  readonly probes: boolean;
}

export const nothingBeside: BesideSources = { seeds: [], probes: false };

const probes: readonly FieldProbe[] = [...proposalProbes, ...categories.flatMap((one) => one.probes ?? [])];
const byId: ReadonlyMap<string, FieldProbe> = new Map(probes.map((probe) => [probe.id, probe]));

export function probeOf(id: string | null): FieldProbe | null {
  return id === null ? null : (byId.get(id) ?? null);
}

/** After everything that can be written of a handset's own identifiers, before rare writings of contacts. */
const tier = 9;
/** Of one category and case: a list of packages has some hundreds. */
export const maxSeeds = 4000;

export interface PatternsBeside {
  readonly values: readonly PatternValue[];
  readonly literals: readonly Candidate[];
}

/** Their patterns, digests into `digests`; values are numbered from `first`. The same sources in any order give the same patterns. */
export function patternsBeside(
  { seeds, probes: withProbes }: BesideSources,
  first: number,
  digests: DigestCollector,
): PatternsBeside {
  const values: PatternValue[] = [];
  const literals: Candidate[] = [];
  for (const { category, value, handsets } of distinct(seeds)) {
    const index = first + values.length;
    values.push({ kind: 'custom', value, owners: [], beside: { category, probe: null, handsets } });
    literals.push(...seedLiterals(value, index));
    if (categoryOf(category)?.hashed !== true) continue;
    digests.recipe({ value: index, form: null });
    for (const algorithm of digestAlgorithms.slice(0, 3)) digests.add(algorithm.name, digestText(algorithm, value));
  }
  for (const probe of withProbes ? probes : []) {
    const index = first + values.length;
    values.push({
      kind: probe.kind,
      value: probe.id,
      owners: [],
      beside: { category: probe.category, probe: probe.id, handsets: [] },
    });
    for (const { text, nameEnd } of probeLiterals(probe))
      literals.push({ ...literalOf(text, index), fold: true, nameEnd });
  }
  return { values, literals };
}

function distinct(
  seeds: readonly CategorySeed[],
): readonly { readonly category: DataCategory; readonly value: string; readonly handsets: readonly string[] }[] {
  const known = new Map<string, { category: DataCategory; value: string; handsets: Set<string> }>();
  for (const { category, value, handset } of seeds) {
    const key = `${category}\u0000${value}`;
    const entry = known.get(key) ?? { category, value, handsets: new Set<string>() };
    entry.handsets.add(handset);
    known.set(key, entry);
  }
  return [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxSeeds)
    .map(([, { category, value, handsets }]) => ({ category, value, handsets: [...handsets].sort() }));
}

/** A text as it is and percent-encoded; one of few bytes with what stands around it in JSON, forms and a User-Agent. */
function seedLiterals(value: string, index: number): Candidate[] {
  const component = encodeURIComponent(value);
  const written = [...new Set([value, component, component.replaceAll('%20', '+')])];
  return written.flatMap((text) => {
    if (Buffer.byteLength(text) >= minLiteralBytes) return [literalOf(text, index)];
    const around = [
      `"${text}"`,
      `=${text}&`,
      `=${text} `,
      `>${text}<`,
      ` ${text} Build/`,
      `Build/${text})`,
      `; ${text};`,
      ` ${text})`,
      `(${text})`,
    ];
    const { bits } = literalOf(text, index);
    return around
      .filter((one) => Buffer.byteLength(one) >= minLiteralBytes)
      .map((one) => ({ ...literalOf(one, index), bits, edge: null }));
  });
}

function literalOf(text: string, value: number): Candidate {
  return {
    value,
    form: null,
    steps: [],
    bytes: Uint8Array.from(Buffer.from(text, 'utf8')),
    fold: false,
    edge: 'word',
    span: text.length,
    bits: Array.from(text).reduce((sum, one) => sum + (one.charCodeAt(0) > 127 ? 10 : 4), 0),
    tier,
  };
}
