import type { Channel } from '../../shared/model/traffic.ts';

/** Names of what a conversation was recognised as; a flow's row holds the index. New ones go at the end. */
export const APPLICATIONS = [
  'unknown',
  'http',
  'tls',
  'dns',
  'mdns',
  'llmnr',
  'quic',
  'dtls',
  'xmpp',
  'http2',
  'websocket',
  'dhcp',
  'dhcpv6',
  'ntp',
  'ssdp',
  'nbns',
  'ssh',
  'icmp',
] as const;
export type Application = (typeof APPLICATIONS)[number];

export const CHANNELS: readonly Channel[] = ['unknown', 'cleartext', 'tls', 'dtls', 'quic'];

const APPLICATION_CODES = new Map<string, number>(APPLICATIONS.map((name, i) => [name, i]));
const CHANNEL_CODES = new Map<string, number>(CHANNELS.map((name, i) => [name, i]));

export function applicationCode(name: Application): number {
  return APPLICATION_CODES.get(name) ?? 0;
}

export function channelCode(name: Channel): number {
  return CHANNEL_CODES.get(name) ?? 0;
}

/** UDP protocols without encryption that are told by their port alone (IANA service names). */
const BY_UDP_PORT: ReadonlyMap<number, Application> = new Map<number, Application>([
  [53, 'dns'],
  [5353, 'mdns'],
  [5355, 'llmnr'],
  [67, 'dhcp'],
  [68, 'dhcp'],
  [546, 'dhcpv6'],
  [547, 'dhcpv6'],
  [123, 'ntp'],
  [137, 'nbns'],
  [1900, 'ssdp'],
]);

export function udpApplication(portA: number, portB: number): Application | null {
  return BY_UDP_PORT.get(portB) ?? BY_UDP_PORT.get(portA) ?? null;
}

/**
 * Whether the sender of a first packet looks like the server, from its ports alone: used where no SYN was seen.
 * Services live on low ports; equal kinds of port say that the first to speak opened.
 */
export function senderLooksLikeServer(sourcePort: number, targetPort: number): boolean {
  const service = (port: number): boolean => port < 1024 || port === 5222 || port === 8080 || port === 8443;
  return service(sourcePort) && !service(targetPort);
}
