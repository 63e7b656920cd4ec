import { rowsPerPart } from './column-writer.ts';
import type { ColumnArray, ColumnKind } from './column-writer.ts';
import { Dictionary } from './dictionary.ts';
import type { SqliteDatabase } from '../sqlite.ts';

/** What is being read, by and by. */
interface Opened {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The next part, and where in `bytes` it goes. */
  part: number;
  at: number;
}

/** Columns by their kind, and the texts of dictionaries, which follow one another without gaps. */
export type PartKind = ColumnKind | 'text';

/** Parts read in one step of `warm`: some ten milliseconds. */
const warmParts = 24;

/** What was read of one index; it outlives the reader, because each question opens its own. */
class Loaded {
  readonly columns = new Map<string, ColumnArray>();
  readonly texts = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly dictionaries = new Map<string, Dictionary>();
  readonly opened = new Map<string, Opened>();
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
    const text = this.#text(`${name}.text`);
    const made = new Dictionary(Buffer.from(text.buffer), this.u32(`${name}.length`));
    this.#loaded.dictionaries.set(name, made);
    return made;
  }

  /** Reads some more of what will be asked for; false: there was nothing left to read. */
  warm(name: string, kind: PartKind): boolean {
    const { columns, texts } = this.#loaded;
    if (columns.has(name) || texts.has(name)) return false;
    if (this.#read(name, kind, warmParts)) return true;
    if (kind === 'text') this.#text(name);
    else this.#column(name, kind);
    return false;
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
    const { buffer } = this.#whole(name, kind);
    const column = kind === 'u32' ? new Uint32Array(buffer) : new Float64Array(buffer);
    this.#loaded.columns.set(name, column);
    return column;
  }

  #text(name: string): Uint8Array<ArrayBuffer> {
    const known = this.#loaded.texts.get(name);
    if (known !== undefined) return known;
    const text = this.#whole(name, 'text');
    this.#loaded.texts.set(name, text);
    return text;
  }

  #whole(name: string, kind: PartKind): Uint8Array<ArrayBuffer> {
    this.#read(name, kind, Number.POSITIVE_INFINITY);
    const { bytes } = this.#open(name, kind);
    this.#loaded.opened.delete(name);
    return bytes;
  }

  /** At most `most` parts more; false: there were not so many left. */
  #read(name: string, kind: PartKind, most: number): boolean {
    const opened = this.#open(name, kind);
    const parts = this.#database.prepare(
      'SELECT part, body FROM column_part WHERE name = ? AND part >= ? ORDER BY part',
    );
    let left = most;
    for (const { part, body } of parts.iterate(name, opened.part) as Iterable<{ part: number; body: Buffer }>) {
      opened.bytes.set(body, kind === 'text' ? opened.at : part * rowsPerPart * widthOf(kind));
      opened.at += body.length;
      opened.part = part + 1;
      left -= 1;
      if (left === 0) return true;
    }
    return false;
  }

  #open(name: string, kind: PartKind): Opened {
    const known = this.#loaded.opened.get(name);
    if (known !== undefined) return known;
    const opened = { bytes: new Uint8Array(this.#bytesOf(name, kind)), part: 0, at: 0 };
    this.#loaded.opened.set(name, opened);
    return opened;
  }

  #bytesOf(name: string, kind: PartKind): number {
    // Only the heads of the rows are read for their lengths.
    if (kind === 'text') {
      const sum = this.#database.prepare('SELECT sum(length(body)) FROM column_part WHERE name = ?').pluck().get(name);
      return Number(sum ?? 0);
    }
    const last = this.#database
      .prepare('SELECT part, length(body) AS bytes FROM column_part WHERE name = ? ORDER BY part DESC LIMIT 1')
      .get(name) as { readonly part: number; readonly bytes: number } | undefined;
    const width = widthOf(kind);
    return last === undefined ? 0 : (last.part * rowsPerPart + Math.floor(last.bytes / width)) * width;
  }
}

const widthOf = (kind: ColumnKind): number => (kind === 'u32' ? 4 : 8);
