import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { appListCommands } from '../acquisition/run-app-code.ts';
import type { CrashLogs, CutReading } from '../comparison/compare-snapshots.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader, IndexedRecord } from '../evidence/readers/index-reader.ts';
import { appCodeList } from '../comparison/compare-facts.ts';
import type { FactReadings } from '../comparison/compare-facts.ts';
import { directlyRead, filledIn, joinImported, takeFillIns } from './imported-tries.ts';
import { takenOverBy } from './taken-over.ts';
import { factListOf, factListsOf, listsOf } from '../parsing/parse-exhibit.ts';
import type { Question } from '../parsing/parse-exhibit.ts';

/** A label, of one handset where it was used for several; null: of whichever it was used for. */
export interface LabelSide {
  readonly label: string;
  readonly handset: string | null;
}

const crashCollectors: ReadonlySet<string> = new Set(['dropbox', 'logcat']);

/** Where logs that tell of crashes were read, be it that they were empty. */
export function crashLogsOf(reader: CaseReader, index: IndexReader, before: LabelSide, after: LabelSide): CrashLogs {
  const read = (side: LabelSide): boolean =>
    exhibitsOf(reader, index, side).some(
      ({ collector, outcome }) =>
        collector !== null && crashCollectors.has(collector) && (outcome === 'read' || outcome === 'empty'),
    );
  return { before: read(before), after: read(after) };
}

/** Those of a label that the index knows: of one that came later no record is there, and none may count as gone. */
export function exhibitsOf(reader: CaseReader, index: IndexReader, { label, handset }: LabelSide): readonly Exhibit[] {
  const known = index.exhibitIds();
  return reader.exhibits({ label }).filter((one) => known.has(one.id) && (handset === null || one.handset === handset));
}

/** State is what the last acquisition of a label read; crashes and logs are kept from all of them. */
const accumulating: ReadonlySet<SnapshotRecord['kind']> = new Set(['crash', 'log', 'event', 'silent-sms']);

export interface Snapshot {
  readonly records: IndexedRecord[];
  /** What was read for it, but not to its end. */
  readonly cut: readonly Omit<CutReading, 'side'>[];
  readonly facts: FactReadings;
}

export const emptySnapshot: Snapshot = {
  records: [],
  cut: [],
  facts: { rows: [], read: new Set(), whole: new Set() },
};

/**
 * The snapshot of a label: per collector the exhibits of the acquisition that read most of its commands to their end, of several
 * the latest, so that an interrupted or cut second acquisition does not hide what the first one had. Of the code of apps the latest
 * that came to its end, however many apps there were: what was removed since does not come back. What came in files fills in what
 * was not asked directly, or not to its end (imported-tries).
 */
export function snapshotOf(reader: CaseReader, index: IndexReader, side: LabelSide): Snapshot {
  const order = new Map(reader.acquisitions().map((one, position) => [one.id, position]));
  const exhibits = exhibitsOf(reader, index, side);
  const capped = cappedByParser(index);
  const isCut = (one: Exhibit): boolean => wasCut(one) || capped.has(one.id);
  const listsPackages = exhibits.some(({ collector, outcome }) => collector === 'packages' && outcome === 'read');
  const read = new Map<string, Map<number, Exhibit[]>>();
  for (const exhibit of exhibits) {
    const { collector, acquisition, outcome } = exhibit;
    if (collector === null || acquisition === null || outcome !== 'read') continue;
    // Which apps there were when the code was asked for: an older list beside that of the packages would bring back what is gone.
    // Of those who were asked about by name the list only says who they were.
    const isLeftOut =
      (collector === 'app-code' && exhibit.kind !== 'apk' && listsPackages) ||
      (collector === 'app-ops' && listsApps(exhibit));
    const position = order.get(acquisition) ?? 0;
    const tries = read.get(collector) ?? new Map<number, Exhibit[]>();
    read.set(collector, tries.set(position, [...(tries.get(position) ?? []), ...(isLeftOut ? [] : [exhibit])]));
  }
  for (const tries of read.values()) joinImported(tries);
  const wholeOf = (some: readonly Exhibit[]): number => questionsOf(some.filter((one) => !isCut(one)));
  const direct = directlyRead(exhibits, isCut);
  const chosen = new Map<string, Exhibit>();
  const lastCodeId = lastWholeCode(reader, exhibits);
  const lastCode = order.get(lastCodeId ?? '');
  for (const [collector, tries] of read) {
    const fillIns = takeFillIns(tries, direct);
    const [best] = [...tries].sort(
      ([a, mine], [b, others]) => wholeOf(others) - wholeOf(mine) || questionsOf(others) - questionsOf(mine) || b - a,
    );
    const state = collector === 'app-code' && lastCode !== undefined ? tries.get(lastCode) : undefined;
    // First what fills in: the collector counts as read by what was asked directly (factsOf).
    for (const one of filledIn(state ?? best?.[1] ?? [], fillIns, isCut)) chosen.set(one.id, one);
    if (state === undefined) continue;
    // What it took over of those that it goes on with is its own.
    const taken = takenOverBy(
      reader,
      exhibits.filter(({ acquisition }) => acquisition === lastCodeId),
    );
    for (const one of exhibits) if (taken.has(one.id) && one.outcome === 'read') chosen.set(one.id, one);
  }
  const ofLabel = new Set(exhibits.map(({ id }) => id));
  const records = index
    .records({ label: side.label })
    .filter(({ kind, exhibit }) => chosen.has(exhibit) || (accumulating.has(kind) && ofLabel.has(exhibit)));
  const cut = exhibits
    .filter((one) => isCut(one) && (chosen.has(one.id) || one.outcome === 'read'))
    .flatMap((one) =>
      one.origin.type === 'command'
        ? listsOf(questionOf(one, one.origin.command)).filter(
            ({ kind }) => chosen.has(one.id) || accumulating.has(kind),
          )
        : [],
    );
  const facts = factsOf(records, exhibits, { chosen, codeFrom: lastCodeId }, isCut);
  return { records, cut, facts };
}

