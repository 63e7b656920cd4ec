import type { FindingOrder } from '../../shared/contract/findings.ts';
import type { Confidence, Finding, Severity } from '../../shared/model/finding.ts';

const severityRank: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, info: 3 };
const confidenceRank: Readonly<Record<Confidence, number>> = { certain: 0, probable: 1, possible: 2 };

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `F9999` before `F10000`. */
const byNumber = (a: Finding, b: Finding): number => a.number.length - b.number.length || byText(a.number, b.number);

/** Instants of one form compare as text; what has no instant comes last. */
const byTime = (a: Finding, b: Finding): number =>
  Number(a.at === null) - Number(b.at === null) || byText(a.at ?? '', b.at ?? '');

const orders: Readonly<Record<FindingOrder, (a: Finding, b: Finding) => number>> = {
  severity: (a, b) =>
    severityRank[a.severity] - severityRank[b.severity] ||
    confidenceRank[a.confidence] - confidenceRank[b.confidence] ||
    byTime(a, b),
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
