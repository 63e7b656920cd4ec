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
  'smtp',
  'imap',
  'pop',
  'ftp',
  'ldap',
  'postgresql',
  'sip',
  'mqtt',
  'stun',
  'coap',
  'gtp-c',
  'diameter',
  'gtp-u',
  'teredo',
  'vxlan',
  'http3',
  'eap',
  'sctp',
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

/**
 * Whether the sender of a first packet looks like the server, from its ports alone: used where no SYN was seen.
 * Services live on low ports; equal kinds of port say that the first to speak opened.
 */
export function senderLooksLikeServer(sourcePort: number, targetPort: number): boolean {
  const service = (port: number): boolean => port < 1024 || port === 5222 || port === 8080 || port === 8443;
  return service(sourcePort) && !service(targetPort);
}
