import type { DtlsPiece } from './dtls-record.ts';
import { Connection, type Direction } from './direction.ts';
import type { BodySource, Emitter } from './emitter.ts';
import { type HandshakeBudget, handshakeBudgetOf } from './handshake-budget.ts';
import type { Origin } from './sink.ts';
import { parseClientHello, parseServerHello } from './tls-hello.ts';
import { certificateFields, clientHelloFields, HandshakeSession, serverHelloFields } from './tls-messages.ts';
import { type Arrival, ScatteredBytes } from './tls-scattered-bytes.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
/** Messages of one side that are put together at the same time; a flight has five. */
const MAX_OPEN = 16;
const DECODINGS: readonly string[] = ['dtls-fragments'];

/** Where the server name stands in the bytes of a message, and which message it is. */
export interface DtlsPlace {
  readonly message: number;
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** A message that is put together, and where bytes of it came from. */
class OpenMessage implements BodySource {
  readonly bytes: ScatteredBytes;
  readonly kind: number;
  readonly length: number;
  place: DtlsPlace | null = null;

  constructor(kind: number, length: number, budget: HandshakeBudget) {
    this.bytes = new ScatteredBytes(budget);
    this.kind = kind;
    this.length = length;
  }

  locate(from: number, to: number): Origin {
    const { frames, us, inDatagram } = this.bytes.locate(from, to);
    const { place } = this;
    const isName = place !== null && from >= place.nameStart && from < place.nameEnd;
    return {
      frames,
      streamOffset: inDatagram,
      atUs: us,
      channel: 'dtls',
      message: place?.message ?? null,
      field: isName ? 'tls.sni' : null,
    };
  }
}

/** What one side has said in this handshake, by message number. */
interface Side {
  readonly open: Map<number, OpenMessage>;
  /** Numbers up to 255 that were told: a flight that is repeated is not told again. */
  readonly told: Set<number>;
}

/** The readable handshake of one UDP conversation. */
export class DtlsFlow {
  private readonly out: Emitter;
  private readonly row: number;
  private readonly connection: Connection;
  private session = new HandshakeSession();
  private sides: readonly [Side, Side] = [newSide(), newSide()];
  private clientRandom = '';
  /** When the message that is being told was there. */
  private toldAt: Arrival;

  constructor(out: Emitter, row: number, clientSide: 0 | 1) {
    this.out = out;
    this.toldAt = out;
    this.row = row;
    this.connection = new Connection(row, clientSide, out.horizon);
  }

  /** Takes a whole message of a datagram that is handed on as it is. @returns places for it, null when nothing was told */
  whole(side: 0 | 1, b: Uint8Array, piece: DtlsPiece): DtlsPlace | null {
    this.toldAt = this.out;
    return this.tell(side, piece.kind, piece.number, b, piece.start, piece.end, true);
  }

  /** Takes a piece of a message; its bytes are handed on when the message is whole. */
  piece(side: 0 | 1, b: Uint8Array, piece: DtlsPiece, datagramStart: number): void {
    const { open, told } = this.sides[side];
    if (told.has(piece.number)) return;
    let message = open.get(piece.number);
    if (message === undefined || message.kind !== piece.kind || message.length !== piece.length) {
      message?.bytes.release();
      open.delete(piece.number);
      if (open.size >= MAX_OPEN) {
        this.out.note(this.row, 'cap-handshake');
        return;
      }
      message = new OpenMessage(piece.kind, piece.length, handshakeBudgetOf(this.out));
      open.set(piece.number, message);
    }
    const place = {
      offset: piece.offset,
      frame: this.out.frame,
      us: this.out.us,
      inDatagram: piece.start - datagramStart,
    };
    message.bytes.add(b, piece.start, piece.end, place);
    if (message.bytes.capped) this.out.note(this.row, 'cap-handshake');
    if (message.bytes.length >= message.length) this.close(side, piece.number, message, true);
  }

  private close(side: 0 | 1, number: number, message: OpenMessage, whole: boolean): void {
    const { bytes, length } = message.bytes;
    this.sides[side].open.delete(number);
    // Of a message whose end is missing: when the last of it came, which may be long before that is known.
    this.toldAt = whole ? this.out : message.bytes.arrivalOf(0, length);
    message.place = this.tell(side, message.kind, number, bytes, 0, length, whole);
    const sequence = this.out.newSequence();
    this.out.decoded(this.connection.directions[side], sequence, 0, bytes, 0, length, DECODINGS, message);
    this.out.endSequence(sequence);
    message.bytes.release();
  }

  private tell(
    side: 0 | 1,
    kind: number,
    number: number,
    b: Uint8Array,
    start: number,
    end: number,
    whole: boolean,
  ): DtlsPlace | null {
    const d = this.connection.directions[side];
    if (kind === CLIENT_HELLO) return this.clientHello(d, number, b, start, end, whole);
    const { told } = this.sides[side];
    if (told.has(number) || !whole) return null;
    if (number < 256) told.add(number);
    if (kind === SERVER_HELLO) {
      const hello = parseServerHello(b, start, end);
      return hello === null ? null : this.message(d, 'tls-server-hello', serverHelloFields(hello, this.session));
    }
    if (kind !== CERTIFICATE) return null;
    const { fields, capped } = certificateFields(b, start, end, false);
    if (capped) this.out.note(this.row, 'cap-handshake');
    return this.message(d, 'tls-certificate', fields);
  }

  private clientHello(
    d: Direction,
    number: number,
    b: Uint8Array,
    start: number,
    end: number,
    whole: boolean,
  ): DtlsPlace | null {
    const hello = parseClientHello(b, start, end, true);
    if (hello === null) return null;
    // The hello that brings back a cookie repeats the random value (RFC 6347, 4.2.1): another one is another handshake.
    if (hello.random !== this.clientRandom) {
      this.finish();
      this.sides = [newSide(), newSide()];
      this.session = new HandshakeSession();
      this.clientRandom = hello.random;
    }
    const { told } = this.sides[d.side];
    if (told.has(number)) return null;
    if (number < 256) told.add(number);
    this.session.offered(hello);
    if (hello.serverName !== null) this.out.table.addName(this.row, hello.serverName.toLowerCase());
    const place = this.message(d, 'tls-client-hello', clientHelloFields(hello, 'd', whole));
    return { ...place, nameStart: hello.nameStart, nameEnd: hello.nameEnd };
  }

  private message(d: Direction, kind: string, fields: object): DtlsPlace {
    const { out } = this;
    const { frame, us } = this.toldAt;
    const message = out.newMessage();
    out.message(this.row, d.way, message, frame, us, kind, fields);
    return { message, nameStart: 0, nameEnd: 0 };
  }

  /** Nothing more will come of what is open: what is in order of it is told and handed on. */
  finish(): void {
    for (const side of [0, 1] as const) {
      for (const [number, message] of this.sides[side].open) {
        this.out.note(this.row, 'message-cut');
        if (message.bytes.length > 0) this.close(side, number, message, false);
        else message.bytes.release();
      }
      this.sides[side].open.clear();
    }
  }
}

function newSide(): Side {
  return { open: new Map(), told: new Set() };
}
