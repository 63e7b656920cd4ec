/** Traffic that grows without end in one place: what a sender could do to be remembered for ever or looked at again and again. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Conversation } from '../unit/dissection/conversation.ts';
import {
  clientHello,
  ethernet,
  ipv4,
  tcp,
  tlsRecord,
  u16,
  u32,
  udp,
  udpDatagram,
} from '../unit/dissection/packet-builder.ts';
import { crypto, initial } from '../unit/dissection/quic-builder.ts';
import { data, filledWith, sctp } from '../unit/dissection/sctp-builder.ts';
import { WS_ASK, wsConsent, wsFrame } from '../unit/dissection/websocket-frames.ts';

export interface Endless {
  readonly name: string;
  /** About `bytes` bytes of it, packet by packet. */
  readonly packets: (bytes: number) => Iterable<Buffer>;
  /** Each packet takes long to make: less of it is tried. */
  readonly dear?: boolean;
}

const PIECE = 1400;

/** A stream: what opens it, and then a piece again and again. */
function stream(
  name: string,
  port: number,
  opening: Buffer | string,
  piece: (n: number) => Buffer | string,
  answer = '',
): Endless {
  return {
    name,
    *packets(bytes) {
      const t = new Conversation({ targetPort: port });
      if (opening.length > 0) t.toServer(opening, PIECE);
      if (answer !== '') t.toClient(answer, PIECE);
      yield* t.packets.splice(0);
      let held = Buffer.alloc(0);
      for (let n = 0, sent = 0; sent < bytes; n++) {
        held = Buffer.concat([held, Buffer.from(piece(n) as string, 'latin1')]);
        if (held.length < PIECE) continue;
        t.toServer(held, PIECE);
        sent += held.length;
        held = Buffer.alloc(0);
        yield* t.packets.splice(0);
      }
    },
  };
}

function datagrams(name: string, packet: (n: number) => Buffer): Endless {
  return {
    name,
    *packets(bytes) {
      for (let n = 0, sent = 0; sent < bytes; n++) {
        const one = packet(n);
        sent += one.length;
        yield one;
      }
    },
  };
}

function dear(name: string, packet: (n: number) => Buffer): Endless {
  return { ...datagrams(name, packet), dear: true };
}

const frame = (type: number, flags: number, id: number, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([body.length >> 16, (body.length >> 8) & 255, body.length & 255, type, flags]),
    u32(id),
    body,
  ]);
const preface = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0, Buffer.alloc(0))]);
const line = 'a'.repeat(90);
const post = (headers: string): string => `POST /x HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`;
const zeros = gzipSync(Buffer.alloc(4_000_000));
const brotliZeros = brotliCompressSync(Buffer.alloc(4_000_000));
const quicId = '8394c8f03e515708';
const chunk = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const gapped = (n: number): Buffer =>
  tcp({ sourcePort: 50_001, targetPort: 80, seq: 5000 + n * 200, ack: 1, flags: 'PA', payload: 'z'.repeat(100) });

