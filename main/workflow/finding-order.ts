import type { FindingOrder } from '../../shared/contract/findings.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { byNumber, bySeriousness, byTime } from '../../shared/model/finding-order.ts';

const orders: Readonly<Record<FindingOrder, (a: Finding, b: Finding) => number>> = {
  severity: bySeriousness,
  time: byTime,
  number: () => 0,
};

/**
 * A new list in that order. `severity`: most serious first, of the same severity the most certain, of these the earliest.
 * Equal ones stand in the order of their numbers, so that the order is total and pages by key stay whole.
 */
export function inOrder(findings: readonly Finding[], order: FindingOrder): Finding[] {
  return findings.toSorted((a, b) => orders[order](a, b) || byNumber(a, b));
}
