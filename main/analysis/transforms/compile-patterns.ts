import type { Identifier } from '../../../shared/model/identifier.ts';
import { isPlaceholder } from '../identifiers/placeholders.ts';
import { normaliseIdentifier } from '../identifiers/normalise-identifier.ts';
import { binaryFormsOf } from './binary-forms.ts';
import { DigestCollector } from './digest-table.ts';
import { digestAlgorithms, digestInputs, digestText, isMissingMarker } from './digests.ts';
import { joinedDigests, type Salt } from './joined-digests.ts';
import {
  binaryLiterals,
  type Candidate,
  fieldFormsOf,
  isContact,
  rawDigestLiterals,
  textLiterals,
  uuidLiterals,
} from './literal-candidates.ts';
import { LiteralPool } from './literal-pool.ts';
import { normalFormsOf, type NormalForm } from './normal-forms.ts';
import { nothingBeside, patternsBeside, type BesideSources } from './patterns-beside.ts';
import { shortFieldPatterns, shortFieldRowOf } from './short-fields.ts';
import type { FieldForm, PatternCounts, PatternSet, PatternValue, SkippedPattern } from './pattern-set.ts';

export { minLiteralBytes } from './literal-candidates.ts';

export type PatternSource = Pick<Identifier, 'id' | 'handset' | 'kind' | 'value'>;

/** The 32 KiB bitmap of the literal scan keeps its selectivity up to here (handbook: performance.md). */
export const maxLiterals = 20_000;

/**
 * Every writing of every identifier as literals and digests. Values must be canonical (normaliseIdentifier); placeholders are left out.
 * `salts` are what the handsets have beside identifiers, to be hashed along with them; `beside` what else is looked for in the same go.
 * Deterministic: the same identifiers and salts in any order give the same set.
 */
export function compilePatterns(
  identifiers: readonly PatternSource[],
  limit = maxLiterals,
  salts: readonly Salt[] = [],
  beside: BesideSources = nothingBeside,
): PatternSet {
  const skipped: SkippedPattern[] = [];
  const values = collectValues(identifiers, skipped);
  const pool = new LiteralPool(limit);
  const digests = new DigestCollector();
  const fieldForms: FieldForm[] = [];
  values.forEach((entry, index) => {
    const forms = normalFormsOf(entry.kind, entry.value);
    const texts = forms.flatMap((form) => textLiterals(form, entry, index));
    const short = shortFieldRowOf(entry.kind) === null ? [] : fieldFormsOf(index, forms);
    fieldForms.push(...short);
    if (texts.length === 0) {
      const reason = short.length === 0 ? 'short' : 'in-fields';
      for (const owner of entry.owners) skipped.push({ id: owner.id, kind: entry.kind, reason });
    }
    const others = [...forms.flatMap((form) => uuidLiterals(form, entry, index)), ...binaryLiterals(entry, index)];
    for (const form of forms) others.push(...digestsOf(form, entry, index, digests));
    byteDigestsOf(entry, index, digests);
    pool.add([...texts, ...others]);
  });
  const inFields = shortFieldPatterns(values, fieldForms, values.length);
  pool.add(inFields.literals);
  const more = patternsBeside(beside, values.length + inFields.values.length, digests);
  pool.add(more.literals);
  const joined = joinedDigests(
    values,
    salts.filter((salt) => !isPlaceholder('serial', salt.value)),
    digests,
  );
  const { kept, droppedValues, dropped } = pool.finish();
  skipped.push(...cutByLimit(values, droppedValues));
  const counts: PatternCounts = {
    values: values.length,
    literals: kept.length,
    digests: digests.count,
    fieldForms: fieldForms.length,
    literalsDropped: dropped.reduce((sum, { count }) => sum + count, 0),
    dropped,
    joined: joined.count,
    joinedDropped: joined.dropped,
  };
  return {
    version: 1,
    values: [...values, ...inFields.values, ...more.values],
    literals: kept.map(({ tier: _tier, ...literal }) => literal),
    digests: digests.table(),
    fieldForms,
    counts,
    skipped,
  };
}

function collectValues(identifiers: readonly PatternSource[], skipped: SkippedPattern[]): PatternValue[] {
  const byValue = new Map<string, { entry: Omit<PatternValue, 'owners'>; owners: Map<string, string> }>();
  for (const identifier of identifiers) {
    const { id, handset, kind, value } = identifier;
    const canonical = normaliseIdentifier(kind, value, { strict: false });
    if (!canonical.ok) {
      skipped.push({ id, kind, reason: 'not-canonical' });
      continue;
    }
    if (isPlaceholder(kind, canonical.value.value)) {
      skipped.push({ id, kind, reason: 'placeholder' });
      continue;
    }
    const key = `${kind}\u0000${canonical.value.value}`;
    const known = byValue.get(key) ?? {
      entry: { kind, value: canonical.value.value },
      owners: new Map<string, string>(),
    };
    known.owners.set(id, handset);
    byValue.set(key, known);
  }
  return [...byValue]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { entry, owners }]) => ({
      ...entry,
      owners: [...owners].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, handset]) => ({ id, handset })),
    }));
}

/** Digests of a form's texts; returned are the literals of those that may be sent as bytes. */
function digestsOf(form: NormalForm, entry: PatternValue, value: number, digests: DigestCollector): Candidate[] {
  // The software versions of an IMEI are a hundred texts, contacts are thousands: they are hashed as they are.
  const inputs = isContact(entry) || form.digestOnly || form.rank > 0 ? digestInputs.slice(0, 1) : digestInputs;
  const literals: Candidate[] = [];
  for (const text of form.texts) {
    for (const row of inputs) {
      // A digest of a digest is not looked for in the longest functions: nobody was seen to make one.
      const algorithms = row.name === 'hashed' ? digestAlgorithms.slice(0, 3) : digestAlgorithms;
      for (const { before, bytes } of row.write(text)) {
        digests.recipe({ value, form: form.form, ...(before.length === 0 ? {} : { before }) });
        for (const algorithm of algorithms) {
          const digest = digestText(algorithm, bytes);
          if (isMissingMarker(digest)) continue;
          digests.add(algorithm.name, digest);
          if (before.length === 0)
            literals.push(...rawDigestLiterals({ value, algorithm: algorithm.name, digest }, form, entry));
        }
      }
    }
  }
  return literals;
}

/** Digests of an identifier's bytes: of a hardware address's six, a UUID's sixteen … */
function byteDigestsOf(entry: PatternValue, value: number, digests: DigestCollector): void {
  if (isContact(entry)) return;
  for (const { form, steps, bytes } of binaryFormsOf(entry.kind, entry.value)) {
    if (steps[0] !== 'bytes') continue;
    digests.recipe({ value, form, before: steps });
    for (const algorithm of digestAlgorithms) digests.add(algorithm.name, digestText(algorithm, bytes));
  }
}

function cutByLimit(values: readonly PatternValue[], indexes: readonly number[]): SkippedPattern[] {
  return indexes.flatMap((index) => {
    const entry = values[index];
    if (entry === undefined) return [];
    return entry.owners.map(({ id }): SkippedPattern => ({ id, kind: entry.kind, reason: 'limit' }));
  });
}
