/** Rows of one part: a part is written as soon as each of its rows is there, so that a long load holds little. */
export const rowsPerPart = 65_536;

/** Where finished parts go. `name` is `table.column`; the bytes are valid during the call only. */
export type PutPart = (name: string, part: number, body: Buffer) => void;

/** `u32`: whole numbers and codes of a dictionary; `f64`: microseconds and bytes. Little-endian, as every platform of ours. */
export type ColumnKind = 'u32' | 'f64';
export type ColumnArray = Uint32Array | Float64Array;

export function columnArray(kind: ColumnKind, rows: number): ColumnArray {
  return kind === 'u32' ? new Uint32Array(rows) : new Float64Array(rows);
}

interface Part {
  readonly arrays: readonly ColumnArray[];
  filled: number;
  last: number;
}

/** The columns of one table by row number. Rows may come in any order, each once; what never comes stays zero. */
export class ColumnWriter {
  readonly #put: PutPart;
  readonly #names: readonly string[];
  readonly #kinds: readonly ColumnKind[];
  readonly #open = new Map<number, Part>();

  constructor(put: PutPart, table: string, columns: Readonly<Record<string, ColumnKind>>) {
    this.#put = put;
    this.#names = Object.keys(columns).map((name) => `${table}.${name}`);
    this.#kinds = Object.values(columns);
  }

  /** @param values one for each column, in their order */
  set(row: number, values: readonly number[]): void {
    const number = Math.floor(row / rowsPerPart);
    const at = row - number * rowsPerPart;
    const part = this.#open.get(number) ?? this.#openPart(number);
    for (let i = 0; i < part.arrays.length; i += 1) {
      const array = part.arrays[i];
      if (array !== undefined) array[at] = values[i] ?? 0;
    }
    part.filled += 1;
    if (at > part.last) part.last = at;
    if (part.filled === rowsPerPart) this.#close(number, part);
  }

  /** Writes the parts that are not full. */
  finish(): void {
    for (const [number, part] of [...this.#open].sort(([a], [b]) => a - b)) this.#close(number, part);
  }

  #openPart(number: number): Part {
    const part = { arrays: this.#kinds.map((kind) => columnArray(kind, rowsPerPart)), filled: 0, last: 0 };
    this.#open.set(number, part);
    return part;
  }

  #close(number: number, part: Part): void {
    this.#open.delete(number);
    part.arrays.forEach((array, i) => {
      const bytes = (part.last + 1) * array.BYTES_PER_ELEMENT;
      this.#put(this.#names[i] ?? '', number, Buffer.from(array.buffer, array.byteOffset, bytes));
    });
  }
}
