import { i32, ipv4Text, ipv6Text, textOf, u16, u8 } from './bytes.ts';
import { dnsTypeName } from './dns-names.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
  /** Where its bytes stand in what was given to the parser. */
  readonly start: number;
  readonly end: number;
}

export interface DnsMessage {
  readonly response: boolean;
  readonly responseCode: number;
  readonly questions: readonly DnsQuestion[];
  /** Data of the answer section as text: addresses, names; other types as `TYPE`. */
  readonly answers: readonly string[];
  /** Name and type of the first answer: what a multicast response without question speaks of. */
  readonly subject: { readonly name: string; readonly type: string } | null;
  readonly answersStart: number;
  readonly malformed: boolean;
}

const MAX_RECORDS = 512;
const MAX_NAME_BYTES = 255;
const MAX_JUMPS = 64;

class NameReader {
  end = 0;
  ok = true;
  private readonly b: Uint8Array;
  private readonly base: number;
  private readonly limit: number;

  constructor(b: Uint8Array, base: number, limit: number) {
    this.b = b;
    this.base = base;
    this.limit = limit;
  }

  /** Reads a name at `from`; `end` is then the position after it. Compression pointers may only lead backwards. */
  read(from: number): string {
    const labels: string[] = [];
    let at = from;
    let jumps = 0;
    let bytes = 0;
    this.end = -1;
    this.ok = false;
    for (;;) {
      if (at >= this.limit) return this.stop(labels, at);
      const n = u8(this.b, at);
      if (n === 0) {
        if (this.end < 0) this.end = at + 1;
        this.ok = true;
        return labels.length === 0 ? '<Root>' : labels.join('.');
      }
      if (n >= 0xc0) {
        if (at + 2 > this.limit) return this.stop(labels, at);
        const target = this.base + (u16(this.b, at) & 0x3fff);
        if (this.end < 0) this.end = at + 2;
        if (target >= at || ++jumps > MAX_JUMPS) return this.stop(labels, at);
        at = target;
        continue;
      }
      bytes += n + 1;
      if (n >= 0x40 || bytes > MAX_NAME_BYTES + 1 || at + 1 + n > this.limit) return this.stop(labels, at);
      labels.push(textOf(this.b, at + 1, at + 1 + n));
      at += n + 1;
    }
  }

  private stop(labels: readonly string[], at: number): string {
    if (this.end < 0) this.end = Math.min(at + 1, this.limit);
    return labels.join('.');
  }
}

/** Could these bytes be a DNS message? Only the header is looked at. */
export function looksLikeDns(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 12) return false;
  const records = u16(b, start + 4) + u16(b, start + 6) + u16(b, start + 8) + u16(b, start + 10);
  return records > 0 && records <= MAX_RECORDS * 4;
}

/** Reads a DNS message (RFC 1035). Never throws: what is damaged is left out and `malformed` is set. */
export function parseDns(b: Uint8Array, start: number, end: number): DnsMessage | null {
  if (!looksLikeDns(b, start, end)) return null;
  const flags = u16(b, start + 2);
  const names = new NameReader(b, start, end);
  const questions: DnsQuestion[] = [];
  let at = start + 12;
  let malformed = false;
  const questionCount = Math.min(u16(b, start + 4), MAX_RECORDS);
  for (let i = 0; i < questionCount; i++) {
    const name = names.read(at);
    if (!names.ok || names.end + 4 > end) {
      malformed = true;
      break;
    }
    questions.push({ name, type: dnsTypeName(u16(b, names.end)), start: at, end: names.end });
    at = names.end + 4;
  }
  const answersStart = at;
  const answers: string[] = [];
  let subject: DnsMessage['subject'] = null;
  const answerCount = malformed ? 0 : Math.min(u16(b, start + 6), MAX_RECORDS);
  for (let i = 0; i < answerCount; i++) {
    const name = names.read(at);
    const head = names.end;
    if (!names.ok || head + 10 > end) {
      malformed = true;
      break;
    }
    const type = u16(b, head);
    const data = head + 10;
    const next = data + u16(b, head + 8);
    if (next > end) {
      malformed = true;
      break;
    }
    subject ??= { name, type: dnsTypeName(type) };
    answers.push(recordData(b, type, data, next, names));
    at = next;
  }
  return {
    response: (flags & 0x8000) !== 0,
    responseCode: flags & 15,
    questions,
    answers,
    subject,
    answersStart,
    malformed,
  };
}

function recordData(b: Uint8Array, type: number, at: number, end: number, names: NameReader): string {
  if (type === 1 && end - at === 4) return ipv4Text(i32(b, at) >>> 0);
  if (type === 28 && end - at === 16) {
    return ipv6Text([i32(b, at) >>> 0, i32(b, at + 4) >>> 0, i32(b, at + 8) >>> 0, i32(b, at + 12) >>> 0]);
  }
  if (type === 2 || type === 5 || type === 12 || type === 39) return names.read(at);
  if (type === 15 && end - at > 2) return names.read(at + 2);
  if (type === 33 && end - at > 6) return `${names.read(at + 6)}:${u16(b, at + 4)}`;
  if (type === 16) {
    const parts: string[] = [];
    for (let i = at; i < end; i += 1 + u8(b, i)) parts.push(textOf(b, i + 1, Math.min(end, i + 1 + u8(b, i))));
    return parts.join('');
  }
  return dnsTypeName(type);
}

/** Field of a DNS message that holds position `at`. */
export function dnsFieldAt(message: DnsMessage, at: number): string | null {
  if (message.questions.some((q) => at >= q.start && at < q.end)) return 'dns.qry.name';
  return at >= message.answersStart ? 'dns.resp' : null;
}
