import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { clientHello, dns, pcap, tlsRecord, u16, udp } from './packet-builder.ts';

function serverHello(version: number, cipher: number, extensions: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 9),
    Buffer.from([0]),
    u16(cipher),
    Buffer.from([0]),
    u16(extensions.length),
    extensions,
  ]);
  return Buffer.concat([Buffer.from([2, 0]), u16(body.length), body]);
}

const CCS = tlsRecord(20, Buffer.from([1]));
const SECRET = tlsRecord(23, Buffer.alloc(300, 0xb9));

describe('TLS', () => {
  it('reads both hellos and marks what is encrypted', () => {
    const t = new Conversation({ targetPort: 443 });
    t.toServer(
      tlsRecord(
        22,
        clientHello('Account.Xiaomi.com', { versions: [0x2a2a, 0x0304, 0x0303], alpn: ['h2', 'http/1.1'] }),
      ),
    );
    t.toClient(
      Buffer.concat([tlsRecord(22, serverHello(0x0303, 0x1301, Buffer.from('002b00020304', 'hex'))), CCS, SECRET]),
    );
    t.toServer(Buffer.concat([CCS, SECRET]), 100);
    const c = collect(pcap(t.packets), { needle: 'Xiaomi' });
    expect(c.messages).toMatchObject([
      {
        kind: 'tls-client-hello',
        frame: 4,
        fields: { serverName: 'Account.Xiaomi.com', version: '1.3', alpn: ['h2', 'http/1.1'] },
      },
      { kind: 'tls-server-hello', frame: 5, fields: { version: '1.3', alpn: null, cipher: 'TLS_AES_128_GCM_SHA256' } },
    ]);
    expect(c.flows[0]).toMatchObject({
      application: 'tls',
      channel: 'tls',
      serverNames: ['account.xiaomi.com'],
      incomplete: [],
    });
    expect(c.sequences.map((s) => [s.way, s.opaqueBytes])).toEqual([
      [0, SECRET.length],
      [1, SECRET.length],
    ]);
    expect(c.flows[0]?.readableBytes[1]).toBe((c.flows[0]?.payloadBytes[1] ?? 0) - SECRET.length);
    expect(c.found).toMatchObject([{ field: 'tls.sni', message: 0, frames: [4], channel: 'tls' }]);
  });

  it('puts a hello together over records and segments; the name is known before the hello is whole', () => {
    const hello = clientHello('split.example', { alpn: ['x'.repeat(200)] });
    const records = Buffer.concat([tlsRecord(22, hello.subarray(0, 60)), tlsRecord(22, hello.subarray(60))]);
    for (const piece of [1, 7, 61, 150]) {
      const c = collect(pcap(new Conversation({ targetPort: 443 }).toServer(records, piece).packets), {
        needle: 'split.example',
      });
      expect(c.messages).toMatchObject([
        { frame: 3 + Math.ceil(records.length / piece), fields: { serverName: 'split.example', version: '1.2' } },
      ]);
      expect(c.flows[0]?.incomplete).toEqual([]);
    }
    const early = collect(pcap(new Conversation({ targetPort: 443 }).toServer(tlsRecord(22, hello), 150).packets), {
      needle: 'split',
    });
    expect(early.found).toMatchObject([{ field: 'tls.sni', message: 0 }]);
  });

  it('tells the name of a hello that was cut', () => {
    const hello = tlsRecord(22, clientHello('cut.example', { alpn: ['y'.repeat(250)] }));
    const c = collect(pcap(new Conversation({ targetPort: 443 }).toServer(hello.subarray(0, 120)).packets));
    expect(c.messages).toMatchObject([
      { kind: 'tls-client-hello', fields: { serverName: 'cut.example', incomplete: true } },
    ]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut']);
  });

  it('finds the records again after a gap and never takes ciphertext for text', () => {
    const t = new Conversation({ targetPort: 443 })
      .toServer(tlsRecord(22, clientHello('gap.example')))
      .toServer(Buffer.concat([CCS, SECRET]));
    t.packets.push(t.clientSegment(500, SECRET.subarray(200)), t.clientSegment(605, SECRET));
    const c = collect(pcap(t.packets), { needle: '999999' });
    expect(c.found).toEqual([]);
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap', 'protocol-resync']);
    expect(c.sequences.map((s) => s.opaqueBytes)).toEqual([SECRET.length, 105 + SECRET.length]);
  });

  it('text in what takes the form of sealed records is searched, and not said to be protected', () => {
    const text = '{"model":"HM 1SW","imei":"490154203237518"}';
    for (const before of [[tlsRecord(22, clientHello('both.example')), CCS, SECRET], [SECRET]]) {
      for (const pieces of [1000, 5, 7]) {
        const t = new Conversation({ targetPort: 443 });
        for (const record of before) t.toServer(record);
        // A record that ends with its segment's header, or in its first bytes, cannot be told from a sealed one.
        t.toServer(Buffer.concat([tlsRecord(23, Buffer.from(text)), SECRET]), pieces).toServer(SECRET);
        const c = collect(pcap(t.packets), { needle: '490154203237518' });
        expect(
          c.found.map(({ channel }) => channel),
          `${before.length} ${pieces}`,
        ).toEqual(pieces === 1000 ? ['unknown'] : []);
        expect(c.flows[0]).toMatchObject({ application: 'tls', channel: 'tls' });
      }
      const t = new Conversation({ targetPort: 443 });
      for (const record of before) t.toServer(record);
      const record = tlsRecord(23, Buffer.from(text));
      t.toServer(record.subarray(0, 5)).toServer(record.subarray(5)).toServer(SECRET);
      expect(collect(pcap(t.packets), { needle: '490154203237518' }).found).toMatchObject([{ channel: 'unknown' }]);
    }
  });

  it.each(['', 'sealed'])(
    'what follows without a gap and stands in no record is neither ciphertext nor in TLS (%s)',
    (before) => {
      const text = 'POST /p HTTP/1.1\r\n\r\nimei=490154203237518';
      const t = new Conversation({ targetPort: 443 }).toServer(tlsRecord(22, clientHello('both.example')));
      if (before !== '') t.toServer(Buffer.concat([CCS, SECRET]));
      t.toServer(text).toServer(SECRET);
      const c = collect(pcap(t.packets), { needle: '490154203237518' });
      expect(c.found).toMatchObject([{ channel: 'unknown', frames: [before === '' ? 5 : 6] }]);
      expect(c.flows[0]).toMatchObject({ application: 'tls', channel: 'tls', incomplete: ['protocol-resync'] });
      expect(c.sequences.map((s) => s.opaqueBytes)).toEqual([SECRET.length * (before === '' ? 1 : 2)]);
    },
  );

  it('recognises TLS that begins inside another protocol', () => {
    const t = new Conversation({ targetPort: 5222 });
    t.toServer('<?xml version=\'1.0\'?><stream:stream xmlns="xm" to="xiaomi.com" xmlns:stream=\'s\'>', 11);
    t.toClient("<stream:stream xmlns='xm'><stream:features><starttls/>").toServer('<starttls/>').toClient('<proceed/>');
    t.toServer(tlsRecord(22, clientHello('chat.example')));
    const c = collect(pcap(t.packets), { needle: '<starttls/>' });
    const subjectOf = ({ namespace, serverName, name }: Readonly<Record<string, unknown>>): unknown =>
      namespace ?? serverName ?? name;
    expect(c.messages.map((m) => [m.kind, m.way, subjectOf(m.fields)])).toEqual([
      ['xmpp-stream', 0, 'xm'],
      ['xmpp-stream', 1, 'xm'],
      ['xmpp-stanza', 1, 'stream:features'],
      ['xmpp-stanza', 0, 'starttls'],
      ['tls-client-hello', 0, 'chat.example'],
    ]);
    expect(c.found.map((f) => f.channel)).toEqual(['cleartext', 'cleartext']);
    expect(c.flows[0]).toMatchObject({
      application: 'xmpp',
      channel: 'tls',
      serverNames: ['xiaomi.com', 'chat.example'],
    });
  });
});

describe('DNS', () => {
  const address = { type: 1, data: Buffer.from([42, 62, 48, 9]) };

  it('reads questions and answers over UDP', () => {
    const capture = pcap([
      udp(40_000, 53, dns('api.account.xiaomi.com', 1)),
      udp(53, 40_000, dns('api.account.xiaomi.com', 1, address), '192.0.2.80', '10.0.0.5'),
      udp(40_000, 53, dns('x.example', 65)),
    ]);
    const c = collect(capture, { needle: 'xiaomi' });
    expect(c.messages).toMatchObject([
      { kind: 'dns-query', way: 0, frame: 1, fields: { name: 'api.account.xiaomi.com', type: 'A' } },
      {
        kind: 'dns-answer',
        way: 1,
        frame: 2,
        fields: { name: 'api.account.xiaomi.com', type: 'A', answers: ['42.62.48.9'] },
      },
      { kind: 'dns-query', fields: { type: 'HTTPS' } },
    ]);
    expect(c.found).toMatchObject([
      { field: 'dns.qry.name', message: 0, frames: [1], layer: 'datagram' },
      { field: 'dns.qry.name', message: 1, frames: [2] },
    ]);
    expect(c.flows).toMatchObject([{ application: 'dns', channel: 'cleartext', clientPort: 40_000, packets: [2, 1] }]);
  });

  it('reads DNS over TCP, however it is cut', () => {
    const message = dns('tcp.example', 28);
    const framed = Buffer.concat([u16(message.length), message, u16(message.length), message]);
    for (const piece of [1, 13, 500]) {
      const t = new Conversation({ targetPort: 53 }).toServer(framed, piece);
      const c = collect(pcap(t.packets), { needle: 'tcp\x07example' });
      expect(c.messages.map((m) => m.fields)).toEqual([
        { name: 'tcp.example', type: 'AAAA' },
        { name: 'tcp.example', type: 'AAAA' },
      ]);
    }
  });

  it('recognises multicast DNS and LLMNR, and takes damage for damage', () => {
    const loop = Buffer.from('123401000001000000000000c00c00010001', 'hex');
    const c = collect(
      pcap([udp(5353, 5353, dns('android-1.local', 12)), udp(50_000, 5355, dns('wpad', 1)), udp(1, 53, loop)]),
    );
    expect(c.flows.map((f) => [f.application, f.incomplete])).toEqual([
      ['mdns', []],
      ['llmnr', []],
      ['dns', ['malformed']],
    ]);
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['android-1.local', 'wpad']);
  });
});

