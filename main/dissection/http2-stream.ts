import { textOfLatin1 } from './bytes.ts';
import { codingsOf } from './content-coding.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { MessageBody } from './http-body.ts';
import { dnsInUri } from './http-dns.ts';
import { hostName, MAX_HOST_LENGTH } from './http-framing.ts';
import { type StreamHeaders, webSocketOnStream } from './http-websocket.ts';
import type { WebSocketParser } from './websocket-parser.ts';

/** What the two versions that have streams are told by. */
export interface StreamVersion {
  readonly version: '2' | '3';
  /** How a body lies in the stream. */
  readonly framing: readonly string[];
}

export const HTTP2: StreamVersion = { version: '2', framing: ['http2'] };
export const HTTP3: StreamVersion = { version: '3', framing: ['http3'] };

/** The message that one direction of a stream of HTTP/2 or HTTP/3 carries. */
export class Http2Message {
  readonly index: number;
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly stream: number;
  private readonly pushed: boolean;
  private readonly version: StreamVersion;
  /** Packet and time of the end of its header section, where tshark shows it. */
  private frame = 0;
  private us = 0;
  private headers: Map<string, string> | null = null;
  private unknown = false;
  private body: MessageBody | null = null;
  private bodyBytes = 0;
  /** What the other side of the stream said, and what is spoken on it then; undefined before its first content. */
  private readonly peer: (() => StreamHeaders) | null;
  private peerHeaders: StreamHeaders = null;
  private webSocket: WebSocketParser | null | undefined;

  /** @param peer headers of the other side of the stream; null where no WebSocket is looked for */
  constructor(
    out: Emitter,
    d: Direction,
    stream: number,
    pushed: boolean,
    version = HTTP2,
    peer: (() => StreamHeaders) | null = null,
  ) {
    this.peer = peer;
    this.out = out;
    this.d = d;
    this.stream = stream;
    this.pushed = pushed;
    this.version = version;
    this.index = out.newMessage();
  }

  /** A header section is complete; `unknown` when parts of it are not known. A second one holds the trailers. */
  section(headers: Map<string, string>, unknown: boolean): void {
    this.unknown ||= unknown;
    if (this.headers !== null) return;
    const { out, d } = this;
    this.headers = headers;
    // The other side may have ended before this one has any content.
    this.peerHeaders = this.peer?.() ?? null;
    this.frame = d.feedFrame;
    this.us = d.feedUs;
    const host = this.host();
    if (host !== null && host !== '' && host.length <= MAX_HOST_LENGTH)
      out.table.addName(d.connection.row, hostName(host));
  }

  /** RFC 9113, 8.1: an interim response (1xx) is followed by another header section that is no trailer. */
  get isInterim(): boolean {
    return /^1\d\d$/.test(this.headers?.get(':status') ?? '');
  }

  private get isRequest(): boolean {
    const { headers } = this;
    if (headers?.has(':status') === true) return false;
    return this.pushed || headers?.has(':method') === true || this.d.way === 0;
  }

  private host(): string | null {
    const { headers } = this;
    return headers?.get(':authority') ?? headers?.get('host') ?? null;
  }

  /** Null before they are complete. */
  get said(): StreamHeaders {
    return this.headers;
  }

  data(b: Uint8Array, start: number, end: number, position: number): void {
    this.bodyBytes += end - start;
    const { out, d, version } = this;
    if (this.webSocket === undefined) {
      const said = this.peer?.() ?? this.peerHeaders;
      this.webSocket = this.peer && webSocketOnStream(out, d, this.headers, said, version.framing);
    }
    const { webSocket } = this;
    webSocket?.feed(b, start, end, position);
    if (webSocket === null || webSocket.isLost) this.content(b, start, end, position);
    else this.body?.lose();
  }

  private content(b: Uint8Array, start: number, end: number, position: number): void {
    this.body ??= new MessageBody(this.out, this.d, this.index, {
      framing: this.version.framing,
      codings: codingsOf(this.headers?.get('content-encoding')),
      contentType: this.headers?.get('content-type') ?? null,
      grpcEncoding: this.headers?.get('grpc-encoding') ?? null,
    });
    this.body.data(b, start, end, position);
  }

  /** So many bytes of the body are missing; infinitely many: nobody knows how many. */
  lose(bytes: number): void {
    this.body?.lose();
    this.webSocket?.gap(bytes);
  }

  finish(whole: boolean): void {
    const { out, d, headers } = this;
    const { row } = d.connection;
    this.body?.finish();
    this.webSocket?.end();
    if (headers === null && this.bodyBytes === 0) return;
    if (headers === null) {
      this.frame = d.feedFrame;
      this.us = d.feedUs;
    }
    if (!whole) out.note(row, 'message-cut');
    const shared = {
      bodyBytes: this.bodyBytes,
      contentType: headers?.get('content-type') ?? null,
      version: this.version.version,
      stream: this.stream,
      ...(this.unknown || headers === null ? { headersUnknown: true } : {}),
      ...(whole ? {} : { incomplete: true }),
    };
    if (!this.isRequest) {
      const said = headers?.get(':status');
      const status = said !== undefined && /^\d{3}$/.test(said) ? Number(said) : 0;
      if (said !== undefined && status === 0) out.note(row, 'malformed');
      out.message(row, d.way, this.index, this.frame, this.us, 'http-response', { status, ...shared });
      return;
    }
    const uri = textOfLatin1(headers?.get(':path') ?? '');
    const fields = { method: headers?.get(':method') ?? '', host: this.host(), uri, ...shared };
    const pushed = this.pushed ? { pushed: true } : {};
    out.message(row, d.way, this.index, this.frame, this.us, 'http-request', { ...fields, ...pushed });
    dnsInUri(out, d, uri);
  }
}
