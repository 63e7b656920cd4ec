import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { KeyLog } from '../../main/dissection/keylog/key-log.ts';
import { DTLS_SERVER_HELLO, dtlsClientHello, dtlsPiece } from '../unit/dissection/dtls-builder.ts';
import { HTTP_SCENES } from '../unit/dissection/http-scenes.ts';
import { EARLY_EXCHANGES, EXCHANGES, RENEGOTIATED } from '../unit/dissection/keylog/tls-exchanges.ts';
import { linkFixtures } from '../unit/dissection/link-fixtures.ts';
import { clientHello, ipv4, ipv6, tlsRecord, udpDatagram } from '../unit/dissection/packet-builder.ts';
import { DATAGRAMS, STREAMS } from '../unit/dissection/protocol-talks.ts';
import { crypto, SALTS } from '../unit/dissection/quic-builder.ts';
import { tunnelFixtures } from '../unit/dissection/tunnel-fixtures.ts';
import { WS_ASK, wsConsent, wsFrame } from '../unit/dissection/websocket-frames.ts';

/** What both sides of a TCP connection say, client first unless the server greets. */
export interface Talk {
  readonly name: string;
  readonly port: number;
  /** Said before, in this order and whole: an upgrade that both agree on. */
  readonly opening?: readonly [client: Buffer, server: Buffer];
  readonly client: Buffer;
  readonly server: Buffer;
}

/** A frame and the number of its link type. */
export interface Frame {
  readonly name: string;
  readonly linkType: number;
  readonly bytes: Buffer;
}

const ADDRESSES = { from: '10.0.0.5', to: '192.0.2.80' } as const;
const SOURCE6 = '20010db8000000000000000000000005';
const TARGET6 = '20010db8000000000000000000000080';

export function ip4Of(port: number, payload: Buffer, sourcePort = 40_000): Buffer {
  return ipv4(udpDatagram(sourcePort, port, payload), { ...ADDRESSES, protocol: 17 });
}

const [, NAME_QUERY = Buffer.alloc(0)] = DATAGRAMS[0] ?? [];
export const IP4 = ip4Of(53, NAME_QUERY);
export const IP6 = ipv6(udpDatagram(40_000, 53, NAME_QUERY), 17, SOURCE6, TARGET6);

/** Frames of every link type and every tunnel that is read. */
export const FRAMES: readonly Frame[] = [
  ...linkFixtures(IP4).map(([name, linkType, bytes]) => ({ name, linkType, bytes })),
  ...tunnelFixtures(IP4, IP6).map(([name, , , bytes]) => ({ name, linkType: 1, bytes })),
];

const hello = dtlsClientHello('iot.example');

/** Payloads of every datagram protocol, with its port. */
export const PAYLOADS: readonly (readonly [port: number, payload: Buffer])[] = [
  ...DATAGRAMS,
  [5684, dtlsPiece(1, 0, hello)],
  [5684, Buffer.concat([dtlsPiece(1, 0, hello, 0, 40), dtlsPiece(1, 0, hello, 40)])],
  [5684, dtlsPiece(2, 1, DTLS_SERVER_HELLO)],
];

/** The plain frames of a QUIC Initial, before they are sealed: a hello in two pieces that come in the wrong order. */
const quicHello = clientHello('quic.example', { alpn: ['h3'], versions: [0x0304] });
export const QUIC_FRAMES = Buffer.concat([
  crypto(60, quicHello.subarray(60)),
  Buffer.from([1, 0, 0]),
  crypto(0, quicHello.subarray(0, 60)),
  Buffer.alloc(30),
]);
export const QUIC_VERSIONS: readonly (readonly [version: number, salt: string, label: 'quic' | 'quicv2'])[] = [
  [1, SALTS.v1, 'quic'],
  [0x6b3343cf, SALTS.v2, 'quicv2'],
];

const tls = Buffer.concat([
  tlsRecord(22, clientHello('sni.example', { alpn: ['h2'] })),
  tlsRecord(20, Buffer.from([1])),
  tlsRecord(23, Buffer.alloc(90, 7)),
]);

const TLS_EXCHANGES = [...EXCHANGES, ...EARLY_EXCHANGES, ...RENEGOTIATED];

