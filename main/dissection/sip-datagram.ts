import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import { isSipStart, sipHeadOf } from './sip-message.ts';
import type { Way } from './sink.ts';

/** SIP over UDP (RFC 3261, 18): one message a datagram. */
class SipDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const found = sipHeadOf(b, start, end);
    if (found === null) {
      // Keep-alives of empty lines or zeros (RFC 5626, 4.4.1) are no damage.
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const { head, bodyAt } = found;
    const message = out.newMessage();
    out.datagram(row, side, way, b, start, end, false, (from) => {
      const field = from >= bodyAt ? 'sip.body' : (head.parts.findLast((part) => part.at <= from)?.field ?? null);
      return { field, message };
    });
    out.message(row, way, message, out.frame, out.us, head.kind, { ...head.fields, bodyBytes: end - start - bodyAt });
  }
}

export const sipOverUdp: DatagramProtocol = {
  application: 'sip',
  channel: 'cleartext',
  ports: [5060],
  recognises: isSipStart,
  parser: (out) => new SipDatagrams(out),
};
