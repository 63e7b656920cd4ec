import { randomBytes } from '../traffic-generator/tls-records.ts';
import { clientFinish, clientHello, serverFinish, serverFlight, tlsRecord } from '../traffic-generator/tls-records.ts';
import { makeCertificate } from '../traffic-generator/certificate-der.ts';
import { httpBytes } from '../traffic-generator/http-text.ts';
import { dnsAnswer, dnsQuery } from '../traffic-generator/small-protocols.ts';
import type { Random } from '../demo-world/random.ts';
import type { Host, Scene } from './scene.ts';

const hostCount = 240;

/** Invented hosts at addresses kept for documentation (RFC 5737). */
export function drawHosts(random: Random): Host[] {
  const kinds = ['cdn', 'img', 'api', 'static', 'log', 'news', 'video', 'ads'];
  return Array.from({ length: hostCount }, (_, n) => ({
    name: `${random.pick(kinds)}${n}.${random.pick(['weather', 'market', 'player', 'reader'])}.example`,
    address: `${random.pick(['198.51.100', '203.0.113', '192.0.2'])}.${1 + (n % 254)}`,
  }));
}

/** Between `low` and `high`, small values as often as large ones: what the sizes of real transfers look like. */
function heavyTailed(random: Random, low: number, high: number): number {
  return Math.round(low * (high / low) ** random.next());
}

type Act = (scene: Scene, host: Host) => void;

const dns: Act = (scene, host) => {
  const { random } = scene.noise;
  const client = scene.client();
  const id = random.between(0, 0xffff);
  const atUs = scene.someInstant();
  scene.datagram(atUs, client, scene.resolver, dnsQuery(id, host.name));
  scene.datagram(
    atUs + random.between(9_000, 60_000),
    scene.resolver,
    client,
    dnsAnswer(id, host.name, [host.address], 300),
  );
};

/** Requests of one connection: pictures and files, pages and JSON, a third of the texts compressed, some in chunks. */
const http: Act = (scene, host) => {
  const { random } = scene.noise;
  const talk = scene.tcp(host, 80);
  talk.open();
  for (let left = random.between(2, 8); left > 0; left -= 1) {
    const request = httpBytes(
      `GET /${random.pick(['a', 'list', 'img', 'v2/item'])}/${random.hex(12)}?t=${random.digits(13)}&s=${random.hex(32)} HTTP/1.1`,
      [
        ['Host', host.name],
        ['User-Agent', 'Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW)'],
        ['Cookie', `sid=${random.hex(32)}; seen=${random.digits(10)}`],
        ['Accept-Encoding', 'gzip'],
      ],
    ).bytes;
    talk.send('to-server', request);
    const response = random.next() < 0.14 ? file(scene) : text(scene);
    talk.send('to-client', response);
    scene.moved(request.length + response.length, talk.nowUs);
  }
  talk.close();
  scene.moved(0, talk.nowUs);
};

const fields: readonly (readonly [string, string])[] = [
  ['Server', 'nginx/1.4.7'],
  ['Date', 'Thu, 07 Aug 2014 10:00:00 GMT'],
];

function file({ noise }: Scene): Buffer {
  const body = noise.bytes(heavyTailed(noise.random, 4_000, 700_000));
  return httpBytes('HTTP/1.1 200 OK', fields, { text: body, type: 'application/octet-stream' }).bytes;
}

function text({ noise }: Scene): Buffer {
  const { random } = noise;
  const document = noise.document();
  const packed = random.next() < 0.45;
  const body = packed ? document.packed : document.text;
  const chunked = random.next() < 0.4;
  const head = [
    'HTTP/1.1 200 OK',
    ...fields.map(([name, value]) => `${name}: ${value}`),
    `Content-Type: ${document.type}`,
    ...(packed ? ['Content-Encoding: gzip'] : []),
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    ...(chunked ? chunksOf(body, random.between(700, 16_000)) : [body]),
  ]);
}

function chunksOf(body: Buffer, size: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return [...parts, Buffer.from('0\r\n\r\n')];
}

const certificates = new Map<string, Buffer>();

