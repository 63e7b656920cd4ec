import type { Direction } from '../direction.ts';
import { type BodySource, Emitter } from '../emitter.ts';
import type { Incomplete } from '../incomplete.ts';
import type { Way } from '../sink.ts';

/** The step by which the content of QUIC packets came to be known. */
export const QUIC_KEY_LOG_DECODING = 'quic-keylog';

/** The UDP conversation that a packet came in, and which of its ends sent it: not those of its connection when that has moved. */
export interface QuicPath {
  readonly row: number;
  readonly side: 0 | 1;
}

/** Takes what is found in deciphered QUIC streams and hands it on through the emitter below, marked as known by a key log. */
export class QuicEmitter extends Emitter {
  private readonly below: Emitter;

  constructor(below: Emitter) {
    super(below.sink, below.table, below.faults, below.freshParser, below.horizon);
    this.below = below;
  }

  /** The packet being dissected. */
  get packet(): { readonly frame: number; readonly us: number } {
    return this.below;
  }

  /** What was opened could be read: the share of a capture that was seen counts it. */
  countOpened({ row, side }: QuicPath, bytes: number): void {
    const at = row * 2 + side;
    this.table.readable[at] = (this.table.readable[at] as number) + bytes;
  }

  override newMessage(): number {
    return this.below.newMessage();
  }

  override newSequence(): number {
    return this.below.newSequence();
  }

  override endSequence(sequence: number): void {
    this.below.endSequence(sequence);
  }

  override note(row: number, reason: Incomplete): void {
    this.below.note(row, reason);
  }

  override decoded(
    d: Direction,
    sequence: number,
    offset: number,
    b: Uint8Array,
    start: number,
    end: number,
    decodings: readonly string[],
    source: BodySource,
  ): void {
    this.below.decoded(d, sequence, offset, b, start, end, [QUIC_KEY_LOG_DECODING, ...decodings], source);
  }

  override message(
    row: number,
    way: Way,
    index: number,
    frame: number,
    us: number,
    kind: string,
    fields: object,
  ): void {
    this.below.message(row, way, index, frame, us, kind, { ...fields, contentKnownBy: 'keylog' });
  }
}
