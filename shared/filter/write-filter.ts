import type { FilterKey } from './filter-keys.ts';
import { parseFilter } from './parse-filter.ts';
import type { FilterTerm } from './parse-filter.ts';

/** Terms as a line that reads back as the same terms. */
export function writeFilter(terms: readonly FilterTerm[]): string {
  return terms.map(writeTerm).join(' ');
}

export function writeTerm({ key, values, negated }: FilterTerm): string {
  const written = values.map((value) => writeValue(value, key === 'text')).join(',');
  return `${negated ? '-' : ''}${key === 'text' ? '' : `${key}:`}${written}`;
}

function writeValue(value: string, isWord: boolean): string {
  // A word that begins like a key or a negation would be read as one.
  const plain = isWord ? /^[^\s"\\:-][^\s"\\:]*$/ : /^[^\s"\\,]+$/;
  return plain.test(value) ? value : `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

/**
 * The line with a wish for this value (`only`) or against it (`not`), in place of what it said of the same key and in the same
 * sense. A line that cannot be read is replaced by the wish alone.
 */
export function withTerm(line: string, key: FilterKey, value: string, sense: 'only' | 'not'): string {
  const parsed = parseFilter(line);
  const terms = parsed.ok ? parsed.terms : [];
  if (sense === 'not') {
    const said = terms.find((term) => term.key === key && term.negated);
    const values = [...new Set([...(said?.values ?? []), value])];
    return writeFilter([...terms.filter((term) => term !== said), { key, values, negated: true }]);
  }
  return writeFilter([
    ...terms.filter((term) => term.key !== key || term.negated),
    { key, values: [value], negated: false },
  ]);
}

/** The line without its n-th term. */
export function withoutTerm(line: string, n: number): string {
  const parsed = parseFilter(line);
  return parsed.ok ? writeFilter(parsed.terms.filter((_term, i) => i !== n)) : line;
}
