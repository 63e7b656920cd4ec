import { u16, u32, u8 } from './bytes.ts';
import { Connection, type Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import type { IpLayer } from './ip-layer.ts';
import { tcpSenderLooksLikeServer } from './likely-server.ts';
import { Reassembler } from './tcp-reassembly.ts';

const TCP = 6;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
/** How often, in connections opened, the idle ones are looked for. */
const SWEEP_EVERY = 4096;

export interface TcpLimits {
  /** Silence after which the working memory of a connection may be given back. */
  readonly idleTimeoutUs: number;
  /** Connections with working memory at the same time. */
  readonly maxConnections: number;
}

/**
 * TCP conversations as tshark counts them: a SYN with a new sequence number on a known 5-tuple opens a new one, silence
 * never does. Working memory exists while bytes flow; what must survive it (sequence numbers, stream offsets) is in the table.
 */
export class TcpFlows {
  flows = 0;
  private readonly out: Emitter;
  private readonly limits: TcpLimits;
  private readonly reassembler: Reassembler;
  private readonly onRow: (row: number) => void;
  private readonly onOver: (row: number) => void;
  /** By flow row; null for those without working memory and for other protocols. */
  private readonly connections: (Connection | null)[] = [];
  private live = 0;
  private opened = 0;

  constructor(out: Emitter, limits: TcpLimits, onRow: (row: number) => void, onOver: (row: number) => void) {
    this.out = out;
    this.limits = limits;
    this.reassembler = new Reassembler(out);
    this.onRow = onRow;
    this.onOver = onOver;
  }

  /** Keeps the list of connections as long as the flow table. */
  rowAdded(): void {
    this.connections.push(null);
  }

  /** @returns false when there is not even a header */
  tcp(ip: IpLayer, b: Uint8Array): boolean {
    const at = ip.start;
    if (ip.end - at < 20) return false;
    const headerBytes = (u8(b, at + 12) >>> 4) * 4;
    const seq = u32(b, at + 4);
    const flags = u8(b, at + 13);
    // A header length that makes no sense still makes a conversation (as in tshark), but nothing in it can be trusted.
    const sane = headerBytes >= 20;
    const wire = sane ? Math.max(0, ip.wireLength - headerBytes) : 0;
    const start = Math.min(ip.end, at + headerBytes);
    const row = this.rowOf(ip, b, seq, flags);
    const table = this.out.table;
    const side = table.side;
    const cell = row * 2 + side;
    table.seen(row, this.out.us);
    if (this.out.carriers.current !== null) table.markStrayFrame(row);
    table.packets[cell] = (table.packets[cell] as number) + 1;
    table.payload[cell] = (table.payload[cell] as number) + wire;
    if (!sane) {
      this.out.note(row, 'malformed');
      return false;
    }
    let connection = this.connections[row] as Connection | null;
    if (connection === null) {
      if (wire === 0) return true;
      connection = this.open(row);
    }
    this.payload(connection, side, seq, flags, u32(b, at + 8), b, start, ip.end, wire);
    return true;
  }

  private payload(
    c: Connection,
    side: 0 | 1,
    seq: number,
    flags: number,
    ack: number,
    b: Uint8Array,
    start: number,
    end: number,
    wire: number,
  ): void {
    const d = c.directions[side];
    const other = c.directions[side === 0 ? 1 : 0];
    c.lastUs = this.out.us;
    const from = (flags & SYN) === 0 ? seq : (seq + 1) >>> 0;
    if (wire > 0) this.reassembler.segment(d, from, b, start, end, wire);
    if ((flags & ACK) !== 0 && other.queue !== null) this.reassembler.acknowledged(other, ack, this.out.us);
    if ((flags & FIN) !== 0) this.reassembler.fin(d, from + wire);
    else if ((flags & RST) !== 0 && !d.ended) this.reassembler.fin(d, d.nextSeq);
    if (d.ended && other.ended) this.release(c);
  }

  /** The conversation of this segment, as tshark decides (packet-tcp.c: base sequence numbers and reused ports). */
  private rowOf(ip: IpLayer, b: Uint8Array, seq: number, flags: number): number {
    const table = this.out.table;
    const sourcePort = u16(b, ip.start);
    const targetPort = u16(b, ip.start + 2);
    const opens = (flags & (SYN | ACK)) === SYN;
    let row = table.find(ip.family, TCP, ip.source, ip.target, sourcePort, targetPort);
    const side = table.side;
    const other = 1 - side;
    if (row >= 0 && opens && table.hasBaseSeq(row, side) && table.baseSeq[row * 2 + side] !== seq) {
      this.over(row);
      row = -1;
    }
    if (row < 0) {
      row = table.add(this.flows++, this.out.us);
      this.onRow(row);
      const senderIsServer = (flags & SYN) !== 0 ? !opens : tcpSenderLooksLikeServer(ip, sourcePort, targetPort);
      table.setClient(row, senderIsServer ? other : side);
    } else if (opens && !table.synSeen(row)) {
      table.setClient(row, side);
    }
    if ((flags & SYN) !== 0) table.markSyn(row);
    if (!table.hasBaseSeq(row, side)) table.setBaseSeq(row, side, (flags & SYN) !== 0 ? seq : (seq - 1) >>> 0);
    if ((flags & ACK) !== 0 && !table.hasBaseSeq(row, other)) {
      table.setBaseSeq(row, other, (u32(b, ip.start + 8) - 1) >>> 0);
    }
    return row;
  }

  private open(row: number): Connection {
    const table = this.out.table;
    const c = new Connection(row, table.clientSide(row), this.out.horizon);
    for (const d of c.directions) this.restore(d, row);
    if (!table.synSeen(row)) this.out.note(row, 'no-syn');
    this.connections[row] = c;
    c.lastUs = this.out.us;
    this.live++;
    if (++this.opened % SWEEP_EVERY === 0) this.sweep();
    return c;
  }

  private restore(d: Direction, row: number): void {
    const table = this.out.table;
    if (table.wasReleased(row)) {
      d.offset = table.releasedOffset(row, d.side);
      d.nextSeq = table.nextSeq(row, d.side);
      d.hasSeq = d.offset > 0 || table.hasBaseSeq(row, d.side);
    } else if (table.hasBaseSeq(row, d.side)) {
      d.nextSeq = table.nextSeq(row, d.side);
      d.hasSeq = true;
    }
    d.fromSyn = table.synSeen(row);
  }

  private release(c: Connection): void {
    const table = this.out.table;
    for (const d of c.directions) this.reassembler.flush(d);
    table.release(c.row, c.directions);
    this.connections[c.row] = null;
    this.live--;
  }

  /** Gives back the memory of silent connections; beyond the bound also that of the least recently heard ones. */
  private sweep(): void {
    const silentBefore = this.out.us - this.limits.idleTimeoutUs;
    const alive: Connection[] = [];
    for (const c of this.connections) {
      if (c === null) continue;
      if (c.lastUs < silentBefore) this.releaseEarly(c);
      else alive.push(c);
    }
    if (this.live <= this.limits.maxConnections) return;
    alive.sort((a, z) => a.lastUs - z.lastUs);
    this.out.fault('cap-connections', 'too many connections were open at once; the longest silent ones were put aside');
    for (const c of alive.slice(0, this.live >> 1)) this.releaseEarly(c);
  }

  private releaseEarly(c: Connection): void {
    const before = this.out.table.reasonBits(c.row);
    this.release(c);
    if (this.out.table.reasonBits(c.row) !== before) this.out.note(c.row, 'idle-timeout');
  }

  private over(row: number): void {
    const c = this.connections[row];
    if (c !== null && c !== undefined) this.release(c);
    this.onOver(row);
  }

  /** The capture is over. */
  finish(): void {
    for (const c of this.connections) if (c !== null) this.release(c);
  }
}