describe('UDP', () => {
  it('marks QUIC and encrypted DTLS as opaque and searches the rest', () => {
    const quic = Buffer.concat([Buffer.from('c300000001088394c8f03e5157080000449e', 'hex'), Buffer.alloc(1180, 0x39)]);
    const dtls = Buffer.concat([Buffer.from('17fefd00010000000000050020', 'hex'), Buffer.alloc(32, 0x39)]);
    const c = collect(pcap([udp(50_000, 443, quic), udp(50_001, 4500, dtls), udp(50_002, 9999, '999999 in clear')]), {
      needle: '999999',
    });
    expect(c.flows.map((f) => [f.application, f.channel, f.readableBytes[0]])).toEqual([
      ['quic', 'quic', 0],
      ['dtls', 'dtls', 0],
      ['unknown', 'unknown', 15],
    ]);
    expect(c.sequences.map((s) => s.opaqueBytes)).toEqual([quic.length, dtls.length, 0]);
    expect(c.found).toMatchObject([{ frames: [3], streamOffset: 0, channel: 'unknown', message: null, field: null }]);
  });

  it('does not call unrecognised binary readable', () => {
    const c = collect(pcap([udp(50_002, 9999, Buffer.from(Array.from({ length: 256 }, (_, i) => i)))]));
    expect(c.flows[0]).toMatchObject({ channel: 'unknown', payloadBytes: [256, 0], readableBytes: [0, 0] });
  });
});
