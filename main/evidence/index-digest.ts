import { createHash } from 'node:crypto';
import { indexTables } from './index-tables.ts';
import type { IndexTable } from './index-tables.ts';
import type { SqliteDatabase } from './sqlite.ts';

type Cell = string | number | Uint8Array | null;

/** SHA-256 by table of the logical content: equal for any two indexes that say the same. */
export type IndexDigests = Readonly<Record<IndexTable, string>>;

/**
 * Digests each table: rows by key, columns in order, each value as «type length:text LF» (length in UTF-16 units, so no
 * value can pretend to be two; of bytes, their number and the bytes). Independent of page layout, of the order of insertion and of the generation.
 */
export function digestIndex(database: SqliteDatabase): IndexDigests {
  return Object.fromEntries(
    indexTables.map((table) => {
      const statement = database.prepare(`SELECT ${table.columns.join(', ')} FROM ${table.name} ORDER BY ${table.key}`);
      return [table.name, digestRows(statement.raw().iterate() as Iterable<readonly Cell[]>)];
    }),
  ) as IndexDigests;
}

/** Rows are gathered to 64 Ki characters before they are hashed: one call a row would cost more than the hashing. */
function digestRows(rows: Iterable<readonly Cell[]>): string {
  const hash = createHash('sha256');
  let pending = '';
  for (const row of rows) {
    for (const value of row) {
      if (typeof value === 'object' && value !== null) {
        hash.update(`${pending}b${value.length}:`, 'utf8').update(value);
        pending = '\n';
        continue;
      }
      const text = value === null ? '' : String(value);
      pending += `${value === null ? 'n' : typeof value === 'number' ? 'i' : 't'}${text.length}:${text}\n`;
    }
    if (pending.length > 65536) {
      hash.update(pending, 'utf8');
      pending = '';
    }
  }
  return hash.update(pending, 'utf8').digest('hex');
}
