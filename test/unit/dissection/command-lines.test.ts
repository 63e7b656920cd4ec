import { describe, expect, it } from 'vitest';
import { type Collected, collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { clientHello, pcap, tlsRecord, u16 } from './packet-builder.ts';

const HELLO = tlsRecord(22, clientHello('mail.example'));
const SERVER_HELLO = tlsRecord(
  22,
  Buffer.concat([
    Buffer.from([2, 0, 0, 38]),
    u16(0x0303),
    Buffer.alloc(32, 9),
    Buffer.from([0]),
    u16(0xc02f),
    Buffer.from([0]),
  ]),
);

/** Alternating speech, the server first where the first word is empty. */
function talk(port: number, turns: readonly string[], o: { syn?: boolean; piece?: number } = {}): Conversation {
  const t = new Conversation({ targetPort: port, ...(o.syn === undefined ? {} : { syn: o.syn }) });
  turns.forEach((text, i) => {
    if (text === '') return;
    if (i % 2 === 0) t.toServer(text, o.piece ?? text.length);
    else t.toClient(text, o.piece ?? text.length);
  });
  return t;
}

const brief = (c: Collected): unknown[][] =>
  c.messages.map(({ kind, way, fields }) => [
    kind,
    way,
    fields['command'] ?? fields['status'] ?? fields['serverName'] ?? fields['version'],
    fields['argument'] ?? fields['text'] ?? '',
  ]);

const SMTP_TURNS = [
  '',
  '220 mx.example ESMTP ready\r\n',
  'ehlo phone.local\r\n',
  '250-mx.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n',
  'STARTTLS\r\n',
  '220 2.0.0 Ready\r\n',
];
const SMTP_MESSAGES = [
  ['reply', 1, '220', 'mx.example ESMTP ready'],
  ['command', 0, 'EHLO', 'phone.local'],
  ['reply', 1, '250', 'AUTH PLAIN'],
  ['command', 0, 'STARTTLS', ''],
  ['reply', 1, '220', '2.0.0 Ready'],
];

describe('SMTP', () => {
  it.each([1, 3, 10, 1000])('reads commands and answers and follows STARTTLS, in pieces of %i bytes', (piece) => {
    const t = talk(25, SMTP_TURNS, { piece }).toServer(HELLO, piece).toClient(SERVER_HELLO, piece);
    const c = collect(pcap(t.packets), { needle: 'phone.local' });
    expect(brief(c)).toEqual([
      ...SMTP_MESSAGES,
      ['tls-client-hello', 0, 'mail.example', ''],
      ['tls-server-hello', 1, '1.2', ''],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'smtp', channel: 'tls', incomplete: [] });
    expect(c.found).toMatchObject([{ field: 'smtp.command', message: 1, channel: 'cleartext' }]);
  });

  it('tells the client without a SYN, from whoever speaks first', () => {
    for (const turns of [SMTP_TURNS, SMTP_TURNS.slice(2)]) {
      const t = talk(2525, turns, { syn: false });
      const flow = collect(pcap(t.packets)).flows[0];
      expect(flow).toMatchObject({ application: 'smtp', clientPort: 51_234, serverPort: 2525 });
    }
    // Ports that tell nothing, and the greeting comes first.
    const t = new Conversation({ sourcePort: 40_000, targetPort: 40_001, syn: false }).toClient(
      '220 mx.example ESMTP\r\n',
    );
    expect(collect(pcap(t.packets)).flows[0]).toMatchObject({ application: 'smtp', serverPort: 40_001 });
  });

  it('does not take the lines of a mail for commands; what follows a refusal is one', () => {
    const accepted = talk(25, ['', '220 x ESMTP\r\n', 'DATA\r\n', '354 go\r\n', 'QUIT\r\nRSET me\r\n.\r\nQUIT\r\n']);
    expect(brief(collect(pcap(accepted.packets))).filter(([kind]) => kind === 'command')).toEqual([
      ['command', 0, 'DATA', ''],
      ['command', 0, 'QUIT', ''],
    ]);
    const refused = talk(25, ['', '220 x ESMTP\r\n', 'DATA\r\n', '503 no\r\n', 'QUIT\r\n']);
    expect(brief(collect(pcap(refused.packets))).at(-1)).toEqual(['command', 0, 'QUIT', '']);
    const body = collect(pcap(accepted.packets), { needle: 'RSET me' });
    expect(body.found).toMatchObject([{ field: 'smtp.data' }]);
  });

  it('passes over the bytes of BDAT', () => {
    const t = talk(25, ['', '220 x ESMTP\r\n', 'BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n']);
    expect(brief(collect(pcap(t.packets))).slice(1)).toEqual([
      ['command', 0, 'BDAT', '6 LAST'],
      ['command', 0, 'NOOP', ''],
    ]);
  });

  it('says when a line is longer than what is kept', () => {
    const t = talk(25, ['', '220 x ESMTP\r\n', `AUTH PLAIN ${'A'.repeat(9000)}\r\nQUIT\r\n`]);
    const c = collect(pcap(t.packets));
    expect(brief(c).map((m) => m[2])).toEqual(['220', 'AUTH', 'QUIT']);
    expect(c.flows[0]?.incomplete).toEqual(['cap-message']);
  });

  it('reads on after a gap at the next line', () => {
    const t = talk(25, ['', '220 x ESMTP\r\n', 'EHLO a\r\n']);
    t.packets.push(t.clientSegment(100, 'rest of a line\r\nQUIT\r\n'));
    const c = collect(pcap(t.packets));
    expect(brief(c).at(-1)).toEqual(['command', 0, 'QUIT', '']);
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap', 'protocol-resync']);
  });
});

describe('IMAP', () => {
  it('reads tagged commands; a literal is no command', () => {
    const t = talk(143, [
      '',
      '* OK [CAPABILITY IMAP4rev1] ready\r\n',
      'a1 LOGIN {4}\r\n',
      '+ go\r\n',
      'user {6}\r\na2 OK\r\n\r\na3 SELECT INBOX\r\na4 UID FETCH 1 BODY[]\r\n',
      '* 1 FETCH (BODY[] {12}\r\na9 NO x\r\nabc)\r\na4 OK done\r\n',
      'a5 STARTTLS\r\n',
    ]).toServer(HELLO);
    const c = collect(pcap(t.packets));
    expect(brief(c)).toEqual([
      ['reply', 1, 'OK', '[CAPABILITY IMAP4rev1] ready'],
      ['command', 0, 'LOGIN', '{4}'],
      ['command', 0, 'SELECT', 'INBOX'],
      ['command', 0, 'UID FETCH', '1 BODY[]'],
      ['reply', 1, 'OK', 'done'],
      ['command', 0, 'STARTTLS', ''],
      ['tls-client-hello', 0, 'mail.example', ''],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'imap', channel: 'tls' });
  });
});

describe('POP and FTP', () => {
  it('POP: commands, answers and STLS', () => {
    const t = talk(110, ['', '+OK POP3 ready\r\n', 'STLS\r\n', '+OK begin\r\n']).toServer(HELLO, 4);
    const c = collect(pcap(t.packets));
    expect(brief(c)).toEqual([
      ['reply', 1, '+OK', 'POP3 ready'],
      ['command', 0, 'STLS', ''],
      ['reply', 1, '+OK', 'begin'],
      ['tls-client-hello', 0, 'mail.example', ''],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'pop', channel: 'tls', incomplete: [] });
  });

  it('FTP: the greeting, a log-in and AUTH TLS', () => {
    const t = talk(21, ['', '220 (vsFTPd 3.0)\r\n', 'AUTH TLS\r\n', '234 go\r\n']).toServer(HELLO);
    const c = collect(pcap(t.packets));
    expect(c.flows[0]).toMatchObject({ application: 'ftp', channel: 'tls' });
    const clear = talk(21, ['', '220 x\r\n', 'USER anna\r\n', '331 password\r\n', 'PASS geheim\r\n']);
    expect(brief(collect(pcap(clear.packets), { needle: 'anna' }))).toEqual([
      ['reply', 1, '220', 'x'],
      ['command', 0, 'USER', 'anna'],
      ['reply', 1, '331', 'password'],
      // The password is not told; it stands in the exhibit and is searched.
      ['command', 0, 'PASS', ''],
    ]);
    expect(collect(pcap(clear.packets)).flows[0]).toMatchObject({ application: 'ftp', channel: 'cleartext' });
  });

  it('SMTP: what proves who the client is becomes no message', () => {
    const lines = ['', '220 x ESMTP\r\n', 'EHLO a\r\n', '250 ok\r\n', 'AUTH LOGIN\r\n', '334 VXNlcm5hbWU6\r\n'];
    const rest = ['YW5uYWFubmFh\r\n', '334 UGFzc3dvcmQ6\r\n', 'Z2VoZWlt\r\n', '235 ok\r\n', 'QUIT\r\n', '221 bye\r\n'];
    const c = collect(pcap(talk(25, [...lines, ...rest]).packets), { needle: 'Z2VoZWlt' });
    const commands = c.messages.filter((m) => m.kind === 'command').map((m) => m.fields['command']);
    expect(commands).toEqual(['EHLO', 'AUTH', 'QUIT']);
    expect(c.found).toHaveLength(1);
  });

  it('leaves alone what only resembles them', () => {
    for (const text of ['+OK\r\n', '220 apples and pears in a basket\r\n', 'USER x\r\n', '* star\r\n']) {
      const t = new Conversation({ targetPort: 6379 }).toClient(text);
      expect(collect(pcap(t.packets)).flows[0]).toMatchObject({ application: 'unknown', channel: 'unknown' });
    }
  });
});

describe('XMPP', () => {
  const OPEN = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='xmpp.example' xmlns:stream='s'>";
  const ANSWER = "<stream:stream id='7' from='xmpp.example' xmlns='jabber:client' xmlns:stream='s'>";

  it.each([1, 7, 1000])('reads stanzas near the root, in pieces of %i bytes', (piece) => {
    const t = new Conversation({ targetPort: 5222 }).toServer(OPEN, piece);
    t.toServer(`<iq type="set" id='1'><query a='>'><to/></query></iq><presence to='b@x'/>`, piece);
    const c = collect(pcap(t.packets), { needle: 'query' });
    expect(c.messages.map((m) => [m.kind, m.fields])).toEqual([
      ['xmpp-stream', { namespace: 'jabber:client', to: 'xmpp.example' }],
      ['xmpp-stanza', { name: 'iq', type: 'set', from: null, to: null }],
      ['xmpp-stanza', { name: 'presence', type: null, from: null, to: 'b@x' }],
    ]);
    expect(c.found).toMatchObject([
      { field: 'xmpp.stanza', message: 1 },
      { field: 'xmpp.stanza', message: 1 },
    ]);
  });

  it('tells the client without a SYN from the opening tag', () => {
    const sides = { sourcePort: 40_000, targetPort: 40_001, syn: false };
    const client = new Conversation(sides).toServer(OPEN);
    const server = new Conversation(sides).toClient(ANSWER);
    for (const t of [client, server]) {
      expect(collect(pcap(t.packets)).flows[0]).toMatchObject({ application: 'xmpp', clientPort: 40_000 });
    }
  });

  it('follows a hello that comes in single bytes', () => {
    const t = new Conversation({ targetPort: 5222 }).toServer(OPEN).toServer('<starttls/>').toServer(HELLO, 1);
    const c = collect(pcap(t.packets));
    expect(c.messages.at(-1)).toMatchObject({ kind: 'tls-client-hello', fields: { serverName: 'mail.example' } });
    expect(c.flows[0]).toMatchObject({ application: 'xmpp', channel: 'tls', incomplete: [] });
  });
});

describe('log-ins', () => {
  const startup = (words: string): Buffer => {
    const body = Buffer.concat([Buffer.from('00030000', 'hex'), Buffer.from(words, 'latin1')]);
    return Buffer.concat([Buffer.from([0, 0, 0, body.length + 4]), body]);
  };
  const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

  it.each([1, 5, 100])('PostgreSQL: user and database, in pieces of %i bytes', (piece) => {
    const t = new Conversation({ targetPort: 5432 }).toServer(SSL_REQUEST, piece).toClient('N');
    t.toServer(Buffer.concat([startup('user\0anna\0database\0shop\0\0'), Buffer.from('p\0\0\0\x0bgeheim\0')]), piece);
    const c = collect(pcap(t.packets));
    expect(c.messages).toMatchObject([
      { kind: 'login', way: 0, fields: { protocol: 'postgresql', user: 'anna', target: 'shop' } },
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'postgresql', channel: 'cleartext', incomplete: [] });
  });

  it('PostgreSQL: what stands in the first message is told', () => {
    const t = new Conversation({ targetPort: 5432 }).toServer(startup('user\0anna\0\0'));
    expect(collect(pcap(t.packets), { needle: 'anna' }).found).toMatchObject([
      { field: 'postgresql.startup', message: 0 },
    ]);
  });

  it.each([1, 100])('PostgreSQL: TLS behind the wish for it, in pieces of %i bytes', (piece) => {
    const t = new Conversation({ targetPort: 5432 }).toServer(SSL_REQUEST).toClient('S').toServer(HELLO, piece);
    t.toClient(SERVER_HELLO, piece);
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.kind)).toEqual(['tls-client-hello', 'tls-server-hello']);
    expect(c.flows[0]).toMatchObject({ application: 'postgresql', channel: 'tls', incomplete: [] });
  });

  /** BindRequest (RFC 4511, 4.2) with a simple password. */
  const BIND = Buffer.from('301602010160110201030407636e3d616e6e618003736563', 'hex');

  it.each([1, 9, 100])('LDAP: who binds, and StartTLS, in pieces of %i bytes', (piece) => {
    const start = Buffer.from('301d02010277188016312e332e362e312e342e312e313436362e3230303337', 'hex');
    const t = new Conversation({ targetPort: 389 }).toServer(BIND, piece).toServer(start, piece).toServer(HELLO, piece);
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => [m.kind, m.fields['user'] ?? m.fields['serverName']])).toEqual([
      ['login', 'cn=anna'],
      ['tls-client-hello', 'mail.example'],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'ldap', channel: 'tls', incomplete: [] });
  });
});
