import { type Application, APPLICATIONS, applicationCode } from './applications.ts';
import { u16, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { DATAGRAM_PROTOCOLS, protocolOfPorts } from './datagram-protocols.ts';
import type { Emitter } from './emitter.ts';
import type { IpLayer } from './ip-layer.ts';
import { senderLooksLikeServer } from './likely-server.ts';
import type { Way } from './sink.ts';

const UDP = 17;
const HEADER_BYTES = 8;
/** Stream index of a conversation that Wireshark counts none of so far. */
const UNCOUNTED = -1;
/** Datagrams of a conversation that are looked at before it stays unrecognised. */
const LOOKS = 8;

/** ICMP errors (RFC 792, RFC 4443) send the beginning of a packet back: what it holds is an echo, not a transmission. */
function quotesPacket(family: number, type: number): boolean {
  if (family === 6) return type >= 1 && type <= 4;
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
}

/** What answers a question of the other side: echo, timestamp, information and mask replies (RFC 792, RFC 950, RFC 4443, RFC 8335). */
function answersPacket(family: number, type: number): boolean {
  if (family === 6) return type === 129 || type === 161;
  return type === 0 || type === 14 || type === 16 || type === 18 || type === 43;
}

/** UDP conversations, and packets of protocols without ports, which are taken for conversations of two addresses. */
export class UdpFlows {
  flows = 0;
  /** Of them, those that Wireshark counts. */
  private streams = 0;
  private portless = 0;
  private readonly out: Emitter;
  /** By application code; made when the first datagram of the protocol comes. */
  private readonly parsers: (DatagramParser | undefined)[] = [];
  private readonly onRow: (row: number) => void;

  /** `onRow` is told of every row that was added to the flow table. */
  constructor(out: Emitter, onRow: (row: number) => void) {
    this.out = out;
    this.onRow = onRow;
  }

  /** @returns false when there is not even a header */
  udp(ip: IpLayer, b: Uint8Array): boolean {
    if (ip.end - ip.start < HEADER_BYTES) return false;
    const sourcePort = u16(b, ip.start);
    const targetPort = u16(b, ip.start + 2);
    const length = u16(b, ip.start + 4);
    const table = this.out.table;
    let row = table.find(ip.family, UDP, ip.source, ip.target, sourcePort, targetPort);
    const side = table.side;
    // Only a jumbogram has none (RFC 2675, 4). Wireshark counts any other to no conversation.
    const isCounted = length >= HEADER_BYTES || (length === 0 && ip.family === 6);
    if (row < 0) {
      this.flows++;
      row = table.add(isCounted ? this.streams++ : UNCOUNTED, this.out.us);
      this.onRow(row);
      table.setClient(row, senderLooksLikeServer(ip, sourcePort, targetPort) ? 1 - side : side);
      const known = protocolOfPorts(sourcePort, targetPort);
      if (known !== null) this.name(row, known);
    }
    if (!isCounted) table.markStrayFrame(row);
    else if (table.streamIndex[row] === UNCOUNTED) table.streamIndex[row] = this.streams++;
    const all = ip.wireLength - HEADER_BYTES;
    const wire = length >= HEADER_BYTES ? Math.min(length - HEADER_BYTES, all) : all;
    const start = ip.start + HEADER_BYTES;
    const end = Math.min(ip.end, start + wire);
    this.count(row, side, all);
    if (ip.end - start < all) this.out.note(row, 'snaplen');
    if (end > start) this.content(row, side, b, start, end);
    this.searchBehind(row, side, b, end, Math.min(ip.end, start + all), end - start);
    return true;
  }

  /** Behind a datagram, in its packet, stand options (RFC 9868), or what somebody put there. */
  private searchBehind(row: number, side: 0 | 1, b: Uint8Array, start: number, end: number, offset: number): void {
    this.out.datagram(row, side, this.wayOf(row, side), b, start, end, false, null, offset);
  }

  /** The same behind a datagram whose content was read elsewhere; not counted before. */
  behind(row: number, side: 0 | 1, b: Uint8Array, start: number, end: number, offset: number): void {
    if (end <= start) return;
    const { payload } = this.out.table;
    payload[row * 2 + side] = (payload[row * 2 + side] as number) + (end - start);
    this.searchBehind(row, side, b, start, end, offset);
  }

  /** ICMP and every other protocol above IP: its payload is searched as it is. */
  other(ip: IpLayer, b: Uint8Array, isIcmp: boolean): void {
    const table = this.out.table;
    let row = table.find(ip.family, ip.protocol, ip.source, ip.target, 0, 0);
    const side = table.side;
    const quotes = isIcmp && quotesPacket(ip.family, u8(b, ip.start));
    if (row < 0) {
      row = table.add(this.portless++, this.out.us);
      this.onRow(row);
      const answers = isIcmp ? quotes || answersPacket(ip.family, u8(b, ip.start)) : senderLooksLikeServer(ip, 0, 0);
      table.setClient(row, answers ? 1 - side : side);
      if (isIcmp) this.out.recognise(row, 'icmp', 'cleartext');
    }
    this.count(row, side, ip.wireLength);
    if (ip.end - ip.start < ip.wireLength) this.out.note(row, 'snaplen');
    this.out.datagram(row, side, quotes ? 1 : this.wayOf(row, side), b, ip.start, ip.end, false, null);
  }

  private count(row: number, side: number, wire: number): void {
    const table = this.out.table;
    const at = row * 2 + side;
    table.seen(row, this.out.us);
    if (this.out.carriers.current !== null) table.markStrayFrame(row);
    table.packets[at] = (table.packets[at] as number) + 1;
    table.payload[at] = (table.payload[at] as number) + wire;
  }

  private wayOf(row: number, side: number): Way {
    return this.out.table.clientSide(row) === side ? 0 : 1;
  }

  private content(row: number, side: 0 | 1, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const table = out.table;
    let code = table.application[row] as number;
    const seen = (table.packets[row * 2] as number) + (table.packets[row * 2 + 1] as number);
    if (code === 0 && seen <= LOOKS) {
      this.recognise(row, b, start, end);
      code = table.application[row] as number;
    }
    const way = this.wayOf(row, side);
    const parser = this.parsers[code];
    if (parser === undefined) out.datagram(row, side, way, b, start, end, false, null);
    else parser.take(row, side, way, b, start, end);
  }

  private recognise(row: number, b: Uint8Array, start: number, end: number): void {
    const protocol =
      DATAGRAM_PROTOCOLS.find((p) => p.recognises(b, start, end)) ??
      DATAGRAM_PROTOCOLS.find((p) => this.parsers[applicationCode(p.application)]?.adopts?.(b, start, end) === true);
    if (protocol !== undefined) this.name(row, protocol);
  }

  private name(row: number, protocol: DatagramProtocol): void {
    this.out.recognise(row, protocol.application, protocol.channel);
    this.parsers[applicationCode(protocol.application)] ??= protocol.parser(this.out);
  }

  /** The capture is over. */
  finish(): void {
    for (const parser of this.parsers) parser?.finish?.();
  }
}

export function applicationName(code: number): Application {
  return APPLICATIONS[code] ?? 'unknown';
}
