import type { Confidence, Finding, Severity } from './finding.ts';

const severityRank: Readonly<Record<Severity, number>> = { high: 0, medium: 1, low: 2, info: 3 };
const confidenceRank: Readonly<Record<Confidence, number>> = { certain: 0, probable: 1, possible: 2 };

type Ordered = Pick<Finding, 'severity' | 'confidence' | 'at' | 'number'>;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `F9999` before `F10000`. Numbers are allotted once, so that an order that ends with them is total. */
export function byNumber(a: Ordered, b: Ordered): number {
  return a.number.length - b.number.length || byText(a.number, b.number);
}

/** Instants of one form compare as text; what has no instant comes last. */
export function byTime(a: Ordered, b: Ordered): number {
  return Number(a.at === null) - Number(b.at === null) || byText(a.at ?? '', b.at ?? '');
}

/** Most serious first, of the same severity the most certain, of these the earliest, of these the lowest number. */
export function bySeriousness(a: Ordered, b: Ordered): number {
  return (
    severityRank[a.severity] - severityRank[b.severity] ||
    confidenceRank[a.confidence] - confidenceRank[b.confidence] ||
    byTime(a, b) ||
    byNumber(a, b)
  );
}
