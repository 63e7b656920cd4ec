import type { Direction } from './direction.ts';
import type { BodySource, Emitter } from './emitter.ts';
import type { Place } from './http-pieces.ts';
import type { Origin } from './sink.ts';

/** Finds where a stretch of a message's content came from. */
export type Locator = (from: number, to: number) => Place;

/** One byte sequence handed on: (a part of) the content of a message. Says for ever where it came from. */
export class ContentRun implements BodySource {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly message: number | null;
  private readonly decodings: readonly string[];
  private readonly place: Locator;
  private readonly field: (offset: number) => string;
  private sequence = -1;
  private length = 0;

  constructor(
    out: Emitter,
    d: Direction,
    message: number | null,
    decodings: readonly string[],
    place: Locator,
    field: (offset: number) => string,
  ) {
    this.out = out;
    this.d = d;
    this.message = message;
    this.decodings = decodings;
    this.place = place;
    this.field = field;
  }

  hand(b: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    if (this.sequence < 0) this.sequence = this.out.newSequence();
    this.out.decoded(this.d, this.sequence, this.length, b, start, end, this.decodings, this);
    this.length += end - start;
  }

  end(): void {
    if (this.sequence >= 0) this.out.endSequence(this.sequence);
  }

  locate(from: number, to: number): Origin {
    const { position, frames, us } = this.place(from, Math.max(to, from + 1));
    return {
      frames,
      streamOffset: position,
      atUs: us,
      channel: this.out.channelOf(this.d.connection.row),
      message: this.message,
      field: this.field(from),
    };
  }
}

/** Takes the parts of a content that have an inner structure. Offsets are those of the content. */
export interface ContentReader {
  data(b: Uint8Array, start: number, end: number, offset: number): void;
  /** Bytes are missing here. */
  lose(): void;
  finish(): void;
}

/** The content of a message as its reader sees it. */
export interface ReadContent {
  readonly out: Emitter;
  readonly d: Direction;
  readonly message: number;
  readonly decodings: readonly string[];
  readonly locator: Locator;
  /** Whether the bytes stand in the stream as they are. */
  readonly inStream: boolean;
  /** Hands on bytes of the content as they are; `offset` is that of the first. */
  plain(b: Uint8Array, start: number, end: number, offset: number): void;
  /** The bytes handed on end here: what follows is not searched as one with them. */
  breakPlain(): void;
}
