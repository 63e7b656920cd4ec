import { couldBecome, startsWith, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import { DnsStreamParser } from './dns-stream.ts';
import type { Emitter } from './emitter.ts';
import { couldBecomeHttp, looksLikeHttp } from './http-head.ts';
import { HttpParser } from './http-parser.ts';
import { looksLikeTls, TlsParser } from './tls-parser.ts';
import { UnknownParser } from './unknown-parser.ts';
import { XmppParser } from './xmpp-parser.ts';

const PREFIX_BYTES = 24;
const HTTP2_PREFACE = 'PRI * HTTP/2.0\r\n';
const XMPP_STARTS = ['<stream:stream', '<?xml ', '<?xml\t'];
const DNS_PORT = 53;

/**
 * Looks at the first bytes of a direction and gives it its parser. While they could still become several things the few
 * bytes are held back, so that every byte is handed on once, by the parser that understands it.
 */
export class Recogniser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly prefix = new Uint8Array(PREFIX_BYTES);
  private held = 0;
  private heldAt: number;

  constructor(out: Emitter, d: Direction, position: number) {
    this.out = out;
    this.d = d;
    this.heldAt = position;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (this.held === 0) {
      this.heldAt = position;
      const parser = this.recognise(b, start, end);
      if (parser === null) {
        this.prefix.set(b.subarray(start, end));
        this.held = end - start;
        return true;
      }
      this.d.parser = parser;
      return parser.feed(b, start, end, position);
    }
    const n = Math.min(PREFIX_BYTES - this.held, end - start);
    this.prefix.set(b.subarray(start, start + n), this.held);
    const parser = this.recognise(this.prefix, 0, this.held + n);
    if (parser === null) {
      this.held += n;
      return true;
    }
    this.install(parser);
    return parser.feed(b, start, end, position);
  }

  gap(bytes: number): void {
    this.giveUp();
    this.d.parser?.gap(bytes);
  }

  end(clean: boolean): void {
    this.giveUp();
    this.d.parser?.end(clean);
  }

  pending(): null {
    return null;
  }

  private giveUp(): void {
    this.install(new UnknownParser(this.out, this.d));
  }

  private install(parser: StreamParser): void {
    this.d.parser = parser;
    if (this.held === 0) return;
    const handed = parser.feed(this.prefix, 0, this.held, this.heldAt);
    if (!handed) this.out.stream(this.d, this.prefix, 0, this.held, this.heldAt, false);
  }

  /** @returns null while more bytes could decide */
  private recognise(b: Uint8Array, start: number, end: number): StreamParser | null {
    const { out, d } = this;
    const row = d.connection.row;
    const short = end - start < PREFIX_BYTES;
    if (out.table.port(row, 0) === DNS_PORT || out.table.port(row, 1) === DNS_PORT) {
      out.recognise(row, 'dns', 'cleartext');
      return new DnsStreamParser(out, d);
    }
    const tls = looksLikeTls(b, start, end);
    if (tls === 'yes') {
      this.claim('tls', 'tls', u8(b, start) === 22 && end - start > 5 ? u8(b, start + 5) === 1 : null);
      return new TlsParser(out, d);
    }
    if (tls === 'perhaps' && short) return null;
    if (startsWith(b, start, end, HTTP2_PREFACE)) {
      this.claim('http2', 'cleartext', true);
      return new UnknownParser(out, d);
    }
    if (looksLikeHttp(b, start, end)) {
      this.claim('http', 'cleartext', !startsWith(b, start, end, 'HTTP/'));
      return new HttpParser(out, d);
    }
    if (short && couldBecomeHttp(b, start, end)) return null;
    if (XMPP_STARTS.some((s) => startsWith(b, start, end, s))) {
      return new XmppParser(out, d);
    }
    if (short && u8(b, start) === 0x3c && XMPP_STARTS.some((s) => couldBecome(b, start, end, s))) return null;
    if (startsWith(b, start, end, 'SSH-')) out.recognise(row, 'ssh', 'unknown');
    return new UnknownParser(out, d);
  }

  private claim(
    application: 'tls' | 'http' | 'http2',
    channel: 'tls' | 'cleartext',
    senderIsClient: boolean | null,
  ): void {
    const { out, d } = this;
    out.recognise(d.connection.row, application, channel);
    // Without a SYN the first message tells who the client is, as long as nothing has been handed on under another name.
    const c = d.connection;
    if (senderIsClient !== null && !out.table.synSeen(c.row) && c.directions.every((x) => x.offset === 0 || x === d)) {
      c.clientSide = senderIsClient ? d.side : 1 - d.side;
      out.table.setClient(c.row, c.clientSide);
    }
  }
}
