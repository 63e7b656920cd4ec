import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingOrders } from '../../../shared/contract/findings.ts';
import { byNumber, bySeriousness, byTime } from '../../../shared/model/finding-order.ts';
import type { Finding } from '../../../shared/model/finding.ts';

const orders = { severity: bySeriousness, time: byTime, number: byNumber };
const inOrder = (all: readonly Finding[], order: keyof typeof orders): Finding[] =>
  all.toSorted((a, b) => orders[order](a, b) || byNumber(a, b));

const finding = (number: string, given: Partial<Finding> = {}): Finding =>
  ({ number, key: `key-${number}`, severity: 'low', confidence: 'certain', at: null, ...given }) as Finding;
const numbers = (findings: readonly Finding[]): string[] => findings.map((one) => one.number);

describe('the order of findings', () => {
  it('has the most serious first, of these the most certain, of these the earliest', () => {
    const all = [
      finding('F0001', { severity: 'info' }),
      finding('F0002', { severity: 'high', confidence: 'possible', at: '2014-08-07T00:00:00.000000Z' }),
      finding('F0003', { severity: 'high', at: '2014-08-09T00:00:00.000000Z' }),
      finding('F0004', { severity: 'high', at: '2014-08-08T00:00:00.000000Z' }),
      finding('F0005', { severity: 'high' }),
      finding('F0006', { severity: 'medium' }),
      finding('F0007', { severity: 'high', confidence: 'probable' }),
    ];
    expect(numbers(inOrder(all, 'severity'))).toEqual(['F0004', 'F0003', 'F0005', 'F0007', 'F0002', 'F0006', 'F0001']);
    expect(numbers(inOrder(all, 'time'))).toEqual(['F0002', 'F0004', 'F0003', 'F0001', 'F0005', 'F0006', 'F0007']);
    expect(numbers(inOrder(all.toReversed(), 'number'))).toEqual(numbers(all));
  });

  it('counts numbers that outgrew their four digits', () => {
    expect(numbers(inOrder([finding('F10000'), finding('F9999')], 'number'))).toEqual(['F9999', 'F10000']);
  });

  it('is the same however the findings came, and loses none', () => {
    const some = fc.uniqueArray(
      fc.record({
        number: fc.integer({ min: 1, max: 12_000 }).map((n) => `F${String(n).padStart(4, '0')}`),
        severity: fc.constantFrom('high', 'medium', 'low', 'info'),
        confidence: fc.constantFrom('certain', 'probable', 'possible'),
        at: fc.constantFrom(null, '2014-08-07T00:00:00.000000Z', '2014-08-08T00:00:00.000000Z'),
      }),
      { selector: ({ number }) => number, maxLength: 30 },
    );
    fc.assert(
      fc.property(some, fc.constantFrom(...findingOrders), fc.infiniteStream(fc.nat()), (given, order, shuffle) => {
        const all = given.map(({ number, ...rest }) => finding(number, rest as Partial<Finding>));
        const keys = new Map(all.map((one) => [one, shuffle.next().value as number]));
        const other = all.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        const ordered = inOrder(all, order);
        expect(numbers(inOrder(other, order))).toEqual(numbers(ordered));
        expect(numbers(ordered).toSorted()).toEqual(numbers(all).toSorted());
      }),
      { numRuns: 100, seed: 11 },
    );
  });
});
