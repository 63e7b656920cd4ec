import type { Random } from '../demo-world/random.ts';
import type { Packet } from './capture-writer.ts';
import type { Link } from './link.ts';
import { ipv4, tcp, tcpFlags } from './packets.ts';
import type { Station } from './packets.ts';

export type Direction = 'to-server' | 'to-client';

export interface Endpoint extends Station {
  readonly port: number;
}

/** A stretch of one direction's stream, and the packet that carried it first. */
interface Carried {
  readonly direction: Direction;
  readonly start: number;
  readonly end: number;
  readonly packet: Packet;
}

/** How the bytes of one call travel. */
export interface Delivery {
  /** Ends of segments within the bytes, besides those that the segment size makes. */
  readonly cuts?: readonly number[];
  /** The first segment is sent twice. */
  readonly retransmit?: boolean;
  /** The first two segments arrive in the wrong order. */
  readonly swap?: boolean;
}

interface Side {
  readonly end: Endpoint;
  readonly ttl: number;
  /** Sequence number of the next byte. */
  seq: number;
  /** Bytes sent so far. */
  sent: number;
  ipId: number;
  readonly stampBase: number;
  lastStamp: number;
}

export interface ConversationTruth {
  readonly transport: 'tcp' | 'udp';
  readonly client: string;
  readonly server: string;
  packets: number;
}

const segmentBytes = 1448;

/** One TCP connection as the gateway between the two sees it. Every call moves its clock (`nowUs`) on. */
export class TcpConversation {
  nowUs: number;
  readonly truth: ConversationTruth;
  readonly #link: Link;
  readonly #random: Random;
  readonly #sides: Record<Direction, Side>;
  readonly #carried: Carried[] = [];
  /** Gateway to client and back, gateway to server and back. */
  readonly #wifiUs: number;
  readonly #wanUs: number;

  constructor(link: Link, random: Random, client: Endpoint, server: Endpoint, startUs: number) {
    this.#link = link;
    this.#random = random;
    this.nowUs = startUs;
    this.#wifiUs = random.between(1_200, 5_500);
    const local = server.mac === link.gateway.mac && server.address === link.gateway.address;
    this.#wanUs = local ? random.between(150, 600) : random.between(28_000, 95_000);
    const side = (end: Endpoint, ttl: number): Side => ({
      end,
      ttl,
      seq: random.between(1, 0xfffffff0),
      sent: 0,
      ipId: random.between(1, 0xff00),
      stampBase: random.between(10_000, 900_000),
      lastStamp: 0,
    });
    this.#sides = { 'to-server': side(client, 64), 'to-client': side(server, local ? 64 : random.between(44, 54)) };
    this.truth = link.conversation('tcp', `${client.address}:${client.port}`, `${server.address}:${server.port}`);
  }

  get clientPort(): number {
    return this.#sides['to-server'].end.port;
  }

  open(): void {
    this.#emit('to-server', tcpFlags.syn, Buffer.alloc(0));
    this.nowUs += this.#wanUs;
    this.#emit('to-client', tcpFlags.syn | tcpFlags.ack, Buffer.alloc(0));
    this.nowUs += this.#wifiUs;
    this.#emit('to-server', tcpFlags.ack, Buffer.alloc(0));
    this.nowUs += this.#random.between(300, 2_500);
  }

  /** Time until the other side's answer to what is sent now can pass the gateway. */
  roundTripUs(direction: Direction): number {
    return direction === 'to-server' ? this.#wanUs : this.#wifiUs;
  }

  /** How long {@link open} takes at most, so that something can be timed to follow it. */
  get openUs(): number {
    return this.#wanUs + this.#wifiUs + 2_500;
  }

  /** Sends bytes and has them acknowledged. Returns where in the direction's stream they begin. */
  send(direction: Direction, bytes: Buffer, delivery: Delivery = {}): number {
    const side = this.#sides[direction];
    const start = side.sent;
    const pieces = cut(bytes, delivery.cuts ?? []);
    const inOrder = [...pieces.keys()];
    const order = delivery.swap === true && pieces.length > 1 ? [1, 0, ...inOrder.slice(2)] : inOrder;
    const firstSeq = side.seq;
    let last = this.nowUs;
    for (const [turn, index] of order.entries()) {
      const piece = pieces[index];
      if (piece === undefined) continue;
      const push = piece.start + piece.bytes.length === bytes.length ? tcpFlags.push : 0;
      const packet = this.#emit(direction, tcpFlags.ack | push, piece.bytes, firstSeq + piece.start);
      const from = start + piece.start;
      this.#carried.push({ direction, start: from, end: from + piece.bytes.length, packet });
      last = this.nowUs;
      if (turn % 2 === 1 && turn < order.length - 1 && delivery.swap !== true)
        this.#acknowledge(direction, piece.end, firstSeq);
      this.nowUs = last + this.#random.between(90, 900);
    }
    const [first] = pieces;
    if (delivery.retransmit === true && first !== undefined) {
      // The timer of the sender ran out: RFC 6298 asks for at least 200 ms in practice.
      this.nowUs = last + this.#random.between(230_000, 420_000);
      this.#emit(direction, tcpFlags.ack | (pieces.length === 1 ? tcpFlags.push : 0), first.bytes, firstSeq);
      last = this.nowUs;
    }
    side.seq = (firstSeq + bytes.length) >>> 0;
    side.sent += bytes.length;
    this.nowUs = last + this.roundTripUs(direction);
    this.#emit(opposite(direction), tcpFlags.ack, Buffer.alloc(0));
    return start;
  }

