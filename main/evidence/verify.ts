import { checkFormat, missingCase, openDatabaseForReading } from './case-database.ts';
import { caseApplicationId } from './case-layout.ts';
import { CaseReader } from './readers/case-reader.ts';
import { problemOf } from './durable-files.ts';
import type { IndexDigests } from './index-digest.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { checkDatabaseFile, checkSchema } from './verify-database.ts';
import { checkExhibits } from './verify-exhibits.ts';
import { checkIndex } from './verify-index.ts';
import { checkChain, checkRows } from './verify-rows.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CheckLine } from '../../shared/model/custody.ts';
import type { Result } from '../../shared/model/problem.ts';

export interface VerifyOptions {
  /** The head printed in a report: found anywhere in the chain means that nothing before it was cut off or changed. */
  readonly head?: string | undefined;
  /**
   * Rebuilds the index from what the case holds, without writing into the folder (`beginScratchIndex`), and returns
   * its digests. Left out, the index is only compared with its pointer, and the line says so.
   */
  readonly rebuildIndex?: ((directory: string) => Promise<Result<IndexDigests>>) | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Aborted: the answer holds the lines so far. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks everything that can be checked from inside the folder and changes nothing in it. Lines come in the order
 * chain, rows, database file, exhibits, index: the first one that is not `ok` is what is wrong first.
 * Damage is a line, also where SQLite itself gives up; a problem is returned only when there is no case to check
 * (`case-not-found`, `case-not-a-case`, `case-newer`).
 */
export async function verifyCase(
  directory: string,
  options: VerifyOptions = {},
): Promise<Result<readonly CheckLine[]>> {
  const missing = missingCase(directory);
  if (missing !== null) return missing;
  const opened = openDatabaseForReading(directory);
  if (!opened.ok) return ok([unreadable(opened.problem.detail ?? opened.problem.code)]);
  const database = opened.value;
  try {
    const format = checkFormat(database, directory);
    const disagreement = format.ok ? null : formatDisagreement(database);
    if (!format.ok && disagreement === null) return format;
    const lines: CheckLine[] = [];
    await add(lines, 'custody', () => checkChain(database, options.head));
    await add(lines, 'row', () => checkRows(database));
    if (disagreement !== null) lines.push(disagreement);
    await add(lines, 'row', () => checkSchema(database));
    await add(lines, 'row', () => checkDatabaseFile(database, directory));
    const reader = new CaseReader(directory, database);
    await add(lines, 'exhibit', () => checkExhibits(reader, options.onProgress, options.signal));
    if (options.signal?.aborted === true) return ok(lines);
    lines.push(
      ...(await checkIndex(
        reader,
        options.rebuildIndex,
        lines.every((line) => line.ok),
      )),
    );
    return ok(lines);
  } finally {
    database.close();
  }
}

/** Runs a check; where SQLite or the disk gives up, that is its line. */
async function add(
  lines: CheckLine[],
  check: CheckLine['check'],
  run: () => readonly CheckLine[] | Promise<readonly CheckLine[]>,
): Promise<void> {
  try {
    lines.push(...(await run()));
  } catch (error) {
    const subject = check === 'exhibit' ? 'exhibits' : 'case.sqlite';
    const { problem } = problemOf(error, subject);
    lines.push({
      check,
      subject,
      ok: false,
      detail: `cannot be read: ${problem.detail ?? problem.code}`,
    });
  }
}

const unreadable = (detail: string): CheckLine => ({
  check: 'row',
  subject: 'case.sqlite',
  ok: false,
  detail: `cannot be read: ${detail}`,
});

/**
 * A header that names another program or a newer format while the rows say that it is ours is damage, not a case of a
 * newer program. Null: the header may be right.
 */
function formatDisagreement(database: SqliteDatabase): CheckLine | null {
  try {
    const known: unknown = database.prepare('SELECT max(version) FROM migration').pluck().get();
    const version = Number(database.pragma('user_version', { simple: true }));
    const application = database.pragma('application_id', { simple: true });
    if (typeof known !== 'number' || (known === version && application === caseApplicationId)) return null;
    const detail = `header says format ${version} of application ${String(application)}, the rows say format ${known}`;
    return { check: 'row', subject: 'case.sqlite', ok: false, detail };
  } catch {
    return null;
  }
}

/** The first line that failed, or null. */
export function firstFailure(lines: readonly CheckLine[]): CheckLine | null {
  return lines.find((line) => !line.ok) ?? null;
}
