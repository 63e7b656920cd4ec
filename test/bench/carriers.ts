import { gzipSync } from 'node:zlib';
import type { Packet } from '../traffic-generator/capture-writer.ts';
import type { Delivery, TcpConversation } from '../traffic-generator/tcp-conversation.ts';
import { xmppOpening } from './ordinary-mix.ts';
import type { Host, Scene } from './scene.ts';
import type { Written } from './writings.ts';

/** Name and text of a field; the identifier is the characters `[from, to)` of the text. */
export interface Load extends Written {
  readonly field: string;
}

/** Where in the traffic an identifier is put. Answers with the packets that carry it first. */
export interface Carrier {
  readonly name: string;
  /** The text shares its packets with others, so a finding may name fewer of them than the carrier does. */
  readonly packed: boolean;
  readonly put: (scene: Scene, host: Host, load: Load) => readonly Packet[];
}

const answer = Buffer.from('HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n');

/** One exchange on a connection of its own; `[from, to)` is where the text stands in the request. */
function exchange(
  scene: Scene,
  host: Host,
  request: Buffer,
  [from, to]: readonly [number, number],
  delivery: Delivery = {},
): readonly Packet[] {
  const talk = scene.tcp(host, 80);
  talk.open();
  const start = talk.send('to-server', request, delivery);
  talk.send('to-client', answer);
  talk.close();
  scene.moved(request.length, talk.nowUs);
  return packetsOf(talk, start + from, start + to);
}

function packetsOf(talk: TcpConversation, from: number, to: number): readonly Packet[] {
  return talk.packetsOf('to-server', from, to);
}

function get(scene: Scene, host: Host, { field, text, from, to }: Load): readonly [Buffer, readonly [number, number]] {
  const before = `GET /v1/collect?os=4.3&t=${scene.noise.random.digits(13)}&${field}=`;
  const after = `&end=1 HTTP/1.1\r\nHost: ${host.name}\r\nUser-Agent: Dalvik/1.6.0\r\nAccept: */*\r\n\r\n`;
  return [Buffer.from(before + text + after), [before.length + from, before.length + to]];
}

function post(
  scene: Scene,
  host: Host,
  load: Load,
  coding: { readonly chunked: boolean; readonly packed: boolean },
): readonly [Buffer, readonly [number, number]] {
  const noise = scene.noise.json();
  const before = `${noise.slice(0, -1)},"${load.field}":"`;
  const body = Buffer.from(`${before}${load.text}","end":1}`);
  const coded = coding.packed ? gzipSync(body) : body;
  const head = Buffer.from(
    [
      'POST /v1/report HTTP/1.1',
      `Host: ${host.name}`,
      'Content-Type: application/json',
      ...(coding.packed ? ['Content-Encoding: gzip'] : []),
      coding.chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${coded.length}`,
      '\r\n',
    ].join('\r\n'),
  );
  if (!coding.chunked) {
    const start = head.length + (coding.packed ? 0 : before.length + load.from);
    const end = coding.packed ? head.length + coded.length : head.length + before.length + load.to;
    return [Buffer.concat([head, coded]), [start, end]];
  }
  // A chunk ends in the middle of the text, or of the compressed body.
  const middle = coding.packed ? coded.length >> 1 : before.length + middleOf([load.from, load.to]);
  const first = Buffer.from(`${middle.toString(16)}\r\n`);
  const second = Buffer.from(`\r\n${(coded.length - middle).toString(16)}\r\n`);
  const all = [head, first, coded.subarray(0, middle), second, coded.subarray(middle), Buffer.from('\r\n0\r\n\r\n')];
  const place = (index: number): number => head.length + first.length + index + (index < middle ? 0 : second.length);
  const [from, to] = coding.packed ? [0, coded.length] : [before.length + load.from, before.length + load.to];
  return [Buffer.concat(all), [place(from), place(to - 1) + 1]];
}

const middleOf = ([from, to]: readonly [number, number]): number => (from + to) >> 1;

function datagram(scene: Scene, host: Host, { field, text }: Load): readonly Packet[] {
  const { random, bytes } = scene.noise;
  const payload = Buffer.concat([bytes(20), Buffer.from(`\0${field}=${text}\0`), bytes(random.between(4, 60))]);
  return [scene.datagram(scene.someInstant(), scene.client(), scene.server(host, 9_991), payload)];
}

function unknownStream(scene: Scene, host: Host, { field, text, from, to }: Load): readonly Packet[] {
  const { random, bytes } = scene.noise;
  const talk = scene.tcp(host, 7_301);
  talk.open();
  const before = Buffer.concat([
    Buffer.from([0, 7, 1, 9]),
    bytes(random.between(30, 3_000)),
    Buffer.from(`\0${field}=`),
  ]);
  const start = talk.send('to-server', Buffer.concat([before, Buffer.from(`${text}\0`), bytes(300)]));
  talk.close();
  scene.moved(before.length + 300, talk.nowUs);
  return packetsOf(talk, start + before.length + from, start + before.length + to);
}

function stanza(scene: Scene, host: Host, { field, text, from, to }: Load): readonly Packet[] {
  const talk = scene.tcp(host, 5222);
  talk.open();
  talk.send('to-server', xmppOpening(host));
  talk.send('to-client', xmppOpening(host));
  const before = `<iq type='set' id='${scene.noise.random.hex(8)}'><query xmlns='jabber:iq:register'><${field}>`;
  const start = talk.send('to-server', Buffer.from(`${before}${text}</${field}></query></iq>`));
  talk.close();
  scene.moved(600, talk.nowUs);
  return packetsOf(talk, start + before.length + from, start + before.length + to);
}

export const carriers: readonly Carrier[] = [
  { name: 'URI', packed: false, put: (s, h, l) => exchange(s, h, ...get(s, h, l)) },
  {
    name: 'header',
    packed: false,
    put: (s, h, { field, text, from, to }) => {
      const before = `GET /p HTTP/1.1\r\nHost: ${h.name}\r\nCookie: sid=${s.noise.random.hex(16)}; ${field}=`;
      return exchange(s, h, Buffer.from(`${before}${text}\r\n\r\n`), [before.length + from, before.length + to]);
    },
  },
  {
    name: 'body',
    packed: false,
    put: (s, h, l) => exchange(s, h, ...post(s, h, l, { chunked: false, packed: false })),
  },
  {
    name: 'chunked',
    packed: false,
    put: (s, h, l) => exchange(s, h, ...post(s, h, l, { chunked: true, packed: false })),
  },
  { name: 'gzip', packed: true, put: (s, h, l) => exchange(s, h, ...post(s, h, l, { chunked: false, packed: true })) },
  {
    name: 'gzip, chunked',
    packed: true,
    put: (s, h, l) => exchange(s, h, ...post(s, h, l, { chunked: true, packed: true })),
  },
  {
    name: 'split',
    packed: false,
    put: (s, h, l) => {
      const [bytes, range] = get(s, h, l);
      return exchange(s, h, bytes, range, { cuts: [middleOf(range)] });
    },
  },
  {
    name: 'retransmitted',
    packed: false,
    put: (s, h, l) => exchange(s, h, ...get(s, h, l), { retransmit: true }),
  },
  {
    name: 'out of order',
    packed: false,
    put: (s, h, l) => {
      const [bytes, range] = get(s, h, l);
      return exchange(s, h, bytes, range, { cuts: [middleOf(range)], swap: true });
    },
  },
  { name: 'datagram', packed: false, put: datagram },
  { name: 'unknown stream', packed: false, put: unknownStream },
  { name: 'XMPP', packed: false, put: stanza },
];
