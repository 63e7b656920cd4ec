import { classesWhere } from './row-facts.ts';
import type { RowFacts } from './row-facts.ts';
import type { FindingClass } from './index-columns.ts';
import { maskOf } from './masks.ts';
import type { Mask } from './masks.ts';
import { ascending } from './row-order.ts';

/** What a finding has to be, as its class says it; null: whatever it is. */
export interface FindingChoice {
  readonly label: string | null;
  readonly rule: string | null;
  readonly severity: string | null;
  readonly identifierKind: string | null;
  readonly channel: string | null;
  readonly representation: string | null;
}

export function findingMask(facts: RowFacts, choice: FindingChoice): Mask {
  const is = (wanted: string | null, has: string): boolean => wanted === null || wanted === has;
  const accepts = ([, rule, severity, , label, , , , kind, representation, channel]: FindingClass): boolean =>
    is(choice.rule, rule) &&
    is(choice.severity, severity) &&
    is(choice.label, label) &&
    is(choice.identifierKind, kind) &&
    is(choice.representation, representation) &&
    is(choice.channel, channel);
  return maskOf(facts.store.u32('finding.class'), classesWhere(facts.findingClasses(), accepts));
}

const severities = ['high', 'medium', 'low', 'info'];
const confidences = ['certain', 'probable', 'possible'];

/**
 * Rows of all findings: by number; by time, then number; or most serious first, of these the most certain, the earliest, the
 * lowest number. As `shared/model/finding-order` compares two of them.
 * @param numbers by row the display number
 */
export function findingsInOrder(
  facts: RowFacts,
  order: 'severity' | 'time' | 'number',
  numbers: Uint32Array,
): Uint32Array {
  const byNumber = ascending(numbers);
  if (order === 'number') return byNumber;
  const { store } = facts;
  const at = store.f64('finding.at');
  const byTime = sortedBy(byNumber, (row) => at[row] ?? Number.NaN);
  if (order === 'time') return byTime;
  const codes = store.u32('finding.class');
  const places = facts
    .findingClasses()
    .map(([, , severity, confidence]) => severities.indexOf(severity) * 3 + confidences.indexOf(confidence) + 1);
  return sortedBy(byTime, (row) => places[(codes[row] ?? 0) - 1] ?? 0);
}

/** Rows as they stand, put in ascending order of a key; equal ones stay as they stand. */
function sortedBy(rows: Uint32Array, keyOf: (row: number) => number): Uint32Array {
  const keys = Float64Array.from(rows, keyOf);
  return ascending(keys).map((place) => rows[place] ?? 0);
}
