import { u16, u8 } from './bytes.ts';
import type { Emitter } from './emitter.ts';
import { FragmentTable } from './fragments.ts';
import { IpLayer } from './ip-layer.ts';
import type { TcpFlows } from './tcp-flows.ts';
import type { UdpFlows } from './udp-flows.ts';

const ICMP = 1;
const IP_IN_IP = 4;
const TCP = 6;
const UDP = 17;
const IP6_IN_IP = 41;
const GRE = 47;
const ICMP6 = 58;
const NO_NEXT_HEADER = 59;
/** Packets inside packets: deeper nesting is not followed. */
const MAX_DEPTH = 4;

/** From an IP packet to the transport: fragments are put together, plain tunnels are opened. */
export class Network {
  private readonly out: Emitter;
  private readonly tcp: TcpFlows;
  private readonly udp: UdpFlows;
  private readonly ip = new IpLayer();
  private readonly fragments = new FragmentTable();
  private depth = 0;

  constructor(out: Emitter, tcp: TcpFlows, udp: UdpFlows) {
    this.out = out;
    this.tcp = tcp;
    this.udp = udp;
  }

  /** `wireEnd`: where the frame would end had it been captured whole. */
  packet(family: 4 | 6, b: Uint8Array, start: number, end: number, wireEnd: number): void {
    const ip = this.ip;
    const result = ip.decode(family, b, start, end, wireEnd);
    if (result === 'whole') this.transport(b);
    else if (result === 'fragment') this.fragment(b);
    else this.out.fault('malformed-ip', 'an IP header makes no sense or is cut');
  }

  private fragment(b: Uint8Array): void {
    const ip = this.ip;
    if (ip.end - ip.start < ip.wireLength) {
      // Cut by the snapshot length it can never be put together; a first fragment is still read, as tshark does.
      this.out.fault('ip-fragments', 'a fragment was cut short when it was captured');
      if (ip.fragmentOffset === 0) this.transport(b);
      return;
    }
    const { whole, overlapConflict, evicted } = this.fragments.add(ip, b);
    if (overlapConflict)
      this.out.fault('overlap-conflict', 'IP fragments overlap with other content; what came first was kept');
    if (evicted > 0) this.out.fault('cap-fragments', 'too many incomplete IP datagrams: the oldest was given up');
    if (whole === null) return;
    ip.start = 0;
    ip.end = whole.length;
    ip.wireLength = whole.length;
    this.transport(whole);
  }

  private transport(b: Uint8Array): void {
    const ip = this.ip;
    let read = true;
    switch (ip.protocol) {
      case TCP:
        read = this.tcp.tcp(ip, b);
        break;
      case UDP:
        read = this.udp.udp(ip, b);
        break;
      case IP_IN_IP:
      case IP6_IN_IP:
        this.inner(ip.protocol === IP_IN_IP ? 4 : 6, b, ip.start);
        break;
      case GRE:
        this.gre(b);
        break;
      case NO_NEXT_HEADER:
        break;
      default:
        this.udp.other(ip, b, ip.protocol === ICMP || ip.protocol === ICMP6);
    }
    if (!read) this.out.fault('malformed-transport', 'a TCP or UDP header makes no sense or is cut');
  }

  private inner(family: 4 | 6, b: Uint8Array, start: number): void {
    const { end, wireLength } = this.ip;
    if (this.depth >= MAX_DEPTH) {
      this.out.fault('cap-tunnels', 'tunnels nested too deep were not opened');
      return;
    }
    this.depth++;
    this.packet(family, b, start, end, this.ip.start + wireLength);
    this.depth--;
  }

  /** GRE (RFC 2784, 2890) around IP; what else it may carry is searched as it is. */
  private gre(b: Uint8Array): void {
    const ip = this.ip;
    if (ip.end - ip.start < 4) return;
    const flags = u8(b, ip.start);
    const type = u16(b, ip.start + 2);
    const optional = ((flags & 0x80) === 0 ? 0 : 4) + ((flags & 0x20) === 0 ? 0 : 4) + ((flags & 0x10) === 0 ? 0 : 4);
    const isPlain = (flags & 0x40) === 0 && (u8(b, ip.start + 1) & 7) === 0;
    if (isPlain && type === 0x0800) this.inner(4, b, ip.start + 4 + optional);
    else if (isPlain && type === 0x86dd) this.inner(6, b, ip.start + 4 + optional);
    else this.udp.other(ip, b, false);
  }

  finish(): void {
    if (this.fragments.pending === 0) return;
    const detail = 'fragmented IP datagrams of which a part is missing were not read';
    this.out.faults.addMany('ip-fragments', detail, null, null, this.fragments.pending);
  }
}
