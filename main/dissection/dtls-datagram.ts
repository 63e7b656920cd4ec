import type { DatagramProtocol } from './datagram-protocol.ts';
import { dtlsRecord } from './udp-content.ts';

/** DTLS (RFC 6347): the handshake before the first ChangeCipherSpec is readable, the rest ciphertext. */
export const dtls: DatagramProtocol = {
  application: 'dtls',
  channel: 'dtls',
  ports: [],
  recognises: (b, start, end) => dtlsRecord(b, start, end) !== null,
  parser: (out) => ({
    take(row, side, way, b, start, end) {
      const record = dtlsRecord(b, start, end);
      const opaque = record === null || record.epoch > 0 || record.type === 23;
      out.datagram(row, side, way, b, start, end, opaque, null);
    },
  }),
};
