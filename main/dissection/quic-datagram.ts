import type { DatagramProtocol } from './datagram-protocol.ts';
import { isClearGoogleQuic, quicVersion } from './udp-content.ts';

/** QUIC (RFC 9000) and Google's before it: ciphertext, but for the versions before Q050. */
export const quic: DatagramProtocol = {
  application: 'quic',
  channel: 'quic',
  ports: [],
  recognises: (b, start, end) => quicVersion(b, start, end) !== null,
  parser: (out) => ({
    take(row, side, way, b, start, end) {
      const version = quicVersion(b, start, end);
      const opaque = version === null || !isClearGoogleQuic(version);
      out.datagram(row, side, way, b, start, end, opaque, null);
    },
  }),
};
