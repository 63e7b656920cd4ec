import { type Application, CHANNELS } from '../applications.ts';
import { Connection, type Direction, type StreamParser } from '../direction.ts';
import { type BodySource, Emitter } from '../emitter.ts';
import type { Incomplete } from '../incomplete.ts';
import { type Origin, type Way, isSearched } from '../sink.ts';

/** The step by which content came to be known; whoever reads a run or a finding sees it there. */
export const KEY_LOG_DECODING = 'tls-keylog';
const DECODINGS: readonly string[] = [KEY_LOG_DECODING];
const REMEMBERED_RECORDS = 256;
const REMEMBERED_BYTES = 64 * 1024;

interface PlacedRecord {
  /** Position in the deciphered stream, and where its ciphertext stands in the stream on the wire. */
  readonly plain: number;
  readonly wire: number;
  readonly handed: number;
}

/** One direction of a connection below (`outer`, as it was sent) and above (`inner`, deciphered) the protection. */
export class DecryptedDirection implements BodySource {
  readonly outer: Direction;
  readonly inner: Direction;
  private readonly out: DecryptedEmitter;
  private records: PlacedRecord[] = [];

  constructor(out: DecryptedEmitter, outer: Direction, inner: Direction) {
    this.out = out;
    this.outer = outer;
    this.inner = inner;
  }

  /** Hands on deciphered bytes; `wire` is where the ciphertext of the first of them stands. */
  deliver(plain: Uint8Array, wire: number): void {
    const { inner, outer, out } = this;
    if (plain.length === 0) return;
    out.frame = outer.feedFrame;
    out.us = outer.feedUs;
    if (inner.sequence < 0) {
      // After a failure another hello on the same connection may begin anew.
      if (inner.ended) inner.parser = null;
      inner.ended = false;
      inner.sequence = out.newSequence();
      inner.sequenceStart = inner.offset;
    }
    const position = inner.offset;
    this.remember(position, wire);
    out.countOpened(outer, plain.length);
    inner.segments.push(position, outer.feedFrame, outer.feedUs, 0);
    inner.feedFrame = outer.feedFrame;
    inner.feedUs = outer.feedUs;
    inner.offset += plain.length;
    inner.parser ??= out.freshParser(inner, position);
    if (!inner.parser.feed(plain, 0, plain.length, position)) {
      out.stream(inner, plain, 0, plain.length, position);
    }
  }

  private remember(plain: number, wire: number): void {
    const { records } = this;
    if (records.length >= REMEMBERED_RECORDS && records.length % REMEMBERED_RECORDS === 0) {
      const horizon = this.outer.connection.horizon;
      const keep = records.findIndex((r) => !isSearched(r.handed, horizon) || r.plain > plain - REMEMBERED_BYTES);
      this.records = records.slice(Math.max(0, keep - 1));
    }
    this.records.push({ plain, wire, handed: this.outer.connection.horizon.handed });
  }

  /** Where the ciphertext of a deciphered byte stands. */
  private wireOf(position: number): number {
    const record = this.records.findLast((r) => r.plain <= position) ?? this.records[0];
    return record === undefined ? 0 : record.wire + Math.max(0, position - record.plain);
  }

  /** Where `length` deciphered bytes from `position` on stand on the wire, and what carried them. */
  placeOf(position: number, length: number): { wire: number; frames: number[]; us: number } {
    const wire = this.wireOf(position);
    const end = this.wireOf(position + length - 1) + 1;
    return { wire, ...this.outer.segments.locate(wire, Math.max(wire + 1, end)) };
  }

  locate(from: number, to: number): Origin {
    const position = from + this.inner.sequenceStart;
    const { wire, frames, us } = this.placeOf(position, to - from);
    return { frames, streamOffset: wire, atUs: us, channel: 'tls', ...this.inner.fieldAt(position) };
  }

  end(clean: boolean): void {
    const { inner, out } = this;
    if (inner.ended) return;
    inner.ended = true;
    inner.feedFrame = this.outer.feedFrame;
    inner.feedUs = this.outer.feedUs;
    inner.parser?.end(clean);
    if (inner.sequence >= 0) out.endSequence(inner.sequence);
    inner.sequence = -1;
  }
}

/**
 * Takes what parsers find in deciphered streams and hands it on through the emitter below, marked as known by a key log:
 * bytes as decoded ones, messages with that remark, the flow still as protected on its way.
 */
export class DecryptedEmitter extends Emitter {
  private readonly below: Emitter;
  private readonly directions = new WeakMap<Direction, DecryptedDirection>();
  private readonly sources = new WeakMap<BodySource, BodySource>();

  constructor(below: Emitter, fresh: (out: Emitter) => (d: Direction, position: number) => StreamParser) {
    super(below.sink, below.table, below.faults, (d, position) => fresh(this)(d, position), below.horizon);
    this.below = below;
  }

  /** Both directions of a connection, deciphered. */
  connect(outer: Connection): readonly [DecryptedDirection, DecryptedDirection] {
    const inner = new Connection(outer.row, outer.clientSide, this.horizon);
    const pair = ([0, 1] as const).map((side) => {
      const d = new DecryptedDirection(this, outer.directions[side], inner.directions[side]);
      this.directions.set(inner.directions[side], d);
      return d;
    });
    return pair as [DecryptedDirection, DecryptedDirection];
  }

  /** What was opened could be read, whatever the channel: the share of a capture that was seen counts it. */
  countOpened(d: Direction, bytes: number): void {
    const at = d.connection.row * 2 + d.side;
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

  /** The application is told; the channel stays what it is for everybody on the path. */
  override recognise(row: number, application: Application): void {
    const channel = CHANNELS[this.table.channel[row] as number] ?? 'tls';
    if (application !== 'unknown') this.below.recognise(row, application, channel);
  }

  override stream(d: Direction, b: Uint8Array, start: number, end: number, position: number): void {
    const known = this.directions.get(d);
    if (known === undefined) return;
    this.below.decoded(known.outer, d.sequence, position - d.sequenceStart, b, start, end, DECODINGS, known);
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
    const known = this.directions.get(d);
    if (known === undefined) return;
    const steps = [KEY_LOG_DECODING, ...decodings];
    this.below.decoded(known.outer, sequence, offset, b, start, end, steps, this.placed(known, source, decodings));
  }

  /** The same source, its offsets and packets told as those of the stream on the wire. */
  private placed(known: DecryptedDirection, source: BodySource, decodings: readonly string[]): BodySource {
    let placed = this.sources.get(source);
    // Of a compressed body the packets are known in which the compressed bytes begin, and in which their record ends.
    const keepsLength = decodings.every((step) => step === 'chunked');
    if (placed === undefined) {
      placed = {
        locate: (from, to) => {
          const origin = source.locate(from, to);
          const { wire, frames } = known.placeOf(origin.streamOffset, keepsLength ? to - from : 1);
          const all = new Set([...frames, ...(keepsLength ? [] : origin.frames)]);
          return { ...origin, frames: [...all].sort((a, b) => a - b), streamOffset: wire, channel: 'tls' };
        },
      };
      this.sources.set(source, placed);
    }
    return placed;
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
