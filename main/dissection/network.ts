import type { Application } from './applications.ts';
import { u16, u8 } from './bytes.ts';
import type { Emitter } from './emitter.ts';
import type { FlowGate } from './flow-gate.ts';
import { FragmentTable } from './fragments.ts';
import { IpLayer, type IpResult } from './ip-layer.ts';
import { LinkLayer } from './link-layer.ts';
import { looksLikeSctp } from './sctp-chunks.ts';
import { SCTP, type SctpFlows } from './sctp-flows.ts';
import type { TcpFlows } from './tcp-flows.ts';
import { IP_TUNNELS, type TunnelContent, UDP_TUNNELS, type UdpTunnel } from './tunnels.ts';
import type { UdpFlows } from './udp-flows.ts';

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const NO_NEXT_HEADER = 59;
const UDP_HEADER_BYTES = 8;
/** Packets inside packets: deeper nesting is not followed. */
const MAX_DEPTH = 4;

/** By port: 1 + index in UDP_TUNNELS. A table, because every datagram asks twice. */
const TUNNEL_OF_PORT = new Uint8Array(65_536);
UDP_TUNNELS.forEach(({ port }, i) => (TUNNEL_OF_PORT[port] = i + 1));
/** SCTP in UDP (RFC 6951), which carries a transport and no packet. */
const SCTP_PORT = 9899;
const SCTP_INSIDE = 255;
TUNNEL_OF_PORT[SCTP_PORT] = SCTP_INSIDE;

export const FRAMES_FORGOTTEN =
  'too many fragments wait to be searched: of some datagrams the last frame alone is named';

/** From an IP packet to the transport: fragments are put together, tunnels are opened. */
export class Network {
  private readonly out: Emitter;
  private readonly tcp: TcpFlows;
  private readonly udp: UdpFlows;
  private readonly sctp: SctpFlows;
  /** Null: every packet belongs to a conversation. */
  private readonly gate: FlowGate | null;
  private readonly ip = new IpLayer();
  private readonly fragments = new FragmentTable();
  /** Of frames inside tunnels. */
  private readonly link = new LinkLayer();
  private readonly content: TunnelContent = { at: 0, type: 0 };
  private depth = 0;

  constructor(out: Emitter, tcp: TcpFlows, udp: UdpFlows, sctp: SctpFlows, gate: FlowGate | null) {
    this.out = out;
    this.gate = gate;
    this.tcp = tcp;
    this.udp = udp;
    this.sctp = sctp;
  }

  /** `wireEnd`: where the frame would end had it been captured whole. */
  packet(family: 4 | 6, b: Uint8Array, start: number, end: number, wireEnd: number): void {
    const ip = this.ip;
    this.goOn(ip.decode(family, b, start, end, wireEnd), b);
  }

  private goOn(result: IpResult, b: Uint8Array): void {
    if (result === 'whole') this.transport(b);
    else if (result === 'fragment') this.fragment(b);
    else if (result === 'bad') this.out.fault('malformed-ip', 'an IP header makes no sense or is cut');
  }

  private fragment(b: Uint8Array): void {
    const ip = this.ip;
    if (ip.end - ip.start < ip.wireLength) {
      // Cut by the snapshot length it can never be put together; a first fragment is still read, as tshark does.
      this.out.fault('ip-fragments', 'a fragment was cut short when it was captured');
      if (ip.fragmentOffset === 0) this.afterFragments(b);
      return;
    }
    const { out } = this;
    const { carriers, frame } = out;
    const frames = carriers.of(b, ip.start, ip.end, frame);
    const { whole, carried, overlapConflict, evicted } = this.fragments.add(ip, b, out.us, frames);
    if (overlapConflict)
      out.fault('overlap-conflict', 'IP fragments overlap with other content; what came first was kept');
    if (evicted > 0) out.fault('cap-fragments', 'too many incomplete IP datagrams: the oldest was given up');
    if (whole === null) return;
    ip.start = 0;
    ip.end = whole.length;
    ip.wireLength = whole.length;
    const outer = carriers.current;
    if (!carriers.begin(whole, carried, frame)) out.fault('cap-fragments', FRAMES_FORGOTTEN);
    this.afterFragments(whole);
    carriers.current = outer;
  }

  /** Extension headers may stand inside what was fragmented; a second fragment header is nobody's. */
  private afterFragments(b: Uint8Array): void {
    const result = this.ip.unwrap(b);
    this.goOn(result === 'fragment' ? 'bad' : result, b);
  }

  private transport(b: Uint8Array): void {
    const ip = this.ip;
    let read = true;
    if (ip.protocol === TCP) read = this.isShut(b) || this.tcp.tcp(ip, b);
    else if (ip.protocol === UDP) read = this.datagram(b);
    else if (ip.protocol === SCTP) read = this.isShut(b) || this.sctp.sctp(ip, b);
    else if (ip.protocol !== NO_NEXT_HEADER) this.withoutPorts(b);
    if (!read) this.out.fault('malformed-transport', 'a TCP, UDP or SCTP header makes no sense or is cut');
  }

