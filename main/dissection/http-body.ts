import type { Origin } from './sink.ts';
import { decodeContent } from './content-coding.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Direction } from './direction.ts';
import type { BodySource, Emitter } from './emitter.ts';

/** Compressed bytes kept of one body, and of all bodies at once, before it is left undecoded. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_ALL_BYTES = 96 * 1024 * 1024;
const MAX_PIECES = 4096;
const CHUNKED: readonly string[] = ['chunked'];

/** Where pieces of a de-chunked body stood: body offset, stream position, frame, time. */
class PieceMap {
  private readonly offsets: number[] = [];
  private readonly positions: number[] = [];
  private readonly frames: number[] = [];
  private readonly times: number[] = [];

  /** `all` keeps every piece (the body is bounded then); otherwise the older half goes when there are many. */
  add(offset: number, position: number, frame: number, us: number, all: boolean): void {
    if (!all && this.offsets.length >= MAX_PIECES) {
      for (const list of [this.offsets, this.positions, this.frames, this.times]) list.splice(0, MAX_PIECES / 2);
    }
    this.offsets.push(offset);
    this.positions.push(position);
    this.frames.push(frame);
    this.times.push(us);
  }

  locate(from: number, to: number): { position: number; frames: number[]; us: number } {
    const frames = new Set<number>();
    let position = this.positions[0] ?? 0;
    let us = Number.NaN;
    for (let i = this.offsets.length - 1; i >= 0; i--) {
      const start = this.offsets[i] as number;
      if (start >= to && i > 0) continue;
      frames.add(this.frames[i] as number);
      const time = this.times[i] as number;
      if (!(us >= time)) us = time;
      position = (this.positions[i] as number) + Math.max(0, from - start);
      if (start <= from) break;
    }
    return { position, frames: [...frames].sort((a, b) => a - b), us };
  }
}

/**
 * The body of one message as far as it differs from the stream: chunks are handed on as they come, compressed content is
 * collected and decoded at the end.
 */
export class DecodedBody implements BodySource {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly budget: BodyBudget;
  private readonly message: number;
  private readonly chunked: boolean;
  private readonly codings: readonly string[];
  private readonly pieces = new PieceMap();
  /** Sequence of the bytes handed on as they come, -1 while there is none; it began at body offset `sequenceStart`. */
  private sequence = -1;
  private sequenceStart = 0;
  private buffer: Buffer | null = null;
  private received = 0;
  private overflow = false;
  /** Set while decoded bytes are handed on: finds the compressed bytes that gave a stretch of them. */
  private back: ((from: number, to: number) => [number, number]) | null = null;

  constructor(
    out: Emitter,
    d: Direction,
    budget: BodyBudget,
    message: number,
    chunked: boolean,
    codings: readonly string[],
  ) {
    this.out = out;
    this.d = d;
    this.budget = budget;
    this.message = message;
    this.chunked = chunked;
    this.codings = codings;
  }

  /** Bytes after de-chunking, in order; `position` is where they stand in the stream. */
  data(b: Uint8Array, start: number, end: number, position: number): void {
    const collects = this.codings.length > 0;
    this.pieces.add(this.received, position, this.d.feedFrame, this.d.feedUs, collects && !this.overflow);
    if (!collects || this.overflow) {
      if (this.chunked) this.hand(b, start, end);
      this.received += end - start;
      return;
    }
    const n = end - start;
    if (this.received + n > MAX_BODY_BYTES || this.budget.held + n > MAX_ALL_BYTES) {
      this.out.note(this.d.connection.row, 'cap-body');
      this.out.fault('cap-body', 'a compressed body is longer than is kept; its beginning was decoded');
      this.decode();
      this.overflow = true;
      if (this.chunked) this.hand(b, start, end);
      this.received += n;
      return;
    }
    this.reserve(this.received + n);
    this.buffer?.set(b.subarray(start, end), this.received);
    this.received += n;
  }

  private hand(b: Uint8Array, start: number, end: number): void {
    if (this.sequence < 0) {
      this.sequence = this.out.newSequence();
      this.sequenceStart = this.received;
    }
    const offset = this.received - this.sequenceStart;
    this.out.decoded(this.d, this.sequence, offset, b, start, end, CHUNKED, this);
  }

  private endSequence(): void {
    if (this.sequence >= 0) this.out.endSequence(this.sequence);
    this.sequence = -1;
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
    this.endSequence();
    if (this.codings.length === 0 || this.overflow) return;
    this.decode();
    this.overflow = true;
  }

  finish(): void {
    if (!this.overflow && this.codings.length > 0) this.decode();
    this.endSequence();
  }

  private decode(): void {
    const buffer = this.buffer;
    if (buffer === null) return;
    this.buffer = null;
    this.budget.held -= buffer.length;
    const compressed = buffer.subarray(0, this.received);
    const result = decodeContent(this.codings, compressed);
    for (const problem of result.problems) {
      this.out.note(this.d.connection.row, problem);
      if (problem === 'cap-inflate')
        this.out.fault(problem, 'a compressed body grew beyond what is decoded of one body');
    }
    const decodings = [...(this.chunked ? ['chunked'] : []), ...result.decodings];
    if (decodings.length === 0) return;
    this.back = result.locate;
    const sequence = this.out.newSequence();
    this.out.decoded(this.d, sequence, 0, result.bytes, 0, result.bytes.length, decodings, this);
    this.out.endSequence(sequence);
    this.back = null;
  }

  locate(from: number, to: number): Origin {
    const [a, z] = this.back === null ? [from + this.sequenceStart, to + this.sequenceStart] : this.back(from, to);
    const { position, frames, us } = this.pieces.locate(a, Math.max(z, a + 1));
    return {
      frames,
      streamOffset: position,
      atUs: us,
      channel: this.out.channelOf(this.d.connection.row),
      message: this.message,
      field: 'body',
    };
  }
}
