import { textOf, startsWith } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { beginsTlsUpgrade, TlsParser } from './tls-parser.ts';

const MAX_OPENING_BYTES = 4096;
const OPENING = '<stream:stream';

/**
 * XMPP (RFC 6120): the opening tag of a stream becomes a message with its namespace; MIUI's chat service says `xm` there
 * (handbook: the founding case). What follows is searched; a STARTTLS upgrade is followed.
 */
export class XmppParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private text = '';
  private collecting = false;
  private message = -1;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    if (beginsTlsUpgrade(b, start, end)) {
      this.out.recognise(this.d.connection.row, 'xmpp', 'tls');
      const tls = new TlsParser(this.out, this.d);
      this.d.parser = tls;
      return tls.feed(b, start, end, position);
    }
    const opens = startsWith(b, start, end, '<stream:') || startsWith(b, start, end, '<?xml');
    if (!this.collecting && (opens || position === 0)) {
      this.collecting = true;
      this.text = '';
      this.message = this.out.newMessage();
      this.d.marks.add(position, 'xmpp.stream', this.message);
    }
    if (this.collecting) this.collect(b, start, end, position);
    return false;
  }

  private collect(b: Uint8Array, start: number, end: number, position: number): void {
    const before = this.text.length;
    this.text += textOf(b, start, Math.min(end, start + MAX_OPENING_BYTES - before));
    const at = this.text.indexOf(OPENING);
    const close = at < 0 ? -1 : this.text.indexOf('>', at);
    if (close >= 0) {
      this.collecting = false;
      const tag = this.text.slice(at, close);
      const namespace = /\sxmlns\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
      const to = /\sto\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
      const row = this.d.connection.row;
      this.out.recognise(row, 'xmpp', 'cleartext');
      const host = to === null ? null : (to[1] ?? to[2] ?? null);
      if (host !== null && this.d.way === 0) this.out.table.addName(row, host);
      this.out.message(row, this.d.way, this.message, this.d.feedFrame, this.d.feedUs, 'xmpp-stream', {
        namespace: namespace === null ? null : (namespace[1] ?? namespace[2] ?? null),
        to: host,
      });
      // What follows the opening tag belongs to no message of ours.
      this.d.marks.add(position + Math.max(0, close + 1 - before), null, null);
    } else if (this.text.length >= MAX_OPENING_BYTES) {
      this.collecting = false;
    }
  }

  gap(): void {
    this.collecting = false;
  }

  end(): void {
    this.collecting = false;
  }

  pending(): null {
    return null;
  }
}
