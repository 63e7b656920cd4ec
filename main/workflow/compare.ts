import type { Change, Visibility } from '../../shared/model/comparison.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { compareFacts, factGaps } from '../comparison/compare-facts.ts';
import { comparisonGaps, compareSnapshots } from '../comparison/compare-snapshots.ts';
import type { ComparisonGap, CutReading } from '../comparison/compare-snapshots.ts';
import { compareTraffic } from '../comparison/compare-traffic.ts';
import type { JudgeComplaintInput } from '../comparison/judge-complaint.ts';
import { worded } from '../comparison/meaning.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { pairHandsets } from './compared-handsets.ts';
import type { HandsetPair } from './compared-handsets.ts';
import type { Conduct, Lang } from './conduct.ts';
import { readCase } from './case-session.ts';
import { withIndex } from './current-index.ts';
import { crashLogsOf, emptySnapshot, exhibitsOf, snapshotOf } from './label-snapshot.ts';
import type { LabelSide, Snapshot } from './label-snapshot.ts';
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

/**
 * Every difference between two labels. A handset is compared with itself where both labels stand for it; of several, each change
 * says whose it is (`facts.handset`). Handsets that nobody can pair are not compared: `comparisonCaveats` says so.
 */
export function changesBetween(
  reader: CaseReader,
  index: IndexReader,
  before: string,
  after: string,
  lang: Lang,
): Change[] {
  const { pairs } = pairHandsets(reader, before, after);
  return pairs.flatMap((pair) => {
    const changes = changesOfPair(reader, index, sidesOf(pair, before, after), pair.same, lang);
    return pairs.length === 1 ? changes : changes.map((change) => ofHandset(change, pair.before ?? '', lang));
  });
}

interface Sides {
  readonly before: LabelSide;
  readonly after: LabelSide;
}

function sidesOf(pair: HandsetPair, before: string, after: string): Sides {
  return { before: { label: before, handset: pair.before }, after: { label: after, handset: pair.after } };
}

function ofHandset(change: Change, handset: string, lang: Lang): Change {
  const { meaning: _meaning, ...rest } = change;
  return worded({ ...rest, facts: { ...rest.facts, handset } }, lang);
}

function changesOfPair(
  reader: CaseReader,
  index: IndexReader,
  { before, after }: Sides,
  sameHandset: boolean,
  lang: Lang,
): Change[] {
  const [a, b] = [snapshotOf(reader, index, before), snapshotOf(reader, index, after)];
  const changes = compareSnapshots(a.records, b.records, lang, crashLogsOf(reader, index, before, after), cutsOf(a, b));
  const side = ({ label, handset }: LabelSide): Parameters<typeof compareTraffic>[0] => ({
    label,
    findings: namedFindings(reader, index, { label }, lang).filter(
      (one) => handset === null || one.handset === handset,
    ),
    visibility: handset === null ? visibilityOf(index, label) : visibilityOfHandset(reader, index, { label, handset }),
  });
  const facts = compareFacts(a.facts, b.facts, lang);
  return [...changes, ...facts, ...compareTraffic(side(before), side(after), { sameHandset, lang })];
}

function cutsOf(before: Snapshot, after: Snapshot): CutReading[] {
  return [
    ...before.cut.map((one): CutReading => ({ ...one, side: 'before' })),
    ...after.cut.map((one): CutReading => ({ ...one, side: 'after' })),
  ];
}

/** Snapshots and what is known of their gaps, for whoever judges them; the labels are of one handset each, or `handset` says which. */
export function snapshotsBetween(
  reader: CaseReader,
  index: IndexReader,
  before: LabelSide | null,
  after: LabelSide | null,
): Pick<JudgeComplaintInput, 'before' | 'after' | 'crashLogs' | 'cuts'> {
  const a = before === null ? emptySnapshot : snapshotOf(reader, index, before);
  const b = after === null ? emptySnapshot : snapshotOf(reader, index, after);
  return {
    before: a.records,
    after: b.records,
    cuts: cutsOf(a, b),
    ...(before === null || after === null ? {} : { crashLogs: crashLogsOf(reader, index, before, after) }),
  };
}

/** Kinds of record that one side lacks altogether or has in part, so that nothing is said of what is missing there. */
function gapsOfPair(reader: CaseReader, index: IndexReader, { before, after }: Sides): ComparisonGap[] {
  const [a, b] = [snapshotOf(reader, index, before), snapshotOf(reader, index, after)];
  const logs = crashLogsOf(reader, index, before, after);
  const cut = new Map<string, ComparisonGap>();
  for (const { kind, part, side } of cutsOf(a, b)) {
    const gap: ComparisonGap = { kind, ...(part === null ? {} : { part }), missing: side, cut: true };
    cut.set(JSON.stringify(gap), gap);
  }
  const unread = (['before', 'after'] as const).filter((side) => !logs[side]);
  return [
    ...comparisonGaps(a.records, b.records),
    ...unread.map((missing): ComparisonGap => ({ kind: 'crash', missing })),
    ...cut.values(),
    ...factGaps(a.facts, b.facts),
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
  const { pairs, leftOut, unpaired } = pairHandsets(reader, before, after);
  const list = (handsets: readonly string[]): string => handsets.join(lang === 'en' ? ', ' : '、');
  const caveats: string[] = [];
  if (pairs.length === 0) {
    const params = { before, after, ours: list(unpaired.before), theirs: list(unpaired.after) };
    caveats.push(words('host.comparison.unpaired', params));
  }
  if (leftOut.length > 0) caveats.push(words('host.comparison.left-out', { handsets: list(leftOut), before, after }));
  if (pairs.some(({ same }) => !same)) caveats.push(words('host.comparison.across'));
  for (const pair of pairs) {
    for (const { kind, part, missing, cut } of gapsOfPair(reader, index, sidesOf(pair, before, after))) {
      const said = words(cut === true ? 'host.comparison.cut' : 'host.comparison.gap', {
        kind: `${words(`changeKind.${kind}`)}${part === undefined ? '' : ` (${part})`}`,
        label: missing === 'before' ? before : after,
      });
      caveats.push(pairs.length === 1 ? said : words('host.comparison.of', { handset: pair.before ?? '', said }));
    }
  }
  return caveats;
}

export function visibilityOf(index: IndexReader, label: string): Visibility | null {
  return index.visibility().find((one) => one.label === label) ?? null;
}

/** How much could be seen of one handset of a label that was used for several: known where a row is of its captures alone. */
function visibilityOfHandset(reader: CaseReader, index: IndexReader, side: LabelSide): Visibility | null {
  const mine = new Set(exhibitsOf(reader, index, side).map(({ id }) => id));
  const rows = index
    .visibility()
    .filter(
      ({ label, captures }) => label === side.label && captures.length > 0 && captures.every((id) => mine.has(id)),
    );
  // Several rows are of several runs, or a label's row and its runs': the one with most captures speaks for the most.
  return rows.toSorted((a, b) => b.captures.length - a.captures.length)[0] ?? null;
}

/** Whether a handset is compared with another one, or with several that nobody can pair. */
export function isAcrossHandsets(reader: CaseReader, before: string, after: string): boolean {
  const { pairs } = pairHandsets(reader, before, after);
  return pairs.length === 0 || pairs.some(({ same }) => !same);
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