export const ENDLESS: readonly Endless[] = [
  stream('a head of one line', 80, 'GET /', () => line),
  stream('a head of many fields', 80, 'GET / HTTP/1.1\r\n', (n) => `X-${n}: ${line}\r\n`),
  stream('a head of empty fields', 80, 'GET / HTTP/1.1\r\n', () => 'a:\r\n'),
  stream('chunks of one byte', 80, post('Transfer-Encoding: chunked'), () => '1\r\nx\r\n'),
  stream('a chunk extension', 80, post('Transfer-Encoding: chunked'), (n) => (n === 0 ? `5;${line}` : line)),
  stream('a chunk size without end', 80, post('Transfer-Encoding: chunked'), () => '0'),
  stream('trailers', 80, `${post('Transfer-Encoding: chunked')}0\r\n`, (n) => `T-${n}: ${line}\r\n`),
  stream('pipelined requests', 80, '', (n) => `GET /${n} HTTP/1.1\r\nHost: h\r\n\r\n`),
  stream('line ends', 80, '', () => '\r\n\r\n\r\n\r\n'),
  stream('gzip bombs in chunks', 80, post('Transfer-Encoding: chunked\r\nContent-Encoding: gzip'), () => chunk(zeros)),
  stream('br bombs in chunks', 80, post('Transfer-Encoding: chunked\r\nContent-Encoding: br'), () =>
    chunk(brotliZeros),
  ),
  stream(
    'parts without a boundary',
    80,
    post('Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 999999999'),
    () => `\r\n-${line}`,
  ),
  stream(
    'empty parts',
    80,
    post('Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 999999999'),
    () => '--B\r\nA: b\r\n\r\n\r\n',
  ),
  stream(
    'HTTP/2 header sections that do not end',
    80,
    Buffer.concat([preface, frame(1, 0, 1, Buffer.from([0x82]))]),
    () => frame(9, 0, 1, Buffer.from(`\x40\x01a\x50${'b'.repeat(80)}`, 'latin1')),
  ),
  stream('HTTP/2 streams that do not end', 80, preface, (n) => frame(1, 4, 2 * n + 1, Buffer.from([0x82, 0x84, 0x86]))),
  stream('HTTP/2 tables that change their size', 80, preface, (n) =>
    frame(1, 5, 2 * n + 1, Buffer.concat([Buffer.from([0x3f, 0xe1, 0x1f, 0x20]), Buffer.alloc(40, 0xbe)])),
  ),
  stream('HTTP/2 pings', 80, preface, () => frame(6, 0, 0, Buffer.alloc(8))),
  stream(
    'a WebSocket message of fragments',
    80,
    WS_ASK,
    (n) => wsFrame('frag', { mask: 7, final: false, opcode: n === 0 ? 1 : 0 }),
    wsConsent(),
  ),
  stream(
    'a handshake message without end',
    443,
    Buffer.concat([tlsRecord(22, Buffer.concat([Buffer.from([11, 0xff, 0xff, 0xff]), Buffer.alloc(500)]))]),
    () => tlsRecord(22, Buffer.alloc(500, 1)),
  ),
  stream('hellos', 443, '', (n) => tlsRecord(22, clientHello(`n${n}.example`))),
  stream('records of one byte', 443, tlsRecord(22, clientHello('n.example')), () => tlsRecord(23, Buffer.from([1]))),
  stream(
    'a stanza without end',
    5222,
    "<?xml version='1.0'?><stream:stream to='x'><message>",
    () => `<a b='c'>${line}`,
  ),
  stream('elements in elements', 5222, "<?xml version='1.0'?><stream:stream to='x'>", () => '<a>'),
  stream(
    'a mail without end',
    25,
    'EHLO a\r\nMAIL FROM:<a>\r\nDATA\r\n',
    () => `${line}\r\n`,
    '220 x ESMTP\r\n250 a\r\n',
  ),
  stream('commands without end', 143, '', (n) => `a${n} NOOP\r\n`, '* OK hi\r\n'),
  stream('a command line without end', 21, 'USER ', () => line, '220 FTP\r\n'),
  stream('DNS messages', 53, '', () =>
    Buffer.concat([u16(17), Buffer.from('123401000001000000000000', 'hex'), Buffer.from([0]), u16(1), u16(1)]),
  ),
  stream('DNS pointers', 53, '', () =>
    Buffer.concat([
      u16(400),
      Buffer.from('123481000001000100000000', 'hex'),
      ...Array.from({ length: 97 }, (_, i) => u16(0xc00c + i * 2)),
      Buffer.alloc(194),
    ]),
  ),
  stream('SIP heads', 5060, 'INVITE sip:a SIP/2.0\r\n', (n) => `V-${n}: ${line}\r\n`),
  stream('MQTT topics', 1883, Buffer.from('101000044d5154540402003c000461626364', 'hex'), () =>
    Buffer.concat([Buffer.from([0x30, 92]), u16(80), Buffer.alloc(90, 0x61)]),
  ),
  stream('Diameter messages', 3868, '', () =>
    Buffer.concat([
      Buffer.from('010000a880000101010000230000000100000002', 'hex'),
      ...Array.from({ length: 9 }, () => Buffer.from('00000001400000104142434445464748', 'hex')),
      Buffer.alloc(4),
    ]),
  ),
  stream('nobody’s protocol', 9999, '\x01\x02\x03\x04', () => `\x00\x01${line}`),
  datagrams('segments behind a hole', gapped),
  datagrams('overlapping segments behind a hole', (n) =>
    tcp({ sourcePort: 50_001, targetPort: 80, seq: 5000 + n, ack: 1, flags: 'PA', payload: 'z'.repeat(100) }),
  ),
  datagrams('segments in reverse', (n) =>
    tcp({
      sourcePort: 50_001,
      targetPort: 80,
      seq: 900_000_000 - n * 100,
      ack: 1,
      flags: 'PA',
      payload: 'z'.repeat(100),
    }),
  ),
  datagrams('connections', (n) =>
    tcp({
      sourcePort: 1024 + (n % 60_000),
      targetPort: 80 + Math.floor(n / 60_000),
      seq: n,
      flags: 'PA',
      payload: 'GET /half',
    }),
  ),
  datagrams('SYNs', (n) =>
    tcp({ sourcePort: 1024 + (n % 60_000), targetPort: 80 + Math.floor(n / 60_000), seq: n, flags: 'S' }),
  ),
  datagrams('SYNs on one 5-tuple', (n) => tcp({ seq: n * 77, flags: 'S' })),
  datagrams('fragments that are never whole', (n) =>
    ethernet(
      ipv4(Buffer.alloc(64, n), {
        from: '10.0.0.5',
        to: '192.0.2.80',
        protocol: 17,
        id: n & 0xffff,
        fragmentOffset: 8 * (1 + (n >> 16)),
        more: true,
      }),
    ),
  ),
  datagrams('fragments of one byte count', (n) =>
    ethernet(
      ipv4(Buffer.alloc(8, n), {
        from: '10.0.0.5',
        to: '192.0.2.80',
        protocol: 17,
        id: 7,
        fragmentOffset: 8 * ((n * 2) % 8000),
        more: true,
      }),
    ),
  ),
  dear('QUIC pieces with holes', (n) =>
    udp(
      50_100,
      443,
      initial({
        keyId: quicId,
        from: 'client',
        target: quicId,
        source: '',
        number: n & 0xffff,
        payload: Buffer.concat([crypto((n * 3) % 16_000, Buffer.from([1, 2])), Buffer.alloc(40)]),
      }),
    ),
  ),
  dear('QUIC connections', (n) =>
    udp(
      1024 + (n % 60_000),
      443,
      initial({
        keyId: u32(n).toString('hex').repeat(2),
        from: 'client',
        target: u32(n).toString('hex').repeat(2),
        source: '',
        number: 0,
        payload: Buffer.concat([crypto(4, Buffer.alloc(40)), Buffer.alloc(40)]),
      }),
    ),
  ),
  datagrams('DTLS pieces', (n) =>
    udp(
      50_200,
      5684,
      Buffer.concat([
        Buffer.from('16fefd0000000000000000', 'hex'),
        u16(32),
        Buffer.from([11, 0, 0x40, 0]),
        u16(n & 0xffff),
        Buffer.from([0, 0, (n * 3) & 255, 0, 0, 20]),
        Buffer.alloc(20),
      ]),
    ),
  ),
  datagrams('DNS questions', (n) =>
    udp(
      40_000,
      53,
      Buffer.concat([
        Buffer.from('12340100', 'hex'),
        u16(60),
        Buffer.alloc(6),
        ...Array.from({ length: 60 }, () => Buffer.from([1, 97 + (n % 26), 0, 0, 1, 0, 1])),
      ]),
    ),
  ),
  datagrams('SCTP chunks that are filled up', (n) =>
    sctp(Array.from({ length: 40 }, (_, i) => filledWith('xyz', data(n * 40 + i, 'a')))),
  ),
  datagrams('SCTP associations whose chunks are filled up', (n) =>
    sctp([filledWith('xyz', data(n, 'a'))], { sourcePort: 1024 + (n % 60_000) }),
  ),
  datagrams('IP in IP', () => {
    let inner = ipv4(udpDatagram(1, 2, 'x'), { from: '10.0.0.5', to: '192.0.2.80', protocol: 17 });
    for (let depth = 0; depth < 60; depth++) inner = ipv4(inner, { from: '10.0.0.1', to: '10.0.0.2', protocol: 4 });
    return ethernet(inner);
  }),
];
