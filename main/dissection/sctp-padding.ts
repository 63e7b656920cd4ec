import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { BodySource } from './origins.ts';
import { isSearched, type Origin } from './sink.ts';

/** Fillings whose place stays known behind what was searched last: one byte each, a digest of 128 digits, and as many again. */
const KEPT = 256;
/** Bytes handed on at a time, so that a byte is not searched with all that stand before it each time that one follows. At most `KEPT`. */
const AT_A_TIME = 256;
const DECODINGS: readonly string[] = ['sctp-padding'];

interface Place {
  /** Offset among the bytes joined. */
  readonly start: number;
  readonly end: number;
  /** Of the stream. */
  readonly position: number;
  readonly frame: number;
  readonly us: number;
  /** Collection of the search that took them; Infinity while they wait to be handed on. */
  handed: number;
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
  /** The last of those joined, which were not handed on yet. */
  private readonly waiting = new Uint8Array(AT_A_TIME);
  private waits = 0;

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
    const { joined } = this;
    const { frame, us } = this.out;
    let end = filledTo;
    while (b[end - 1] === 0) end--;
    if (this.waits + (end - start) > AT_A_TIME) this.handOn();
    for (let i = start; i < end; i++) this.waiting[this.waits++] = b[i] as number;
    this.joined += end - start;
    this.places.push({ start: joined, end: this.joined, position, frame, us, handed: Infinity });
    if (this.places.length > KEPT && this.places.length % KEPT === 0) this.forget();
  }

  private handOn(): void {
    const { out, places, waits } = this;
    for (let i = places.length - 1; i >= 0 && places[i]?.handed === Infinity; i--)
      (places[i] as Place).handed = out.horizon.handed;
    this.waits = 0;
    out.decoded(this.d, this.sequence, this.joined - waits, this.waiting, 0, waits, DECODINGS, this);
  }

  private forget(): void {
    const { horizon } = this.out;
    const kept = this.places.findIndex(({ handed }, i) => i >= KEPT || !isSearched(handed, horizon));
    this.places = this.places.slice(kept);
  }

  locate(from: number, to: number): Origin {
    const own = this.placesIn(from, to);
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

  /** Those of `[from, to)`. Thousands may be held and be asked for once a hit: the first is looked for by halves. */
  private placesIn(from: number, to: number): readonly Place[] {
    const { places } = this;
    let low = 0;
    for (let high = places.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((places[middle] as Place).end > from) high = middle;
      else low = middle + 1;
    }
    let past = low;
    while (past < places.length && (places[past] as Place).start < to) past++;
    return places.slice(low, past);
  }

  /** No more will come. */
  end(): void {
    this.handOn();
    this.out.endSequence(this.sequence);
  }
}
