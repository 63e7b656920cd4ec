import type { Change } from '../../shared/model/comparison.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { compareComponents, comparePackages, comparePermissions } from './compare-packages.ts';
import { makerOf } from './makers/maker-of.ts';
import { worded } from './meaning.ts';
import { isBuildProperty, noiseOf } from './noise.ts';
import { indexSnapshot } from './snapshot-index.ts';
import type { Seen, SnapshotIndex } from './snapshot-index.ts';
import { eachKey, verb } from './sides.ts';
import type { Facts, Unworded } from './sides.ts';
import type { Language } from './wording.ts';

/** A kind of record that one side lacks altogether: nothing is said of it, because nothing was read there. */
export interface ComparisonGap {
  readonly kind: string;
  /** The part of the kind that is lacking (a namespace of settings); absent: all of it. */
  readonly part?: string;
  readonly missing: 'before' | 'after';
  /** True where it was read, but not to its end: what stands on the other side only is not called new or gone. */
  readonly cut?: true;
}

/** A kind of record (of settings: a namespace, null for all) whose reading on one side was cut before its end. */
export interface CutReading {
  readonly side: 'before' | 'after';
  readonly kind: SnapshotRecord['kind'];
  readonly part: string | null;
}

/** On which sides the logs that tell of crashes were read: their silence means something there only. */
export interface CrashLogs {
  readonly before: boolean;
  readonly after: boolean;
}

const comparedKinds = ['property', 'setting', 'package', 'permission', 'component', 'app-op'] as const;

/** Which kinds cannot be compared because one side has none of them (refused, absent on that release, not collected). */
export function comparisonGaps(before: readonly SnapshotRecord[], after: readonly SnapshotRecord[]): ComparisonGap[] {
  const kindsOf = (records: readonly SnapshotRecord[]): Set<string> => new Set(records.map(({ kind }) => kind));
  const [a, b] = [kindsOf(before), kindsOf(after)];
  const gaps = comparedKinds.flatMap((kind): ComparisonGap[] => {
    if (a.has(kind) === b.has(kind)) return [];
    return [{ kind, missing: a.has(kind) ? 'after' : 'before' }];
  });
  if (!a.has('setting') || !b.has('setting')) return gaps;
  const [ours, theirs] = [namespacesOf(before), namespacesOf(after)];
  for (const part of [...new Set([...ours, ...theirs])].sort())
    if (ours.has(part) !== theirs.has(part))
      gaps.push({ kind: 'setting', part, missing: ours.has(part) ? 'after' : 'before' });
  return gaps;
}

/** Each namespace of settings is asked for by itself, and may be refused by itself. */
function namespacesOf(records: readonly SnapshotRecord[]): Set<string> {
  return new Set(records.flatMap((record) => (record.kind === 'setting' ? [record.namespace] : [])));
}

function compareValues(
  kind: 'property' | 'setting',
  a: Map<string, Seen<string>>,
  b: Map<string, Seen<string>>,
  out: Unworded[],
): void {
  eachKey(a, b, (subject, before, after) => {
    if (before?.value === after?.value) return;
    const named = kind === 'property' && isBuildProperty(subject) ? 'build' : kind;
    const why = noiseOf(kind, subject);
    const several = before?.several === true || after?.several === true;
    const facts: Facts = { ...(why === null ? {} : { noise: why }), ...(several ? { several } : {}) };
    out.push({
      kind: named,
      change: verb(before, after),
      subject,
      before: before?.value ?? null,
      after: after?.value ?? null,
      noise: named !== 'build' && why !== null,
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    });
  });
}

function compareAppOps(a: SnapshotIndex, b: SnapshotIndex, out: Unworded[]): void {
  eachKey(a.appOps, b.appOps, (subject, before, after) => {
    const some = after ?? before;
    if (some === undefined || before?.mode === after?.mode) return;
    // A dump lists an op only once it was used or set: one that newly stands at its default says nothing. MIUI's own ops are
    // set by hand or by the system's lists: there, being listed is itself the setting.
    const ofMaker = /\(1\d{4}\)$/.test(some.op);
    const listedOnly =
      !ofMaker && (before === undefined || after === undefined) && (some.mode === 'allow' || some.mode === 'default');
    const facts = { package: some.package, op: some.op, ...(listedOnly ? { noise: 'noise.state' } : {}) };
    out.push({
      kind: 'app-op',
      change: verb(before, after),
      subject,
      before: before?.mode ?? null,
      after: after?.mode ?? null,
      noise: listedOnly,
      facts,
    });
  });
}

