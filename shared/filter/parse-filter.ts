import { filterChoices, filterKeys } from './filter-keys.ts';
import type { FilterKey } from './filter-keys.ts';
import { timeSpanOf } from './filter-time.ts';

/** One wish: any of `values` (none of them where negated). `text` looks in names, addresses, URIs and applications. */
export interface FilterTerm {
  readonly key: FilterKey | 'text';
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** Why a line cannot be read; worded under `filter.CODE`. */
export interface FilterProblem {
  readonly code:
    'unknown-key' | 'unknown-value' | 'value-missing' | 'quote-open' | 'time-invalid' | 'number-invalid' | 'too-long';
  /** What of the line it is about. */
  readonly subject: string;
  /** What there is in its place, joined by commas; empty where anything goes. */
  readonly known: string;
}

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly problem: FilterProblem };

export const longestFilter = 2000;
const mostTerms = 40;

/**
 * Reads a filter line: `key:value` and free words, all of which have to hold. `-` before one negates it, commas part values of
 * which one is enough, quotes keep spaces, commas and colons (`\"` and `\\` inside them).
 */
export function parseFilter(line: string): ParsedFilter {
  const wrong = (code: FilterProblem['code'], subject: string, known: readonly string[] = []): ParsedFilter => ({
    ok: false,
    problem: { code, subject, known: known.join(', ') },
  });
  if (line.length > longestFilter) return wrong('too-long', String(longestFilter));
  const reader = new LineReader(line);
  const terms: FilterTerm[] = [];
  for (reader.skipSpaces(); !reader.ended(); reader.skipSpaces()) {
    if (terms.length >= mostTerms) return wrong('too-long', String(mostTerms));
    const negated = reader.takes('-');
    const name = reader.takesKey();
    const key = filterKeys.find((known) => known === name?.toLowerCase());
    if (name !== null && key === undefined) return wrong('unknown-key', name, filterKeys);
    const values = reader.values(key !== undefined);
    if (values === null) return wrong('quote-open', line.slice(reader.from));
    if (values.length === 0)
      return wrong('value-missing', name ?? '-', key === undefined ? [] : (filterChoices[key] ?? []));
    const problem = key === undefined ? null : problemOf(key, values);
    if (problem !== null) return { ok: false, problem };
    terms.push({ key: key ?? 'text', values: values.map((value) => inOneForm(key, value)), negated });
  }
  return { ok: true, terms };
}

function problemOf(key: FilterKey, values: readonly string[]): FilterProblem | null {
  const choices = filterChoices[key];
  for (const value of values) {
    if (key === 'time' && timeSpanOf(value) === null) return { code: 'time-invalid', subject: value, known: '' };
    const known = choices === undefined || choices.includes(value.toLowerCase());
    if (!known && !(key === 'identifier' && /^I\d{1,9}$/i.test(value)))
      return { code: 'unknown-value', subject: `${key}:${value}`, known: choices?.join(', ') ?? '' };
    if (key === 'country' && !/^([A-Za-z]{2}|none)$/i.test(value))
      return { code: 'unknown-value', subject: `${key}:${value}`, known: 'CN, TW, SG, …, none' };
    if ((key === 'port' || key === 'flow') && !/^\d{1,9}$/.test(value))
      return { code: 'number-invalid', subject: `${key}:${value}`, known: '' };
  }
  return null;
}

/** Choices in lower case, countries and ids in upper case: the form they are kept in. */
function inOneForm(key: FilterKey | undefined, value: string): string {
  if (key === undefined) return value;
  if (key === 'country') return value.toLowerCase() === 'none' ? 'none' : value.toUpperCase();
  if (filterChoices[key] === undefined) return value;
  return key === 'identifier' && /^i\d+$/i.test(value) ? value.toUpperCase() : value.toLowerCase();
}

class LineReader {
  /** Where the term that is being read began. */
  from = 0;
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  ended(): boolean {
    return this.#at >= this.#line.length;
  }

  skipSpaces(): void {
    while (!this.ended() && /\s/.test(this.#line[this.#at] ?? '')) this.#at += 1;
    this.from = this.#at;
  }

  takes(character: string): boolean {
    if (this.#line[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** `host` of `host:…`, or null where a free word stands. An address such as `fe80::1` is a word. */
  takesKey(): string | null {
    const name = /^([A-Za-z][A-Za-z-]*):/.exec(this.#line.slice(this.#at, this.#at + 64))?.[1];
    if (name === undefined) return null;
    this.#at += name.length + 1;
    return name;
  }

  /** Up to the next space: for a key its values, for a word itself. Null where a quote stays open. */
  values(parted: boolean): string[] | null {
    const values: string[] = [];
    let value = '';
    let quoted = false;
    const keep = (): void => {
      if (value !== '' || quoted) values.push(value);
      value = '';
      quoted = false;
    };
    for (; !this.ended(); this.#at += 1) {
      const character = this.#line[this.#at] ?? '';
      if (/\s/.test(character)) break;
      if (character === '"') {
        const inside = this.#quoted();
        if (inside === null) return null;
        value += inside;
        quoted = true;
      } else if (parted && character === ',') keep();
      else value += character;
    }
    keep();
    return values.filter((one) => one !== '');
  }

  /** Stands on the opening quote; ends on the closing one. */
  #quoted(): string | null {
    let text = '';
    for (this.#at += 1; !this.ended(); this.#at += 1) {
      const character = this.#line[this.#at] ?? '';
      if (character === '"') return text;
      if (character === '\\') this.#at += 1;
      text += this.#line[this.#at] ?? '';
    }
    return null;
  }
}
