import { type Application, applicationCode } from './applications.ts';
import { latin1, u8 } from './bytes.ts';
import { type Command, CommandLines, type Dialect, type Reply } from './command-lines.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { claim, type Likeness, PREFIX_BYTES, type StreamProtocol } from './stream-protocol.ts';

/** Of a first segment only so much is looked at. */
const LOOKED_AT = 512;

interface Manner {
  readonly dialect: Dialect;
  readonly ports: readonly number[];
  /** How a server opens on one of the ports, and what it says where no port tells. */
  readonly greeting: RegExp;
  readonly unmistakableGreeting: RegExp;
  /** How a client speaks on one of the ports, and its words that no other protocol has. */
  readonly words: RegExp;
  readonly unmistakableWords: RegExp;
  /** Beginnings that may become one of those words once there are more bytes. */
  readonly beginnings: readonly string[];
}

/** `VERB argument`, verbs in any case. */
function verbAndArgument(line: string): Command | null {
  const match = /^([A-Za-z]{1,24})(?: +(.*))?$/s.exec(line);
  return match?.[1] === undefined ? null : { command: match[1].toUpperCase(), argument: match[2] ?? '' };
}

/** `250 text`; `250-text` goes on (RFC 5321, 4.2.1; RFC 959, 4.2). */
function numbered(line: string): Reply | null {
  const match = /^(\d{3})(?: (.*))?$/s.exec(line);
  return match?.[1] === undefined ? null : { status: match[1], text: match[2] ?? '' };
}

