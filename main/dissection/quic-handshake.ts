import { u24, u8 } from './bytes.ts';
import type { Direction } from './direction.ts';
import type { BodySource, Emitter } from './emitter.ts';
import { type Arrival, type ScatteredPiece, ScatteredBytes } from './tls-scattered-bytes.ts';
import { type GoogleHello, parseGoogleHello } from './quic-google-hello.ts';
import { handshakeBudgetOf } from './handshake-budget.ts';
import type { Origin } from './sink.ts';
import { parseClientHello, parseServerHello } from './tls-hello.ts';
import { clientHelloFields, type HandshakeSession, serverHelloFields } from './tls-messages.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const DECODINGS: readonly string[] = ['quic-initial'];

interface Mark {
  readonly offset: number;
  readonly field: string | null;
  readonly message: number | null;
}

/**
 * The handshake messages that one side sends in Initial packets: the hellos. Their bytes are handed on, deciphered and in
 * order, when a message is whole, so that a place in them has its field from the beginning.
 */
export class QuicHandshake implements BodySource {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly session: HandshakeSession;
  private readonly stream: ScatteredBytes;
  private readonly marks: Mark[] = [];
  private sequence = -1;
  /** Offset up to which bytes were handed on. */
  private handed = 0;
  private released = false;
  private capNoted = false;
  private quicVersion = '';
  /** When the message that is being told was there. */
  private toldAt: Arrival;
  /** Nothing more is expected of this side. */
  complete = false;

  constructor(out: Emitter, d: Direction, session: HandshakeSession) {
    this.out = out;
    this.toldAt = out;
    this.d = d;
    this.session = session;
    this.stream = new ScatteredBytes(handshakeBudgetOf(out));
  }

  /** Takes the data of a CRYPTO frame. */
  add(b: Uint8Array, start: number, end: number, piece: ScatteredPiece, quicVersion: string): void {
    if (this.complete || this.released) return;
    this.quicVersion = quicVersion;
    if (this.stream.add(b, start, end, piece)) this.readMessages();
    if (this.stream.capped && !this.capNoted) {
      this.capNoted = true;
      this.out.note(this.d.connection.row, 'cap-handshake');
      this.out.fault('cap-handshake', 'a QUIC handshake was longer or more scattered than is kept');
    }
  }

  private readMessages(): void {
    const { bytes, length } = this.stream;
    while (length - this.handed >= 4) {
      const at = this.handed;
      const google = this.quicVersion.startsWith('Q');
      const end = google ? (parseGoogleHello(bytes, at, length)?.end ?? -1) : at + 4 + u24(bytes, at + 1);
      if (end < 0 || end > length) return;
      this.message(bytes, at, end, true);
    }
  }

  private message(b: Uint8Array, at: number, end: number, whole: boolean): void {
    // Of a message whose end is missing: when the last of it came, which may be long before that is known.
    this.toldAt = whole ? this.out : this.stream.arrivalOf(at, end);
    const kind = u8(b, at);
    const google = this.quicVersion.startsWith('Q') ? parseGoogleHello(b, at, end) : null;
    if (google?.fromClient === true) this.googleHello(google, at);
    else if (kind === CLIENT_HELLO) this.clientHello(b, at, end, whole);
    else if (kind === SERVER_HELLO && whole) this.serverHello(b, at, end);
    else this.marks.push({ offset: at, field: null, message: null });
    if (this.sequence < 0) this.sequence = this.out.newSequence();
    this.out.decoded(this.d, this.sequence, at, b, at, end, DECODINGS, this);
    this.handed = end;
  }

  private clientHello(b: Uint8Array, at: number, end: number, whole: boolean): void {
    const hello = parseClientHello(b, at + 4, end);
    if (hello === null) return;
    this.session.offered(hello);
    this.tell('quic-client-hello', at, hello.nameStart, hello.nameEnd, clientHelloFields(hello, 'q', whole));
    this.named(hello.serverName);
  }

  private serverHello(b: Uint8Array, at: number, end: number): void {
    const hello = parseServerHello(b, at + 4, end);
    if (hello === null) return;
    this.tell('quic-server-hello', at, 0, 0, serverHelloFields(hello, this.session));
    this.complete = !hello.retry;
  }

  private googleHello(hello: GoogleHello, at: number): void {
    const { serverName, nameStart, nameEnd } = hello;
    this.tell('quic-client-hello', at, nameStart, nameEnd, {
      serverName,
      version: this.quicVersion,
      alpn: [],
      ja4: null,
    });
    this.named(serverName);
  }

  private named(serverName: string | null): void {
    if (serverName !== null) this.out.table.addName(this.d.connection.row, serverName.toLowerCase());
  }

  private tell(kind: string, at: number, nameStart: number, nameEnd: number, fields: object): void {
    const { out, d } = this;
    const message = out.newMessage();
    this.marks.push({ offset: at, field: null, message });
    if (nameEnd > 0) {
      this.marks.push({ offset: nameStart, field: 'tls.sni', message }, { offset: nameEnd, field: null, message });
    }
    const all = { ...fields, quicVersion: this.quicVersion };
    const { frame, us } = this.toldAt;
    out.message(d.connection.row, d.way, message, frame, us, kind, all);
  }

  locate(from: number, to: number): Origin {
    const { frames, us, inDatagram } = this.stream.locate(from, to);
    const mark = this.marks.findLast((m) => m.offset <= from);
    return {
      frames,
      streamOffset: inDatagram,
      atUs: us,
      channel: 'quic',
      message: mark?.message ?? null,
      field: mark?.field ?? null,
    };
  }

  /** Nothing more is expected: what was collected is given back, but for where it came from. */
  close(): void {
    this.complete = true;
    this.finish();
  }

  /** Nothing more will come: what is there of a message is told and handed on. */
  finish(): void {
    const { bytes, length } = this.stream;
    if (length > this.handed && !this.released) {
      this.out.note(this.d.connection.row, 'message-cut');
      this.message(bytes, this.handed, length, false);
    }
    if (this.sequence >= 0) this.out.endSequence(this.sequence);
    this.sequence = -1;
    if (!this.released) this.stream.release();
    this.released = true;
  }
}
