import { applicationCode } from './applications.ts';
import { textOf, u16, u24, u32, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type FramedMessage, FramedParser } from './framed-parser.ts';
import { claim, type StreamProtocol } from './stream-protocol.ts';
import { upgrade, upgradesHere } from './tls-upgrade.ts';

const SSL_REQUEST = 80_877_103;
const PROTOCOL_3 = 3;
const MAX_STARTUP_BYTES = 10_000;

/** PostgreSQL «Frontend/Backend Protocol», message formats: the first message has no type byte. */
function startupLength(b: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return 0;
  const length = u32(b, at);
  const code = u32(b, at + 4);
  const known = code >>> 16 === PROTOCOL_3 || (code === SSL_REQUEST && length === 8);
  return known && length >= 8 && length <= MAX_STARTUP_BYTES ? length : -1;
}

/** The client's first messages: a wish for TLS, then who logs in; the rest is searched. */
class PostgresClient implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly framed: FramedParser;
  private done = false;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.framed = new FramedParser(out, d, {
      application: 'postgresql',
      // What follows the first messages has another form and is passed over.
      length: (b, at, end) => (this.done ? end - at : startupLength(b, at, end)),
      upgrades: true,
      headOnly: true,
      message: (message) => this.message(message),
    });
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    return this.done ? false : this.framed.feed(b, start, end, position);
  }

  private message({ bytes, start, end, position }: FramedMessage): void {
    if (u32(bytes, start + 4) === SSL_REQUEST || this.done) return;
    this.done = true;
    const words = textOf(bytes, start + 8, end).split('\0');
    const value = (name: string): string | null => {
      const at = words.findIndex((word, i) => i % 2 === 0 && word === name);
      return at < 0 ? null : (words[at + 1] ?? null);
    };
    const { out, d } = this;
    const index = out.newMessage();
    d.marks.add(position, 'postgresql.startup', index);
    d.marks.add(position + (end - start), null, null);
    const fields = { protocol: 'postgresql', user: value('user'), target: value('database') };
    out.message(d.connection.row, d.way, index, d.feedFrame, d.feedUs, 'login', fields);
  }

  gap(bytes: number): void {
    this.framed.gap(bytes);
  }

  end(): void {
    if (!this.done) this.framed.end();
  }

  pending(): null {
    return null;
  }
}

/** The server says `S` to a wish for TLS and then speaks it. */
class PostgresServer implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    const at = position === 0 && u8(b, start) === 83 ? start + 1 : start;
    if (position > 1 || at >= end || !upgradesHere(b, at, end)) return false;
    upgrade(this.out, this.d, 'postgresql', b, start, at, end, position);
    return true;
  }

  gap(): void {
    // Nothing here depends on what came before.
  }

  end(): void {
    // Nothing is held back.
  }

  pending(): null {
    return null;
  }
}

export const postgresql: StreamProtocol = {
  application: 'postgresql',
  likeness(b, start, end, out, d) {
    if (out.table.application[d.connection.row] === applicationCode('postgresql')) return 'yes';
    const length = startupLength(b, start, end);
    return length > 0 ? 'yes' : length === 0 && u8(b, start) === 0 ? 'perhaps' : 'no';
  },
  begin(out, d, b, start, end) {
    if (startupLength(b, start, end) <= 0) return new PostgresServer(out, d);
    claim(out, d, 'postgresql', 'cleartext', true);
    return new PostgresClient(out, d);
  },
};

const BER_SEQUENCE = 0x30;
const BER_INTEGER = 2;
const BER_OCTETS = 4;

/** Length of a BER value and where its content begins (X.690, 8.1.3); null when it is not a definite length of up to 3 bytes. */
function ber(b: Uint8Array, at: number, end: number): { readonly content: number; readonly to: number } | null {
  if (at + 2 > end) return null;
  const first = u8(b, at + 1);
  if (first < 0x80) return { content: at + 2, to: at + 2 + first };
  const n = first & 0x7f;
  if (n === 0 || n > 4 || at + 2 + n > end) return null;
  const length = n === 1 ? u8(b, at + 2) : n === 2 ? u16(b, at + 2) : n === 3 ? u24(b, at + 2) : u32(b, at + 2);
  return { content: at + 2 + n, to: at + 2 + n + length };
}

/** RFC 4511, 4.1.1: a sequence that begins with a message number. */
function ldapLength(b: Uint8Array, at: number, end: number): number {
  if (u8(b, at) !== BER_SEQUENCE) return -1;
  if (end - at < 2) return 0;
  const whole = ber(b, at, end);
  if (whole === null) return end - at < 6 && (u8(b, at + 1) & 0x7f) <= 4 && u8(b, at + 1) > 0x80 ? 0 : -1;
  if (whole.content >= end) return whole.to - at > 2 ? 0 : -1;
  return u8(b, whole.content) === BER_INTEGER && whole.to - at >= 7 ? whole.to - at : -1;
}

/** The operation's tag of an LDAP message and where it stands, or null. */
function operation(b: Uint8Array, start: number, end: number): { readonly tag: number; readonly at: number } | null {
  const whole = ber(b, start, end);
  const number = whole === null ? null : ber(b, whole.content, end);
  if (number === null || number.to >= end || number.to - number.content > 4) return null;
  return { tag: u8(b, number.to), at: number.to };
}

const BIND_REQUEST = 0x60;
/** Requests only a client sends: bind, unbind, search, modify, add, delete, rename, compare, abandon, extended. */
const CLIENT_TAGS = new Set([0x60, 0x42, 0x63, 0x66, 0x68, 0x4a, 0x6c, 0x6e, 0x50, 0x77]);
const SERVER_TAGS = new Set([0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78, 0x79]);

/** RFC 4511, 4.2: version, name. */
function bindName(b: Uint8Array, at: number, end: number): string | null {
  const bind = ber(b, at, end);
  const version = bind === null ? null : ber(b, bind.content, end);
  if (version === null || u8(b, version.to) !== BER_OCTETS) return null;
  const name = ber(b, version.to, end);
  return name === null || name.to > end ? null : textOf(b, name.content, name.to);
}

/** LDAP (RFC 4511): who binds; what else is said is searched. StartTLS (4.14) is followed. */
export const ldap: StreamProtocol = {
  application: 'ldap',
  likeness(b, start, end) {
    const length = ldapLength(b, start, end);
    if (length <= 0) return length === 0 ? 'perhaps' : 'no';
    const found = operation(b, start, end);
    if (found === null) return end - start < 16 ? 'perhaps' : 'no';
    return CLIENT_TAGS.has(found.tag) || SERVER_TAGS.has(found.tag) ? 'yes' : 'no';
  },
  begin(out, d, b, start, end) {
    const first = operation(b, start, end);
    claim(out, d, 'ldap', 'cleartext', first === null ? null : CLIENT_TAGS.has(first.tag));
    return new FramedParser(out, d, {
      application: 'ldap',
      length: ldapLength,
      upgrades: true,
      headOnly: true,
      message({ bytes, start: from, end: to, position }) {
        const found = operation(bytes, from, to);
        if (found?.tag !== BIND_REQUEST) return;
        const index = out.newMessage();
        d.marks.add(position, 'ldap.bind', index);
        d.marks.add(position + (to - from), null, null);
        const fields = { protocol: 'ldap', user: bindName(bytes, found.at, to), target: null };
        out.message(d.connection.row, d.way, index, d.feedFrame, d.feedUs, 'login', fields);
      },
    });
  },
};