/** One talk of every protocol over TCP that is read, and of every coding of a body. */
export const TALKS: readonly Talk[] = [
  ...STREAMS.map(([name, port, client, server]) => ({ name, port, client, server })),
  ...HTTP_SCENES.filter(({ name }) => name !== 'WebSocket').map(({ name, bytes }) => ({
    name,
    port: 80,
    client: bytes,
    server: Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  })),
  ...HTTP_SCENES.filter(({ name }) => name !== 'WebSocket' && name !== 'HTTP/2').map(({ name, bytes }) => ({
    name: `${name}, as an answer`,
    port: 8080,
    client: Buffer.from('GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n'),
    server: Buffer.concat([Buffer.from('HTTP/1.1 200 OK'), bytes.subarray(bytes.indexOf('\r\n'))]),
  })),
  ...HTTP_SCENES.filter(({ name }) => name === 'WebSocket').map(({ name, bytes }) => ({
    name,
    port: 80,
    opening: [Buffer.from(WS_ASK), Buffer.from(wsConsent('permessage-deflate'))] as const,
    client: bytes,
    server: bytes,
  })),
  webSocketOverHttp2(),
  { name: 'WebSocket in its middle', port: 9999, client: maskedFrames(), server: maskedFrames() },
  { name: 'tls', port: 443, client: tls, server: tls },
  ...TLS_EXCHANGES.map((one) => ({
    name: one.name,
    port: 443,
    client: said(one.exchange, 0),
    server: said(one.exchange, 1),
  })),
  damagedBody(),
];

/** An answer whose compressed body does not end as it should: what came before the fault is kept. */
function damagedBody(): Talk {
  const body = gzipSync(Array.from({ length: 40 }, (_, i) => `line ${i * i};`).join(''));
  body.fill(0xff, body.length - 8);
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
  return {
    name: 'a body that is damaged',
    port: 80,
    client: Buffer.from('GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n'),
    server: Buffer.concat([Buffer.from(head), body]),
  };
}

/** What a client says, in frames that each fit a segment. */
function maskedFrames(): Buffer {
  return Buffer.concat(Array.from({ length: 12 }, (_, i) => wsFrame(`{"n":${i}}`, { mask: 0x01020304 * i })));
}

/** RFC 8441: an extended CONNECT and its answer, then frames in DATA. */
function webSocketOverHttp2(): Talk {
  const frame = (type: number, payload: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from([0, payload.length >> 8, payload.length & 255, type, type === 1 ? 4 : 0, 0, 0, 0, 1]),
      payload,
    ]);
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  const field = (name: string, value: string): Buffer => Buffer.concat([Buffer.from([0]), text(name), text(value)]);
  const deflate = field('sec-websocket-extensions', 'permessage-deflate');
  const asked = [field(':method', 'CONNECT'), field(':protocol', 'websocket'), field(':path', '/chat'), deflate];
  const settings = Buffer.from('000000040000000000', 'hex');
  const content = HTTP_SCENES.filter(({ name }) => name === 'WebSocket').map(({ bytes }) => frame(0, bytes));
  return {
    name: 'WebSocket over HTTP/2',
    port: 80,
    opening: [
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settings, frame(1, Buffer.concat(asked))]),
      Buffer.concat([settings, frame(1, Buffer.concat([Buffer.from([0x88]), deflate]))]),
    ],
    client: Buffer.concat(content),
    server: Buffer.concat(content),
  };
}

function said(exchange: readonly (readonly [number, string])[], way: number): Buffer {
  return Buffer.concat(exchange.filter(([w]) => w === way).map(([, bytes]) => Buffer.from(bytes, 'base64')));
}

/** The key logs of the TLS talks: what is decrypted is hostile as well. */
export function keyLogOfTalks(): KeyLog {
  const log = new KeyLog();
  log.add(Buffer.from(TLS_EXCHANGES.map(({ keyLog }) => keyLog).join('\n')));
  return log;
}

/** The real captures, where they are. */
export function realCaptures(): { name: string; bytes: Buffer }[] {
  const data = process.env['HANDSIGHT_REAL_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
  const folder = join(data, 'captures');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name !== 'truth.json')
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return { name, bytes: bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes };
    });
}
