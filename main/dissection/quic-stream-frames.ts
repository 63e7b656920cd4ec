import { u8 } from './bytes.ts';
import { varint, varintSize } from './quic-packet.ts';

/** What a packet's frames hold that is followed here; all places are bounds in its payload. */
export interface QuicFrameReceiver {
  /** Bytes of the handshake of this packet's level. */
  crypto(offset: number, start: number, end: number): void;
  stream(id: number, offset: number, start: number, end: number, fin: boolean): void;
  /** A connection id that the other side may send to from now on. */
  newId(start: number, end: number): void;
  /** The sender gives the stream up. */
  reset(id: number): void;
  /** A datagram of the application (RFC 9221). */
  datagram(start: number, end: number): void;
}

/**
 * Frames that are numbers only, by type: how many (RFC 9000, 19; RFC 9221; draft-ietf-quic-ack-frequency;
 * draft-huitema-quic-ts).
 */
const NUMBERS: ReadonlyMap<number, number> = new Map([
  [0x00, 0],
  [0x01, 0],
  [0x05, 2],
  [0x10, 1],
  [0x11, 2],
  [0x12, 1],
  [0x13, 1],
  [0x14, 1],
  [0x15, 2],
  [0x16, 1],
  [0x17, 1],
  [0x19, 1],
  [0x1e, 0],
  [0x1f, 0],
  [0xaf, 4],
  [0x02f5, 1],
]);

const ACK = 0x02;
const ACK_ECN = 0x03;
const RESET_STREAM = 0x04;
const CRYPTO = 0x06;
const NEW_TOKEN = 0x07;
const STREAM_FIRST = 0x08;
const STREAM_LAST = 0x0f;
const NEW_CONNECTION_ID = 0x18;
const PATH_CHALLENGE = 0x1a;
const PATH_RESPONSE = 0x1b;
const CLOSE_TRANSPORT = 0x1c;
const CLOSE_APPLICATION = 0x1d;
const DATAGRAM = 0x30;
const DATAGRAM_WITH_LENGTH = 0x31;
const RESET_TOKEN_BYTES = 16;

/**
 * Reads the frames of a 0-RTT, Handshake or 1-RTT packet.
 * @returns `unknown` at a frame whose extent nobody knows here, `bad` where one does not end; what stood before was told
 */
export function eachQuicFrame(b: Uint8Array, to: QuicFrameReceiver): 'whole' | 'unknown' | 'bad' {
  const reader = new FrameReader(b, to);
  while (reader.at < b.length) {
    const outcome = reader.frame();
    if (outcome === 'closed') return 'whole';
    if (outcome !== 'read') return outcome;
  }
  return 'whole';
}

/** A number that is cut makes `bad` true and counts as 0. */
class FrameReader {
  at = 0;
  private readonly b: Uint8Array;
  private readonly to: QuicFrameReceiver;
  private bad = false;

  constructor(b: Uint8Array, to: QuicFrameReceiver) {
    this.b = b;
    this.to = to;
  }

  frame(): 'read' | 'closed' | 'unknown' | 'bad' {
    const type = this.number();
    const numbers = NUMBERS.get(type);
    if (numbers !== undefined) this.numbers(numbers);
    else if (type >= STREAM_FIRST && type <= STREAM_LAST) this.stream(type);
    // The sender gives the connection up: nothing of it follows.
    else if (type === CLOSE_TRANSPORT || type === CLOSE_APPLICATION) return 'closed';
    else if (!this.other(type)) return this.bad ? 'bad' : 'unknown';
    return this.bad ? 'bad' : 'read';
  }

  private number(): number {
    const value = varint(this.b, this.at, this.b.length);
    if (value < 0) this.bad = true;
    this.at += varintSize(this.b, this.at);
    return Math.max(0, value);
  }

  private numbers(count: number): void {
    for (let i = 0; i < count && !this.bad; i++) this.number();
  }

  /** Bounds of `length` bytes from here on; an empty stretch when they are not there. */
  private stretch(length: number): [number, number] {
    const start = this.at;
    if (length > this.b.length - start) this.bad = true;
    else this.at += length;
    return [start, this.bad ? start : this.at];
  }

  private other(type: number): boolean {
    if (type === ACK || type === ACK_ECN) this.ack(type === ACK_ECN);
    else if (type === CRYPTO) this.crypto();
    else if (type === NEW_TOKEN) this.stretch(this.number());
    else if (type === PATH_CHALLENGE || type === PATH_RESPONSE) this.stretch(8);
    else if (type === NEW_CONNECTION_ID) this.newConnectionId();
    else if (type === RESET_STREAM) this.reset();
    else if (type === DATAGRAM || type === DATAGRAM_WITH_LENGTH) this.datagram(type === DATAGRAM_WITH_LENGTH);
    else return false;
    return true;
  }

  private ack(hasEcn: boolean): void {
    this.numbers(2);
    const ranges = this.number();
    this.numbers(1);
    // No more of them than bytes are there: the first that is cut ends the loop.
    this.numbers(ranges * 2 + (hasEcn ? 3 : 0));
  }

  private crypto(): void {
    const offset = this.number();
    const [start, end] = this.stretch(this.number());
    if (!this.bad) this.to.crypto(offset, start, end);
  }

  private stream(type: number): void {
    const id = this.number();
    const offset = (type & 4) !== 0 ? this.number() : 0;
    const length = (type & 2) !== 0 ? this.number() : this.b.length - this.at;
    const [start, end] = this.stretch(length);
    if (!this.bad) this.to.stream(id, offset, start, end, (type & 1) !== 0);
  }

  private newConnectionId(): void {
    this.numbers(2);
    const length = this.at < this.b.length ? u8(this.b, this.at) : 0;
    const [start] = this.stretch(1 + length + RESET_TOKEN_BYTES);
    if (!this.bad) this.to.newId(start + 1, start + 1 + length);
  }

  private reset(): void {
    const id = this.number();
    this.numbers(2);
    if (!this.bad) this.to.reset(id);
  }

  private datagram(hasLength: boolean): void {
    const [start, end] = this.stretch(hasLength ? this.number() : this.b.length - this.at);
    if (!this.bad) this.to.datagram(start, end);
  }
}
