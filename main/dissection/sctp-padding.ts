import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { BodySource } from './origins.ts';
import { isSearched, type Origin } from './sink.ts';

/** Fillings whose place stays known behind what was searched last: one byte each, a digest of 128 digits, and as many again. */
const KEPT = 256;
const DECODINGS: readonly string[] = ['sctp-padding'];

interface Place {
  /** Offset among the bytes joined. */
  readonly start: number;
  readonly end: number;
  /** Of the stream. */
  readonly position: number;
  readonly frame: number;
  readonly us: number;
  /** Collection of the search that took them. */
  readonly handed: number;
}

/**
 * The bytes that fill the chunks of one side up to the next one, joined: three at most stand beside each other, so what is hidden in
 * them is spread over chunks. Zeros behind the others are left out: who hides fewer than three bytes leaves those that belong there.
 */
export class SctpPadding implements BodySource {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly sequence: number;
  private places: Place[] = [];
  private joined = 0;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.sequence = out.newSequence();
  }

  /** How many places are held. */
  get remembered(): number {
    return this.places.length;
  }

  /** `[start, filledTo)` of the packet being looked at, not all of it zero, which stands at `position` of the stream. */
  add(b: Uint8Array, start: number, filledTo: number, position: number): void {
    const { out, joined } = this;
    const { frame, us, horizon } = out;
    let end = filledTo;
    while (b[end - 1] === 0) end--;
    this.joined += end - start;
    this.places.push({ start: joined, end: this.joined, position, frame, us, handed: horizon.handed });
    if (this.places.length > KEPT && this.places.length % KEPT === 0) this.forget();
    out.decoded(this.d, this.sequence, joined, b, start, end, DECODINGS, this);
  }

  private forget(): void {
    const { horizon } = this.out;
    const kept = this.places.findIndex(({ handed }, i) => i >= KEPT || !isSearched(handed, horizon));
    this.places = this.places.slice(kept);
  }

  locate(from: number, to: number): Origin {
    const own = this.places.filter((place) => place.end > from && place.start < to);
    const [first] = own;
    const streamOffset = first === undefined ? 0 : first.position + Math.max(0, from - first.start);
    return {
      frames: [...new Set(own.map(({ frame }) => frame))].sort((a, b) => a - b),
      streamOffset,
      atUs: own.at(-1)?.us ?? Number.NaN,
      channel: this.out.channelOf(this.d.connection.row),
      field: null,
      message: null,
    };
  }

  /** No more will come. */
  end(): void {
    this.out.endSequence(this.sequence);
  }
}
