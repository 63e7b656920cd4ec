import type { Change, Visibility } from '../../shared/model/comparison.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { comparisonGaps, compareSnapshots } from '../comparison/compare-snapshots.ts';
import type { ComparisonGap } from '../comparison/compare-snapshots.ts';
import { compareTraffic } from '../comparison/compare-traffic.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import type { Conduct, Lang } from './conduct.ts';
import { readCase } from './case-session.ts';
import { withIndex } from './current-index.ts';
import { namedFindings } from './named-findings.ts';

/** Differences between what was read and captured under two labels. Problems: `label-unknown` and those of analysing. */
export async function compareLabels(
  directory: string,
  before: string,
  after: string,
  conduct: Conduct,
): Promise<Result<Change[]>> {
  const known = readCase(directory, (reader) => {
    const labels = reader.labels();
    const missing = [before, after].find((label) => !labels.includes(label));
    return missing === undefined ? ok(null) : fail('label-unknown', { label: missing, labels: labels.join(', ') });
  });
  if (!known.ok) return known;
  return withIndex(directory, conduct, (reader, index) =>
    ok(changesBetween(reader, index, before, after, conduct.lang)),
  );
}

export function changesBetween(
  reader: CaseReader,
  index: IndexReader,
  before: string,
  after: string,
  lang: Lang,
): Change[] {
  const changes = compareSnapshots(snapshotOf(reader, index, before), snapshotOf(reader, index, after), lang);
  const side = (label: string): Parameters<typeof compareTraffic>[0] => ({
    label,
    findings: namedFindings(reader, index, { label }, lang),
    visibility: visibilityOf(index, label),
  });
  const traffic = compareTraffic(side(before), side(after), {
    sameHandset: !isAcrossHandsets(reader, before, after),
    lang,
  });
  return [...changes, ...traffic];
}

/** Kinds of record that one side lacks altogether, so that nothing is said of them. */
export function gapsBetween(reader: CaseReader, index: IndexReader, before: string, after: string): ComparisonGap[] {
  return comparisonGaps(snapshotOf(reader, index, before), snapshotOf(reader, index, after));
}

export function visibilityOf(index: IndexReader, label: string): Visibility | null {
  return index.visibility().find((one) => one.label === label) ?? null;
}

export function isAcrossHandsets(reader: CaseReader, before: string, after: string): boolean {
  const handsets = new Set(
    reader
      .exhibits()
      .filter((one) => one.label === before || one.label === after)
      .map((one) => one.handset),
  );
  return handsets.size > 1;
}

/** State is what the last acquisition of a label read; crashes and logs are kept from all of them. */
const accumulating: ReadonlySet<SnapshotRecord['kind']> = new Set(['crash', 'log', 'event', 'silent-sms']);

/**
 * The snapshot of a label: per collector the exhibits of its latest acquisition that read anything, so that an interrupted
 * second acquisition does not hide what the first one had.
 */
export function snapshotOf(reader: CaseReader, index: IndexReader, label: string): SnapshotRecord[] {
  const order = new Map(reader.acquisitions().map((one, position) => [one.id, position]));
  const latest = new Map<string, number>();
  const placed = new Map<string, { readonly collector: string; readonly position: number }>();
  for (const exhibit of reader.exhibits({ label })) {
    if (exhibit.collector === null || exhibit.acquisition === null || exhibit.outcome !== 'read') continue;
    const position = order.get(exhibit.acquisition) ?? 0;
    placed.set(exhibit.id, { collector: exhibit.collector, position });
    latest.set(exhibit.collector, Math.max(position, latest.get(exhibit.collector) ?? 0));
  }
  return index.records({ label }).filter((record) => {
    if (accumulating.has(record.kind)) return true;
    const place = placed.get(record.exhibit);
    return place !== undefined && place.position === latest.get(place.collector);
  });
}

/** Which labels a report compares: each handset's first label with each of its later ones. */
export function labelPairs(reader: CaseReader): (readonly [string, string])[] {
  const firstOf = new Map<string, string>();
  const pairs = new Map<string, readonly [string, string]>();
  for (const { handset, label } of reader.exhibits()) {
    if (label === 'unassigned') continue;
    const first = firstOf.get(handset);
    if (first === undefined) firstOf.set(handset, label);
    else if (first !== label) pairs.set(JSON.stringify([first, label]), [first, label]);
  }
  return [...pairs.values()];
}
