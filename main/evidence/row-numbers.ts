import { prepared } from './custody.ts';
import type { SqliteDatabase } from './sqlite.ts';
import type { TableName } from './tables.ts';

/** The number that the next row of an append-only table gets: display ids count rows. */
export function nextNumber(database: SqliteDatabase, table: TableName): number {
  const last = prepared(database, `SELECT max(row) AS last FROM ${table}`).get() as { last: number | null };
  return (last.last ?? 0) + 1;
}
