import { u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { isHttpStartLine } from './http-head.ts';
import { isSipStart } from './sip-message.ts';
import { beginsTlsUpgrade, TlsParser } from './tls-parser.ts';
import { WebSocketParser } from './websocket-parser.ts';
import { mayBeginMasked, PERHAPS_DEFLATED, WebSocketWatch } from './websocket-watch.ts';

/** Segments of a conversation seen from its opening in which another protocol may still begin: behind SOCKS, say. */
const LOOKS = 16;

/**
 * Bytes nobody recognised: handed on to be searched all the same. A direction that was seen from its middle on is watched
 * for the next message that begins with a segment, and any for an upgrade to TLS.
 */
export class UnknownParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  /** What the flow was known as when this began. */
  private named: number;
  /** How often the beginning of a segment is still looked at; without end where the conversation's own beginning was missed. */
  private looks: number;
  private webSocket: WebSocketWatch | null = null;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.named = out.table.application[d.connection.row] as number;
    this.looks = out.table.synSeen(d.connection.row) ? LOOKS : Number.POSITIVE_INFINITY;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (beginsTlsUpgrade(b, start, end)) {
      this.webSocket?.reset();
      this.out.recognise(this.d.connection.row, 'tls', 'tls');
      const tls = new TlsParser(this.out, this.d);
      this.d.parser = tls;
      return tls.feed(b, start, end, position);
    }
    if (this.named !== 0) return false;
    if (!this.mayBegin(b, start, end)) {
      if (this.looks === Number.POSITIVE_INFINITY) this.watchWebSocket(b, start, end, position);
      return false;
    }
    this.webSocket?.reset();
    const fresh = this.out.freshParser(this.d, position);
    this.d.parser = fresh;
    return fresh.feed(b, start, end, position);
  }

  /** Only beginnings that no accident makes; or the other direction has meanwhile told what is spoken here. */
  private mayBegin(b: Uint8Array, start: number, end: number): boolean {
    const application = this.out.table.application[this.d.connection.row] as number;
    if (application !== 0) {
      this.named = application;
      return true;
    }
    if (this.looks === 0) return false;
    this.looks--;
    const first = u8(b, start);
    // Both begin with a capital letter.
    return first >= 65 && first <= 90 && (isHttpStartLine(b, start, end) || isSipStart(b, start, end));
  }

  /** A client masks what it says: nobody finds it in the bytes as they lie, which are handed on all the same. */
  private watchWebSocket(b: Uint8Array, start: number, end: number, position: number): void {
    const { out, d } = this;
    // Most never need one.
    if (this.webSocket === null && !mayBeginMasked(b, start, end)) return;
    this.webSocket ??= new WebSocketWatch(out, d);
    if (!this.webSocket.feed(b, start, end, position)) return;
    const other = d.connection.directions[d.side === 0 ? 1 : 0];
    if (other.parser === null || other.parser instanceof UnknownParser) {
      other.parser?.end(false);
      other.parser = new WebSocketParser(out, other, PERHAPS_DEFLATED).seek();
    }
  }

  gap(): void {
    this.webSocket?.reset();
    this.looks = Number.POSITIVE_INFINITY;
  }

  end(_clean: boolean): void {
    // Nothing of the stream is held back.
    this.webSocket?.reset();
  }

  pending(): null {
    return null;
  }
}
