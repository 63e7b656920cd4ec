import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { ContentRun } from './http-content-run.ts';
import { PieceMap } from './http-pieces.ts';
import type { QuicPlace, QuicStreamSink } from './quic-streams.ts';

const NO_DECODINGS: readonly string[] = [];

/** Hands on bytes of a stream as they are: of a protocol that is not read, or what is no message of one that is. */
export class QuicRawStream implements QuicStreamSink {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly field: string;
  private readonly message: number | null;
  private run: ContentRun | null = null;
  private pieces: PieceMap;
  private length = 0;

  /** @param message the one it belongs to, or none */
  constructor(out: Emitter, d: Direction, field: string, message: number | null = null) {
    this.out = out;
    this.d = d;
    this.field = field;
    this.message = message;
    this.pieces = new PieceMap(out.horizon);
  }

  data(b: Uint8Array, start: number, end: number, { frame, us, position }: QuicPlace): void {
    if (end <= start) return;
    const { pieces, field } = this;
    this.run ??= new ContentRun(
      this.out,
      this.d,
      this.message,
      NO_DECODINGS,
      (from, to) => pieces.locate(from, to),
      () => field,
    );
    if (!pieces.add(this.length, position, frame, us)) this.out.note(this.d.connection.row, 'cap-marks');
    this.run.hand(b, start, end);
    this.length += end - start;
  }

  /** What follows is not searched as one with what was before. */
  gap(): void {
    this.run?.end();
    this.run = null;
    this.length = 0;
    this.pieces = new PieceMap(this.out.horizon);
  }

  end(): void {
    this.run?.end();
    this.run = null;
  }
}
