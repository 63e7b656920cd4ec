import { u8 } from './bytes.ts';
import { type Http3FrameReceiver, Http3Frames, SETTINGS } from './http3-frames.ts';
import { Http3MessageStream, type Http3Side } from './http3-message-stream.ts';
import { varint, varintSize } from './quic-packet.ts';
import { QuicRawStream } from './quic-raw-stream.ts';
import type { QuicPlace, QuicStreamSink } from './quic-streams.ts';

const CONTROL = 0x00;
const PUSH = 0x01;
const QPACK_ENCODER = 0x02;
const QPACK_DECODER = 0x03;
const QPACK_MAX_TABLE_CAPACITY = 0x01;
const MAX_NUMBER_BYTES = 8;
const MAX_SETTINGS_BYTES = 4096;

/** Whoever hears what a side says on the streams that steer the connection. */
export interface Http3Peer {
  /** The side's settings allow the other's header table so many bytes (RFC 9204, 5). */
  settled(capacity: number): void;
  /** The header table knows more. */
  learnt(): void;
}

/** A stream that carries bytes one way: its type, then what the type says (RFC 9114, 6.2). */
export class Http3UniStream implements QuicStreamSink {
  private readonly side: Http3Side;
  private readonly id: number;
  private readonly peer: Http3Peer;
  private readonly head = new Uint8Array(MAX_NUMBER_BYTES);
  private headLength = 0;
  private content: QuicStreamSink | null = null;

  constructor(side: Http3Side, id: number, peer: Http3Peer) {
    this.side = side;
    this.id = id;
    this.peer = peer;
  }

  data(b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    let at = start;
    while (this.content === null && at < end) {
      this.head[this.headLength++] = u8(b, at++);
      if (this.headLength >= varintSize(this.head, 0))
        this.content = this.contentOf(varint(this.head, 0, MAX_NUMBER_BYTES));
    }
    if (at < end) this.content?.data(b, at, end, { ...place, position: place.position + (at - start) });
  }

  private contentOf(type: number): QuicStreamSink {
    const { side, peer } = this;
    if (type === CONTROL) return new ControlStream(side, peer);
    if (type === QPACK_ENCODER) return new EncoderStream(side, peer);
    if (type === PUSH) return new PushStream(side, this.id);
    // What the decoder says is numbers only; of a type that is not known nobody knows what its bytes are.
    return new QuicRawStream(side.out, side.d, type === QPACK_DECODER ? 'http3.qpack-decoder' : 'http3.stream');
  }

  gap(bytes: number): void {
    // Without its type the stream is searched only.
    this.content ??= new QuicRawStream(this.side.out, this.side.d, 'http3.stream');
    this.content.gap(bytes);
  }

  end(clean: boolean): void {
    this.content?.end(clean);
  }
}

/** Settings are read; what else stands there is handed on as it is. */
class ControlStream implements QuicStreamSink, Http3FrameReceiver {
  private readonly peer: Http3Peer;
  private readonly frames = new Http3Frames(this);
  private readonly raw: QuicRawStream;
  private type = -1;
  private settings: number[] = [];
  private place: QuicPlace = { frame: 0, us: 0, position: 0 };

  constructor(side: Http3Side, peer: Http3Peer) {
    this.peer = peer;
    this.raw = new QuicRawStream(side.out, side.d, 'http3.control');
  }

  data(b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    this.place = place;
    const stopped = this.frames.feed(b, start, end, place.position);
    if (stopped < end) this.raw.data(b, stopped, end, { ...place, position: place.position + (stopped - start) });
  }

  openFrame(type: number): void {
    this.type = type;
    this.settings = [];
    this.raw.gap();
  }

  content(b: Uint8Array, start: number, end: number, position: number): void {
    this.raw.data(b, start, end, { ...this.place, position });
    if (this.type !== SETTINGS) return;
    for (let at = start; at < end && this.settings.length < MAX_SETTINGS_BYTES; at++) this.settings.push(u8(b, at));
  }

  closeFrame(): boolean {
    if (this.type !== SETTINGS) return false;
    const b = Uint8Array.from(this.settings);
    let capacity = 0;
    for (let at = 0; at < b.length;) {
      const id = varint(b, at, b.length);
      at += varintSize(b, at);
      const value = varint(b, at, b.length);
      if (value < 0) break;
      at += varintSize(b, at);
      if (id === QPACK_MAX_TABLE_CAPACITY) capacity = value;
    }
    this.peer.settled(capacity);
    return false;
  }

  gap(bytes: number): void {
    this.settings = [];
    this.type = -1;
    this.raw.gap();
    this.frames.gap(bytes);
  }

  end(): void {
    this.raw.end();
  }
}

/** What a side puts into the table of header fields (RFC 9204, 4.3). Its strings are searched where a message names them. */
class EncoderStream implements QuicStreamSink {
  private readonly side: Http3Side;
  private readonly peer: Http3Peer;

  constructor(side: Http3Side, peer: Http3Peer) {
    this.side = side;
    this.peer = peer;
  }

  data(b: Uint8Array, start: number, end: number): void {
    const { qpack, out, d } = this.side;
    if (!qpack.instructions(b, start, end)) out.note(d.connection.row, 'malformed');
    this.peer.learnt();
  }

  gap(): void {
    this.side.qpack.lose();
    this.side.out.note(this.side.d.connection.row, 'headers-unknown');
    this.peer.learnt();
  }

  end(): void {
    // It lives as long as its connection.
  }
}

/** What a server pushes: the number of the promise, then a message. */
class PushStream implements QuicStreamSink {
  private readonly message: Http3MessageStream;
  private left = -1;

  constructor(side: Http3Side, id: number) {
    this.message = new Http3MessageStream(side, id);
  }

  data(b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    if (this.left < 0) this.left = varintSize(b, start);
    const skipped = Math.min(this.left, end - start);
    this.left -= skipped;
    if (start + skipped < end)
      this.message.data(b, start + skipped, end, { ...place, position: place.position + skipped });
  }

  gap(bytes: number): void {
    this.message.gap(bytes);
  }

  end(clean: boolean): void {
    this.message.end(clean);
  }
}
