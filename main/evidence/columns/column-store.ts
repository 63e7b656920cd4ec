import { columnArray, rowsPerPart } from './column-writer.ts';
import type { ColumnArray, ColumnKind } from './column-writer.ts';
import { Dictionary } from './dictionary.ts';
import type { SqliteDatabase } from '../sqlite.ts';

/** What was read of one index; it outlives the reader, because each question opens its own. */
class Loaded {
  readonly columns = new Map<string, ColumnArray>();
  readonly dictionaries = new Map<string, Dictionary>();
  /** Anything worked out from columns that the next question may need again. */
  readonly derived = new Map<string, unknown>();
}

/** A window asks one case at a time: columns of the last index only are kept, some 70 bytes a conversation. */
let latest: { readonly key: string; readonly loaded: Loaded } | null = null;

/** Columns and dictionaries of one index, read as they are needed. */
export class ColumnStore {
  readonly #database: SqliteDatabase;
  readonly #loaded: Loaded;

  /** @param key tells one published index from every other; null for one that is not published */
  constructor(database: SqliteDatabase, key: string | null) {
    this.#database = database;
    if (key !== null && latest?.key === key) {
      this.#loaded = latest.loaded;
      return;
    }
    this.#loaded = new Loaded();
    if (key !== null) latest = { key, loaded: this.#loaded };
  }

  /** By row number; shorter than the table where its last rows have none. */
  u32(name: string): Uint32Array {
    return this.#column(name, 'u32') as Uint32Array;
  }

  f64(name: string): Float64Array {
    return this.#column(name, 'f64') as Float64Array;
  }

  dictionary(name: string): Dictionary {
    const known = this.#loaded.dictionaries.get(name);
    if (known !== undefined) return known;
    const made = new Dictionary(Buffer.concat(this.#parts(`${name}.text`)), this.u32(`${name}.length`));
    this.#loaded.dictionaries.set(name, made);
    return made;
  }

  /** What `make` gives, made once as long as this index is the one that is asked. */
  derived<T>(key: string, make: () => T): T {
    const { derived } = this.#loaded;
    if (!derived.has(key)) derived.set(key, make());
    return derived.get(key) as T;
  }

  #column(name: string, kind: ColumnKind): ColumnArray {
    const known = this.#loaded.columns.get(name);
    if (known !== undefined) return known;
    const last = this.#database
      .prepare('SELECT part, length(body) AS bytes FROM column_part WHERE name = ? ORDER BY part DESC LIMIT 1')
      .get(name) as { readonly part: number; readonly bytes: number } | undefined;
    const width = kind === 'u32' ? 4 : 8;
    const rows = last === undefined ? 0 : last.part * rowsPerPart + Math.floor(last.bytes / width);
    const column = columnArray(kind, rows);
    const into = new Uint8Array(column.buffer);
    const parts = this.#database.prepare('SELECT part, body FROM column_part WHERE name = ? ORDER BY part');
    for (const { part, body } of parts.iterate(name) as Iterable<{ part: number; body: Buffer }>) {
      into.set(body, part * rowsPerPart * width);
    }
    this.#loaded.columns.set(name, column);
    return column;
  }

  #parts(name: string): Buffer[] {
    return this.#database
      .prepare('SELECT body FROM column_part WHERE name = ? ORDER BY part')
      .pluck()
      .all(name) as Buffer[];
  }
}