const tls: Act = (scene, host) => {
  const { random, bytes } = scene.noise;
  const talk = scene.tcp(host, 443);
  const certificate = certificates.get(host.name) ?? makeCertificate(random, host.name, [host.name]);
  certificates.set(host.name, certificate);
  talk.open();
  talk.send('to-server', clientHello(random, host.name, '1.2'));
  talk.send('to-client', serverFlight(random, '1.2', [certificate]));
  talk.send('to-server', clientFinish(random, '1.2'));
  talk.send('to-client', serverFinish(random, '1.2'));
  const secret = (length: number): Buffer => {
    const records: Buffer[] = [];
    for (let left = length; left > 0; left -= 16_000)
      records.push(tlsRecord(23, '1.2', bytes(Math.min(left, 16_000) + 64)));
    return Buffer.concat(records);
  };
  for (let left = random.between(1, 4); left > 0; left -= 1) {
    const asked = secret(random.between(300, 2_000));
    const answered = secret(heavyTailed(random, 1_000, 250_000));
    talk.send('to-server', asked);
    talk.send('to-client', answered);
    scene.moved(asked.length + answered.length, talk.nowUs);
  }
  talk.close();
  scene.moved(0, talk.nowUs);
};

/** Google's QUIC with its version in the first datagrams, as the wire showed it before the IETF's: opaque but recognised. */
const quic: Act = (scene, host) => {
  const { random, bytes } = scene.noise;
  const client = scene.client();
  const server = scene.server(host, 443);
  let atUs = scene.someInstant();
  const connection = randomBytes(random, 8);
  const first = Buffer.concat([
    Buffer.from([0xc3, 0, 0, 0, 1, 8]),
    connection,
    Buffer.from([0, 0, 0x44, 0xb0]),
    bytes(1_200),
  ]);
  scene.datagram(atUs, client, server, first);
  for (let left = heavyTailed(random, 8, 500); left > 0; left -= 1) {
    atUs += random.between(200, 9_000);
    const payload = Buffer.concat([Buffer.from([0x40 | random.between(0, 0x3f)]), connection, bytes(1_240)]);
    scene.datagram(atUs, server, client, payload);
  }
};

/** A stream that nobody recognises: searched all the same. */
const unknown: Act = (scene, host) => {
  const { random, bytes } = scene.noise;
  const talk = scene.tcp(host, 7_300);
  talk.open();
  for (let left = random.between(2, 12); left > 0; left -= 1) {
    const body = bytes(heavyTailed(random, 40, 30_000));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    talk.send(random.pick(['to-server', 'to-client']), Buffer.concat([head, body]));
    scene.moved(body.length, talk.nowUs);
  }
  talk.close();
};

export function xmppOpening(host: Host): Buffer {
  return Buffer.from(
    `<?xml version='1.0'?><stream:stream to='${host.name}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
  );
}

const xmpp: Act = (scene, host) => {
  const { random } = scene.noise;
  const talk = scene.tcp(host, 5222);
  talk.open();
  talk.send('to-server', xmppOpening(host));
  talk.send('to-client', xmppOpening(host));
  for (let left = random.between(4, 60); left > 0; left -= 1) {
    const stanza = Buffer.from(
      `<message to='u${random.digits(5)}@${host.name}' id='${random.hex(10)}'><body>${random.pick(['see you', 'on my way', 'rain again', 'call later'])} ${random.digits(3)}</body></message>`,
    );
    talk.send(random.pick(['to-server', 'to-client']), stanza);
    scene.moved(stanza.length, talk.nowUs);
  }
  talk.close();
};

/** Shares of conversations (not bytes): about ten HTTP requests, three TLS connections and six names asked for in a megabyte. */
const shares: readonly (readonly [Act, number])[] = [
  [dns, 46],
  [http, 24],
  [tls, 22],
  [quic, 6],
  [unknown, 3],
  [xmpp, 2],
];
const total = shares.reduce((sum, [, share]) => sum + share, 0);

/** One more conversation of the ordinary kind. */
export function addOrdinary(scene: Scene, hosts: readonly Host[]): void {
  const { random } = scene.noise;
  let left = random.next() * total;
  for (const [act, share] of shares) {
    left -= share;
    if (left < 0) {
      act(scene, random.pick(hosts));
      return;
    }
  }
}