function compareCrashes(a: SnapshotIndex, b: SnapshotIndex, logs: CrashLogs, out: Unworded[]): void {
  eachKey(a.crashes, b.crashes, (subject, before, after) => {
    const some = after ?? before;
    if (some === undefined || before?.count === after?.count || (after === undefined && !logs.after)) return;
    const unread = before === undefined && !logs.before ? { unread: 'before' } : {};
    const facts = { package: some.package, exception: some.exception, count: (after ?? some).count, ...unread };
    const shown = (count: number | undefined): string | null => (count === undefined ? null : String(count));
    out.push({
      kind: 'crash',
      change: verb(before, after),
      subject,
      before: shown(before?.count),
      after: shown(after?.count),
      noise: false,
      facts,
    });
  });
}

/** Absence on a side that was not read to its end is no evidence: a row may stand behind the cut. */
function restsOnCut(change: Unworded, cuts: readonly CutReading[]): boolean {
  if (cuts.length === 0 || change.kind === 'traffic') return false;
  const side = change.change === 'added' ? 'before' : 'after';
  const cutOn = (which: CutReading['side']): boolean =>
    cuts.some(
      (cut) =>
        cut.side === which &&
        cut.kind === (change.kind === 'build' ? 'property' : change.kind) &&
        (cut.part === null || change.subject.startsWith(`${cut.part}/`)),
    );
  if (change.change !== 'changed') return change.kind !== 'crash' && cutOn(side);
  // A count and a list are shorter where they were cut.
  if (change.kind === 'crash') return cutOn(Number(change.before) < Number(change.after) ? 'before' : 'after');
  return change.kind === 'component' && change.facts?.['aspect'] === 'actions' && (cutOn('before') || cutOn('after'));
}

const order: readonly Change['kind'][] = [
  'build',
  'setting',
  'package',
  'permission',
  'component',
  'app-op',
  'crash',
  'property',
  'fact',
  'traffic',
];

/**
 * What differs between the records of two labels. Linear in their number; stable order (kind, then subject). Kinds that one side
 * lacks altogether are left out: ask `comparisonGaps`. Permissions and components of a package that is only on one side are
 * counted in the package's own change. What a side lacks of a kind that was not read to its end (`cuts`) is no change.
 */
export function compareSnapshots(
  before: readonly SnapshotRecord[],
  after: readonly SnapshotRecord[],
  lang: Language = 'en',
  crashLogs: CrashLogs = { before: true, after: true },
  cuts: readonly CutReading[] = [],
): Change[] {
  const a = indexSnapshot(before);
  const b = indexSnapshot(after);
  const out: Unworded[] = [];
  const both = (kind: string): boolean => a.kinds.has(kind) && b.kinds.has(kind);
  const bothHave = (name: string): boolean => !both('package') || (a.packages.has(name) && b.packages.has(name));
  if (both('property')) compareValues('property', a.properties, b.properties, out);
  if (both('setting')) {
    const [ours, theirs] = [namespacesOf(before), namespacesOf(after)];
    const known = (side: SnapshotIndex['settings']): SnapshotIndex['settings'] =>
      new Map([...side].filter(([key]) => [ours, theirs].every((names) => names.has(key.slice(0, key.indexOf('/'))))));
    compareValues('setting', known(a.settings), known(b.settings), out);
  }
  if (both('package')) comparePackages(a, b, out);
  if (both('permission')) comparePermissions(a, b, bothHave, out);
  if (both('component')) compareComponents(a, b, bothHave, out);
  if (both('app-op')) compareAppOps(a, b, out);
  const logOf = (side: CutReading['side']): boolean =>
    crashLogs[side] && !cuts.some((cut) => cut.side === side && cut.kind === 'crash');
  // A crash behind the cut may be as old as the handset: it is told, as one of a side whose logs were not read.
  compareCrashes(a, b, { before: logOf('before'), after: logOf('after') }, out);
  const maker = (makerOf(after) ?? makerOf(before))?.maker ?? null;
  const rank = new Map(order.map((kind, i) => [kind, i]));
  const compare = (x: Unworded, y: Unworded): number =>
    (rank.get(x.kind) ?? 0) - (rank.get(y.kind) ?? 0) || (x.subject < y.subject ? -1 : x.subject > y.subject ? 1 : 0);
  return out
    .filter((change) => !restsOnCut(change, cuts))
    .sort(compare)
    .map((change) => worded(change, lang, maker));
}
