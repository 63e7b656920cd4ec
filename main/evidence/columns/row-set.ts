import { countWords, rowsOfWords } from './masks.ts';
import type { Mask } from './masks.ts';

/** Rows of one piece of the directory: a page counts at most so many bits to find where it begins. */
const pieceRows = 4096;
const pieceWords = pieceRows / 32;

/**
 * The passing rows in an order, of which any page is told without making a list of them all: a mask, and how many pass
 * before each piece of some thousand rows.
 */
export class RowSet {
  readonly length: number;
  readonly #mask: Mask;
  readonly #order: Uint32Array | null;
  readonly #descending: boolean;
  /** By piece how many pass before it; one more at the end. */
  readonly #before: Uint32Array;

  /** @param order all rows of the table in the order of a column; null: by number */
  constructor(mask: Mask, order: Uint32Array | null, descending: boolean) {
    this.#mask = mask;
    this.#order = order;
    this.#descending = descending;
    this.#before = order === null ? countedByNumber(mask) : countedInOrder(mask, order);
    this.length = this.#before.at(-1) ?? 0;
  }

  /** Bytes that it holds; the order belongs to the table. */
  get bytes(): number {
    return this.#mask.words.byteLength + this.#before.byteLength;
  }

  /** Row numbers from place `from` to before place `to`. */
  page(from: number, to: number): Uint32Array {
    const end = Math.min(to, this.length);
    if (from >= end) return new Uint32Array(0);
    return this.#descending
      ? this.#ascending(this.length - end, this.length - from).reverse()
      : this.#ascending(from, end);
  }

  /** How many stand before and at this row, whether it passes or not: where the page after it begins. Ascending orders only. */
  placeAfter(row: number): number {
    const place = this.#order === null ? row : this.#order.indexOf(row);
    const piece = Math.floor(place / pieceRows);
    const rows = new Uint32Array(pieceRows);
    let count = this.#before[piece] ?? 0;
    if (this.#order === null) {
      for (const one of rows.subarray(0, this.#rowsOfPiece(piece, rows))) if (one <= row) count += 1;
      return count;
    }
    for (let at = piece * pieceRows; at <= place; at += 1) if (this.#mask.has(this.#order[at] ?? 0)) count += 1;
    return count;
  }

  #ascending(from: number, to: number): Uint32Array {
    const rows = new Uint32Array(to - from);
    const piece = new Uint32Array(pieceRows);
    let filled = 0;
    for (let at = this.#pieceOf(from); filled < rows.length; at += 1) {
      const found = piece.subarray(0, this.#rowsOfPiece(at, piece));
      const skipped = Math.max(0, from - (this.#before[at] ?? 0));
      const wanted = found.subarray(skipped, skipped + rows.length - filled);
      rows.set(wanted, filled);
      filled += wanted.length;
    }
    return rows;
  }

  /** The last piece before which at most `place` rows pass. */
  #pieceOf(place: number): number {
    let low = 0;
    let high = this.#before.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#before[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #rowsOfPiece(piece: number, into: Uint32Array): number {
    const { words } = this.#mask;
    if (this.#order === null) {
      return rowsOfWords(words, piece * pieceWords, Math.min((piece + 1) * pieceWords, words.length), into);
    }
    const end = Math.min((piece + 1) * pieceRows, this.#order.length);
    let filled = 0;
    for (let place = piece * pieceRows; place < end; place += 1) {
      const row = this.#order[place] ?? 0;
      into[filled] = row;
      filled += ((words[row >>> 5] ?? 0) >>> (row & 31)) & 1;
    }
    return filled;
  }
}

function countedByNumber({ words }: Mask): Uint32Array {
  const pieces = Math.ceil(words.length / pieceWords);
  const before = new Uint32Array(pieces + 1);
  for (let piece = 0; piece < pieces; piece += 1) {
    const end = Math.min((piece + 1) * pieceWords, words.length);
    before[piece + 1] = (before[piece] ?? 0) + countWords(words, piece * pieceWords, end);
  }
  return before;
}

function countedInOrder({ words }: Mask, order: Uint32Array): Uint32Array {
  const pieces = Math.ceil(order.length / pieceRows);
  const before = new Uint32Array(pieces + 1);
  for (let piece = 0; piece < pieces; piece += 1) {
    const end = Math.min((piece + 1) * pieceRows, order.length);
    let count = 0;
    for (let place = piece * pieceRows; place < end; place += 1) {
      const row = order[place] ?? 0;
      count += ((words[row >>> 5] ?? 0) >>> (row & 31)) & 1;
    }
    before[piece + 1] = (before[piece] ?? 0) + count;
  }
  return before;
}
