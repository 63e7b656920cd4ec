import { coap } from './coap-datagram.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import { dhcp } from './dhcp-datagram.ts';
import { dhcpv6 } from './dhcpv6-datagram.ts';
import { dnsOverUdp, llmnr, mdns } from './dns-datagram.ts';
import { dtls } from './dtls-datagram.ts';
import { gtpControl } from './gtp-datagram.ts';
import { nbns } from './nbns-datagram.ts';
import { ntp } from './ntp-datagram.ts';
import { quic } from './quic-datagram.ts';
import { sipOverUdp } from './sip-datagram.ts';
import { ssdp } from './ssdp-datagram.ts';
import { stun } from './stun-datagram.ts';

/** In the order in which they are asked about a datagram's content. */
export const DATAGRAM_PROTOCOLS: readonly DatagramProtocol[] = [
  dnsOverUdp,
  mdns,
  llmnr,
  quic,
  dtls,
  stun,
  sipOverUdp,
  dhcp,
  dhcpv6,
  ntp,
  nbns,
  ssdp,
  coap,
  gtpControl,
];

const BY_PORT: ReadonlyMap<number, DatagramProtocol> = new Map(
  DATAGRAM_PROTOCOLS.flatMap((protocol) => protocol.ports.map((port) => [port, protocol] as const)),
);

/** What the ports of a flow's first datagram tell; the target's port speaks first. */
export function protocolOfPorts(source: number, target: number): DatagramProtocol | null {
  return BY_PORT.get(target) ?? BY_PORT.get(source) ?? null;
}
