import type { Application } from './applications.ts';
import { type DatagramProtocol, plainDatagrams } from './datagram-protocol.ts';
import { dnsOverUdp, llmnr, mdns } from './dns-datagram.ts';
import { dtls } from './dtls-datagram.ts';
import { quic } from './quic-datagram.ts';

const byPort = (application: Application, ...ports: number[]): DatagramProtocol => ({
  application,
  channel: 'cleartext',
  ports,
  recognises: () => false,
  parser: plainDatagrams,
});

/** In the order in which they are asked about a datagram's content. */
export const DATAGRAM_PROTOCOLS: readonly DatagramProtocol[] = [
  dnsOverUdp,
  mdns,
  llmnr,
  quic,
  dtls,
  byPort('dhcp', 67, 68),
  byPort('dhcpv6', 546, 547),
  byPort('ntp', 123),
  byPort('nbns', 137),
  byPort('ssdp', 1900),
];

const BY_PORT: ReadonlyMap<number, DatagramProtocol> = new Map(
  DATAGRAM_PROTOCOLS.flatMap((protocol) => protocol.ports.map((port) => [port, protocol] as const)),
);

/** What the ports of a flow's first datagram tell; the target's port speaks first. */
export function protocolOfPorts(source: number, target: number): DatagramProtocol | null {
  return BY_PORT.get(target) ?? BY_PORT.get(source) ?? null;
}
