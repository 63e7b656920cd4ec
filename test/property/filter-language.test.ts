import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterChoices, filterKeys } from '../../shared/filter/filter-keys.ts';
import { instantText, timeSpanOf } from '../../shared/filter/filter-time.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../shared/filter/parse-filter.ts';
import { withTerm, withoutTerm, writeFilter } from '../../shared/filter/write-filter.ts';

const freeText = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const instant = fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map(instantText);

/** Any term the language can say, with values in the form it keeps. */
const term: fc.Arbitrary<FilterTerm> = fc.constantFrom(...filterKeys, 'text' as const).chain((key) => {
  const choices = key === 'text' ? undefined : filterChoices[key];
  const value =
    choices !== undefined
      ? fc.constantFrom(...choices)
      : key === 'time'
        ? fc.tuple(instant, instant).map(([a, b]) => (a < b ? `${a}..${b}` : `${b}..${a}`))
        : key === 'country'
          ? fc.constantFrom('CN', 'TW', 'none')
          : key === 'port' || key === 'flow'
            ? fc.nat(99_999).map(String)
            : freeText;
  return fc.record({
    key: fc.constant(key),
    values: fc.array(value, { minLength: 1, maxLength: key === 'text' ? 1 : 3 }),
    negated: fc.boolean(),
  });
});

describe('the filter language', () => {
  test('what is written reads back as the same terms', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 12 }), (terms) => {
        expect(parseFilter(writeFilter(terms))).toEqual({ ok: true, terms });
      }),
    );
  });

  test('any text is read or refused, and what is read can be written', () => {
    const pieces = fc.constantFrom(
      'host:',
      'channel:',
      '-',
      '"',
      '\\',
      ',',
      ' ',
      'tls',
      'a',
      'time:',
      '10:00',
      '..',
      'x:',
    );
    const line = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(line, (text) => {
        const parsed = parseFilter(text);
        if (parsed.ok) expect(parseFilter(writeFilter(parsed.terms))).toEqual(parsed);
        else expect(parsed.problem.subject).not.toBe('');
      }),
    );
  });

  test('a clicked value replaces what was said of its key, and can be taken away again', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 6 }), freeText, (terms, host) => {
        const only = parseFilter(withTerm(writeFilter(terms), 'host', host, 'only'));
        const others = terms.filter((one) => one.key !== 'host' || one.negated);
        expect(only).toEqual({ ok: true, terms: [...others, { key: 'host', values: [host], negated: false }] });
        const line = writeFilter(only.ok ? only.terms : []);
        expect(parseFilter(withoutTerm(line, others.length))).toEqual({ ok: true, terms: others });
      }),
    );
  });

  test('an instant written is that microsecond and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (us) => {
        expect(timeSpanOf(instantText(us))).toEqual({ type: 'instants', fromUs: us, toUs: us });
      }),
    );
  });
});
