import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { HandshakeBudget } from './handshake-budget.ts';
import { HeaderBlocks, type HeaderTextBudget } from './http2-headers.ts';
import { HTTP3, Http2Message } from './http2-stream.ts';
import { DATA, HEADERS, type Http3FrameReceiver, Http3Frames, PUSH_PROMISE } from './http3-frames.ts';
import type { QpackDecoder } from './qpack.ts';
import { varintSize } from './quic-packet.ts';
import { QuicRawStream } from './quic-raw-stream.ts';
import type { QuicPlace, QuicStreamSink } from './quic-streams.ts';

const DECODINGS: readonly string[] = ['qpack'];

/** What the streams of one side share. */
export interface Http3Side {
  readonly out: Emitter;
  readonly d: Direction;
  readonly qpack: QpackDecoder;
  readonly text: HeaderTextBudget;
  readonly budget: HandshakeBudget;
  /** Streams whose header section needs what the encoder stream has not brought yet. */
  readonly blocked: Set<Http3MessageStream>;
}

type Held =
  | { readonly bytes: Uint8Array; readonly place: QuicPlace }
  | { readonly missing: number }
  | { readonly clean: boolean };

/** What one side sends on a stream that carries messages (RFC 9114, 4.1): header sections and content. */
export class Http3MessageStream implements QuicStreamSink, Http3FrameReceiver {
  private readonly side: Http3Side;
  private readonly id: number;
  private readonly frames = new Http3Frames(this);
  private readonly blocks: HeaderBlocks;
  private readonly raw: QuicRawStream;
  private message: Http2Message | null = null;
  private type = -1;
  /** Bytes of a promise's number, before its header section; -1 before its first. */
  private leadLeft = 0;
  private sectionLost = false;
  /** Packet and time that completed the section at hand. */
  private sectionFrame = 0;
  private sectionUs = 0;
  /** What came behind a section that waits for the encoder stream; null while none does. */
  private held: Held[] | null = null;

  constructor(side: Http3Side, id: number) {
    this.side = side;
    this.id = id;
    this.blocks = new HeaderBlocks(side.out, side.d, side.qpack, DECODINGS, side.text);
    this.raw = new QuicRawStream(side.out, side.d, 'http3.frame');
  }

  data(b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    if (this.held !== null) {
      this.hold(b, start, end, place);
      return;
    }
    this.at(place.frame, place.us);
    const stopped = this.frames.feed(b, start, end, place.position);
    if (stopped >= end) return;
    const rest = { ...place, position: place.position + (stopped - start) };
    if (this.frames.lost) this.raw.data(b, stopped, end, rest);
    else this.hold(b, stopped, end, rest);
  }

  private at(frame: number, us: number): void {
    const { out, d } = this.side;
    d.feedFrame = frame;
    d.feedUs = us;
    out.frame = frame;
    out.us = us;
  }

  gap(bytes: number): void {
    if (this.held !== null) {
      this.held.push({ missing: bytes });
      return;
    }
    if (this.type === HEADERS || this.type === PUSH_PROMISE) this.sectionLost = true;
    this.message?.lose(bytes);
    this.raw.gap();
    if (!this.frames.gap(bytes)) this.side.out.note(this.side.d.connection.row, 'protocol-resync');
  }

  end(clean: boolean): void {
    if (this.held !== null) {
      this.held.push({ clean });
      return;
    }
    if (this.type === HEADERS && this.blocks.bytes.length > 0) this.complete();
    this.raw.end();
    this.message?.finish(clean && !this.frames.isInside);
    this.message = null;
  }

  openFrame(type: number): void {
    this.type = type;
    this.sectionLost = false;
    this.leadLeft = type === PUSH_PROMISE ? -1 : 0;
    if (type === HEADERS || type === PUSH_PROMISE) this.blocks.begin();
    else this.raw.gap();
  }

  content(b: Uint8Array, start: number, end: number, position: number): void {
    const { type } = this;
    const { frame, us } = this.side.out;
    if (type === DATA) this.messageOf().data(b, start, end, position);
    else if (type === HEADERS) this.blocks.add(b, start, end, position);
    else if (type === PUSH_PROMISE) this.promise(b, start, end, position);
    else this.raw.data(b, start, end, { frame, us, position });
  }

  /** Behind the promise's number its section begins. */
  private promise(b: Uint8Array, start: number, end: number, position: number): void {
    if (this.leadLeft < 0) this.leadLeft = varintSize(b, start);
    const skipped = Math.min(this.leadLeft, end - start);
    this.leadLeft -= skipped;
    if (start + skipped < end) this.blocks.add(b, start + skipped, end, position + skipped);
  }

  closeFrame(): boolean {
    const { type } = this;
    if (type !== HEADERS && type !== PUSH_PROMISE) {
      this.type = -1;
      return false;
    }
    if (this.sectionLost) {
      this.type = -1;
      this.side.out.note(this.side.d.connection.row, 'headers-unknown');
      return false;
    }
    const { qpack, blocked, out } = this.side;
    this.sectionFrame = out.frame;
    this.sectionUs = out.us;
    const block = this.blocks.bytes;
    if (qpack.isLost || qpack.required(block, 0, block.length) <= qpack.inserted) {
      this.complete();
      return false;
    }
    this.held = [];
    blocked.add(this);
    return true;
  }

  /** The section can be read, as far as it can be. */
  private complete(): void {
    const { type } = this;
    this.type = -1;
    const message = type === PUSH_PROMISE ? this.newMessage(true) : this.messageOf();
    const { headers, unknown } = this.blocks.complete(message.index);
    message.section(headers, unknown);
    if (type === PUSH_PROMISE) message.finish(true);
    else if (message.isInterim) {
      message.finish(true);
      this.message = null;
    }
  }

  private messageOf(): Http2Message {
    this.message ??= this.newMessage(false);
    return this.message;
  }

  private newMessage(pushed: boolean): Http2Message {
    return new Http2Message(this.side.out, this.side.d, this.id, pushed, HTTP3);
  }

  private hold(b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    const bytes = end - start;
    if (!this.side.budget.take(bytes)) {
      this.side.out.note(this.side.d.connection.row, 'cap-out-of-order');
      this.resume(true);
      this.data(b, start, end, place);
      return;
    }
    this.held?.push({ bytes: new Uint8Array(b.subarray(start, end)), place });
  }

  /**
   * Reads on when what the section needs is there; `anyway` when it will not come.
   * @returns true when the stream waits no longer
   */
  resume(anyway: boolean): boolean {
    const { qpack, blocked, budget } = this.side;
    const block = this.blocks.bytes;
    if (!anyway && !qpack.isLost && qpack.required(block, 0, block.length) > qpack.inserted) return false;
    const held = this.held ?? [];
    this.held = null;
    blocked.delete(this);
    this.at(this.sectionFrame, this.sectionUs);
    this.complete();
    for (const one of held) {
      if ('bytes' in one) {
        budget.give(one.bytes.length);
        this.data(one.bytes, 0, one.bytes.length, one.place);
      } else if ('missing' in one) this.gap(one.missing);
      else this.end(one.clean);
    }
    return true;
  }
}
