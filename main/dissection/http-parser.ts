import { startsWith, u8 } from './bytes.ts';
import { codingsOf } from './content-coding.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { MessageBody } from './http-body.ts';
import { isStructured } from './http-content.ts';
import { dnsInUri } from './http-dns.ts';
import { framingOf, hostName, MAX_HOST_LENGTH, targetHost } from './http-framing.ts';
import { HeadCollector } from './http-head-collector.ts';
import { type HttpHead, isHttpStartLine, parseHead, parseTrailer, partialField, partialTrailer } from './http-head.ts';
import { ChunkReader } from './http-chunks.ts';
import { beginHttp2, switchProtocol } from './http-upgrade.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;

const CHUNKED: readonly string[] = ['chunked'];
const PLAIN: readonly string[] = [];

type State = 'start' | 'head' | 'counted' | 'chunked' | 'until-close' | 'lost';

/** HTTP/1.x in one direction: heads, bodies by length, chunks or end of stream, pipelining, and a new start after a gap. */
export class HttpParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private state: State = 'start';
  private readonly collector: HeadCollector;
  private headAt = 0;
  private bodyAt = 0;
  private index = -1;
  private frame = 0;
  private us = 0;
  private head: HttpHead | null = null;
  private bodyBytes = 0;
  private remaining = 0;
  private chunks: ChunkReader | null = null;
  private body: MessageBody | null = null;
  /** Method of the request that a response answers, as far as it was seen. */
  private asked: string | null = null;
  private inExtension = false;
  /** The body is handed on decoded, as its head announces. */
  private handedOn = false;
  private trailerAt = 0;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.collector = new HeadCollector(out.bodies);
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    const { d } = this;
    if (this.state !== 'start' && this.state !== 'lost' && d.feedFrame >= this.frame) this.touch();
    let at = start;
    while (at < end) {
      const here = position + (at - start);
      if (this.state === 'start') at = this.begin(b, at, end, here);
      else if (this.state === 'head') at = this.takeHead(b, at, end, here);
      else if (this.state === 'lost') at = this.findStart(b, at, end);
      else at = this.takeBody(b, at, end, here);
      if (d.parser !== this) {
        // CONNECT or an upgrade: the rest of the segment speaks another protocol.
        this.out.stream(d, b, start, at, position, false);
        const rest = position + (at - start);
        if (at < end && d.parser !== null && !d.parser.feed(b, at, end, rest))
          this.out.stream(d, b, at, end, rest, false);
        return true;
      }
    }
    return false;
  }

  /** A message's frame is the highest of its segments: the packet that completes it. */
  private touch(): void {
    this.frame = this.d.feedFrame;
    this.us = this.d.feedUs;
  }

  private begin(b: Uint8Array, from: number, end: number, position: number): number {
    let at = from;
    while (at < end && (u8(b, at) === CR || u8(b, at) === LF)) at++;
    if (at === end) return end;
    this.index = this.out.newMessage();
    this.headAt = position + (at - from);
    this.collector.start();
    this.frame = 0;
    this.touch();
    this.state = 'head';
    // What a half-known head holds is told by `pending`; this mark only ends the field before.
    this.d.marks.add(this.headAt, null, this.index);
    return at;
  }

  private takeHead(b: Uint8Array, from: number, end: number, position: number): number {
    const stop = this.collector.findEnd(b, from, end);
    if (stop >= 0) {
      this.completeHead(this.collector.take(b, from, stop));
      return stop;
    }
    const isKept = this.collector.keep(b, from, end);
    if (!isKept || this.collector.held > MAX_HEAD_BYTES) {
      this.out.note(this.d.connection.row, 'cap-header');
      const why = isKept ? `longer than ${MAX_HEAD_BYTES} bytes` : 'beside too many others that are not whole';
      this.out.fault('cap-header', `an HTTP head ${why} was not read further`);
      this.abandon();
      this.lose();
    } else if (position === this.headAt && !this.collector.isPlausible()) {
      this.lose();
    }
    return end;
  }

  private completeHead(text: string): void {
    const head = parseHead(text);
    if (head === null) {
      this.lose();
      return;
    }
    if (beginHttp2(this.out, this.d, head)) return;
    let room = true;
    for (const part of head.parts) room = this.d.marks.add(this.headAt + part.at, part.field, this.index) && room;
    this.bodyAt = this.headAt + text.length;
    room = this.d.marks.add(this.bodyAt, 'body', this.index) && room;
    if (!room) this.out.note(this.d.connection.row, 'cap-marks');
    this.startBody(head);
  }

  private startBody(head: HttpHead): void {
    const c = this.d.connection;
    this.head = head;
    this.bodyBytes = 0;
    this.body = null;
    this.chunks = null;
    this.inExtension = false;
    this.handedOn = false;
    const interim = head.kind === 'response' && head.status >= 100 && head.status < 200 && head.status !== 101;
    this.asked = head.kind === 'response' ? c.openRequest() : null;
    if (head.kind === 'request') {
      c.pushRequest(head.method);
      const target = targetHost(head.method, head.uri);
      if (target !== null) this.out.table.addName(c.row, target);
      const host = head.headers.get('host');
      if (host !== undefined && host !== '' && host.length <= MAX_HOST_LENGTH)
        this.out.table.addName(c.row, hostName(host));
    } else if (!interim) {
      if (c.isForgotten) this.out.note(c.row, 'cap-streams');
      c.popRequest();
    }
    if (head.contradicts) this.out.note(c.row, 'malformed');
    const framing = framingOf(head, this.asked);
    if (framing.kind === 'none') {
      this.finish('whole');
      switchProtocol(this.out, this.d, head, this.asked, this.bodyAt);
      return;
    }
    this.state = framing.kind;
    this.remaining = framing.length;
    const chunked = framing.kind === 'chunked';
    if (chunked) this.chunks = new ChunkReader();
    const codings = [...codingsOf(head.headers.get('content-encoding')), ...framing.codings];
    const contentType = head.headers.get('content-type') ?? null;
    this.handedOn = chunked || codings.length > 0;
    if (this.handedOn) this.mark(this.bodyAt, 'body');
    if (!this.handedOn && !isStructured(contentType)) return;
    const grpcEncoding = head.headers.get('grpc-encoding') ?? null;
    const format = { framing: chunked ? CHUNKED : PLAIN, codings, contentType, grpcEncoding };
    this.body = new MessageBody(this.out, this.d, this.index, format);
  }

  private takeBody(b: Uint8Array, from: number, end: number, position: number): number {
    if (this.state === 'chunked') return this.takeChunks(b, from, end, position);
    if (this.bodyBytes === 0 && this.asked === null && this.answersHead(b, from, end)) {
      this.finish('whole');
      return from;
    }
    const n = this.state === 'counted' ? Math.min(this.remaining, end - from) : end - from;
    this.body?.data(b, from, from + n, position);
    this.bodyBytes += n;
    this.remaining -= n;
    if (this.state === 'counted' && this.remaining === 0) this.finish('whole');
    return from + n;
  }

  /** A response whose request was not seen has no body after all (HEAD) when the next one begins at once. */
  private answersHead(b: Uint8Array, from: number, end: number): boolean {
    return this.head?.kind === 'response' && startsWith(b, from, end, 'HTTP/1.');
  }

  private takeChunks(b: Uint8Array, from: number, end: number, position: number): number {
    const chunks = this.chunks;
    if (chunks === null) return end;
    let at = from;
    while (at < end) {
      const step = chunks.next(b, at, end);
      if (step === 'data') {
        if (this.inExtension) this.mark(position + (chunks.dataStart - from), 'body');
        this.inExtension = false;
        this.body?.data(b, chunks.dataStart, chunks.dataEnd, position + (chunks.dataStart - from));
        this.bodyBytes += chunks.dataEnd - chunks.dataStart;
      }
      at = chunks.at;
      if (step === 'extension') {
        this.inExtension = true;
        this.mark(position + (at - from), 'chunk-extension');
      } else if (step === 'trailer') {
        this.trailerAt = position + (at - from);
        this.mark(this.trailerAt, null);
      } else if (step === 'end') {
        for (const part of parseTrailer(chunks.trailer)) this.mark(this.trailerAt + part.at, part.field);
        this.finish('whole');
        return at;
      }
      if (step === 'bad') {
        // What follows an impossible chunk is not a message of its own: it may be one smuggled in.
        this.finish('malformed');
        this.lose();
        return end;
      }
    }
    return at;
  }

  private mark(position: number, field: string | null): void {
    const handedOn = this.handedOn && field === 'body';
    if (!this.d.marks.add(position, field, this.index, handedOn)) this.out.note(this.d.connection.row, 'cap-marks');
  }

  private finish(how: 'whole' | 'incomplete' | 'malformed'): void {
    const head = this.head;
    this.state = 'start';
    this.head = null;
    this.body?.finish();
    this.body = null;
    this.chunks = null;
    if (head === null) return;
    const { out, d } = this;
    const row = d.connection.row;
    if (how !== 'whole') out.note(row, how === 'malformed' ? 'malformed' : 'message-cut');
    const contentType = head.headers.get('content-type') ?? null;
    const cut = how === 'whole' ? {} : { [how]: true };
    if (head.kind === 'request') {
      const fields = { method: head.method, host: head.headers.get('host') ?? null, uri: head.uri };
      const body = { bodyBytes: this.bodyBytes, contentType };
      out.message(row, d.way, this.index, this.frame, this.us, 'http-request', { ...fields, ...body, ...cut });
      dnsInUri(out, d, head.uri);
    } else {
      const fields = { status: head.status, bodyBytes: this.bodyBytes, contentType };
      out.message(row, d.way, this.index, this.frame, this.us, 'http-response', { ...fields, ...cut });
    }
  }

  private lose(): void {
    this.out.note(this.d.connection.row, 'protocol-resync');
    this.state = 'lost';
    this.collector.start();
    this.head = null;
  }

  private findStart(b: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i++) {
      if ((i === start || u8(b, i - 1) === LF) && isHttpStartLine(b, i, end)) {
        this.state = 'start';
        return i;
      }
    }
    return end;
  }

  gap(bytes: number): void {
    if (this.state === 'counted' && bytes <= this.remaining) {
      this.remaining -= bytes;
      this.body?.lose();
      if (this.remaining === 0) this.finish('incomplete');
    } else if (this.state === 'until-close') {
      this.body?.lose();
    } else if (this.state === 'chunked' && this.chunks !== null && this.chunks.skip(bytes)) {
      this.body?.lose();
    } else if (this.state !== 'start' && this.state !== 'lost') {
      this.abandon();
      this.lose();
    } else {
      this.state = 'lost';
    }
  }

  end(clean: boolean): void {
    if (this.state === 'until-close') {
      if (clean) this.touch();
      this.finish(clean ? 'whole' : 'incomplete');
    } else if (this.state !== 'start' && this.state !== 'lost') {
      this.abandon();
    }
    this.state = 'start';
  }

  /** The message stops here: what is known of it is told. */
  private abandon(): void {
    if (this.state === 'head') {
      const text = this.collector.text();
      if (text.includes('\n')) this.head = parseHead(text);
    }
    this.finish('incomplete');
    this.collector.start();
  }

  pending(position: number): { field: string | null; message: number | null } | null {
    const { chunks } = this;
    if (chunks !== null && chunks.inTrailer && position >= this.trailerAt) {
      return { field: partialTrailer(chunks.trailer, position - this.trailerAt), message: this.index };
    }
    if (this.state !== 'head' || position < this.headAt || this.collector.held === 0) return null;
    return { field: partialField(this.collector.text(), position - this.headAt), message: this.index };
  }
}
