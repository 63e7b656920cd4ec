import { viewOf } from './bytes.ts';
import type { BodyBudget } from './body-budget.ts';
import { decodeContent } from './content-coding.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type BodyFormat, Content } from './http-content.ts';
import type { Locator } from './http-content-run.ts';
import { PieceMap } from './http-pieces.ts';

/** Compressed bytes kept of one body before it is left undecoded. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * The body of one message as far as it differs from the stream or has an inner structure: content is handed on as it comes,
 * compressed content is collected and decoded at the end.
 */
export class MessageBody {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly budget: BodyBudget;
  private readonly message: number;
  private readonly format: BodyFormat;
  private readonly pieces: PieceMap;
  /** Content that is handed on as it comes; null while compressed bytes are collected. */
  private content: Content | null = null;
  private buffer: Buffer | null = null;
  private received = 0;

  constructor(out: Emitter, d: Direction, message: number, format: BodyFormat) {
    this.out = out;
    this.d = d;
    this.budget = out.bodies;
    this.message = message;
    this.format = format;
    const packed = format.codings.length > 0;
    this.pieces = new PieceMap(packed ? null : out.horizon);
    if (!packed) this.content = this.plainContent();
  }

  private plainContent(): Content {
    const { pieces } = this;
    // What was collected in vain stands before it.
    const base = this.received;
    const locator: Locator = (from, to) => pieces.locate(from + base, to + base);
    return new Content(this.out, this.d, this.message, this.format.framing, this.format, locator);
  }

  /** Bytes without their framing, in order; `position` is where they stand in the stream. */
  data(b: Uint8Array, start: number, end: number, position: number): void {
    const n = end - start;
    if (!this.pieces.add(this.received, position, this.d.feedFrame, this.d.feedUs))
      this.out.note(this.d.connection.row, 'cap-marks');
    if (this.content === null) {
      if (this.received + n <= MAX_BODY_BYTES && this.budget.allows(n)) {
        this.reserve(this.received + n);
        this.buffer?.set(viewOf(b, start, end), this.received);
        this.received += n;
        return;
      }
      this.out.note(this.d.connection.row, 'cap-body');
      this.out.fault('cap-body', 'a compressed body is longer than is kept; its beginning was decoded');
      this.decode();
      this.content = this.plainContent();
    }
    this.content.data(b, start, end);
    this.received += n;
  }

  private reserve(size: number): void {
    const have = this.buffer === null ? 0 : this.buffer.length;
    if (size <= have) return;
    // Not from the shared pool: a small body kept for long would pin a whole slab.
    const bigger = Buffer.allocUnsafeSlow(Math.max(size, have * 2, 2048));
    if (this.buffer !== null) bigger.set(this.buffer.subarray(0, this.received));
    this.budget.held += bigger.length - have;
    this.buffer = bigger;
  }

  /** Bytes of the body are missing: what follows cannot be decoded with what came before. */
  lose(): void {
    if (this.content === null) {
      this.decode();
      this.content = this.plainContent();
    }
    this.content.lose();
  }

  finish(): void {
    if (this.content === null) this.decode();
    else this.content.finish();
  }

  private decode(): void {
    const { buffer, pieces, format, out, d } = this;
    if (buffer === null) return;
    this.buffer = null;
    this.budget.held -= buffer.length;
    const compressed = buffer.subarray(0, this.received);
    const result = decodeContent(format.codings, compressed);
    for (const problem of result.problems) {
      out.note(d.connection.row, problem);
      if (problem === 'cap-inflate') out.fault(problem, 'a compressed body grew beyond what is decoded of one body');
    }
    const taken =
      result.decodings.length === 0 ? result.bytes.length : out.inflated.take(compressed.length, result.bytes.length);
    if (taken < result.bytes.length) {
      out.note(d.connection.row, 'cap-inflate');
      out.fault('cap-inflate', 'compressed bodies grew beyond what is decoded of all of them');
    }
    const decodings = [...format.framing, ...result.decodings];
    const locator: Locator = (from, to) => pieces.locate(...result.locate(from, to));
    const content = new Content(out, d, this.message, decodings, format, locator);
    content.data(result.bytes, 0, taken);
    content.finish();
  }
}