  wait(microseconds: number): void {
    this.nowUs += microseconds;
  }

  /** Both ends close; `first` begins. */
  close(first: Direction = 'to-client'): void {
    const second = opposite(first);
    this.wait(this.#random.between(2_000, 40_000));
    this.#emit(first, tcpFlags.fin | tcpFlags.ack, Buffer.alloc(0));
    this.nowUs += this.roundTripUs(first);
    this.#emit(second, tcpFlags.fin | tcpFlags.ack, Buffer.alloc(0));
    this.nowUs += this.roundTripUs(second);
    this.#emit(first, tcpFlags.ack, Buffer.alloc(0));
  }

  /** The packets that first carried a stretch of a direction's stream. */
  packetsOf(direction: Direction, start: number, end: number): Packet[] {
    return this.#carried
      .filter((one) => one.direction === direction && one.start < end && start < one.end)
      .map(({ packet }) => packet);
  }

  /** An acknowledgement on the way, up to `end` of the bytes being sent. */
  #acknowledge(direction: Direction, end: number, firstSeq: number): void {
    const side = this.#sides[direction];
    const before = side.seq;
    side.seq = (firstSeq + end) >>> 0;
    this.nowUs += this.roundTripUs(direction);
    this.#emit(opposite(direction), tcpFlags.ack, Buffer.alloc(0));
    side.seq = before;
  }

  #emit(direction: Direction, flags: number, payload: Buffer, seq?: number): Packet {
    const from = this.#sides[direction];
    const to = this.#sides[opposite(direction)];
    const syn = (flags & tcpFlags.syn) !== 0;
    // Ticks of 10 ms, as these kernels count.
    const stamp = (from.stampBase + Math.floor((this.nowUs / 10_000) % 100_000_000)) >>> 0;
    const fields = {
      seq: seq ?? from.seq,
      ack: (flags & tcpFlags.ack) === 0 ? 0 : to.seq,
      flags,
      window: syn ? 14_600 : 1_002 + (from.ipId % 40),
      options: syn ? synOptions(stamp, to.lastStamp) : stampOption(stamp, to.lastStamp),
    };
    from.lastStamp = stamp;
    from.ipId += 1;
    if (seq === undefined && (flags & (tcpFlags.syn | tcpFlags.fin)) !== 0) from.seq = (from.seq + 1) >>> 0;
    const segment = tcp(from.end.address, from.end.port, to.end.address, to.end.port, fields, payload);
    const packet = ipv4(from.end.address, to.end.address, 6, segment, { id: from.ipId, ttl: from.ttl });
    this.truth.packets += 1;
    return this.#link.frame(this.nowUs, from.end.mac, to.end.mac, 0x0800, packet);
  }
}

function opposite(direction: Direction): Direction {
  return direction === 'to-server' ? 'to-client' : 'to-server';
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

function cut(bytes: Buffer, cuts: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  const stops = [...cuts.filter((at) => at > 0 && at < bytes.length).toSorted((a, b) => a - b), bytes.length];
  let start = 0;
  for (const stop of stops) {
    while (start < stop) {
      const end = Math.min(stop, start + segmentBytes);
      pieces.push({ start, end, bytes: bytes.subarray(start, end) });
      start = end;
    }
  }
  return pieces;
}

/** Two fillers and the time-stamp option (RFC 7323). */
function stampOption(value: number, echo: number): Buffer {
  const option = Buffer.from([1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
  option.writeUInt32BE(value, 4);
  option.writeUInt32BE(echo, 8);
  return option;
}

/** Segment size 1460, selective acknowledgement permitted, time stamps, window scale 6. */
function synOptions(value: number, echo: number): Buffer {
  const option = Buffer.from([2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 6]);
  option.writeUInt32BE(value, 8);
  option.writeUInt32BE(echo, 12);
  return option;
}
