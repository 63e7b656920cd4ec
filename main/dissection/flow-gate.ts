import { ipv4Text, ipv6Text, u16 } from './bytes.ts';
import type { IpLayer } from './ip-layer.ts';
import type { DissectedFlow } from './sink.ts';

const TCP = 6;
const UDP = 17;
const SCTP = 132;
const ICMP = new Set([1, 58]);

/** Transport of an IP protocol number (IANA). */
export function transportOf(protocol: number): DissectedFlow['transport'] {
  if (protocol === TCP) return 'tcp';
  if (protocol === UDP) return 'udp';
  if (protocol === SCTP) return 'sctp';
  return ICMP.has(protocol) ? 'icmp' : 'other';
}

/** The two ends of a conversation, in either order; ports are 0 where the protocol has none. */
export interface FlowSelection {
  readonly transport: DissectedFlow['transport'];
  readonly ends: readonly [
    { readonly address: string; readonly port: number },
    { readonly address: string; readonly port: number },
  ];
}

/**
 * Lets only the packets of one pair of ends through to the conversations, so that one conversation of a large capture is read
 * again at the speed of its headers. What is before (links, fragments, tunnels) is undone as always: the same packets come
 * through as when everything is read. Ends that were used again (another SYN) are several conversations.
 */
export class FlowGate {
  /** Packets let through. */
  admitted = 0;
  /** When each conversation over these ends began, in microseconds, in their order. */
  readonly begunUs: number[] = [];
  private readonly selection: FlowSelection;

  constructor(selection: FlowSelection) {
    this.selection = selection;
  }

  /** `b` holds the packet whose header `ip` has read. */
  admits(ip: IpLayer, b: Uint8Array): boolean {
    const { transport } = this.selection;
    if (transportOf(ip.protocol) !== transport) return false;
    const hasPorts = transport === 'tcp' || transport === 'udp' || transport === 'sctp';
    if (hasPorts && ip.end - ip.start < 4) return false;
    const sourcePort = hasPorts ? u16(b, ip.start) : 0;
    const targetPort = hasPorts ? u16(b, ip.start + 2) : 0;
    const [one, other] = this.selection.ends;
    const forth = sourcePort === one.port && targetPort === other.port;
    const back = sourcePort === other.port && targetPort === one.port;
    // Ports are looked at first: texts of addresses are made for few packets only.
    if (!forth && !back) return false;
    const source = addressText(ip.family, ip.source);
    const target = addressText(ip.family, ip.target);
    const fits =
      (forth && source === one.address && target === other.address) ||
      (back && source === other.address && target === one.address);
    if (fits) this.admitted += 1;
    return fits;
  }

  /** The same for a packet below IP, by hardware addresses. */
  admitsLink(source: string, target: string): boolean {
    const { transport, ends } = this.selection;
    const [one, other] = ends;
    const fits =
      transport === 'other' &&
      ((source === one.address && target === other.address) || (source === other.address && target === one.address));
    if (fits) this.admitted += 1;
    return fits;
  }
}

function addressText(family: 4 | 6, words: Int32Array): string {
  const word = (at: number): number => words[at] as number;
  return family === 4 ? ipv4Text(word(0)) : ipv6Text([word(0), word(1), word(2), word(3)]);
}
