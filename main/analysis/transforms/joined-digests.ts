import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { DigestCollector } from './digest-table.ts';
import { digestAlgorithms, digestText, hmacText, type DigestAlgorithm } from './digests.ts';
import { normalFormsOf, type NormalForm } from './normal-forms.ts';
import type { PatternValue } from './pattern-set.ts';

/** Something that the handset knows beside its identifiers, and that software hashes along with them. */
export interface Salt {
  readonly what:
    'model' | 'brand' | 'manufacturer' | 'device' | 'board' | 'hardware' | 'package' | 'application' | 'fingerprint';
  readonly value: string;
  /** Of which handset; only its identifiers are joined with it. */
  readonly handset: string;
}

/** Joined digests made at most: what is beyond is counted, the rarer joins first. */
export const maxJoined = 100_000;

/** What stands between the parts: one entry a practice, the customary ones first. */
export const separators: readonly string[] = ['', '_', '-', ':', '|', ',', '&'];
/** Of packages there are hundreds: only these. */
const packageSeparators = separators.slice(0, 2);

const algorithms: readonly DigestAlgorithm[] = digestAlgorithms.filter((a) => a.name !== 'sha384');

/** Identifiers that a handset or its owner has once or twice, in the order in which a joined digest counts for one of them. */
const joinable: readonly IdentifierKind[] = [
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
  'email',
  'account',
];

interface Part {
  /** How it is shown: `{imei}`, `{wifi-mac mac-plain}`, `{model}`. */
  readonly name: string;
  readonly text: string;
  /** Index of the value; -1 for a salt. */
  readonly value: number;
  readonly form: string | null;
}

interface Recipe {
  readonly step: string;
  readonly owner: Part;
  /** A character a byte. */
  readonly digest: (algorithm: DigestAlgorithm) => string;
}

/** Recipes of one practice, and how many there are: of hundreds of identifiers there are millions, which nobody walks through. */
interface Practice {
  readonly count: number;
  readonly recipes: () => Iterable<Recipe>;
}

export interface JoinedDigests {
  readonly count: number;
  readonly dropped: number;
}

/**
 * Digests of an identifier together with another value of the same handset, before or after it, or as an HMAC's key. Pairs of identifiers
 * first, then salts, triples, contacts, and packages last. Adds at most `limit` to `digests`; `dropped` says how many more there would have been.
 */
export function joinedDigests(
  values: readonly PatternValue[],
  salts: readonly Salt[],
  digests: DigestCollector,
  limit: number = maxJoined,
): JoinedDigests {
  let made = 0;
  let dropped = 0;
  const handsets = [...new Set(values.flatMap((v) => v.owners.map((o) => o.handset)))].sort();
  const stages: ((handset: string) => Practice)[] = [
    (handset) => pairs(partsOf(values, handset, false)),
    (handset) => salted(partsOf(values, handset, false), saltParts(salts, handset, false), separators),
    (handset) => triples(partsOf(values, handset, true)),
    (handset) =>
      keyed(partsOf(values, handset, true), [...saltParts(salts, handset, false), ...partsOf(values, handset, true)]),
    (handset) =>
      salted(
        contactParts(values, handset),
        [...saltParts(salts, handset, false), ...androidIds(values, handset)],
        [''],
      ),
    (handset) => salted(partsOf(values, handset, true), saltParts(salts, handset, true), packageSeparators),
    (handset) => keyed(partsOf(values, handset, true), saltParts(salts, handset, true)),
  ];
  for (const stage of stages) {
    for (const handset of handsets) {
      const { count, recipes } = stage(handset);
      const taken = Math.min(count, Math.floor((limit - made) / algorithms.length));
      dropped += (count - taken) * algorithms.length;
      for (const { step, owner, digest } of first(taken, recipes)) {
        digests.recipe({ value: owner.value, form: owner.form, before: [step] });
        for (const algorithm of algorithms) digests.add(algorithm.name, digest(algorithm));
      }
      made += taken * algorithms.length;
    }
  }
  return { count: made, dropped };
}

function* first<T>(count: number, of: () => Iterable<T>): Iterable<T> {
  if (count <= 0) return;
  let left = count;
  for (const one of of()) {
    yield one;
    left -= 1;
    if (left === 0) return;
  }
}

