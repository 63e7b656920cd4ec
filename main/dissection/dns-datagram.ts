import { u16 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { handDatagramText } from './decoded-text.ts';
import { hiddenText } from './dns-hidden-text.ts';
import { countDnsMessages, emitDns } from './dns-messages.ts';
import { dnsFieldAt, type DnsMessage, parseDns } from './dns.ts';
import type { DatagramFields, Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

/** DNS (RFC 1035), mDNS (RFC 6762) and LLMNR (RFC 4795) over UDP: one datagram, one packet. */
class DnsDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const dns = parseDns(b, start, end);
    const count = dns === null ? 0 : countDnsMessages(dns);
    if (dns === null || dns.malformed) out.note(row, 'malformed');
    if (dns === null || count === 0) {
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const first = out.newMessage();
    for (let i = 1; i < count; i++) out.newMessage();
    out.datagram(row, side, way, b, start, end, false, fieldsOf(dns, start, first));
    for (const { decodings, pieces } of hiddenText(b, dns, start, 0, first)) {
      handDatagramText(out, row, side, pieces, decodings);
    }
    emitDns(out, row, way, dns, first, out.frame, out.us);
  }
}

function fieldsOf(dns: DnsMessage, start: number, first: number): DatagramFields {
  return (from) => {
    const at = start + from;
    const question = dns.questions.findIndex((q) => at >= q.start && at < q.end);
    return { field: dnsFieldAt(dns, at), message: first + Math.max(0, question) };
  };
}

/**
 * A query or its answer on a port that does not tell: one question of a known type and class under a name of sensible
 * characters, nothing unexplained in the header or behind the records.
 */
function isPlainDns(b: Uint8Array, start: number, end: number): boolean {
  // Operation QUERY, reserved bit zero (RFC 1035, 4.1.1), one question.
  if (end - start < 17 || (u16(b, start + 2) & 0x7840) !== 0 || u16(b, start + 4) !== 1) return false;
  if (u16(b, start + 6) + u16(b, start + 8) + u16(b, start + 10) > 64) return false;
  const dns = parseDns(b, start, end);
  const question = dns?.questions[0];
  if (dns === null || question === undefined || dns.malformed) return false;
  const class_ = u16(b, question.end + 2) & 0x7fff;
  const named = /^[\w-]+(?:\.[\w-]+)+$/.test(question.name) && !question.type.startsWith('TYPE');
  return named && (class_ === 1 || class_ === 255) && (dns.records.at(-1)?.end ?? question.end + 4) === end;
}

const overUdp = (application: 'dns' | 'mdns' | 'llmnr', port: number): DatagramProtocol => ({
  application,
  channel: 'cleartext',
  ports: [port],
  recognises: application === 'dns' ? isPlainDns : () => false,
  parser: (out) => new DnsDatagrams(out),
});

export const dnsOverUdp = overUdp('dns', 53);
export const mdns = overUdp('mdns', 5353);
export const llmnr = overUdp('llmnr', 5355);
