import { textOf, u16, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

/** RFC 7252, 12.1.1; RFC 8132. */
const METHODS = ['', 'GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'iPATCH'];
const URI_HOST = 3;
const URI_PATH = 11;
const URI_QUERY = 15;
const PAYLOAD_MARKER = 0xff;
const MAX_OPTIONS = 64;
const FIELDS: Readonly<Record<number, string>> = {
  [URI_HOST]: 'coap.uri_host',
  [URI_PATH]: 'coap.uri_path',
  [URI_QUERY]: 'coap.uri_query',
};

interface Option {
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

/** RFC 7252, 3: options as differences of their numbers; null when these bytes are no such message. */
function read(
  b: Uint8Array,
  start: number,
  end: number,
): { code: number; options: Option[]; payloadAt: number } | null {
  if (end - start < 4 || u8(b, start) >>> 6 !== 1) return null;
  const tokenBytes = u8(b, start) & 15;
  let at = start + 4 + tokenBytes;
  if (tokenBytes > 8 || at > end) return null;
  const options: Option[] = [];
  let number = 0;
  while (at < end && u8(b, at) !== PAYLOAD_MARKER) {
    const first = u8(b, at++);
    const delta = extended(b, at, first >>> 4);
    at += delta.bytes;
    const length = extended(b, at, first & 15);
    at += length.bytes;
    number += delta.value;
    if (delta.value < 0 || length.value < 0 || at + length.value > end || options.length >= MAX_OPTIONS) return null;
    options.push({ number, from: at, to: at + length.value });
    at += length.value;
  }
  return { code: u8(b, start + 1), options, payloadAt: Math.min(end, at + 1) };
}

function extended(b: Uint8Array, at: number, nibble: number): { readonly value: number; readonly bytes: number } {
  if (nibble < 13) return { value: nibble, bytes: 0 };
  // Past the end of the block there is no byte to add.
  if (nibble === 13) return { value: (u8(b, at) | 0) + 13, bytes: 1 };
  return nibble === 14 ? { value: u16(b, at) + 269, bytes: 2 } : { value: -1, bytes: 0 };
}

/** CoAP (RFC 7252): method and path; the payload is searched as it is. */
class CoapDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const found = read(b, start, end);
    if (found === null) {
      out.note(row, 'malformed');
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const message = out.newMessage();
    const payloadAt = found.payloadAt - start;
    const places = found.options.map(({ number, from, to }) => ({
      from: from - start,
      to: to - start,
      field: FIELDS[number] ?? null,
    }));
    out.datagram(row, side, way, b, start, end, false, (from) => {
      if (from >= payloadAt) return { field: 'coap.payload', message };
      return { field: places.find((p) => from >= p.from && from < p.to)?.field ?? null, message };
    });
    const texts = (number: number): string[] =>
      found.options.filter((o) => o.number === number).map((o) => textOf(b, o.from, o.to));
    const method = METHODS[found.code];
    const query = texts(URI_QUERY);
    out.message(row, way, message, out.frame, out.us, 'coap', {
      method: method === undefined || method === '' ? null : method,
      code: `${found.code >>> 5}.${String(found.code & 31).padStart(2, '0')}`,
      host: texts(URI_HOST)[0] ?? null,
      uri: `/${texts(URI_PATH).join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`,
      payloadBytes: end - start - payloadAt,
    });
  }
}

export const coap: DatagramProtocol = {
  application: 'coap',
  channel: 'cleartext',
  ports: [5683],
  // Four free bytes at most are fixed: content alone would recognise too much.
  recognises: () => false,
  parser: (out) => new CoapDatagrams(out),
};