  private withoutPorts(b: Uint8Array): void {
    const { ip, content } = this;
    const open = IP_TUNNELS.get(ip.protocol);
    const wireEnd = ip.start + ip.wireLength;
    if (open?.(content, b, ip.start, ip.end) === true && this.maySink()) {
      const family = this.decodeContent(b, ip.end, wireEnd);
      if (family !== 0) {
        this.inner(family, b, this.link.offset, this.link.end, this.link.wireEnd);
        return;
      }
    }
    // What quotes a packet (an ICMP error) is payload here: it is searched, never counted as a conversation of its own.
    if (!this.isShut(b)) this.udp.other(ip, b, ip.protocol === ICMP || ip.protocol === ICMP6);
  }

  private isShut(b: Uint8Array): boolean {
    return this.gate !== null && !this.gate.admits(this.ip, b);
  }

  private datagram(b: Uint8Array): boolean {
    const { ip } = this;
    const source = TUNNEL_OF_PORT[u16(b, ip.start)] as number;
    const target = TUNNEL_OF_PORT[u16(b, ip.start + 2)] as number;
    if (source !== 0 && this.openPort(source, b)) return true;
    // A client may have been given the port of a tunnel by chance.
    if (target !== 0 && target !== source && this.openPort(target, b)) return true;
    return this.isShut(b) || this.udp.udp(ip, b);
  }

  private openPort(number: number, b: Uint8Array): boolean {
    if (number === SCTP_INSIDE) return this.openSctp(b);
    const tunnel = UDP_TUNNELS[number - 1];
    return tunnel !== undefined && this.openDatagram(tunnel, b);
  }

  /**
   * The conversation of the tunnel itself is counted as any other; its payload is counted and searched once, as that of the
   * conversation inside.
   */
  private openDatagram(tunnel: UdpTunnel, b: Uint8Array): boolean {
    const { ip, link } = this;
    const start = ip.start + UDP_HEADER_BYTES;
    const wireEnd = datagramEnd(ip, b);
    const end = Math.min(ip.end, wireEnd);
    if (end - start < 1 || !tunnel.open(this.content, b, start, end) || !this.maySink()) return false;
    const family = this.decodeContent(b, end, wireEnd);
    if (family === 0 || !isPacket(family, b, link.offset, link.end, link.wireEnd)) return false;
    const { offset, end: innerEnd, wireEnd: innerWireEnd } = link;
    this.countOuter(b, tunnel.application, end);
    this.inner(family, b, offset, innerEnd, innerWireEnd);
    return true;
  }

  /** `behind`: where the datagram ends; what stands there in its packet is content of nobody else. */
  private countOuter(b: Uint8Array, application: Application, behind: number): void {
    const { ip, out } = this;
    ip.wireLength = UDP_HEADER_BYTES;
    if (this.isShut(b)) return;
    this.udp.udp(ip, b);
    const row = out.table.find(ip.family, UDP, ip.source, ip.target, u16(b, ip.start), u16(b, ip.start + 2));
    if (out.table.application[row] === 0) out.recognise(row, application, 'cleartext');
    this.udp.behind(row, out.table.side, b, behind, ip.end, behind - ip.start - UDP_HEADER_BYTES);
  }

  /** As in a tunnel, the datagrams are counted here and their content as that of the association inside, over the same addresses. */
  private openSctp(b: Uint8Array): boolean {
    const { ip } = this;
    const start = ip.start + UDP_HEADER_BYTES;
    const wireEnd = datagramEnd(ip, b);
    const end = Math.min(ip.end, wireEnd);
    if (!looksLikeSctp(b, start, end, wireEnd)) return false;
    this.countOuter(b, 'sctp', end);
    ip.protocol = SCTP;
    ip.start = start;
    ip.end = end;
    ip.wireLength = wireEnd - start;
    return this.isShut(b) || this.sctp.sctp(ip, b);
  }

  /** @returns the family of the packet found, 0 when the tunnel carries something else */
  private decodeContent(b: Uint8Array, end: number, wireEnd: number): 0 | 4 | 6 {
    const { at, type } = this.content;
    const result = at > end ? 'cut' : this.link.decodeType(type, b, at, end, wireEnd);
    return result === 'ip4' ? 4 : result === 'ip6' ? 6 : 0;
  }

  private maySink(): boolean {
    if (this.depth < MAX_DEPTH) return true;
    this.out.fault('cap-tunnels', 'tunnels nested too deep were not opened');
    return false;
  }

  private inner(family: 4 | 6, b: Uint8Array, start: number, end: number, wireEnd: number): void {
    this.depth++;
    this.packet(family, b, start, end, wireEnd);
    this.depth--;
  }

  finish(): void {
    if (this.fragments.pending === 0) return;
    const detail = 'fragmented IP datagrams of which a part is missing were not read';
    this.out.faults.addMany('ip-fragments', detail, null, null, this.fragments.pending);
  }
}

/** Where the datagram ends on the wire. */
function datagramEnd(ip: IpLayer, b: Uint8Array): number {
  const length = u16(b, ip.start + 4);
  return ip.start + (length < UDP_HEADER_BYTES ? ip.wireLength : Math.min(length, ip.wireLength));
}

/** A port alone proves no tunnel: does an IP packet stand there that fits in what was on the wire? */
function isPacket(family: 4 | 6, b: Uint8Array, at: number, end: number, wireEnd: number): boolean {
  if (u8(b, at) >>> 4 !== family) return false;
  if (family === 6) return end - at >= 40 && 40 + u16(b, at + 4) <= wireEnd - at;
  const headerBytes = (u8(b, at) & 15) * 4;
  const total = u16(b, at + 2);
  return end - at >= 20 && headerBytes >= 20 && total >= headerBytes && total <= wireEnd - at;
}
