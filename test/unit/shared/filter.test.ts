import { describe, expect, test } from 'vitest';
import { filterKeys } from '../../../shared/filter/filter-keys.ts';
import { timeSpanOf } from '../../../shared/filter/filter-time.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import { withTerm, withoutTerm } from '../../../shared/filter/write-filter.ts';

const us = (at: string): number => Date.parse(at) * 1000;

describe('a filter line', () => {
  test('the line of the issue', () => {
    const line =
      'host:xiaomi.com channel:cleartext identifier:imei phase:before-consent country:cn time:10:00..10:05 -label:after "two words"';
    expect(parseFilter(line)).toEqual({
      ok: true,
      terms: [
        { key: 'host', values: ['xiaomi.com'], negated: false },
        { key: 'channel', values: ['cleartext'], negated: false },
        { key: 'identifier', values: ['imei'], negated: false },
        { key: 'phase', values: ['before-consent'], negated: false },
        { key: 'country', values: ['CN'], negated: false },
        { key: 'time', values: ['10:00..10:05'], negated: false },
        { key: 'label', values: ['after'], negated: true },
        { key: 'text', values: ['two words'], negated: false },
      ],
    });
  });

  test('commas part values, quotes keep them, addresses are words', () => {
    expect(parseFilter('channel:tls,QUIC label:"a, b",c fe80::1 -"-x" identifier:i3')).toEqual({
      ok: true,
      terms: [
        { key: 'channel', values: ['tls', 'quic'], negated: false },
        { key: 'label', values: ['a, b', 'c'], negated: false },
        { key: 'text', values: ['fe80::1'], negated: false },
        { key: 'text', values: ['-x'], negated: true },
        { key: 'identifier', values: ['I3'], negated: false },
      ],
    });
  });

  test.each([
    ['hots:x', 'unknown-key', 'hots', filterKeys.join(', ')],
    ['http://x', 'unknown-key', 'http', filterKeys.join(', ')],
    ['channel:tsl', 'unknown-value', 'channel:tsl', 'cleartext, tls, dtls, quic, unknown'],
    ['country:China', 'unknown-value', 'country:China', 'CN, TW, SG, …, none'],
    ['host:', 'value-missing', 'host', ''],
    ['-', 'value-missing', '-', ''],
    ['host:"x', 'quote-open', 'host:"x', ''],
    ['time:25:00', 'time-invalid', '25:00', ''],
    ['time:10:05..2014-08-07', 'time-invalid', '10:05..2014-08-07', ''],
    ['port:https', 'number-invalid', 'port:https', ''],
    [`host:${'x'.repeat(2000)}`, 'too-long', '2000', ''],
    ['a '.repeat(41), 'too-long', '40', ''],
  ])('%s is refused: %s', (line, code, subject, known) => {
    expect(parseFilter(line)).toEqual({ ok: false, problem: { code, subject, known } });
  });

  test('a value is clicked for and against, and a term taken away', () => {
    expect(withTerm('channel:tls x', 'channel', 'quic', 'only')).toBe('x channel:quic');
    expect(withTerm('-channel:tls x', 'channel', 'quic', 'not')).toBe('x -channel:tls,quic');
    expect(withTerm('', 'label', 'a "b"', 'only')).toBe(String.raw`label:"a \"b\""`);
    expect(withTerm('hots:x', 'port', '80', 'only')).toBe('port:80');
    expect(withoutTerm('a b c', 1)).toBe('a c');
  });
});

describe('a time', () => {
  test.each([
    ['10:00..10:05', 'daily', 36_000_000_000, 36_359_999_999],
    ['10:00', 'daily', 36_000_000_000, 36_059_999_999],
    ['10:00:01.5', 'daily', 36_001_500_000, 36_001_599_999],
    ['23:50..00:10', 'daily', 85_800_000_000, 659_999_999],
    ['..10:05', 'daily', 0, 36_359_999_999],
    ['10:00..', 'daily', 36_000_000_000, 86_399_999_999],
    ['2014-08-07', 'instants', us('2014-08-07T00:00:00Z'), us('2014-08-08T00:00:00Z') - 1],
    ['2014-08-07..2014-08-08', 'instants', us('2014-08-07T00:00:00Z'), us('2014-08-09T00:00:00Z') - 1],
    ['2014-08-07T10:00Z..', 'instants', us('2014-08-07T10:00:00Z'), Number.POSITIVE_INFINITY],
    ['..2014-08-07T10:00:00', 'instants', Number.NEGATIVE_INFINITY, us('2014-08-07T10:00:01Z') - 1],
  ])('%s', (text, type, fromUs, toUs) => {
    expect(timeSpanOf(text)).toEqual({ type, fromUs, toUs });
  });

  test.each([
    '',
    '..',
    '10',
    '2014-02-30',
    '24:00',
    '10:60',
    '2014-08-08..2014-08-07',
    '10:00...10:05',
    '2014-08-07T10Z',
  ])('«%s» is none', (text) => {
    expect(timeSpanOf(text)).toBeNull();
  });
});
