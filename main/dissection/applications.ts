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
