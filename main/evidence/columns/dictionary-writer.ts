import { ColumnWriter } from './column-writer.ts';
import type { PutPart } from './column-writer.ts';

/** Texts remembered, so that an equal one gets the same code. Beyond them some get two codes: both are found. */
const remembered = 50_000;
const bytesPerPart = 256 * 1024;

/**
 * Texts by code, counted from 1 (0: none), for columns that hold a code in place of a text. They are kept in lower case,
 * because they are searched, not shown: the row's own object has them as they were.
 */
export class DictionaryWriter {
  readonly #put: PutPart;
  readonly #name: string;
  readonly #lengths: ColumnWriter;
  readonly #codes = new Map<string, number>();
  readonly #remembered: number;
  #lastKey: string | null = null;
  #lastCode = 0;
  #part = 0;
  #chunk = Buffer.allocUnsafe(bytesPerPart);
  #used = 0;
  #size = 0;

  /**
   * Texts go to `name.text`, each ended by a zero byte; their lengths in bytes, with it, to `name.length`.
   * @param most how many are remembered: few where hardly one comes twice
   */
  constructor(put: PutPart, name: string, most = remembered) {
    this.#remembered = most;
    this.#put = put;
    this.#name = name;
    this.#lengths = new ColumnWriter(put, name, { length: 'u32' });
  }

  /** @param write what is kept under this key, asked for once; by default the key itself, in lower case */
  code(key: string, write: (key: string) => string = fold): number {
    if (key === this.#lastKey) return this.#lastCode;
    this.#lastKey = key;
    this.#lastCode = this.#codes.get(key) ?? this.#add(key, write);
    return this.#lastCode;
  }

  finish(): void {
    this.#flush();
    this.#lengths.finish();
  }

  #add(key: string, write: (key: string) => string): number {
    if (this.#codes.size >= this.#remembered) this.#codes.clear();
    this.#append(write(key));
    this.#codes.set(key, this.#size);
    return this.#size;
  }

  #append(text: string): void {
    const ended = `${text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text}\0`;
    // UTF-8 needs at most three bytes a UTF-16 unit.
    if (this.#used + ended.length * 3 > this.#chunk.length) {
      this.#flush();
      if (ended.length * 3 > this.#chunk.length) this.#chunk = Buffer.allocUnsafe(ended.length * 3);
    }
    const bytes = this.#chunk.write(ended, this.#used, 'utf8');
    this.#used += bytes;
    this.#lengths.set(this.#size, [bytes]);
    this.#size += 1;
  }

  #flush(): void {
    if (this.#used === 0) return;
    this.#put(`${this.#name}.text`, this.#part, this.#chunk.subarray(0, this.#used));
    this.#part += 1;
    this.#used = 0;
  }
}

export function fold(text: string): string {
  return text.toLowerCase();
}
