import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { ContentRun } from './http-content-run.ts';
import { PieceMap } from './http-pieces.ts';
import type { MessageInflater } from './websocket-deflate.ts';

/** Compressed bytes kept of one message. */
const MAX_PACKED_BYTES = 16 * 1024 * 1024;

const OPCODES: Readonly<Record<number, string>> = { 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** One message: data, which may come in fragments, or a control frame. */
export class WebSocketMessage {
  readonly index: number;
  readonly opcode: number;
  readonly compressed: boolean;
  readonly pieces: PieceMap;
  private readonly out: Emitter;
  private readonly d: Direction;
  private run: ContentRun | null = null;
  private packed: Uint8Array | null = null;
  private received = 0;
  fragments = 0;
  private cut = false;
  private readonly framing: readonly string[];

  /** @param framing how the frames lie in the stream */
  constructor(out: Emitter, d: Direction, opcode: number, compressed: boolean, framing: readonly string[]) {
    this.framing = framing;
    this.out = out;
    this.d = d;
    this.opcode = opcode;
    this.compressed = compressed;
    this.index = out.newMessage();
    this.pieces = new PieceMap(compressed ? null : out.horizon);
  }

  data(b: Uint8Array, start: number, end: number, position: number): void {
    const n = end - start;
    if (!this.pieces.add(this.received, position, this.d.feedFrame, this.d.feedUs))
      this.out.note(this.d.connection.row, 'cap-marks');
    if (!this.compressed) this.hand(b, start, end);
    else if (!this.collect(b, start, end)) return;
    this.received += n;
  }

  private hand(b: Uint8Array, start: number, end: number): void {
    if (this.run === null) {
      const { pieces, received: base } = this;
      this.run = new ContentRun(
        this.out,
        this.d,
        this.index,
        [...this.framing, 'websocket'],
        (from, to) => pieces.locate(from + base, to + base),
        () => 'body',
      );
    }
    this.run.hand(b, start, end);
  }

  private collect(b: Uint8Array, start: number, end: number): boolean {
    const size = this.received + (end - start);
    const { bodies } = this.out;
    const have = this.packed?.length ?? 0;
    if (this.cut) return false;
    if (size > MAX_PACKED_BYTES || !bodies.allows(size - have)) {
      this.out.note(this.d.connection.row, 'cap-body');
      this.out.fault('cap-body', 'a compressed message is longer than is kept; its beginning was decoded');
      this.cut = true;
      return false;
    }
    if (size > have) {
      const bigger = new Uint8Array(Math.max(size, have * 2, 512));
      if (this.packed !== null) bigger.set(this.packed.subarray(0, this.received));
      bodies.held += bigger.length - have;
      this.packed = bigger;
    }
    this.packed?.set(b.subarray(start, end), this.received);
    return true;
  }

  /** Bytes are missing: what comes after them is not part of the same text. */
  lose(): void {
    this.cut = true;
    this.run?.end();
    this.run = null;
  }

  finish(whole: boolean, inflater: MessageInflater | null): void {
    const { out, d, index } = this;
    const { row } = d.connection;
    let bytes = this.received;
    if (this.packed !== null && inflater !== null) bytes = this.inflate(this.packed, inflater);
    this.run?.end();
    const complete = whole && !this.cut;
    if (!complete) out.note(row, 'message-cut');
    out.message(row, d.way, index, d.feedFrame, d.feedUs, 'websocket-message', {
      opcode: OPCODES[this.opcode] ?? `opcode-${this.opcode}`,
      bytes,
      fragments: this.fragments,
      compressed: this.compressed,
      ...(complete ? {} : { incomplete: true }),
    });
  }

  private inflate(packed: Uint8Array, inflater: MessageInflater): number {
    const { out, d, pieces } = this;
    const { row } = d.connection;
    this.packed = null;
    out.bodies.held -= packed.length;
    const { bytes, problem, locate } = inflater.inflate(packed.subarray(0, this.received));
    if (this.cut) inflater.lose();
    if (problem !== null) out.note(row, problem);
    if (problem === 'cap-inflate') out.fault(problem, 'a compressed message grew beyond what is decoded of one');
    const run = new ContentRun(
      out,
      d,
      this.index,
      [...this.framing, 'websocket', 'deflate'],
      (from, to) => pieces.locate(...locate(from, to)),
      () => 'body',
    );
    const taken = out.inflated.take(this.received, bytes.length);
    if (taken < bytes.length) {
      out.note(row, 'cap-inflate');
      out.fault('cap-inflate', 'compressed messages grew beyond what is decoded of all of them');
    }
    run.hand(bytes, 0, taken);
    run.end();
    return bytes.length;
  }
}