/** How many parts each value has. */
function partsOfValues(parts: readonly Part[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { value } of parts) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Sum of the `power`th powers of how many parts each value has. */
function powerSum(parts: readonly Part[], power: number): number {
  let sum = 0;
  for (const count of partsOfValues(parts).values()) sum += count ** power;
  return sum;
}

/** Pairs of a part and one of `others` that are not of the same value. */
function pairsOf(parts: readonly Part[], others: readonly Part[]): number {
  const counts = partsOfValues(parts);
  return others.reduce((sum, { value }) => sum + parts.length - (counts.get(value) ?? 0), 0);
}

/** Texts of a handset's own identifiers: each customary writing, or only the canonical one. */
function partsOf(values: readonly PatternValue[], handset: string, canonical: boolean): Part[] {
  const parts: Part[] = [];
  for (const kind of joinable) {
    values.forEach((entry, value) => {
      if (entry.kind !== kind || !entry.owners.some((o) => o.handset === handset)) return;
      if (canonical) {
        parts.push({ name: `{${kind}}`, text: entry.value, value, form: null });
        return;
      }
      for (const form of normalFormsOf(kind, entry.value)) {
        if (form.rank > 0 || form.digestOnly) continue;
        for (const text of form.texts) parts.push({ name: partName(kind, form, text), text, value, form: form.form });
      }
    });
  }
  return parts;
}

/** `{wifi-mac mac-plain upper}`: kind, form where it is not the canonical one, letter case where it is not as in the canonical one. */
function partName(kind: IdentifierKind, form: NormalForm, text: string): string {
  const first = form.texts[0] ?? text;
  const letters =
    text === first ? '' : text === first.toUpperCase() ? ' upper' : text === first.toLowerCase() ? ' lower' : '';
  return `{${kind}${form.form === null ? '' : ` ${form.form}`}${letters}}`;
}

function contactParts(values: readonly PatternValue[], handset: string): Part[] {
  return values.flatMap((entry, value) => {
    if (entry.kind !== 'contact-msisdn' || !entry.owners.some((o) => o.handset === handset)) return [];
    return normalFormsOf(entry.kind, entry.value)
      .filter((form) => form.rank === 0)
      .map((form) => ({ name: '{contact-msisdn}', text: form.texts[0] ?? '', value, form: form.form }));
  });
}

function androidIds(values: readonly PatternValue[], handset: string): Part[] {
  return partsOf(values, handset, true).filter((part) => part.name === '{android-id}');
}

function saltParts(salts: readonly Salt[], handset: string, packages: boolean): Part[] {
  const texts = new Map<string, Part>();
  for (const { what, value, handset: of } of salts) {
    if (of !== handset || value === '' || (what === 'package') !== packages) continue;
    // A package is named, since there are many; no other salt singles out anybody, nor need be told apart.
    const name = what === 'package' ? `{package ${value}}` : `{${what}}`;
    if (!texts.has(value)) texts.set(value, { name, text: value, value: -1, form: null });
  }
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

function joined(parts: readonly Part[], separator: string, owner: Part): Recipe {
  const text = parts.map((part) => part.text).join(separator);
  return {
    step: `join:${parts.map((part) => part.name).join(separator)}`,
    owner,
    digest: (algorithm) => digestText(algorithm, text),
  };
}

function pairs(parts: readonly Part[]): Practice {
  return {
    count: separators.length * pairsOf(parts, parts),
    *recipes() {
      for (const separator of separators) {
        for (const [i, a] of parts.entries()) {
          for (const [j, b] of parts.entries()) {
            // The order of parts is that of `joinable`: the digest counts for the earlier one.
            if (a.value !== b.value) yield joined([a, b], separator, i < j ? a : b);
          }
        }
      }
    },
  };
}

function salted(parts: readonly Part[], salts: readonly Part[], between: readonly string[]): Practice {
  return {
    count: between.length * 2 * pairsOf(parts, salts),
    *recipes() {
      for (const separator of between) {
        for (const salt of salts) {
          for (const part of parts) {
            if (part.value === salt.value) continue;
            yield joined([part, salt], separator, part);
            yield joined([salt, part], separator, part);
          }
        }
      }
    },
  };
}

function triples(parts: readonly Part[]): Practice {
  return {
    // All in order, less those with two of one value.
    count: parts.length ** 3 - 3 * parts.length * powerSum(parts, 2) + 2 * powerSum(parts, 3),
    *recipes() {
      for (const [i, a] of parts.entries()) {
        for (const [j, b] of parts.entries()) {
          for (const [k, c] of parts.entries()) {
            if (a.value === b.value || b.value === c.value || a.value === c.value) continue;
            yield joined([a, b, c], '', parts[Math.min(i, j, k)] ?? a);
          }
        }
      }
    },
  };
}

/** HMAC with the other value as its key (RFC 2104). */
function keyed(parts: readonly Part[], keys: readonly Part[]): Practice {
  return {
    count: pairsOf(parts, keys),
    *recipes() {
      for (const key of keys) {
        for (const part of parts) {
          if (part.value === key.value) continue;
          yield {
            step: `hmac:${key.name}`,
            owner: part,
            digest: (algorithm) => hmacText(algorithm, key.text, part.text),
          };
        }
      }
    },
  };
}
