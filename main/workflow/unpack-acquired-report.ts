import type { Exhibit } from '../../shared/model/exhibit.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { partsOf } from '../../shared/model/resumable.ts';
import { isReportCommand } from '../acquisition/bug-report-protocol.ts';
import { bugReport } from '../acquisition/collectors/bug-report.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import { SectionScanner } from '../parsing/import/sections.ts';
import type { AcquireWish } from './acquire-wish.ts';
import type { Conduct } from './conduct.ts';
import { cutParts } from './cut-parts.ts';
import type { Stored } from './cut-parts.ts';
import type { Gap } from './gaps.ts';
import { gap, wordGap } from './gaps.ts';
import { identifiersOfExhibits } from './handset-identifiers.ts';
import { answeredBy } from './resume-acquisition.ts';
import { StoreFailure, need } from './store-failure.ts';
import type { Belonging } from './store-output.ts';
import { stretchOf } from './store-output.ts';
import { unpackReport } from './unpack-report.ts';
import { tell } from './tell.ts';

/** What came of cutting the bug reports of an acquisition. */
export interface UnpackedReports {
  /** What is missing of what the reports hold. */
  readonly gaps: readonly Gap[];
  /** How many could not be cut to the end: the report itself is in custody, and what it holds was not read. */
  readonly unread: number;
}

/**
 * Cuts the bug reports that an acquisition, or one that it goes on with, took in and that nobody has cut yet, as if their files had been
 * imported: an acquisition of its own each, so that what the report says stands beside what was asked directly and does not count twice.
 * To be called before the acquisition ends: one that is killed meanwhile is gone on with. A failure of the store is a report unread.
 */
export async function unpackAcquiredReports(
  writer: CaseWriter,
  wish: AcquireWish,
  acquisition: string,
  conduct: Conduct,
): Promise<UnpackedReports> {
  const gaps: Gap[] = [];
  let unread = 0;
  for (const exhibit of uncutReports(writer, acquisition)) {
    const done = conduct.signal.aborted ? 'stopped' : await cutReport(writer, wish, exhibit, conduct);
    if (typeof done !== 'string') gaps.push(...done);
    else {
      unread += 1;
      gaps.push(gap('archive-unread', { exhibit: exhibit.id, name: exhibit.originalName, why: done }));
    }
  }
  return { gaps, unread };
}

/** The gaps of a report that was cut; else why it was not. */
async function cutReport(
  writer: CaseWriter,
  { handset, label, run }: AcquireWish,
  exhibit: Exhibit,
  conduct: Conduct,
): Promise<readonly Gap[] | string> {
  const begun = writer.beginAcquisition({ handset, label, run, profile: 'imported', serial: '' });
  if (!begun.ok) return begun.problem.code;
  const { id } = begun.value;
  const unread = (why: string): string => {
    // Where even this cannot be stored, whoever opens the case next says that it was cut off.
    writer.endAcquisition(id, { outcome: 'interrupted', detail: why });
    return why;
  };
  try {
    const stored = await partsIn(writer, exhibit, { acquisition: id, handset, label, run }, conduct);
    if (!stored.ok) return unread(stored.problem.code);
    const { exhibits } = stored.value;
    const gaps = [...stored.value.gaps, ...identifiersOfExhibits(writer, { handset }, exhibits)];
    const detail = gaps.length === 0 ? null : gaps.map((one) => wordGap('en', one)).join('\n');
    need(writer.endAcquisition(id, { outcome: gaps.length === 0 ? 'complete' : 'complete-with-gaps', detail }));
    tell(conduct, (words) => words('acquire.report-parts', { id, exhibit: exhibit.id, count: exhibits.length }));
    return gaps;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    return unread(error.problem.code);
  }
}

/** The reports that came whole, in this acquisition or in a part that it goes on with, and that no ended acquisition has cut. */
function uncutReports(reader: CaseReader, acquisition: string): readonly Exhibit[] {
  const all = reader.acquisitions();
  const reports = partsOf(all, acquisition).flatMap(({ id }) =>
    reader.exhibits({ acquisition: id }).filter((one) => one.collector === bugReport.id && isReport(one)),
  );
  if (reports.length === 0) return [];
  const parts = all
    .filter(({ profile, outcome }) => profile === 'imported' && outcome !== 'interrupted' && outcome !== 'running')
    .flatMap(({ id }) => reader.exhibits({ acquisition: id }));
  return reports.filter((report) => !parts.some((part) => isOf(part, report)));
}

function isReport({ origin, outcome }: Exhibit): boolean {
  const command = answeredBy(origin);
  return outcome === 'read' && command !== null && isReportCommand(command);
}

/** Whether something was cut out of a report: by its name and the instant at which it was asked for, which no two have in common. */
function isOf({ origin }: Exhibit, report: Exhibit): boolean {
  const takenAt = takenAtOf(report);
  if (origin.type === 'import') return origin.fileName === report.originalName && origin.statement?.takenAt === takenAt;
  if (origin.type !== 'command' || origin.imported === undefined) return false;
  return origin.imported.exhibit === report.id;
}

function takenAtOf({ origin, addedAt }: Exhibit): string {
  return origin.type === 'command' || origin.type === 'pull' ? origin.startedAt : addedAt;
}

async function partsIn(
  writer: CaseWriter,
  exhibit: Exhibit,
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const takenAt = takenAtOf(exhibit);
  const statement = { what: 'bugreport', recognised: 'bugreport', takenAt, modifiedAt: takenAt };
  const about = { exhibit, statement };
  if (exhibit.originalName.endsWith('.zip')) return await unpackReport(writer, about, belonging, conduct);
  const scanner = new SectionScanner('bugreport');
  const opened = need(writer.openExhibit(exhibit.id));
  try {
    for await (const block of stretchOf(opened.fd, 0, exhibit.bytes).blocks()) scanner.push(block);
  } finally {
    opened.close();
  }
  const parts = await cutParts(writer, about, scanner.finish(), belonging, conduct);
  return parts.ok ? ok(parts.value) : parts;
}
