import { startsWith, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { HeadCollector } from './http-head-collector.ts';
import { isSipStart, parseSipHead, SIP_OPENINGS, type SipHead } from './sip-message.ts';
import { claim, likenessOfText, type StreamProtocol } from './stream-protocol.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;

/** SIP over TCP (RFC 3261, 18.3): heads, bodies by length, empty lines as keep-alives between messages. */
class SipStream implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly collector: HeadCollector;
  private state: 'between' | 'head' | 'body' | 'lost' = 'between';
  private headAt = 0;
  private index = -1;
  private head: SipHead | null = null;
  private remaining = 0;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.collector = new HeadCollector(out.bodies);
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    let at = start;
    if (this.state === 'lost') {
      if (!isSipStart(b, start, end)) return false;
      this.state = 'between';
    }
    while (at < end) at = this.step(b, at, end, position + (at - start));
    return false;
  }

  private step(b: Uint8Array, at: number, end: number, position: number): number {
    if (this.state === 'between') return this.begin(b, at, end, position);
    if (this.state === 'head') return this.takeHead(b, at, end);
    return this.state === 'body' ? this.takeBody(at, end) : end;
  }

  private begin(b: Uint8Array, from: number, end: number, position: number): number {
    let at = from;
    while (at < end && (u8(b, at) === CR || u8(b, at) === LF)) at++;
    if (at === end) return end;
    this.headAt = position + (at - from);
    this.index = this.out.newMessage();
    this.collector.start();
    this.state = 'head';
    return at;
  }

  private takeHead(b: Uint8Array, from: number, end: number): number {
    const stop = this.collector.findEnd(b, from, end);
    if (stop >= 0) {
      this.complete(this.collector.take(b, from, stop));
      return stop;
    }
    const isKept = this.collector.keep(b, from, end);
    if (!isKept || this.collector.held > MAX_HEAD_BYTES) {
      this.out.note(this.d.connection.row, 'cap-header');
      const why = isKept ? `longer than ${MAX_HEAD_BYTES} bytes` : 'beside too many others that are not whole';
      this.out.fault('cap-header', `a SIP head ${why} was not read further`);
      this.lose();
    }
    return end;
  }

  private complete(text: string): void {
    const { out, d } = this;
    const head = parseSipHead(text);
    if (head === null) {
      this.lose();
      return;
    }
    let room = true;
    for (const { at, field } of head.parts) room = d.marks.add(this.headAt + at, field, this.index) && room;
    this.remaining = head.bodyBytes ?? 0;
    if (this.remaining > 0) room = d.marks.add(this.headAt + text.length, 'sip.body', this.index) && room;
    if (!room) out.note(d.connection.row, 'cap-marks');
    this.head = head;
    this.state = 'body';
    if (this.remaining === 0) this.finish();
  }

  private takeBody(from: number, end: number): number {
    const n = Math.min(this.remaining, end - from);
    this.remaining -= n;
    if (this.remaining === 0) this.finish();
    return from + n;
  }

  private finish(): void {
    const { out, d, head } = this;
    this.state = 'between';
    this.head = null;
    if (head === null) return;
    const cut = this.remaining > 0 ? { incomplete: true } : {};
    const fields = { ...head.fields, bodyBytes: head.bodyBytes ?? 0, ...cut };
    out.message(d.connection.row, d.way, this.index, d.feedFrame, d.feedUs, head.kind, fields);
  }

  private lose(): void {
    this.out.note(this.d.connection.row, 'protocol-resync');
    this.collector.start();
    this.state = 'lost';
  }

  gap(bytes: number): void {
    if (this.state === 'body' && bytes <= this.remaining) {
      this.out.note(this.d.connection.row, 'message-cut');
      this.remaining -= bytes;
      if (this.remaining === 0) this.finish();
      return;
    }
    this.cut();
    this.state = 'lost';
    this.collector.start();
  }

  private cut(): void {
    if (this.state === 'head' || this.state === 'body') this.out.note(this.d.connection.row, 'message-cut');
    if (this.state === 'body') this.finish();
  }

  end(): void {
    this.cut();
    this.state = 'between';
    this.collector.start();
  }

  pending(position: number): { field: string | null; message: number | null } | null {
    const inHead = this.state === 'head' && position >= this.headAt;
    return inHead ? { field: null, message: this.index } : null;
  }
}

export const sipOverTcp: StreamProtocol = {
  application: 'sip',
  likeness: (b, start, end) => likenessOfText(SIP_OPENINGS, b, start, end),
  begin(out, d, b, start, end) {
    claim(out, d, 'sip', 'cleartext', !startsWith(b, start, end, 'SIP/'));
    return new SipStream(out, d);
  },
};
