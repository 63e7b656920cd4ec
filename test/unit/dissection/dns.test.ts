import { describe, expect, it } from 'vitest';
import { splitData } from '../../../main/dissection/dns-hidden-text.ts';
import { parseDns } from '../../../main/dissection/dns.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { dns, pcap, u16, u32, udp } from './packet-builder.ts';
import { bytes, IMEI, labels, latin, MAC, MAC_TEXT, netbiosName } from './protocol-fixtures.ts';

interface Sections {
  readonly flags?: number;
  readonly questions?: readonly Buffer[];
  readonly answers?: readonly Buffer[];
  readonly authorities?: readonly Buffer[];
  readonly additional?: readonly Buffer[];
}

function message(o: Sections): Buffer {
  const sections = [o.questions ?? [], o.answers ?? [], o.authorities ?? [], o.additional ?? []];
  return Buffer.concat([u16(1), u16(o.flags ?? 0x0100), ...sections.map((s) => u16(s.length)), ...sections.flat()]);
}

const question = (name: string, type: number): Buffer => Buffer.concat([labels(name), u16(type), u16(1)]);
const record = (name: Buffer, type: number, data: Buffer): Buffer =>
  Buffer.concat([name, u16(type), u16(1), u32(60), u16(data.length), data]);
const FIRST_NAME = bytes(0xc0, 12);
const strings = (...texts: string[]): Buffer =>
  Buffer.concat(texts.map((text) => Buffer.concat([bytes(text.length), latin(text)])));

describe('DNS headers', () => {
  it('reads the question in front of numbers of records that cannot be, as tshark does', () => {
    const lying = (at: number, count: number): Buffer => {
      const b = message({ questions: [question('lied.example', 33)] });
      b.writeUInt16BE(count, at);
      return b;
    };
    for (const b of [lying(4, 29_440), lying(6, 18_176), lying(10, 0xffff)]) {
      const c = collect(pcap([udp(50_000, 53, b)]));
      expect(c.messages.map((m) => [m.kind, m.fields['name']])).toEqual([['dns-query', 'lied.example']]);
    }
    expect(collect(pcap([udp(50_000, 53, lying(6, 18_176))])).flows[0]?.incomplete).toEqual(['malformed']);
    expect(collect(pcap([udp(50_000, 53, Buffer.alloc(12))])).messages).toEqual([]);
  });
});

describe('DNS records', () => {
  it('reads the data of every type that names something', () => {
    const answers = [
      record(FIRST_NAME, 1, bytes(192, 0, 2, 1)),
      record(FIRST_NAME, 28, Buffer.from('20010db8000000000000000000000001', 'hex')),
      record(FIRST_NAME, 5, Buffer.concat([bytes(3), latin('www'), FIRST_NAME])),
      record(FIRST_NAME, 12, labels('phone.local')),
      record(FIRST_NAME, 16, strings('a=1', 'b=2')),
      record(FIRST_NAME, 33, Buffer.concat([u16(0), u16(5), u16(5222), labels('chat.example')])),
      record(
        FIRST_NAME,
        65,
        Buffer.concat([
          u16(1),
          bytes(0),
          u16(1),
          u16(6),
          strings('h2', 'h3'),
          u16(3),
          u16(2),
          u16(8443),
          u16(4),
          u16(4),
          bytes(192, 0, 2, 7),
          u16(5),
          u16(2),
          u16(0xfe0d),
        ]),
      ),
      record(FIRST_NAME, 15, Buffer.concat([u16(10), labels('mx.example')])),
    ];
    const b = message({ flags: 0x8180, questions: [question('x.example', 255)], answers });
    const parsed = parseDns(b, 0, b.length);
    expect(parsed?.malformed).toBe(false);
    expect(parsed?.answers).toEqual([
      '192.0.2.1',
      '2001:db8::1',
      'www.x.example',
      'phone.local',
      'a=1b=2',
      'chat.example:5222',
      '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.7 ech',
      'mx.example',
    ]);
  });

  it('gives each question its message and each section its field', () => {
    const b = message({
      questions: [question('one.example', 1), question('two.example', 28)],
      authorities: [record(labels('auth.example'), 2, labels('ns.auth.example'))],
      additional: [record(labels('add.example'), 16, strings('texthere'))],
    });
    const capture = pcap([udp(40_000, 53, b)]);
    const fieldOf = (needle: string): unknown => collect(capture, { needle }).found[0];
    expect(collect(capture).messages.map((m) => m.fields)).toEqual([
      { name: 'one.example', type: 'A' },
      { name: 'two.example', type: 'AAAA' },
    ]);
    expect(fieldOf('two')).toMatchObject({ field: 'dns.qry.name', message: 1 });
    expect(fieldOf('auth')).toMatchObject({ field: 'dns.resp.name' });
    expect(fieldOf('texthere')).toMatchObject({ field: 'dns.txt', message: 0 });
  });

  it('tells what a multicast question knows already, and answers without a question', () => {
    const known = record(labels('_googlecast._tcp.local'), 12, labels('tv._googlecast._tcp.local'));
    const query = message({ flags: 0, questions: [question('_googlecast._tcp.local', 12)], answers: [known] });
    const answer = message({ flags: 0x8400, answers: [record(labels('Android-7.local'), 1, bytes(10, 0, 0, 5))] });
    const c = collect(pcap([udp(5353, 5353, query), udp(5353, 5353, answer)]));
    expect(c.messages.map((m) => [m.kind, m.fields])).toEqual([
      ['dns-query', { name: '_googlecast._tcp.local', type: 'PTR', knownAnswers: ['tv._googlecast._tcp.local'] }],
      ['dns-answer', { name: 'Android-7.local', type: 'A', answers: ['10.0.0.5'], responseCode: 0 }],
    ]);
  });

  it.each([
    ['a pointer to itself', '000101000001000000000000' + 'c00c' + '00010001'],
    ['a pointer forward', '000101000001000000000000' + 'c00e' + '00010001' + '00'],
    ['a label that runs out', '000101000001000000000000' + '3f61' + '00010001'],
    ['a reserved kind of label', '000101000001000000000000' + '8061' + '00010001'],
    [
      'a record that is longer than the message',
      '000181800000000100000000' + '00' + '00100001' + '00000000' + '00ff' + '01',
    ],
  ])('takes %s for damage', (_what, hex) => {
    const c = collect(pcap([udp(40_000, 53, Buffer.from(hex, 'hex'))]));
    expect(c.flows[0]?.incomplete).toEqual(['malformed']);
  });

  it('ends chains of pointers', () => {
    // 120 pointers, each to the one before: allowed by the format, followed 64 times at most.
    const chain = Array.from({ length: 120 }, (_, i) => u16(0xc000 | (12 + 2 * Math.max(0, i - 1))));
    const b = Buffer.concat([Buffer.from('000101000001000000000000', 'hex'), ...chain, u16(1), u16(1)]);
    expect(parseDns(b, 0, b.length)?.malformed).toBe(true);
  });
});

