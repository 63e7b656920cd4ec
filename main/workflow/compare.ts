import type { Change, Visibility } from '../../shared/model/comparison.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { comparisonGaps, compareSnapshots } from '../comparison/compare-snapshots.ts';
import type { ComparisonGap, CrashLogs } from '../comparison/compare-snapshots.ts';
import { compareTraffic } from '../comparison/compare-traffic.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import type { Conduct, Lang } from './conduct.ts';
import { readCase } from './case-session.ts';
import { withIndex } from './current-index.ts';
import { namedFindings } from './named-findings.ts';
import { wordsFor } from './words.ts';

export interface Compared {
  readonly changes: readonly Change[];
  /** What could not be compared, one a line. */
  readonly caveats: readonly string[];
}

/** Differences between what was read and captured under two labels. Problems: `label-unknown` and those of analysing. */
export async function compareLabels(
  directory: string,
  before: string,
  after: string,
  conduct: Conduct,
): Promise<Result<Compared>> {
  const known = readCase(directory, (reader) => {
    const labels = reader.labels();
    const missing = [before, after].find((label) => !labels.includes(label));
    return missing === undefined ? ok(null) : fail('label-unknown', { label: missing, labels: labels.join(', ') });
  });
  if (!known.ok) return known;
  return withIndex(directory, conduct, (reader, index) =>
    ok({
      changes: changesBetween(reader, index, before, after, conduct.lang),
      caveats: comparisonCaveats(reader, index, before, after, conduct.lang),
    }),
  );
}

export function changesBetween(
  reader: CaseReader,
  index: IndexReader,
  before: string,
  after: string,
  lang: Lang,
): Change[] {
  const handset = commonHandset(reader, before, after);
  const [a, b] = [snapshotOf(reader, index, before, handset), snapshotOf(reader, index, after, handset)];
  const changes = compareSnapshots(a, b, lang, crashLogsOf(reader, before, after, handset));
  const side = (label: string): Parameters<typeof compareTraffic>[0] => ({
    label,
    findings: namedFindings(reader, index, { label }, lang).filter(
      (one) => handset === null || one.handset === handset,
    ),
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
  const handset = commonHandset(reader, before, after);
  const logs = crashLogsOf(reader, before, after, handset);
  const unread = (['before', 'after'] as const).filter((side) => !logs[side]);
  return [
    ...comparisonGaps(snapshotOf(reader, index, before, handset), snapshotOf(reader, index, after, handset)),
    ...unread.map((missing): ComparisonGap => ({ kind: 'crash', missing })),
  ];
}

/** What could not be compared, for people; the same for the window, the command line and the report. */
export function comparisonCaveats(
  reader: CaseReader,
  index: IndexReader,
  before: string,
  after: string,
  lang: Lang,
): string[] {
  const words = wordsFor(lang);
  const gaps = gapsBetween(reader, index, before, after).map(({ kind, part, missing }) =>
    words('host.comparison.gap', {
      kind: `${words(`changeKind.${kind}`)}${part === undefined ? '' : ` (${part})`}`,
      label: missing === 'before' ? before : after,
    }),
  );
  return isAcrossHandsets(reader, before, after) ? [words('host.comparison.across'), ...gaps] : gaps;
}

const crashCollectors: ReadonlySet<string> = new Set(['dropbox', 'logcat']);

/** Where logs that tell of crashes were read, be it that they were empty. */
export function crashLogsOf(reader: CaseReader, before: string, after: string, handset: string | null): CrashLogs {
  const read = (label: string): boolean =>
    exhibitsOf(reader, label, handset).some(
      ({ collector, outcome }) =>
        collector !== null && crashCollectors.has(collector) && (outcome === 'read' || outcome === 'empty'),
    );
  return { before: read(before), after: read(after) };
}

function exhibitsOf(reader: CaseReader, label: string, handset: string | null): readonly Exhibit[] {
  return reader.exhibits({ label }).filter((one) => handset === null || one.handset === handset);
}

export function visibilityOf(index: IndexReader, label: string): Visibility | null {
  return index.visibility().find((one) => one.label === label) ?? null;
}

/** Where a label was used for several handsets: the only one that both labels speak of. Null: no choice to make, or none possible. */
function commonHandset(reader: CaseReader, before: string, after: string): string | null {
  const [ours, theirs] = [handsetsOf(reader, before), handsetsOf(reader, after)];
  const common = [...ours].filter((one) => theirs.has(one));
  return common.length === 1 && ours.size + theirs.size > 2 ? (common[0] ?? null) : null;
}

function handsetsOf(reader: CaseReader, label: string): Set<string> {
  return new Set(reader.exhibits({ label }).map((one) => one.handset));
}

export function isAcrossHandsets(reader: CaseReader, before: string, after: string): boolean {
  if (commonHandset(reader, before, after) !== null) return false;
  return new Set([...handsetsOf(reader, before), ...handsetsOf(reader, after)]).size > 1;
}

/** State is what the last acquisition of a label read; crashes and logs are kept from all of them. */
const accumulating: ReadonlySet<SnapshotRecord['kind']> = new Set(['crash', 'log', 'event', 'silent-sms']);

/**
 * The snapshot of a label: per collector the exhibits of the acquisition that read most of its commands, of several the latest,
 * so that an interrupted second acquisition does not hide what the first one had.
 */
export function snapshotOf(
  reader: CaseReader,
  index: IndexReader,
  label: string,
  handset: string | null = null,
): SnapshotRecord[] {
  const order = new Map(reader.acquisitions().map((one, position) => [one.id, position]));
  const exhibits = exhibitsOf(reader, label, handset);
  const read = new Map<string, Map<number, Set<string>>>();
  for (const { id, collector, acquisition, outcome } of exhibits) {
    if (collector === null || acquisition === null || outcome !== 'read') continue;
    const position = order.get(acquisition) ?? 0;
    const tries = read.get(collector) ?? new Map<number, Set<string>>();
    read.set(collector, tries.set(position, (tries.get(position) ?? new Set()).add(id)));
  }
  const chosen = new Set<string>();
  for (const tries of read.values()) {
    const [best] = [...tries].sort(([a, mine], [b, others]) => others.size - mine.size || b - a);
    for (const id of best?.[1] ?? []) chosen.add(id);
  }
  const ofLabel = new Set(exhibits.map(({ id }) => id));
  return index
    .records({ label })
    .filter(({ kind, exhibit }) => chosen.has(exhibit) || (accumulating.has(kind) && ofLabel.has(exhibit)));
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
