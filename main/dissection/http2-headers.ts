import { BodyBudget } from './body-budget.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { FieldDecoder } from './hpack.ts';
import { ContentRun } from './http-content-run.ts';
import { PieceMap, type Place } from './http-pieces.ts';
import { KeptBytes } from './kept-bytes.ts';
import { shortName } from './short-name.ts';

/** A header block, with all its continuations. */
const MAX_BLOCK_BYTES = 256 * 1024;
/** Text that the blocks of one direction may give: a byte can name a field of kilobytes, in every section anew. */
const FREE_TEXT_BYTES = 1024 * 1024;
const TEXT_PER_BYTE = 256;
const FIRST_BLOCK_BYTES = 1024;
const NOTHING = new Uint8Array(0);

/** Fields that are kept beyond their section: what a message is told by, and what its body needs. */
const KEPT = new Set([
  ':method',
  ':protocol',
  ':authority',
  ':path',
  ':status',
  'host',
  'content-type',
  'content-encoding',
  'grpc-encoding',
  'sec-websocket-extensions',
]);

/** Of these, lists that may stand in several fields. */
const LISTS = new Set(['content-encoding', 'sec-websocket-extensions']);

/** A line of the header text and the part of the block that said it. */
interface Line {
  readonly at: number;
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** Pseudo-header fields under the names that HTTP/1 gives their values. */
const FIELDS: Readonly<Record<string, string>> = { ':path': 'uri', ':method': 'method', ':status': 'status-line' };

function fieldOf(name: string): string {
  return FIELDS[name] ?? `header:${shortName(name)}`;
}

export interface HeaderSection {
  /** Only those that are needed later. */
  readonly headers: Map<string, string>;
  /** Some of it only the part before the capture could tell. */
  readonly unknown: boolean;
}

/** What the header text of one direction may still come to. */
export class HeaderTextBudget {
  left = FREE_TEXT_BYTES;
}

/** Gathers the header blocks of one direction, or of one of its streams, decodes them, and hands them on as text: one `name: value` a line. */
export class HeaderBlocks {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly decoder: FieldDecoder;
  private readonly decodings: readonly string[];
  private readonly budget: HeaderTextBudget;
  private readonly kept: KeptBytes;
  private pieces = new PieceMap(null);
  private tooLong = false;

  /**
   * @param decodings how the text came out of the stream: `hpack`
   * @param room what blocks are counted towards; who gives it calls `release` at the end
   */
  constructor(
    out: Emitter,
    d: Direction,
    decoder: FieldDecoder,
    decodings: readonly string[],
    budget = new HeaderTextBudget(),
    room = new BodyBudget(),
  ) {
    this.out = out;
    this.d = d;
    this.decoder = decoder;
    this.decodings = decodings;
    this.budget = budget;
    this.kept = new KeptBytes(room, FIRST_BLOCK_BYTES, true);
  }

  /** The block as far as it was gathered. */
  get bytes(): Uint8Array {
    return this.kept.bytes?.subarray(0, this.kept.length) ?? NOTHING;
  }

  begin(): void {
    this.kept.clear();
    this.tooLong = false;
    this.pieces = new PieceMap(null);
  }

  add(b: Uint8Array, start: number, end: number, position: number): void {
    const at = this.kept.length;
    if (this.tooLong) return;
    if (at + (end - start) > MAX_BLOCK_BYTES || !this.kept.add(b, start, end)) {
      this.tooLong = true;
      const what = `a header section of more than ${MAX_BLOCK_BYTES} bytes, or beside too much that is not whole,`;
      this.out.note(this.d.connection.row, 'cap-header');
      this.out.fault('cap-header', `${what} was not read`);
      return;
    }
    if (!this.pieces.add(at, position, this.d.feedFrame, this.d.feedUs))
      this.out.note(this.d.connection.row, 'cap-marks');
  }

  /** The direction is over. */
  release(): void {
    this.kept.clear();
  }

  /** Blocks are missing. */
  lose(): void {
    this.decoder.lose();
  }

  /** The block is whole: it belongs to `message`. */
  complete(message: number): HeaderSection {
    const { out, d } = this;
    const { row } = d.connection;
    const headers = new Map<string, string>();
    if (this.tooLong) {
      this.decoder.lose();
      return { headers, unknown: true };
    }
    const lines: Line[] = [];
    let text = '';
    const outcome = this.decoder.decode(this.bytes, 0, this.kept.length, (name, value, from, to) => {
      lines.push({ at: text.length, field: fieldOf(name), from, to });
      text += `${name}: ${value}\r\n`;
      if (!KEPT.has(name)) return;
      const known = headers.get(name);
      if (known === undefined) headers.set(name, value);
      else if (LISTS.has(name)) headers.set(name, `${known}, ${value}`);
    });
    const { budget } = this;
    budget.left += this.kept.length * TEXT_PER_BYTE - text.length;
    if (outcome.capped || budget.left < 0) out.note(row, 'cap-header');
    if (outcome.bad) out.note(row, 'malformed');
    if (outcome.unknown) out.note(row, 'headers-unknown');
    if (budget.left >= 0) this.hand(text, lines, message);
    else budget.left += text.length;
    return { headers, unknown: outcome.unknown || outcome.bad };
  }

  private hand(text: string, lines: readonly Line[], message: number): void {
    const { out, d, pieces } = this;
    const place = (from: number, to: number): Place => {
      const first = lineAt(lines, from);
      const last = lineAt(lines, to - 1);
      return pieces.locate(first?.from ?? 0, last?.to ?? 1);
    };
    const run = new ContentRun(out, d, message, this.decodings, place, (at) => lineAt(lines, at)?.field ?? 'header');
    const bytes = Buffer.from(text, 'latin1');
    run.hand(bytes, 0, bytes.length);
    run.end();
  }
}

function lineAt(lines: readonly Line[], at: number): Line | undefined {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] as Line).at <= at) low = middle;
    else high = middle - 1;
  }
  return lines[low];
}
