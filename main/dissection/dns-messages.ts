import type { Way } from './sink.ts';
import type { DnsMessage } from './dns.ts';
import type { Emitter } from './emitter.ts';

/** How many messages a DNS packet makes: one a question; a response without questions (mDNS) makes one of its answers. */
export function countDnsMessages(dns: DnsMessage): number {
  return Math.max(dns.questions.length, dns.response && dns.subject !== null ? 1 : 0);
}

/** Hands on the questions or answers of a DNS packet, whose message numbers begin at `firstIndex`. */
export function emitDns(
  out: Emitter,
  row: number,
  way: Way,
  dns: DnsMessage,
  firstIndex: number,
  frame: number,
  us: number,
): void {
  if (dns.capped) {
    out.note(row, 'cap-message');
    out.fault('cap-message', 'a DNS message holds more questions or records than are read');
  }
  const subjects = dns.questions.length > 0 ? dns.questions : dns.subject === null ? [] : [dns.subject];
  if (!dns.response) {
    dns.questions.forEach((q, i) => {
      // A multicast question tells what is known already (RFC 6762, 7.1).
      const known = i === 0 && dns.answers.length > 0 ? { knownAnswers: dns.answers } : {};
      out.message(row, way, firstIndex + i, frame, us, 'dns-query', { name: q.name, type: q.type, ...known });
    });
    return;
  }
  subjects.forEach((q, i) => {
    out.message(row, way, firstIndex + i, frame, us, 'dns-answer', {
      name: q.name,
      type: q.type,
      answers: i === 0 ? dns.answers : [],
      responseCode: dns.responseCode,
    });
  });
}
