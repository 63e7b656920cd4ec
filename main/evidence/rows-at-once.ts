import { RowDigest } from './index-digest.ts';
import type { Cell } from './index-digest.ts';
import { indexTables } from './index-tables.ts';
import type { IndexTable } from './index-tables.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite.ts';

/** Rows written by one statement. */
const atOnce = 32;

/**
 * Writes a table of the index whose key is its first column, a number: several rows in one statement, which takes half the time. Rows
 * that come in the order of their key are digested here, and need not be read again.
 */
export class RowsAtOnce {
  readonly #one: SqliteStatement;
  readonly #many: SqliteStatement;
  readonly #width: number;
  readonly #digest = new RowDigest();
  #newest = -Infinity;
  #inOrder = true;
  #cells: Cell[] = [];

  constructor(database: SqliteDatabase, table: IndexTable) {
    const { columns } = indexTables.find(({ name }) => name === table) ?? { columns: [] };
    const row = `(${columns.map(() => '?').join(', ')})`;
    const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES`;
    this.#width = columns.length;
    this.#one = database.prepare(`${insert} ${row}`);
    this.#many = database.prepare(`${insert} ${Array.from({ length: atOnce }, () => row).join(', ')}`);
  }

  /** @returns how many rows were written now: the others wait for more */
  add(key: number, row: readonly Cell[]): number {
    this.#inOrder &&= key > this.#newest;
    this.#newest = key;
    if (this.#inOrder) this.#digest.add(row);
    this.#cells.push(...row);
    if (this.#cells.length < atOnce * this.#width) return 0;
    const cells = this.#cells;
    this.#cells = [];
    this.#many.run(...cells);
    return atOnce;
  }

  /** Writes what waits. @returns how many rows */
  flush(): number {
    const cells = this.#cells;
    this.#cells = [];
    for (let at = 0; at < cells.length; at += this.#width) this.#one.run(...cells.slice(at, at + this.#width));
    return cells.length / this.#width;
  }

  /** The digest of all rows, in hexadecimal; null when they did not come in order. Nothing may be added after it. */
  digest(): string | null {
    const digest = this.#digest.end();
    return this.#inOrder ? digest : null;
  }
}