describe('DNS on other ports', () => {
  it('is recognised by its content, a query as well as an answer', () => {
    const query = dns(`${IMEI.slice(0, 8)}.${IMEI.slice(8)}.t.example`, 16);
    const answer = dns('x.example', 1, { type: 1, data: bytes(192, 0, 2, 1) });
    const c = collect(pcap([udp(40_000, 5300, query), udp(40_001, 40_002, answer)]), { needle: IMEI });
    expect(c.flows.map((f) => f.application)).toEqual(['dns', 'dns']);
    expect(c.messages.map((m) => m.kind)).toEqual(['dns-query', 'dns-answer']);
    expect(c.found).toMatchObject([{ decodings: ['dns-labels'] }]);
  });

  it('is not seen in what only resembles it', () => {
    const query = dns('x.example', 1);
    const changed = (at: number, value: number): Buffer => {
      const b = Buffer.from(query);
      b[at] = value;
      return b;
    };
    const others = [
      Buffer.concat([query, bytes(0)]),
      changed(2, 0x79),
      changed(5, 2),
      changed(7, 1),
      changed(13, 1),
      changed(query.length - 3, 200),
      changed(query.length - 1, 9),
    ];
    for (const b of others) {
      expect(collect(pcap([udp(40_000, 5300, b)])).flows[0]).toMatchObject({ application: 'unknown' });
    }
  });
});

