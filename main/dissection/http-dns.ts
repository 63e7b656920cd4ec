import { parseDns } from './dns.ts';
import { countDnsMessages, emitDns } from './dns-messages.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';

const MAX_DNS_BYTES = 65_535;

/** RFC 8484: DNS over HTTP. */
export function isDnsMessage(contentType: string): boolean {
  return /^\s*application\/dns-message\s*(?:;|$)/i.test(contentType);
}

/** Tells the queries and answers of a DNS packet. */
function emitPacket(out: Emitter, d: Direction, b: Uint8Array): void {
  const dns = parseDns(b, 0, b.length);
  if (dns === null) return;
  const first = out.newMessage();
  for (let i = 1; i < countDnsMessages(dns); i++) out.newMessage();
  emitDns(out, d.connection.row, d.way, dns, first, d.feedFrame, d.feedUs);
}

/** A body that is one DNS packet. */
export class DnsBody {
  private readonly out: Emitter;
  private readonly d: Direction;
  private bytes = new Uint8Array(0);
  private length = 0;
  private whole = true;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  data(b: Uint8Array, start: number, end: number): void {
    const n = end - start;
    if (this.length + n > MAX_DNS_BYTES) this.whole = false;
    if (!this.whole) return;
    if (this.length + n > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(512, this.bytes.length * 2, this.length + n));
      bigger.set(this.bytes.subarray(0, this.length));
      this.bytes = bigger;
    }
    this.bytes.set(b.subarray(start, end), this.length);
    this.length += n;
  }

  lose(): void {
    this.whole = false;
  }

  finish(): void {
    if (this.whole && this.length > 0) emitPacket(this.out, this.d, this.bytes.subarray(0, this.length));
  }
}

/** The query that a request carries in its URI: `?dns=`, base64url. */
export function dnsInUri(out: Emitter, d: Direction, uri: string): void {
  const packed = /[?&]dns=([\w-]{16,})(?:&|$)/.exec(uri)?.[1];
  if (packed !== undefined && uri.includes('dns-query')) emitPacket(out, d, Buffer.from(packed, 'base64url'));
}