function literal(line: string): number {
  const match = /\{(\d{1,12})\+?\}$/.exec(line);
  return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** RFC 5321, 3207 (STARTTLS), 3030 (BDAT), 2033 (LMTP). */
const SMTP: Manner = {
  ports: [25, 587, 2525],
  greeting: /^[245]\d\d[ -]/,
  unmistakableGreeting: /^220[ -][^\n]*SMTP/i,
  words: /^(?:EHLO|HELO|LHLO|MAIL FROM|RCPT TO|AUTH|STARTTLS|QUIT|RSET|NOOP|DATA|VRFY)\b/i,
  unmistakableWords: /^(?:EHLO|HELO|LHLO) /i,
  beginnings: ['EHLO ', 'HELO ', 'LHLO ', '220'],
  dialect: {
    application: 'smtp',
    command: verbAndArgument,
    reply: numbered,
    beginsData: (command) => command === 'DATA',
    literalBytes: (line) => Number(/^BDAT (\d{1,12})/i.exec(line)?.[1] ?? 0),
  },
};

/** RFC 1939, 2595 (STLS), 5034 (AUTH). */
const POP: Manner = {
  ports: [110],
  greeting: /^(?:\+OK|-ERR)/,
  unmistakableGreeting: /^\+OK[^\n]*POP/i,
  words: /^(?:USER|PASS|APOP|AUTH|CAPA|STLS|STAT|LIST|RETR|TOP|UIDL|DELE|NOOP|QUIT|RSET)\b/i,
  unmistakableWords: /^(?:CAPA|STLS)\r\n/i,
  beginnings: ['CAPA\r\n', 'STLS\r\n', '+OK'],
  dialect: {
    application: 'pop',
    command: verbAndArgument,
    reply(line) {
      const match = /^(\+OK|-ERR)(?: (.*))?$/s.exec(line);
      return match?.[1] === undefined ? null : { status: match[1], text: match[2] ?? '' };
    },
    beginsData: () => false,
    literalBytes: () => 0,
  },
};

/** RFC 9051, 3501: a tag before each command. */
const IMAP: Manner = {
  ports: [143],
  greeting: /^(?:\* |\+ |\S{1,32} (?:OK|NO|BAD)\b)/,
  unmistakableGreeting: /^\* (?:OK|PREAUTH|BYE)[ \r]/,
  words: /^[!-~]{1,32} (?:UID )?[A-Za-z]{2,16}(?: |\r|$)/,
  unmistakableWords:
    /^[A-Za-z0-9.]{1,16} (?:CAPABILITY\r|STARTTLS\r|LOGIN [^\n]+\r|AUTHENTICATE [A-Z0-9-]+|ID (?:NIL|\())/i,
  beginnings: ['* OK', '* PREAUTH', '* BYE'],
  dialect: {
    application: 'imap',
    command(line) {
      const match = /^[!-~]{1,32} ((?:UID )?[A-Za-z]{2,16})(?: (.*))?$/is.exec(line);
      return match?.[1] === undefined ? null : { command: match[1].toUpperCase(), argument: match[2] ?? '' };
    },
    reply(line) {
      const match = /^(?:\*|[!-~]{1,32}) (OK|NO|BAD|BYE|PREAUTH)(?: (.*))?$/is.exec(line);
      return match?.[1] === undefined ? null : { status: match[1].toUpperCase(), text: match[2] ?? '' };
    },
    beginsData: () => false,
    literalBytes: literal,
  },
};

/** RFC 959, 4217 (AUTH TLS). */
const FTP: Manner = {
  ports: [21],
  greeting: /^[1-5]\d\d[ -]/,
  unmistakableGreeting: /^220[ -][^\n]*FTP/i,
  words: /^[A-Za-z]{3,4}(?: [^\n]*)?\r?\n/,
  unmistakableWords: /^AUTH (?:TLS|SSL)\r/i,
  beginnings: ['AUTH TLS\r', 'AUTH SSL\r', '220'],
  dialect: {
    application: 'ftp',
    command: verbAndArgument,
    reply: numbered,
    beginsData: () => false,
    literalBytes: () => 0,
  },
};

const onPort = (out: Emitter, d: Direction, ports: readonly number[]): boolean =>
  ports.includes(out.table.port(d.connection.row, 0)) || ports.includes(out.table.port(d.connection.row, 1));

const isNamed = (out: Emitter, d: Direction, application: Application): boolean =>
  out.table.application[d.connection.row] === applicationCode(application);

type Speaker = 'client' | 'server' | null;

function speakerOf(manner: Manner, text: string, known: boolean): Speaker {
  if (manner.unmistakableGreeting.test(text)) return 'server';
  if (manner.unmistakableWords.test(text)) return 'client';
  if (!known) return null;
  if (manner.greeting.test(text)) return 'server';
  return manner.words.test(text) ? 'client' : null;
}

function likeness(manner: Manner, b: Uint8Array, start: number, end: number, out: Emitter, d: Direction): Likeness {
  const first = u8(b, start);
  if (first < 0x20 || first > 0x7e) return 'no';
  const text = latin1(b, start, Math.min(end, start + LOOKED_AT));
  // The other direction was understood: that a printable character begins this one is enough.
  if (isNamed(out, d, manner.dialect.application)) return 'yes';
  const known = onPort(out, d, manner.ports);
  if (speakerOf(manner, text, known) !== null) return 'yes';
  if (end - start >= PREFIX_BYTES || text.includes('\n')) return 'no';
  const upper = text.toUpperCase();
  return known || manner.beginnings.some((word) => word.startsWith(upper) || upper.startsWith(word)) ? 'perhaps' : 'no';
}

const protocolOf = (manner: Manner): StreamProtocol => ({
  application: manner.dialect.application,
  likeness: (b, start, end, out, d) => likeness(manner, b, start, end, out, d),
  begin(out, d, b, start, end) {
    const text = latin1(b, start, Math.min(end, start + LOOKED_AT));
    const speaker = speakerOf(manner, text, true);
    claim(out, d, manner.dialect.application, 'cleartext', speaker === null ? null : speaker === 'client');
    return new CommandLines(out, d, manner.dialect, speaker === null ? d.way === 0 : speaker === 'client');
  },
});

export const smtp = protocolOf(SMTP);
export const pop = protocolOf(POP);
export const imap = protocolOf(IMAP);
export const ftp = protocolOf(FTP);