describe('text that DNS hides', () => {
  it('joins data that is split over labels; the origin is the label', () => {
    const name = `${IMEI.slice(0, 6)}.${IMEI.slice(6, 12)}.${IMEI.slice(12)}.t.example`;
    const c = collect(pcap([udp(40_000, 53, dns(name, 1))]), { needle: IMEI });
    expect(c.found).toMatchObject([
      { layer: 'body', decodings: ['dns-labels'], field: 'dns.qry.name', message: 0, frames: [1], streamOffset: 13 },
    ]);
    const later = collect(pcap([udp(40_000, 53, dns(name, 1))]), { needle: IMEI.slice(8) });
    expect(later.found).toMatchObject([{ streamOffset: 13 + 6 + 1 + 2 }]);
  });

  it('joins them over TCP too, with the frames of the segments', () => {
    const query = dns(`${IMEI.slice(0, 8)}.${IMEI.slice(8)}.example`, 1);
    const framed = Buffer.concat([u16(query.length), query]);
    const c = collect(pcap(new Conversation({ targetPort: 53 }).toServer(framed, 20).packets), { needle: IMEI });
    expect(c.found).toMatchObject([{ decodings: ['dns-labels'], streamOffset: 15, frames: [4, 5], message: 0 }]);
  });

  it('does not join names of words, nor addresses', () => {
    const parts = (name: string): unknown =>
      splitData(name.split('.').map((text) => ({ text, from: 0, to: 0 }))).map((g) => g.map((l) => l.text).join('.'));
    expect(parts('api.account.xiaomi.com')).toEqual([]);
    expect(parts('5.0.0.10.in-addr.arpa')).toEqual([]);
    expect(parts(`${IMEI}.track.example.com`)).toEqual([]);
    expect(parts('jeqhg2dfmqqgs4zr.oqqg.t.example')).toEqual(['jeqhg2dfmqqgs4zr.oqqg.t']);
    expect(parts('internationalisation.docs.t.example')).toEqual([]);
    expect(parts('nbswy3dp.eb3w64tm.mq.t.example')).toEqual(['nbswy3dp.eb3w64tm.mq']);
    expect(parts('abcdefgh.ijklmnop.q.example')).toEqual(['abcdefgh.ijklmnop.q']);
  });

  it('joins the strings of a TXT record', () => {
    const answer = record(FIRST_NAME, 16, strings(`id=${IMEI.slice(0, 5)}`, IMEI.slice(5)));
    const b = message({ flags: 0x8180, questions: [question('x.example', 16)], answers: [answer] });
    const c = collect(pcap([udp(53, 40_000, b)]), { needle: IMEI });
    expect(c.found).toMatchObject([{ decodings: ['dns-txt'], field: 'dns.txt', message: 0 }]);
  });

  it('tells the MAC that a forwarder adds (EDNS option 65001)', () => {
    const option = Buffer.concat([u16(65_001), u16(6), MAC]);
    const opt = Buffer.concat([bytes(0), u16(41), u16(1232), u32(0), u16(option.length), option]);
    const b = message({ questions: [question('x.example', 1)], additional: [opt] });
    const c = collect(pcap([udp(40_000, 53, b)]), { needle: MAC_TEXT });
    expect(c.found).toMatchObject([{ decodings: ['binary'], field: 'dns.opt.mac', streamOffset: b.length - 6 }]);
  });
});

describe('MACs in IPv6 addresses', () => {
  // RFC 4291, appendix A: the seventh bit turned, ff fe in the middle.
  const address = Buffer.from('fe80000000000000ae3743fffe9a0b1c', 'hex');
  const reversed = `${address.toString('hex').split('').toReversed().join('.')}.ip6.arpa`;

  it('are told of names that are asked for and of records', () => {
    const asked = message({ flags: 0, questions: [question(reversed, 12)] });
    const answer = message({ flags: 0x8400, answers: [record(labels('a.local'), 28, address)] });
    const c = collect(pcap([udp(5353, 5353, asked), udp(5353, 5353, answer)]), { needle: MAC_TEXT });
    expect(c.found.map((f) => [f.field, f.decodings, f.streamOffset, f.frames])).toEqual([
      ['dns.arpa.mac', ['eui-64'], 12, [1]],
      ['dns.aaaa.mac', ['eui-64'], answer.length - 16, [2]],
    ]);
  });

  it('are not seen where there are none', () => {
    const random = Buffer.from('fe80000000000000ae3743fffd9a0b1c', 'hex');
    const answer = message({ flags: 0x8400, answers: [record(labels('a.local'), 28, random)] });
    expect(collect(pcap([udp(5353, 5353, answer)])).sequences.map((s) => s.layer)).toEqual(['datagram']);
  });
});

describe('NetBIOS name service', () => {
  const registration = Buffer.concat([
    u16(7),
    u16(0x2910),
    u16(1),
    u32(0),
    u16(1),
    labels(netbiosName('ANDROID-4F2A', 0)),
    u16(32),
    u16(1),
    record(FIRST_NAME, 32, bytes(0, 0, 10, 0, 0, 5)),
  ]);

  it('decodes names', () => {
    const c = collect(pcap([udp(137, 137, registration)]), { needle: 'ANDROID-4F2A' });
    expect(c.flows[0]).toMatchObject({ application: 'nbns', incomplete: [] });
    expect(c.messages.map((m) => [m.kind, m.fields])).toEqual([
      ['nbns', { operation: 'registration', response: false, name: 'ANDROID-4F2A', type: 'NB' }],
    ]);
    expect(c.found).toMatchObject([
      { layer: 'body', decodings: ['netbios'], field: 'nbns.name', message: 0, streamOffset: 13 },
    ]);
  });

  it('takes anything else for damage', () => {
    expect(collect(pcap([udp(137, 137, 'nothing of the kind')])).flows[0]?.incomplete).toEqual(['malformed']);
  });
});
