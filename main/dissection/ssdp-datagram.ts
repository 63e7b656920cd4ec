import { latin1, startsWith, textOfLatin1 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

const FIRST_LINE = /^(?:(M-SEARCH|NOTIFY) \* HTTP\/1\.[01]|(HTTP\/1\.[01]) (\d{3})[^\r\n]*)\r?\n/;

/** SSDP (UPnP Device Architecture 2.0, 1): searches and announcements in the manner of HTTP, each in one datagram. */
class SsdpDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const text = latin1(b, start, end);
    const first = FIRST_LINE.exec(text);
    if (first === null) {
      out.note(row, 'malformed');
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const headers = new Map<string, string>();
    const parts: { at: number; field: string | null }[] = [];
    // A line whose name is longer is no other field's.
    for (const match of text.matchAll(/^([^:\r\n]{1,64}?)[ \t]*:[ \t]*([^\r\n]*)|^[^\r\n]+/gm)) {
      const name = match[1]?.toLowerCase();
      if (name === undefined) {
        parts.push({ at: match.index, field: null });
        continue;
      }
      parts.push({ at: match.index, field: `ssdp.header:${name}` });
      if (!headers.has(name)) headers.set(name, textOfLatin1(match[2] ?? ''));
    }
    const message = out.newMessage();
    out.datagram(row, side, way, b, start, end, false, (from) => ({
      field: parts.findLast((part) => part.at <= from)?.field ?? null,
      message,
    }));
    const of = (name: string): string | null => headers.get(name) ?? null;
    out.message(row, way, message, out.frame, out.us, 'ssdp', {
      method: first[1] ?? 'response',
      target: of('st') ?? of('nt'),
      usn: of('usn'),
      server: of('server') ?? of('user-agent'),
      location: of('location'),
    });
  }
}

export const ssdp: DatagramProtocol = {
  application: 'ssdp',
  channel: 'cleartext',
  ports: [1900],
  recognises: (b, start, end) =>
    startsWith(b, start, end, 'M-SEARCH * HTTP/1.') || startsWith(b, start, end, 'NOTIFY * HTTP/1.'),
  parser: (out) => new SsdpDatagrams(out),
};
