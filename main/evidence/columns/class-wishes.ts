import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import { fold } from './dictionary-writer.ts';
import type { FindingClass, FlowClass } from './index-columns.ts';
import type { RowFacts } from './row-facts.ts';

export const wordsOf = (values: readonly string[]): string[] => values.map(fold);

/** What a class says to a term about it; null for a term about something else. */
export function classWish(term: FilterTerm, placeOf: RowFacts['place']): ((one: FlowClass) => boolean) | null {
  const { key, values } = term;
  const wanted = wordsOf(values);
  const isOne = (text: string): boolean => wanted.includes(fold(text));
  const holdsOne = (text: string): boolean => wanted.some((word) => fold(text).includes(word));
  switch (key) {
    case 'exhibit':
      return ([exhibit]) => isOne(exhibit);
    case 'transport':
      return ([, transport]) => isOne(transport);
    case 'application':
      return ([, , application]) => isOne(application);
    case 'channel':
      return ([, , , channel]) => isOne(channel);
    case 'app':
      return ([, , , , app]) => holdsOne(app);
    case 'label':
      return ([exhibit]) => isOne(placeOf(exhibit).label);
    case 'run':
      return ([exhibit]) => isOne(placeOf(exhibit).run ?? '');
    case 'handset':
      return ([exhibit]) => isOne(placeOf(exhibit).handset);
    default:
      return null;
  }
}

export function findingWish({ key, values }: FilterTerm, one: FindingClass): boolean {
  const [, rule, severity, confidence, , , , identifier, kind, representation] = one;
  switch (key) {
    case 'identifier':
      return values.includes(kind) || values.includes(identifier);
    case 'representation':
      return values.includes(representation);
    case 'severity':
      return values.includes(severity);
    case 'confidence':
      return values.includes(confidence);
    default:
      return wordsOf(values).some((word) => fold(rule).includes(word));
  }
}

/** Where a hit was found it says itself, also where it lies in no conversation. */
export function findingPlace({ key, values, negated }: FilterTerm): ((one: FindingClass) => boolean) | null {
  const at = { exhibit: 0, label: 4, run: 5, handset: 6, channel: 10 }[key as 'exhibit'] as number | undefined;
  if (at === undefined) return null;
  const wanted = wordsOf(values);
  return (one) => wanted.includes(fold(one[at] ?? '')) !== negated;
}

const phaseOfConsent: Readonly<Record<string, string>> = {
  'before-any-act': 'before-consent',
  'after-act': 'after-consent',
};

export function findingPhase({ values, negated }: FilterTerm): (one: FindingClass) => boolean {
  return (one) => values.includes(phaseOfConsent[one[11]] ?? 'unknown') !== negated;
}
