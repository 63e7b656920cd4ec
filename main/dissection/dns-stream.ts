import { u16 } from './bytes.ts';
import { handStreamText } from './decoded-text.ts';
import type { Direction, StreamParser } from './direction.ts';
import { hiddenText } from './dns-hidden-text.ts';
import { countDnsMessages, emitDns } from './dns-messages.ts';
import { hasLikelyCounts, parseDns } from './dns.ts';
import type { Emitter } from './emitter.ts';
import type { StreamProtocol } from './stream-protocol.ts';

const DNS_PORT = 53;

/** DNS over TCP (RFC 1035, 4.2.2): each message behind two bytes of length, so 65,537 bytes bound what is held. */
export class DnsStreamParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private buffer = new Uint8Array(512);
  private held = 0;
  private heldAt = 0;
  private lost = false;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (this.lost) {
      // After a gap only the beginning of a segment can be the beginning of a message.
      const length = end - start >= 2 ? u16(b, start) : 0;
      if (length < 12 || !hasLikelyCounts(b, start + 2, Math.min(end, start + 2 + length))) return false;
      this.lost = false;
    }
    let at = start;
    while (at < end) {
      if (this.held === 0) this.heldAt = position + (at - start);
      const wanted = this.held < 2 ? 2 : 2 + u16(this.buffer, 0);
      const n = Math.min(wanted - this.held, end - at);
      this.append(b, at, n);
      at += n;
      if (this.held >= 2 && this.held === 2 + u16(this.buffer, 0)) this.complete();
    }
    return false;
  }

  private append(b: Uint8Array, at: number, n: number): void {
    if (this.held + n > this.buffer.length) {
      const bigger = new Uint8Array(Math.min(65_537, Math.max(this.held + n, this.buffer.length * 2)));
      bigger.set(this.buffer.subarray(0, this.held));
      this.buffer = bigger;
    }
    this.buffer.set(b.subarray(at, at + n), this.held);
    this.held += n;
  }

  private complete(): void {
    const { out, d } = this;
    const dns = parseDns(this.buffer, 2, this.held);
    this.held = 0;
    if (dns === null) return;
    if (dns.malformed) out.note(d.connection.row, 'malformed');
    const count = countDnsMessages(dns);
    if (count === 0) return;
    const first = out.newMessage();
    for (let i = 1; i < count; i++) out.newMessage();
    let room = d.marks.add(this.heldAt, 'dns', first);
    dns.questions.forEach((q, i) => {
      room = d.marks.add(this.heldAt + q.start, 'dns.qry.name', first + i) && room;
    });
    room = d.marks.add(this.heldAt + dns.answersStart, 'dns.resp', first) && room;
    if (!room) out.note(d.connection.row, 'cap-marks');
    for (const { decodings, pieces } of hiddenText(this.buffer, dns, 0, this.heldAt, first)) {
      handStreamText(out, d, pieces, decodings);
    }
    emitDns(out, d.connection.row, d.way, dns, first, d.feedFrame, d.feedUs);
  }

  gap(): void {
    if (this.held > 0) this.out.note(this.d.connection.row, 'message-cut');
    this.held = 0;
    this.lost = true;
  }

  end(clean: boolean): void {
    if (this.held > 0 && !clean) this.out.note(this.d.connection.row, 'message-cut');
    this.held = 0;
  }

  pending(): null {
    return null;
  }
}

export const dnsOverTcp: StreamProtocol = {
  application: 'dns',
  likeness(_b, _start, _end, out, d) {
    const { row } = d.connection;
    return out.table.port(row, 0) === DNS_PORT || out.table.port(row, 1) === DNS_PORT ? 'yes' : 'no';
  },
  begin(out, d) {
    out.recognise(d.connection.row, 'dns', 'cleartext');
    return new DnsStreamParser(out, d);
  },
};
