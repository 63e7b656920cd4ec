import { type DatagramProtocol, plainDatagrams } from './datagram-protocol.ts';

/** NTP (RFC 5905): recognised and searched; it carries times and addresses of servers, no names of clients. */
export const ntp: DatagramProtocol = {
  application: 'ntp',
  channel: 'cleartext',
  ports: [123],
  recognises: () => false,
  parser: plainDatagrams,
};
