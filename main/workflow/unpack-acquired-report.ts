import type { Exhibit } from '../../shared/model/exhibit.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { isReportCommand } from '../acquisition/bug-report-protocol.ts';
import type { CollectorResult } from '../acquisition/ports.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { SectionScanner } from '../parsing/import/sections.ts';
import type { AcquireWish } from './acquire-wish.ts';
import type { Conduct } from './conduct.ts';
import { cutParts } from './cut-parts.ts';
import type { Stored } from './cut-parts.ts';
import type { Gap } from './gaps.ts';
import { gap, wordGap } from './gaps.ts';
import { identifiersOfExhibits } from './handset-identifiers.ts';
import { need } from './store-failure.ts';
import type { Belonging } from './store-output.ts';
import { stretchOf } from './store-output.ts';
import { unpackReport } from './unpack-report.ts';
import { tell } from './tell.ts';

/**
 * Cuts the bug report that an acquisition took in, as if its file had been imported: an acquisition of its own, so that what the report
 * says stands beside what was asked directly and does not count twice. Answers with what is missing; the report itself is in custody
 * whatever comes of it. Throws StoreFailure.
 */
export async function unpackAcquiredReport(
  writer: CaseWriter,
  wish: AcquireWish,
  results: readonly CollectorResult[],
  conduct: Conduct,
): Promise<readonly Gap[]> {
  const exhibit = reportOf(writer, results);
  if (exhibit === null) return [];
  const named = { exhibit: exhibit.id, name: exhibit.originalName };
  if (conduct.signal.aborted) return [gap('archive-unread', { ...named, why: 'stopped' })];
  const { handset, label, run } = wish;
  const { id } = need(writer.beginAcquisition({ handset, label, run, profile: 'imported', serial: '' }));
  const stored = await partsOf(writer, exhibit, { acquisition: id, handset, label, run }, conduct);
  if (!stored.ok) {
    writer.endAcquisition(id, { outcome: 'interrupted', detail: stored.problem.code });
    return [gap('archive-unread', { ...named, why: stored.problem.code })];
  }
  const { exhibits } = stored.value;
  const gaps = [...stored.value.gaps, ...identifiersOfExhibits(writer, { handset }, exhibits)];
  const detail = gaps.length === 0 ? null : gaps.map((one) => wordGap('en', one)).join('\n');
  need(writer.endAcquisition(id, { outcome: gaps.length === 0 ? 'complete' : 'complete-with-gaps', detail }));
  tell(conduct, (words) => words('acquire.report-parts', { id, exhibit: exhibit.id, count: exhibits.length }));
  return gaps;
}

/** The exhibit with the report itself, where one came whole. */
function reportOf(writer: CaseWriter, results: readonly CollectorResult[]): Exhibit | null {
  const read = results
    .filter(({ collector }) => collector === 'bug-report')
    .flatMap(({ commands }) => commands)
    .find(({ command, outcome }) => outcome === 'read' && isReportCommand(command));
  const [id] = read?.exhibits ?? [];
  return id === undefined ? null : need(writer.exhibit(id));
}

async function partsOf(
  writer: CaseWriter,
  exhibit: Exhibit,
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const { origin } = exhibit;
  const takenAt = origin.type === 'command' || origin.type === 'pull' ? origin.startedAt : exhibit.addedAt;
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