/**
 * Facts with the list that each stands in, and the lists that were read: by the chosen exhibits, and by those beside them that
 * came back empty. A list that two commands of a label print is read to its end where one of them was.
 */
function factsOf(
  records: readonly SnapshotRecord[],
  exhibits: readonly Exhibit[],
  {
    chosen,
    codeFrom,
  }: {
    readonly chosen: ReadonlyMap<string, Exhibit>;
    /** The acquisition that the code of apps is of, some of it taken over from others; null: of whichever read most. */
    readonly codeFrom: string | null;
  },
  isCut: (one: Exhibit) => boolean,
): FactReadings {
  const collectorsRead = new Map([...chosen.values()].map((one) => [one.collector, one.acquisition]));
  if (codeFrom !== null) collectorsRead.set('app-code', codeFrom);
  const counts = (one: Exhibit): boolean =>
    chosen.has(one.id) ||
    (one.outcome === 'empty' && (collectorsRead.get(one.collector) ?? one.acquisition) === one.acquisition);
  const read = new Set<string>();
  const whole = new Set<string>();
  const questions = new Map<string, Question>();
  const codeOf = new Map<string, string>();
  for (const one of exhibits) {
    const code = appCodeListOf(one);
    if (code === null || !chosen.has(one.id)) continue;
    codeOf.set(one.id, code);
    read.add(code);
    whole.add(code);
  }
  for (const one of exhibits) {
    // Of an app whose code came in part only, what is missing is not gone.
    const code = one.acquisition === collectorsRead.get(one.collector) ? appCodeListOf(one) : null;
    if (code !== null && !codeOf.has(one.id)) {
      read.add(code);
      whole.delete(code);
    }
    if (one.origin.type !== 'command' || one.origin.stream === 'stderr' || !counts(one)) continue;
    const question = questionOf(one, one.origin.command);
    questions.set(one.id, question);
    for (const list of factListsOf(question)) {
      read.add(list);
      if (!isCut(one)) whole.add(list);
    }
  }
  const rows = records.flatMap((record) => {
    if (record.kind !== 'fact') return [];
    const { topic, package: owner, name, value } = record;
    const question = questions.get(record.exhibit);
    const source = codeOf.get(record.exhibit) ?? (question === undefined ? null : factListOf(question, name));
    return source === null ? [] : [{ source, topic, package: owner, name, value }];
  });
  return { rows, read, whole };
}

const questionOf = ({ collector }: Exhibit, command: string): Question => ({ command, collector });

/** The list that the facts about an app's code stand in; null for every other exhibit. */
function appCodeListOf({ kind, origin }: Exhibit): string | null {
  return kind === 'apk' && origin.type === 'pull' ? `${appCodeList}${origin.package ?? ''}` : null;
}

/** The latest acquisition that read the list of apps and was not cut off before the code of the last of them. */
function lastWholeCode(reader: CaseReader, exhibits: readonly Exhibit[]): string | null {
  const code = exhibits.filter(({ collector }) => collector === 'app-code');
  const last = reader.acquisitions().findLast(({ id, outcome }) => {
    const own = code.filter(({ acquisition }) => acquisition === id);
    const isCutOff = outcome === 'interrupted' || outcome === 'running';
    return !isCutOff && own.some(isAppList) && !own.some((one) => one.outcome === 'interrupted');
  });
  return last?.id ?? null;
}

const listsApps = ({ origin }: Exhibit): boolean =>
  origin.type === 'command' && /^pm list packages\b/.test(origin.command);

/** How much was asked: what was asked of each app by its name is one question, as the dump of all of them is. */
function questionsOf(exhibits: readonly Exhibit[]): number {
  const byName = ({ origin }: Exhibit): boolean =>
    origin.type === 'command' && /^(?:cmd )?appops get\b/.test(origin.command);
  return exhibits.filter((one) => !byName(one)).length + (exhibits.some(byName) ? 1 : 0);
}

function isAppList({ origin, outcome }: Exhibit): boolean {
  return origin.type === 'command' && appListCommands.some((one) => one === origin.command) && outcome === 'read';
}

/** The link stops reading a command's output at a limit; what came before it is kept (acquisition/run-command). */
function wasCut({ origin, fault }: Exhibit): boolean {
  return (origin.type === 'command' && origin.problem === 'LIMIT') || fault?.startsWith('byte-limit:') === true;
}

/** Limits of a parser after which it reads no further. */
const parserCap = /^parse-(?:cap-records|cap-bytes|dropbox-entries|jobs)\b/;

function cappedByParser(index: IndexReader): Set<string> {
  return new Set(
    index.faults().flatMap(({ exhibit, code }) => (exhibit !== null && parserCap.test(code) ? [exhibit] : [])),
  );
}
