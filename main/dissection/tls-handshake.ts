import { u24, u8, viewOf } from './bytes.ts';
import type { Connection, Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type HandshakeBudget, handshakeBudgetOf } from './handshake-budget.ts';
import { parseClientHello, parseServerHello } from './tls-hello.ts';
import { certificateFields, clientHelloFields, HandshakeSession, serverHelloFields } from './tls-messages.ts';
import { ServerNameScan } from './tls-name-scan.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const MAX_HANDSHAKE_BYTES = 256 * 1024;

const sessions = new WeakMap<Connection, HandshakeSession>();

/** What both directions of a connection know of its handshake. */
export function sessionOf(connection: Connection): HandshakeSession {
  let session = sessions.get(connection);
  if (session === undefined) {
    session = new HandshakeSession();
    sessions.set(connection, session);
  }
  return session;
}

/** Puts handshake messages together over records and segments, and tells what they say. */
export class TlsHandshake {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly budget: HandshakeBudget;
  private buffer: Uint8Array | null = null;
  private length = 0;
  /** Buffer offsets and the stream positions at which the pieces stand. */
  private pieces: { offset: number; position: number }[] = [];
  private index = -1;
  private nameMarked = false;
  private scan = new ServerNameScan();
  private capped = false;
  /** The record being read began after encryption did: only a whole hello that fits exactly is believed. */
  private doubtful = false;
  private recordLength = 0;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.budget = handshakeBudgetOf(out);
  }

  openRecord(length: number, encrypted: boolean): void {
    this.doubtful = encrypted;
    this.recordLength = length;
  }

  data(b: Uint8Array, start: number, end: number, position: number): void {
    if (this.capped) return;
    const n = end - start;
    if (this.length + n > MAX_HANDSHAKE_BYTES) {
      this.cap(`handshake messages longer than ${MAX_HANDSHAKE_BYTES} bytes were not read`);
      return;
    }
    let buffer = this.buffer;
    if (buffer === null || this.length + n > buffer.length) {
      const size = Math.max(this.length + n, 1024, (buffer?.length ?? 0) * 2);
      if (!this.budget.take(size - (buffer?.length ?? 0))) {
        this.cap('too many handshakes were open at once; some were not read');
        return;
      }
      const bigger = new Uint8Array(size);
      if (buffer !== null) bigger.set(buffer.subarray(0, this.length));
      buffer = bigger;
      this.buffer = bigger;
    }
    buffer.set(viewOf(b, start, end), this.length);
    this.pieces.push({ offset: this.length, position });
    this.length += n;
  }

  private cap(detail: string): void {
    this.capped = true;
    this.out.note(this.d.connection.row, 'cap-handshake');
    this.out.fault('cap-handshake', detail);
    this.reset();
  }

  /** @returns true when a readable hello came although encryption had begun */
  closeRecord(): boolean {
    const buffer = this.buffer;
    if (buffer === null || this.capped) return false;
    if (this.doubtful && !this.isExactHello(buffer)) {
      this.reset();
      return false;
    }
    let at = 0;
    while (this.length - at >= 4) {
      const next = at + 4 + u24(buffer, at + 1);
      if (next > this.length) break;
      this.message(buffer, at, next, true);
      at = next;
    }
    if (at > 0) this.d.marks.add(this.positionOf(at - 1) + 1, null, null);
    this.consume(buffer, at);
    return this.doubtful && at > 0;
  }

  private isExactHello(buffer: Uint8Array): boolean {
    const kind = u8(buffer, 0);
    return (kind === CLIENT_HELLO || kind === SERVER_HELLO) && u24(buffer, 1) + 4 === this.recordLength;
  }

  private consume(buffer: Uint8Array, at: number): void {
    if (at >= this.length) {
      this.reset();
    } else if (at > 0) {
      const position = this.positionOf(at);
      const later = this.pieces
        .filter((p) => p.offset > at)
        .map((p) => ({ offset: p.offset - at, position: p.position }));
      this.pieces = [{ offset: 0, position }, ...later];
      buffer.copyWithin(0, at, this.length);
      this.length -= at;
      this.startMessage();
    }
  }

  private positionOf(offset: number): number {
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece !== undefined && piece.offset <= offset) return piece.position + (offset - piece.offset);
    }
    return 0;
  }

  /** The name in a hello whose record is not complete yet: bytes already handed on may hold what is searched for. */
  markEarly(): void {
    const buffer = this.buffer;
    if (buffer === null || this.length < 4 || this.nameMarked || this.doubtful || u8(buffer, 0) !== CLIENT_HELLO)
      return;
    const name = this.scan.find(buffer, 4, Math.min(this.length, 4 + u24(buffer, 1)));
    if (name !== null) this.markName(0, name[0], name[1]);
  }

  private markName(at: number, start: number, end: number): void {
    if (this.index < 0) this.index = this.out.newMessage();
    this.nameMarked = true;
    const marks = this.d.marks;
    marks.add(this.positionOf(at), null, this.index);
    marks.add(this.positionOf(start), 'tls.sni', this.index);
    marks.add(this.positionOf(end), null, this.index);
  }

  private message(b: Uint8Array, at: number, end: number, whole: boolean): void {
    const kind = u8(b, at);
    if (kind === CLIENT_HELLO) this.clientHello(b, at, end, whole);
    else if (kind === SERVER_HELLO) this.serverHello(b, at, end);
    else if (kind === CERTIFICATE) this.certificate(b, at, end);
    this.startMessage();
  }

  private startMessage(): void {
    this.index = -1;
    this.nameMarked = false;
    this.scan = new ServerNameScan();
  }

  private tell(kind: string, at: number, fields: object): void {
    const { out, d } = this;
    if (this.index < 0) {
      this.index = out.newMessage();
      d.marks.add(this.positionOf(at), null, this.index);
    }
    out.message(d.connection.row, d.way, this.index, d.feedFrame, d.feedUs, kind, fields);
  }

  private clientHello(b: Uint8Array, at: number, end: number, whole: boolean): void {
    const hello = parseClientHello(b, at + 4, end);
    if (hello === null) return;
    if (!this.nameMarked && hello.nameEnd > 0) this.markName(at, hello.nameStart, hello.nameEnd);
    if (hello.serverName !== null) this.out.table.addName(this.d.connection.row, hello.serverName.toLowerCase());
    sessionOf(this.d.connection).offered(hello);
    this.tell('tls-client-hello', at, clientHelloFields(hello, 't', whole));
  }

  private serverHello(b: Uint8Array, at: number, end: number): void {
    const hello = parseServerHello(b, at + 4, end);
    if (hello === null) return;
    this.tell('tls-server-hello', at, serverHelloFields(hello, sessionOf(this.d.connection)));
  }

  /** Shown but not understood: that a certificate was there is told all the same. */
  private certificate(b: Uint8Array, at: number, end: number): void {
    const { fields, capped } = certificateFields(b, at + 4, end, false);
    if (capped) this.out.note(this.d.connection.row, 'cap-handshake');
    this.tell('tls-certificate', at, fields);
  }

  /** Forgets what is held: the rest of it will not come, or is not readable. */
  reset(): void {
    this.budget.give(this.buffer?.length ?? 0);
    this.buffer = null;
    this.length = 0;
    this.pieces = [];
    this.startMessage();
  }

  /** The capture or connection ends inside a message: a hello still tells what it holds. */
  end(): void {
    const buffer = this.buffer;
    if (buffer !== null && !this.doubtful && this.length > 4 && u8(buffer, 0) === CLIENT_HELLO) {
      this.out.note(this.d.connection.row, 'message-cut');
      this.message(buffer, 0, this.length, false);
    }
    this.reset();
  }
}
