import type { RawRow } from './row-models.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { currentWriter } from '../writer-lock.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import { readStartedNote } from '../../../shared/model/acquisition-note.ts';
import type { AcquisitionScope } from '../../../shared/model/acquisition-note.ts';

/** Every acquisition with its end; one without is `running` while somebody writes, else `interrupted`. */
export function readAcquisitions(database: SqliteDatabase, directory: string): readonly Acquisition[] {
  const rows = database
    .prepare(
      `SELECT a.*, e.acquisition AS ended, e.ended_at, e.outcome, e.detail
       FROM acquisition a LEFT JOIN acquisition_end e ON e.acquisition = a.id ORDER BY a.row`,
    )
    .all() as RawRow[];
  const unended = rows.some((row) => row['ended'] === null);
  const open = unended && currentWriter(directory) !== null ? 'running' : 'interrupted';
  const scopes = readScopes(database);
  return rows.map(
    (row) =>
      ({
        id: row['id'],
        handset: row['handset'],
        label: row['label'],
        run: row['run'],
        profile: row['profile'],
        serial: row['serial'],
        ...scopes.get(String(row['id'])),
        startedAt: row['started_at'],
        endedAt: row['ended_at'],
        outcome: row['outcome'] ?? open,
        detail: row['detail'],
      }) as Acquisition,
  );
}

/** What each acquisition noted of itself as it began: in the chain of custody, so that no row of an earlier format lacks it. */
function readScopes(database: SqliteDatabase): ReadonlyMap<string, AcquisitionScope> {
  const entries = database
    .prepare(`SELECT note FROM custody WHERE action = 'acquisition-started' AND note LIKE '%;%'`)
    .all() as RawRow[];
  return new Map(
    entries.flatMap(({ note }) => {
      const read = readStartedNote(String(note));
      if (read === null) return [];
      const { id, ...scope } = read;
      return [[id, scope] as const];
    }),
  );
}
