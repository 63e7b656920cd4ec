import type { HandshakeBudget } from './handshake-budget.ts';

/** Bytes of one stream that wait for those before them; endpoints allow each other some more, but rarely send it ahead. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_WAITING_PIECES = 4096;
/** Streams of one direction that are open at once; endpoints usually allow a hundred at a time. */
const MAX_OPEN = 512;
/** A stream so far below the newest of its kind is over: what still comes for it is a repetition. */
const REMEMBERED_STREAMS = 1024;

/** Where a stretch of a stream came from. */
export interface QuicPlace {
  readonly frame: number;
  readonly us: number;
  /** Where its ciphertext stands in the datagram: byte for byte as long as the plaintext. */
  readonly position: number;
}

/** Takes the bytes of one direction of a stream in order. */
export interface QuicStreamSink {
  data(b: Uint8Array, start: number, end: number, place: QuicPlace): void;
  /** So many bytes are missing in the capture. */
  gap(bytes: number): void;
  /** Nothing more will come; `clean` when the sender said so. */
  end(clean: boolean): void;
}

interface Waiting {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly place: QuicPlace;
}

class OpenStream {
  readonly sink: QuicStreamSink;
  next = 0;
  last = Number.POSITIVE_INFINITY;
  waiting: Waiting[] = [];
  waitingBytes = 0;

  constructor(sink: QuicStreamSink) {
    this.sink = sink;
  }
}

/** Why something of a stream was not read. */
export type QuicStreamProblem = 'stream-gap' | 'cap-out-of-order' | 'cap-streams';

/** The streams that one side sends (RFC 9000, 2): puts their bytes in order; what was handed on once is not again. */
export class QuicStreams {
  private readonly open: (id: number) => QuicStreamSink;
  private readonly note: (problem: QuicStreamProblem) => void;
  private readonly budget: HandshakeBudget;
  private readonly streams = new Map<number, OpenStream>();
  /** Ids of streams that are over, for those not far below the newest of their kind. */
  private readonly over = new Set<number>();
  private readonly newest = [-1, -1, -1, -1];

  constructor(
    open: (id: number) => QuicStreamSink,
    note: (problem: QuicStreamProblem) => void,
    budget: HandshakeBudget,
  ) {
    this.open = open;
    this.note = note;
    this.budget = budget;
  }

  /** Takes the data of a STREAM frame. */
  add(id: number, offset: number, b: Uint8Array, start: number, end: number, fin: boolean, place: QuicPlace): void {
    const stream = this.streamOf(id);
    if (stream === null) return;
    if (fin) stream.last = Math.min(stream.last, offset + (end - start));
    if (offset > stream.next) this.wait(stream, offset, b, start, end, place);
    else this.hand(stream, offset, b, start, end, place);
    this.drain(stream);
    if (stream.next >= stream.last) this.close(id, stream, true);
  }

  /** The sender gave the stream up: what waits for bytes that will not come is handed on behind a gap. */
  reset(id: number): void {
    const stream = this.streams.get(id);
    if (stream !== undefined) this.close(id, stream, false);
  }

  /** Nothing more will come. */
  finish(): void {
    for (const [id, stream] of this.streams) this.close(id, stream, true);
  }

  private streamOf(id: number): OpenStream | null {
    const known = this.streams.get(id);
    if (known !== undefined) return known;
    const kind = id % 4;
    const newest = this.newest[kind] as number;
    if (this.over.has(id) || id < newest - 4 * REMEMBERED_STREAMS) return null;
    if (id > newest) {
      this.newest[kind] = id;
      if (this.over.size >= 8 * REMEMBERED_STREAMS) this.forget();
    }
    if (this.streams.size >= MAX_OPEN) this.closeOldest();
    const stream = new OpenStream(this.open(id));
    this.streams.set(id, stream);
    return stream;
  }

  private forget(): void {
    for (const id of this.over) {
      if (id < (this.newest[id % 4] as number) - 4 * REMEMBERED_STREAMS) this.over.delete(id);
    }
  }

  /** Of those that carry messages: the first streams of a connection steer it and stay open as long as it lives. */
  private closeOldest(): void {
    this.note('cap-streams');
    for (const [id, stream] of this.streams) {
      if (id % 4 >= 2) continue;
      this.close(id, stream, true);
      return;
    }
    for (const [id, stream] of this.streams) {
      this.close(id, stream, true);
      return;
    }
  }

  /** @param whole whether what is there up to the end that the sender told is the whole stream */
  private close(id: number, stream: OpenStream, whole: boolean): void {
    this.streams.delete(id);
    this.over.add(id);
    while (stream.waiting.length > 0) this.skip(stream);
    stream.sink.end(whole && stream.next >= stream.last);
  }

  private hand(stream: OpenStream, offset: number, b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    const skip = stream.next - offset;
    const from = start + skip;
    if (from >= end) return;
    stream.next = offset + (end - start);
    stream.sink.data(b, from, end, skip === 0 ? place : { ...place, position: place.position + skip });
  }

  /** Sorted by offset, so that draining looks at the first only; what is waited for is not kept twice. */
  private wait(stream: OpenStream, offset: number, b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    const { waiting } = stream;
    const bytes = end - start;
    if (bytes <= 0) return;
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1] as Waiting).offset > offset) at--;
    const before = waiting[at - 1];
    if (before !== undefined && before.offset + before.bytes.length >= offset + bytes) return;
    const full = stream.waitingBytes + bytes > MAX_WAITING_BYTES || waiting.length >= MAX_WAITING_PIECES;
    if (!full && this.budget.take(bytes)) {
      waiting.splice(at, 0, { offset, bytes: new Uint8Array(b.subarray(start, end)), place });
      stream.waitingBytes += bytes;
      return;
    }
    this.note('cap-out-of-order');
    while (waiting.length > 0) this.skip(stream);
    this.skipTo(stream, offset);
    this.hand(stream, offset, b, start, end, place);
  }

  private drain(stream: OpenStream): void {
    const { waiting } = stream;
    let used = 0;
    for (const { offset, bytes, place } of waiting) {
      if (offset > stream.next) break;
      used++;
      stream.waitingBytes -= bytes.length;
      this.budget.give(bytes.length);
      this.hand(stream, offset, bytes, 0, bytes.length, place);
    }
    if (used > 0) waiting.splice(0, used);
  }

  /** Bytes before the first that waits will not come, or are not waited for any longer. */
  private skip(stream: OpenStream): void {
    const [first] = stream.waiting;
    if (first === undefined) return;
    this.skipTo(stream, first.offset);
    this.drain(stream);
  }

  private skipTo(stream: OpenStream, offset: number): void {
    if (offset <= stream.next) return;
    this.note('stream-gap');
    stream.sink.gap(offset - stream.next);
    stream.next = offset;
  }
}
