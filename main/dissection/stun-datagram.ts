import { textOf, u16, u32 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

const HEADER_BYTES = 20;
/** RFC 8489, 5. */
const COOKIE = 0x2112a442;
const CLASSES = ['request', 'indication', 'success', 'error'];
/** RFC 8489, 18.2; RFC 8656 (TURN). */
const METHODS: Readonly<Record<number, string>> = {
  1: 'binding',
  3: 'allocate',
  4: 'refresh',
  6: 'send',
  7: 'data',
  8: 'create-permission',
  9: 'channel-bind',
};
const USERNAME = 0x0006;
const REALM = 0x0014;
const SOFTWARE = 0x8022;
const FIELDS: Readonly<Record<number, string>> = {
  [USERNAME]: 'stun.username',
  [REALM]: 'stun.realm',
  [SOFTWARE]: 'stun.software',
};

interface Attribute {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

function isStun(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES || u16(b, start) >= 0x4000 || u32(b, start + 4) !== COOKIE) return false;
  const length = u16(b, start + 2);
  return length % 4 === 0 && HEADER_BYTES + length <= end - start;
}

function attributesOf(b: Uint8Array, start: number): Attribute[] {
  const end = start + HEADER_BYTES + u16(b, start + 2);
  const list: Attribute[] = [];
  for (let at = start + HEADER_BYTES; at + 4 <= end;) {
    const from = at + 4;
    const to = from + u16(b, at + 2);
    if (to > end) break;
    list.push({ type: u16(b, at), from, to });
    at = to + ((4 - (to % 4) + (start % 4)) & 3);
  }
  return list;
}

/** STUN and TURN (RFC 8489, 8656): method, user name, software. Media that shares the ports is searched as it is. */
class StunDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    if (!isStun(b, start, end)) {
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const attributes = attributesOf(b, start);
    const message = out.newMessage();
    const places = attributes.map(({ type, from, to }) => ({ from: from - start, to: to - start, type }));
    out.datagram(row, side, way, b, start, end, false, (from) => {
      const place = places.find((p) => from >= p.from && from < p.to);
      return { field: place === undefined ? null : (FIELDS[place.type] ?? null), message };
    });
    const text = (type: number): string | null => {
      const found = attributes.find((a) => a.type === type);
      return found === undefined ? null : textOf(b, found.from, found.to);
    };
    const word = u16(b, start);
    // The two bits of the class stand among those of the method.
    const method = (word & 0x000f) | ((word & 0x00e0) >>> 1) | ((word & 0x3e00) >>> 2);
    out.message(row, way, message, out.frame, out.us, 'stun', {
      method: METHODS[method] ?? `method-${method}`,
      class: CLASSES[((word & 0x0100) >>> 7) | ((word & 0x0010) >>> 4)] ?? 'request',
      userName: text(USERNAME),
      realm: text(REALM),
      software: text(SOFTWARE),
    });
  }
}

export const stun: DatagramProtocol = {
  application: 'stun',
  channel: 'cleartext',
  ports: [3478],
  recognises: isStun,
  parser: (out) => new StunDatagrams(out),
};
