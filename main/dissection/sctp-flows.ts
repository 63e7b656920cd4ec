import { latin1, u16, u32, u8 } from './bytes.ts';
import { diameter, holdsDiameter } from './diameter-stream.ts';
import { Connection, type Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { IpLayer } from './ip-layer.ts';
import { senderLooksLikeServer } from './likely-server.ts';
import {
  CHUNK_DATA,
  CHUNK_HEADER_BYTES,
  CHUNK_I_DATA,
  CHUNK_INIT,
  CHUNK_INIT_ACK,
  COMMON_HEADER_BYTES,
  contentOfControl,
  endOfPadding,
  paddedLength,
} from './sctp-chunks.ts';
import type { PieceRun } from './sctp-fragments.ts';
import { SctpPadding } from './sctp-padding.ts';
import { printOf, SctpSide } from './sctp-side.ts';

export const SCTP = 132;
const LAST = 1;
const FIRST = 2;
const UNORDERED = 4;
const DATA_HEADER_BYTES = 16;
const I_DATA_HEADER_BYTES = 20;
/** Payload protocol identifiers of Diameter (IANA; RFC 6733 section 11.4), and its port. */
const DIAMETER_PAYLOADS: ReadonlySet<number> = new Set([46, 47]);
const DIAMETER_PORT = 3868;
/** Associations with working memory, chunk numbers they remember and bytes they hold, in all. */
const MAX_ASSOCIATIONS = 4096;
const MAX_REMEMBERED = 256 * 1024;
const MAX_HELD_BYTES = 64 * 1024 * 1024;

interface Association {
  readonly connection: Connection;
  /** By side, as the directions of the connection. */
  readonly sides: readonly [SctpSide, SctpSide];
}

/** As it lies in the packet being looked at. */
interface Chunk {
  readonly b: Uint8Array;
  /** Where the packet begins, and the chunk. */
  readonly packet: number;
  readonly at: number;
  /** Where it ends as far as it was captured, and on the wire. */
  readonly end: number;
  readonly wireEnd: number;
  /** `wireEnd`, or where that ends which fills it up to the next one and is not zero. */
  readonly filledTo: number;
}

/** `[start, end)` of `b`, and, up to `filledTo`, what a chunk is filled with. */
interface Handed {
  readonly b: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly filledTo: number;
}

/**
 * SCTP (RFC 9260): an association is one conversation for each pair of addresses and ports; of one with several addresses
 * (multi-homing) each conversation has holes. A user message is a byte sequence of its own, handed on with the packet that makes
 * it whole, as Wireshark shows it; messages stand in the order of their completion one behind the other in the stream of their
 * direction. Checksums are not judged: where the card computes them a capture holds none.
 */
export class SctpFlows {
  private flows = 0;
  private readonly out: Emitter;
  private readonly onRow: (row: number) => void;
  /** By flow row, the longest silent first. */
  private readonly associations = new Map<number, Association>();
  private remembered = 0;
  private held = 0;

  constructor(out: Emitter, onRow: (row: number) => void) {
    this.out = out;
    this.onRow = onRow;
  }

  /** @returns false when there is not even a header */
  sctp(ip: IpLayer, b: Uint8Array): boolean {
    if (ip.end - ip.start < COMMON_HEADER_BYTES) return false;
    const { table } = this.out;
    const sourcePort = u16(b, ip.start);
    const targetPort = u16(b, ip.start + 2);
    let row = table.find(ip.family, SCTP, ip.source, ip.target, sourcePort, targetPort);
    const { side } = table;
    if (row < 0) {
      row = table.add(this.flows++, this.out.us);
      this.onRow(row);
      table.setClient(row, senderLooksLikeServer(ip, sourcePort, targetPort) ? 1 - side : side);
    }
    table.seen(row, this.out.us);
    if (this.out.carriers.current !== null) table.markStrayFrame(row);
    const cell = row * 2 + side;
    table.packets[cell] = (table.packets[cell] as number) + 1;
    const wireEnd = ip.start + ip.wireLength;
    if (ip.end < wireEnd) this.out.note(row, 'snaplen');
    this.chunks(this.associationOf(row), side, b, ip.start, ip.end, wireEnd);
    if (!this.isWithinBounds()) this.keepBounds();
    return true;
  }

  private associationOf(row: number): Association {
    let association = this.associations.get(row);
    if (association === undefined) {
      const { table, horizon } = this.out;
      const connection = new Connection(row, table.clientSide(row), horizon);
      if (table.wasReleased(row)) for (const d of connection.directions) d.offset = table.releasedOffset(row, d.side);
      association = { connection, sides: [new SctpSide(), new SctpSide()] };
    } else {
      this.associations.delete(row);
    }
    this.associations.set(row, association);
    return association;
  }

  private chunks(a: Association, side: 0 | 1, b: Uint8Array, start: number, end: number, wireEnd: number): void {
    let at = start + COMMON_HEADER_BYTES;
    while (at < end) {
      const length = end - at < CHUNK_HEADER_BYTES ? 0 : u16(b, at + 2);
      if (length < CHUNK_HEADER_BYTES || length > wireEnd - at) {
        if (end === wireEnd) this.out.note(a.connection.row, 'malformed');
        this.count(a.connection.row, side, wireEnd - at);
        this.handOnHere(a, side, { b, start: at, end, filledTo: end }, null);
        return;
      }
      const filledTo = endOfPadding(b, at, at + length, end);
      this.chunk(a, side, { b, packet: start, at, end: Math.min(end, at + length), wireEnd: at + length, filledTo });
      at += paddedLength(length);
    }
  }

  private chunk(a: Association, side: 0 | 1, chunk: Chunk): void {
    const { b, at, end, wireEnd } = chunk;
    const type = u8(b, at);
    const headerBytes = type === CHUNK_DATA ? DATA_HEADER_BYTES : type === CHUNK_I_DATA ? I_DATA_HEADER_BYTES : 0;
    if (headerBytes > 0 && end - at >= headerBytes) {
      if (a.sides[side].isOtherLife(u32(b, chunk.packet + 4))) this.endLife(a, side);
      this.data(a, side, chunk, at + headerBytes);
      return;
    }
    if (type === CHUNK_INIT || type === CHUNK_INIT_ACK) this.opened(a, type === CHUNK_INIT ? side : 1 - side);
    const start = contentOfControl(b, at, end, wireEnd);
    this.count(a.connection.row, side, wireEnd - start);
    this.handOnFilled(a, side, chunk, Math.min(start, end), null);
  }

  /** The first opening tells who the client is. */
  private opened(a: Association, client: number): void {
    const { table } = this.out;
    const { row } = a.connection;
    if (table.synSeen(row)) return;
    table.markSyn(row);
    table.setClient(row, client);
    a.connection.clientSide = client;
  }

  private data(a: Association, side: 0 | 1, chunk: Chunk, start: number): void {
    const { b, at, end, wireEnd } = chunk;
    const own = a.sides[side];
    const { row } = a.connection;
    this.count(row, side, wireEnd - start);
    const before = own.remembered;
    const filling = chunk.filledTo > wireEnd ? latin1(b, wireEnd, chunk.filledTo) : '';
    const arrival = own.arrive(u32(b, at + 4), printOf(b, at, start, end), filling);
    this.remembered += own.remembered - before;
    if (arrival === 'repeat') return;
    if (arrival === 'refilled') {
      this.handOnFilled(a, side, chunk, end, null);
      return;
    }
    const flags = u8(b, at + 1);
    if (arrival === 'conflict') this.out.note(row, 'overlap-conflict');
    const whole = (flags & (FIRST | LAST)) === (FIRST | LAST);
    const isCut = end < wireEnd;
    if (whole || arrival === 'conflict' || isCut) {
      this.handOnFilled(a, side, chunk, start, isCut || !whole ? null : u32(b, start - 4));
      return;
    }
    this.piece(a, side, b, at, start, end);
    this.handOnFilled(a, side, chunk, end, null);
  }

  private piece(a: Association, side: 0 | 1, b: Uint8Array, at: number, start: number, end: number): void {
    const { fragments } = a.sides[side];
    if (fragments.isFull(end - start)) {
      this.out.note(a.connection.row, 'cap-message');
      this.out.fault('cap-message', 'messages in too many or too large pieces were searched in parts');
      this.giveUp(a, side);
    }
    const flags = u8(b, at + 1);
    const first = (flags & FIRST) !== 0;
    const stream = `${u16(b, at + 8)} ${flags & UNORDERED}`;
    const interleaved = u8(b, at) === CHUNK_I_DATA;
    const message = `${stream} ${interleaved ? u32(b, at + 12) : u16(b, at + 10)}`;
    const heldBefore = fragments.heldBytes;
    // The pieces of a message have numbers that follow each other: in DATA those of transmission, in I-DATA their own.
    const run = fragments.add(interleaved ? message : '', {
      // `slice` of a Uint8Array allocates exactly, never from the shared Buffer pool, which small copies would pin.
      bytes: Uint8Array.prototype.slice.call(b, start, end),
      frame: this.out.frame,
      us: this.out.us,
      message,
      place: interleaved && first ? 0 : u32(b, interleaved ? at + 16 : at + 4),
      payload: u32(b, start - 4),
      first,
      last: (flags & LAST) !== 0,
    });
    this.held += fragments.heldBytes - heldBefore;
    if (run !== null) this.handOnRun(a, side, run);
  }

  /** What waits for pieces is searched as far as it came. */
  private giveUp(a: Association, side: 0 | 1): void {
    const { fragments } = a.sides[side];
    if (fragments.isEmpty) return;
    this.out.note(a.connection.row, 'message-cut');
    this.held -= fragments.heldBytes;
    for (const run of fragments.takeAll()) this.handOnRun(a, side, run);
  }

  private handOnRun(a: Association, side: 0 | 1, run: PieceRun): void {
    const d = a.connection.directions[side];
    let position = d.offset;
    for (const { bytes, frame, us } of run) {
      d.segments.push(position, frame, us, 0);
      position += bytes.length;
    }
    const [first] = run;
    const whole = first?.first === true && run.at(-1)?.last === true;
    const bytes = Buffer.concat(run.map((piece) => piece.bytes));
    const { length } = bytes;
    this.handOn(a, side, { b: bytes, start: 0, end: length, filledTo: length }, whole ? first.payload : null);
  }

  /**
   * Content of a chunk from `start` on, and what it is filled with, which is searched behind the content, and once more joined to
   * that of the side's other chunks.
   */
  private handOnFilled(a: Association, side: 0 | 1, chunk: Chunk, start: number, payload: number | null): void {
    const { b, end, wireEnd, filledTo } = chunk;
    const filled = filledTo - wireEnd;
    this.handOnHere(a, side, { b, start, end, filledTo: filled > 0 ? filledTo : end }, payload);
    if (filled <= 0) return;
    this.count(a.connection.row, side, filled);
    const own = a.sides[side];
    const d = a.connection.directions[side];
    own.padding ??= new SctpPadding(this.out, d);
    const before = own.padding.remembered;
    own.padding.add(b, wireEnd, filledTo, d.offset - filled);
    this.remembered += own.padding.remembered - before;
  }

  /** Bytes of the packet being looked at. */
  private handOnHere(a: Association, side: 0 | 1, bytes: Handed, payload: number | null): void {
    const { b, start, filledTo } = bytes;
    const d = a.connection.directions[side];
    const { carriers, frame, us } = this.out;
    if (filledTo <= start) return;
    d.segments.push(d.offset, frame, us, 0);
    if (carriers.current?.bytes === b) carriers.place(d.connection.row * 2 + side, start, filledTo, d.offset, frame);
    this.handOn(a, side, bytes, payload);
  }

  /** `payload`: the payload protocol identifier of a whole user message; null for anything else. */
  private handOn(a: Association, side: 0 | 1, { b, start, end, filledTo }: Handed, payload: number | null): void {
    if (filledTo <= start) return;
    const { out } = this;
    const d = a.connection.directions[side];
    const position = d.offset;
    const behind = position + (end - start);
    d.sequence = out.newSequence();
    d.sequenceStart = position;
    d.offset = position + (filledTo - start);
    d.feedFrame = out.frame;
    d.feedUs = out.us;
    const handed = payload !== null && this.readDiameter(d, payload, b, start, end, position);
    if (!handed) out.stream(d, b, start, end, position, false);
    out.stream(d, b, end, filledTo, behind, false);
    out.endSequence(d.sequence);
    d.sequence = -1;
  }

  /** @returns true when the parser has handed the bytes on itself */
  private readDiameter(
    d: Direction,
    payload: number,
    b: Uint8Array,
    start: number,
    end: number,
    position: number,
  ): boolean {
    const { table } = this.out;
    const { row } = d.connection;
    const isTold =
      DIAMETER_PAYLOADS.has(payload) || table.port(row, 0) === DIAMETER_PORT || table.port(row, 1) === DIAMETER_PORT;
    if (!holdsDiameter(b, start, end, isTold)) return false;
    d.parser ??= diameter.begin(this.out, d, b, start, end);
    return d.parser.feed(b, start, end, position);
  }

  private count(row: number, side: 0 | 1, bytes: number): void {
    const { payload } = this.out.table;
    payload[row * 2 + side] = (payload[row * 2 + side] as number) + bytes;
  }

  /** No more of this side will come, or what comes is of another association. */
  private endLife(a: Association, side: 0 | 1): void {
    const own = a.sides[side];
    this.giveUp(a, side);
    if (own.hasHoles) this.out.note(a.connection.row, 'stream-gap');
    this.remembered -= own.remembered + (own.padding?.remembered ?? 0);
    own.padding?.end();
    own.padding = null;
    own.beginAnew();
  }

  private release(a: Association): void {
    const { connection } = a;
    this.endLife(a, 0);
    this.endLife(a, 1);
    this.out.table.release(connection.row, connection.directions);
    this.associations.delete(connection.row);
  }

  private isWithinBounds(): boolean {
    const { size } = this.associations;
    return size <= MAX_ASSOCIATIONS && this.remembered <= MAX_REMEMBERED && this.held <= MAX_HELD_BYTES;
  }

  private keepBounds(): void {
    for (const a of this.associations.values()) {
      if (this.isWithinBounds()) return;
      // What is joined of its chunks later does not go on with what was joined before.
      if (a.sides.some(({ fragments, padding }) => !fragments.isEmpty || padding !== null))
        this.out.fault('cap-connections', 'too many SCTP associations at once; the longest silent ones were put aside');
      this.release(a);
    }
  }

  /** The capture is over. */
  finish(): void {
    for (const a of this.associations.values()) this.release(a);
  }
}
