import { createHash } from 'node:crypto';
import { indexTables } from './index-tables.ts';
import type { IndexTable } from './index-tables.ts';
import type { SqliteDatabase } from './sqlite.ts';

export type Cell = string | number | Uint8Array | null;

/** SHA-256 by table of the logical content: equal for any two indexes that say the same. */
export type IndexDigests = Readonly<Record<IndexTable, string>>;

/**
 * Digests each table: rows by key, columns in order, each value as «type length:text LF» (length in UTF-16 units, so no
 * value can pretend to be two; of bytes, their number and the bytes). Independent of page layout, of the order of insertion and of the generation.
 * @param known digests of tables whose rows were digested as they were written, in the order of their key
 */
export function digestIndex(
  database: SqliteDatabase,
  known: Partial<Readonly<Record<IndexTable, string>>> = {},
): IndexDigests {
  return Object.fromEntries(
    indexTables.map((table) => {
      const digest = known[table.name];
      if (digest !== undefined) return [table.name, digest];
      const statement = database.prepare(`SELECT ${table.columns.join(', ')} FROM ${table.name} ORDER BY ${table.key}`);
      return [table.name, digestRows(statement.raw().iterate() as Iterable<readonly Cell[]>)];
    }),
  ) as IndexDigests;
}

function digestRows(rows: Iterable<readonly Cell[]>): string {
  const digest = new RowDigest();
  for (const row of rows) digest.add(row);
  return digest.end();
}

/** The digest of one table, row by row in the order of its key. */
export class RowDigest {
  readonly #hash = createHash('sha256');
  /** Rows are gathered to 64 Ki characters before they are hashed: one call a row would cost more than the hashing. */
  #pending = '';

  add(row: readonly Cell[]): void {
    for (const value of row) {
      if (typeof value === 'object' && value !== null) {
        this.#hash.update(`${this.#pending}b${value.length}:`, 'utf8').update(value);
        this.#pending = '\n';
        continue;
      }
      const text = value === null ? '' : String(value);
      this.#pending += `${value === null ? 'n' : typeof value === 'number' ? 'i' : 't'}${text.length}:${text}\n`;
    }
    if (this.#pending.length <= 65536) return;
    this.#hash.update(this.#pending, 'utf8');
    this.#pending = '';
  }

  /** In hexadecimal; nothing may be added after it. */
  end(): string {
    return this.#hash.update(this.#pending, 'utf8').digest('hex');
  }
}
