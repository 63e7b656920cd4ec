import { closeSync, existsSync, lstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { caseLayout } from '../evidence/case-layout.ts';
import { isReportHead, isReportPart, isReportTail, reportMarkBytes } from '../report/report-mark.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { readProblem } from './read-problem.ts';

/** Where a report is written: links are followed, so that what is checked is what is written. */
export interface ReportTarget {
  readonly path: string;
  /** A file stands there that may be replaced: one of our own reports, or what the person insists on. */
  readonly replaces: boolean;
}

/** The folder of a case that reports may be laid in. */
const reportsFolder = 'reports';

/**
 * Whether a report may be written at `path`, by its real place. In a case's folder only new files in `reports/` may be
 * made. Elsewhere a file that is no report of ours is replaced only with `force`.
 * Problems: `path-missing`, `path-is-directory`, `path-unwritable`, `path-unreadable`, `report-in-case`, `report-place-taken`.
 */
export function reportTarget(path: string, force: boolean): Result<ReportTarget> {
  const real = realPlace(path);
  if (!real.ok) return real;
  const place = real.value;
  const taken = lstatSync(place, { throwIfNoEntry: false });
  if (taken?.isDirectory() === true) return fail('path-is-directory', { path });
  // A device or a pipe would be replaced by a file; a link that leads nowhere says nothing about what it is for.
  if (taken !== undefined && !taken.isFile()) return fail('path-unwritable', { path }, 'not a regular file');
  const inCase = casesAround(place).find((one) => taken !== undefined || !isInReports(place, one));
  if (inCase !== undefined) return fail('report-in-case', { path, case: inCase });
  if (taken === undefined) return ok({ path: place, replaces: false });
  if (force) return ok({ path: place, replaces: true });
  try {
    return isOwnReport(place, taken.size) ? ok({ path: place, replaces: true }) : fail('report-place-taken', { path });
  } catch (error) {
    return readProblem(error, path);
  }
}

function realPlace(path: string): Result<string> {
  const folder = dirname(path);
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      return fail('path-missing', { path: folder });
    const beside = join(realpathSync.native(folder), basename(path));
    const linked = lstatSync(beside, { throwIfNoEntry: false });
    if (linked === undefined) return ok(beside);
    return ok(statSync(beside, { throwIfNoEntry: false }) === undefined ? beside : realpathSync.native(beside));
  } catch (error) {
    return readProblem(error, path);
  }
}

/** Every case folder around a place, innermost first: a case can lie within another one. */
function casesAround(place: string): string[] {
  const found: string[] = [];
  for (let folder = dirname(place); ; folder = dirname(folder)) {
    if (isCaseFolder(folder)) found.push(folder);
    if (dirname(folder) === folder) return found;
  }
}

/** A damaged case without its database holds evidence all the same. */
function isCaseFolder(folder: string): boolean {
  return (
    existsSync(caseLayout.database(folder)) || (folder.endsWith('.handsight') && existsSync(caseLayout.vault(folder)))
  );
}

function isInReports(place: string, caseFolder: string): boolean {
  return place.startsWith(`${join(caseFolder, reportsFolder)}${sep}`);
}

const pieceBytes = 1 << 20;

/** Whether a file is a report that this program wrote: by the mark in its content, whatever its name. */
function isOwnReport(path: string, size: number): boolean {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(Math.min(pieceBytes, size));
    const read = (at: number): Buffer => piece.subarray(0, readSync(file, piece, 0, piece.length, at));
    const head = isReportHead(read(0));
    if (head === 'yes' || head === 'no') return head === 'yes';
    if (head === 'at-end') return isReportTail(read(Math.max(0, size - piece.length)));
    for (let at = 0; at < size; at += Math.max(1, piece.length - reportMarkBytes))
      if (isReportPart(read(at))) return true;
    return false;
  } finally {
    closeSync(file);
  }
}
