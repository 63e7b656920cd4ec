import type { Identifier } from '../../../shared/model/identifier.ts';
import { isPlaceholder } from '../identifiers/placeholders.ts';
import { normaliseIdentifier } from '../identifiers/normalise-identifier.ts';
import { digestAlgorithms, digestOf, missingIdentifierMarker } from './digests.ts';
import { encodings } from './encodings.ts';
import { normalFormsOf, type NormalForm } from './normal-forms.ts';
import type { DigestPattern, LiteralPattern, PatternSet, PatternValue, SkippedPattern } from './pattern-set.ts';

export type PatternSource = Pick<Identifier, 'id' | 'handset' | 'kind' | 'value'>;

/** The 32 KiB bitmap of the literal scan keeps its selectivity up to here (handbook: performance.md). */
export const maxLiterals = 20_000;
/** Below this a sampled search cannot be sure to touch the pattern, and chance finds it anyway. */
export const minLiteralBytes = 7;

interface Candidate extends LiteralPattern {
  readonly tier: number;
}

/**
 * Every writing of every identifier as literals and digests. Values must be canonical (normaliseIdentifier); placeholders are left out.
 * Deterministic: the same identifiers in any order give the same set.
 */
export function compilePatterns(identifiers: readonly PatternSource[], limit = maxLiterals): PatternSet {
  const skipped: SkippedPattern[] = [];
  const values = collectValues(identifiers, skipped);
  const candidates: Candidate[] = [];
  const digests: DigestPattern[] = [];
  values.forEach((entry, index) => {
    const before = candidates.length;
    for (const form of normalFormsOf(entry.kind, entry.value)) {
      candidates.push(...literalsOf(form, index));
      digests.push(...digestsOf(form, index));
    }
    if (candidates.length === before)
      for (const owner of entry.owners) skipped.push({ id: owner.id, kind: entry.kind, reason: 'short' });
  });
  for (const digest of digests) candidates.push(...rawDigestLiteral(digest));
  const distinct = keepDistinct(candidates);
  // Stable sort: by tier, so that the limit takes the rare writings of everybody before the common ones of anybody.
  distinct.sort((a, b) => a.tier - b.tier);
  const kept = distinct.slice(0, limit);
  for (const index of new Set(distinct.slice(limit).map((literal) => literal.value))) {
    const entry = values[index];
    for (const owner of entry?.owners ?? [])
      skipped.push({ id: owner.id, kind: entry?.kind ?? 'custom', reason: 'limit' });
  }
  return {
    version: 1,
    values,
    literals: kept.map(({ tier: _tier, ...literal }) => literal),
    digests,
    counts: {
      values: values.length,
      literals: kept.length,
      digests: digests.length,
      literalsDropped: distinct.length - kept.length,
    },
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

function literalsOf(form: NormalForm, value: number): Candidate[] {
  if (form.digestOnly) return [];
  const literals: Candidate[] = [];
  form.texts.forEach((text, variant) => {
    // A value of few bytes is found by chance in any encoding: only its digests single it out.
    if (Buffer.byteLength(text) < minLiteralBytes) return;
    for (const encoding of encodings) {
      for (const encoded of encoding.encode(text, form.fold)) {
        // Texts that differ in case only are one pattern where the search folds case.
        const sameWhenFolded =
          variant > 0 &&
          encoded.fold &&
          encoding.name !== 'hex' &&
          encoding.name !== 'percent-full' &&
          sameLetters(text, form.texts[0]);
        if (sameWhenFolded || encoded.bytes.length < minLiteralBytes) continue;
        literals.push({
          value,
          form: form.form,
          steps: encoded.steps,
          // A copy of its own: a slice of Buffer's pool would take the pool along to a worker.
          bytes: Uint8Array.from(encoded.bytes),
          fold: encoded.fold,
          edge: form.edge,
          ...(encoded.partial === undefined ? {} : { partial: encoded.partial }),
          span: text.length,
          bits: bitsOf(text, form),
          tier: encoding.tier + form.rank / 2,
        });
      }
    }
  });
  return literals;
}

function sameLetters(text: string, first: string | undefined): boolean {
  return first !== undefined && text.toLowerCase() === first.toLowerCase();
}

function digestsOf(form: NormalForm, value: number): DigestPattern[] {
  return form.texts.flatMap((text) =>
    digestAlgorithms
      .map((algorithm) => ({
        value,
        form: form.form,
        algorithm: algorithm.name,
        digest: Uint8Array.from(digestOf(algorithm, text)),
      }))
      .filter((pattern) => !Buffer.from(pattern.digest).toString('base64url').startsWith(missingIdentifierMarker)),
  );
}

/** A digest sent as raw bytes. The hundred software versions of an IMEI are left to the token look-up. */
function rawDigestLiteral(pattern: DigestPattern): Candidate[] {
  if (pattern.form === 'imeisv') return [];
  return [
    {
      value: pattern.value,
      form: pattern.form,
      steps: [pattern.algorithm],
      bytes: pattern.digest,
      fold: false,
      edge: null,
      span: pattern.digest.length,
      bits: pattern.digest.length * 8,
      tier: 6,
    },
  ];
}

/** Surprise of a text in bits: uniform for numbers and ids, cautious for words that people write anyway. */
function bitsOf(text: string, form: NormalForm): number {
  if (form.edge === 'digit') return text.replace(/\D/g, '').length * Math.log2(10) + (text.startsWith('+') ? 4 : 0);
  if (form.edge === 'hex' || form.edge === null) return text.replace(/[^0-9a-f]/gi, '').length * 4;
  let bits = 0;
  for (const character of text) bits += /[0-9]/.test(character) ? 3.3 : character.charCodeAt(0) > 127 ? 10 : 2.5;
  return bits;
}

/** The same bytes may be reached twice for one value (a national number without prefix): the first, most canonical, stays. */
function keepDistinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const key = `${candidate.value}:${candidate.fold ? 'f' : 'x'}:${Buffer.from(candidate.bytes).toString('latin1')}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
