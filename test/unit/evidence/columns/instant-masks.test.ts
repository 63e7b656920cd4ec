import { describe, expect, test } from 'vitest';
import type { Phase } from '../../../../shared/filter/filter-keys.ts';
import { parseFilter } from '../../../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../../../shared/filter/parse-filter.ts';
import { maskOfPhases, maskOfTime, zoned } from '../../../../main/evidence/columns/instant-masks.ts';
import { RowSet } from '../../../../main/evidence/columns/row-set.ts';
import type { Mask } from '../../../../main/evidence/columns/masks.ts';

const begin = Date.UTC(2014, 7, 7, 23, 30) * 1000;
const second = 1_000_000;
/** Several zones of 4,096 rows; the third runs over midnight, the fourth has rows without an instant, the last jumps. */
const us = Float64Array.from({ length: 5 * 4096 + 77 }, (_, row) => {
  if (row >= 3 * 4096 && row < 4 * 4096 && row % 5 === 0) return Number.NaN;
  return begin + (row > 5 * 4096 && row % 2 === 0 ? 3 * 86_400 * second : 0) + row * 0.2 * second;
});
const rowsOf = (mask: Mask): number[] => [...new RowSet(mask, null, false).page(0, us.length)];

function termOf(text: string): FilterTerm {
  const parsed = parseFilter(text);
  const [term] = parsed.ok ? parsed.terms : [];
  if (term === undefined) throw new Error(text);
  return term;
}

const clock = (at: number): string => (Number.isNaN(at) ? '' : new Date(at / 1000).toISOString().slice(11, 19));

describe('time', () => {
  const between = (from: string, to: string) => (at: number) =>
    !Number.isNaN(at) && (from <= to ? clock(at) >= from && clock(at) <= to : clock(at) >= from || clock(at) <= to);
  test.each([
    ['time:23:40..23:41', between('23:40:00', '23:41:59')],
    ['time:23:59..00:10', between('23:59:00', '00:10:59')],
    ['time:00:05..23:35', between('00:05:00', '23:35:59')],
    [
      'time:2014-08-07T23:40:00Z..2014-08-08T00:20:00Z',
      (at: number) => at >= begin + 600 * second && at < begin + 3001 * second,
    ],
    ['time:2014-08-09..2014-08-11', (at: number) => at > begin + 86_400 * second],
  ])('%s lets through the rows whose instant lies in it, and negated the others', (text, within) => {
    const expected = [...us.keys()].filter((row) => within(us[row] ?? Number.NaN));
    expect(expected.length, 'the question asks for something').toBeGreaterThan(20);
    const term = termOf(text);
    expect(rowsOf(maskOfTime(term, zoned(us)))).toEqual(expected);
    const others = rowsOf(maskOfTime({ ...term, negated: true }, zoned(us)));
    expect(others).toEqual([...us.keys()].filter((row) => !within(us[row] ?? Number.NaN)));
  });
});

describe('phases', () => {
  const consent = begin + 2500 * second;
  const spans: readonly (readonly { readonly fromUs: number; readonly phase: Phase }[])[] = [
    [
      { fromUs: Number.NEGATIVE_INFINITY, phase: 'before-consent' },
      { fromUs: consent, phase: 'unknown' },
      { fromUs: consent + 3 * second, phase: 'after-consent' },
    ],
    [{ fromUs: Number.NEGATIVE_INFINITY, phase: 'after-consent' }],
    [],
  ];
  const codes = Uint32Array.from(us, (_, row) => row % 4);
  const phaseOf = (row: number): Phase | null => {
    const at = us[row] ?? Number.NaN;
    if (row % 4 === 0) return null;
    if (row % 4 === 2) return 'after-consent';
    if (row % 4 === 3 || Number.isNaN(at)) return 'unknown';
    return at < consent ? 'before-consent' : at < consent + 3 * second ? 'unknown' : 'after-consent';
  };
  test.each(['before-consent', 'after-consent', 'unknown'] as const)(
    'phase:%s lets through the rows of each class that stand in it',
    (phase) => {
      const term = termOf(`phase:${phase}`);
      const mask = maskOfPhases(term, { instants: zoned(us), codes, spans });
      expect(rowsOf(mask)).toEqual([...us.keys()].filter((row) => phaseOf(row) === phase));
      const others = maskOfPhases({ ...term, negated: true }, { instants: zoned(us), codes, spans });
      expect(rowsOf(others)).toEqual([...us.keys()].filter((row) => phaseOf(row) !== null && phaseOf(row) !== phase));
    },
  );
});
