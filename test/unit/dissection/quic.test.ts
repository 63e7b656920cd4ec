import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScatteredBytes } from '../../../main/dissection/tls-scattered-bytes.ts';
import { HandshakeBudget } from '../../../main/dissection/handshake-budget.ts';
import { eachCryptoFrame } from '../../../main/dissection/quic-frames.ts';
import { initialSecrets, wholeNumber } from '../../../main/dissection/quic-keys.ts';
import { parseLongPacket, varint } from '../../../main/dissection/quic-packet.ts';
import { expandLabel, hkdfExtract } from '../../../main/dissection/tls-hkdf.ts';
import { type Collected, collect } from './collector.ts';
import { clientHello, pcap, u16, udp } from './packet-builder.ts';
import { crypto, initial, type InitialParts, SALTS } from './quic-builder.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const ID = '8394c8f03e515708';

// RFC 9001, A.2: the CRYPTO frame of the client's Initial, which RFC 9369 uses as well; 917 bytes of padding follow it.
const RFC_HELLO = hex(`
  060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868
  04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
  616d706c652e636f6dff01000100000a00080006001d00170018001000070005
  04616c706e000500050100000000003300260024001d00209370b2c9caa47fba
  baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400
  0d0010000e0403050306030203080408050806002d00020101001c0002400100
  3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000
  75300901100f088394c8f03e51570806048000ffff`);
// A.3 of both: the server's Initial, whole.
const RFC_SERVER_V1 = hex(`
  cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a
  5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3
  dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84
  022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4
  2158407dd074ee`);
const RFC_SERVER_V2 = hex(`
  dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698
  baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17
  f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2
  c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca8
  4bed8521e2e140`);

const rfcClient = (o: Partial<InitialParts>): Buffer =>
  initial({
    keyId: ID,
    from: 'client',
    target: ID,
    source: '',
    number: 2,
    payload: Buffer.concat([RFC_HELLO, Buffer.alloc(917)]),
    ...o,
  });

const PORT = 50_000;
const toServer = (datagram: Buffer): Buffer => udp(PORT, 443, datagram);
const toClient = (datagram: Buffer): Buffer => udp(443, PORT, datagram, '192.0.2.80', '10.0.0.5');

/** Kind, way, frame and server name of each message. */
function told(c: Collected): unknown[] {
  return c.messages.map((m) => [m.kind, m.way, m.frame, m.fields['serverName'] ?? m.fields['cipher']]);
}

describe('the vectors of RFC 9001, appendix A, and RFC 9369, appendix A', () => {
  it('gives the secrets and keys of A.1', () => {
    const common = hkdfExtract('sha256', hex(SALTS.v1), hex(ID));
    expect(Buffer.from(common).toString('hex')).toBe(
      '7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44',
    );
    const client = expandLabel('sha256', common, 'client in', 32);
    expect(Buffer.from(client).toString('hex')).toBe(
      'c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea',
    );
    expect(Buffer.from(expandLabel('sha256', client, 'quic key', 16)).toString('hex')).toBe(
      '1f369613dd76d5467730efcbe3b1a22d',
    );
    expect(Buffer.from(expandLabel('sha256', client, 'quic hp', 16)).toString('hex')).toBe(
      '9f50449e04a0e810283a1e9933adedd2',
    );
  });

  it.each([
    ['v1', rfcClient({}), 'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98d', 'e221af44860018ab0856972e194cd934'],
    [
      'v2',
      rfcClient({ version: 0x6b3343cf, salt: SALTS.v2, label: 'quicv2' }),
      'd76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6a',
      'a18b2faa745b6fe189cf772a9f84cbfc',
    ],
  ])('the packets of these tests are those of A.2 (%s), by beginning and tag', (_version, packet, start, tag) => {
    expect(packet.subarray(0, 26).toString('hex')).toBe(start);
    expect(packet.subarray(-16).toString('hex')).toBe(tag);
    expect(packet).toHaveLength(1200);
  });

  it.each([
    ['v1', rfcClient({}), RFC_SERVER_V1],
    ['v2', rfcClient({ version: 0x6b3343cf, salt: SALTS.v2, label: 'quicv2' }), RFC_SERVER_V2],
  ])('reads both hellos of %s', (quicVersion, client, server) => {
    const c = collect(pcap([toServer(client), toClient(server)]), { needle: 'example.com' });
    expect(c.messages).toMatchObject([
      {
        kind: 'quic-client-hello',
        way: 0,
        frame: 1,
        fields: { serverName: 'example.com', version: '1.3', alpn: ['alpn'], cipherSuites: 2, quicVersion },
      },
      { kind: 'quic-server-hello', way: 1, frame: 2, fields: { cipher: 'TLS_AES_128_GCM_SHA256', quicVersion } },
    ]);
    expect(c.messages[0]?.fields['ja4']).toMatch(/^q13d0211an_[0-9a-f]{12}_[0-9a-f]{12}$/);
    expect(c.flows).toMatchObject([
      { application: 'quic', channel: 'quic', serverNames: ['example.com'], incomplete: [] },
    ]);
    // The name stands in the datagram where it stands in the plaintext: the cipher keeps places.
    const place = 22 + RFC_HELLO.indexOf('example.com');
    expect(c.found).toMatchObject([
      {
        layer: 'body',
        decodings: ['quic-initial'],
        field: 'tls.sni',
        message: 0,
        frames: [1],
        channel: 'quic',
        streamOffset: place,
      },
    ]);
  });

  it('leaves the capture as it was', () => {
    const capture = pcap([toServer(rfcClient({})), toClient(RFC_SERVER_V1)]);
    const before = Buffer.from(capture);
    collect(capture);
    expect(capture.equals(before)).toBe(true);
  });

  it('packet numbers are completed as in RFC 9000, appendix A.3', () => {
    expect(wholeNumber(0x9b32, 2, 0xa82f30ea)).toBe(0xa82f9b32);
    expect(wholeNumber(0, 1, -1)).toBe(0);
    expect(wholeNumber(2, 1, 255)).toBe(258);
    expect(wholeNumber(255, 1, 256)).toBe(255);
  });

  it('variable-length integers are those of RFC 9000, appendix A.1', () => {
    const read = (text: string): number => varint(hex(text), 0, text.length / 2);
    expect(['25', '4025', '7bbd', '9d7f3e7d'].map(read)).toEqual([37, 37, 15_293, 494_878_333]);
    expect(read('c000000000000001')).toBe(1);
    // Longer than any length can be, and cut short.
    expect(['ffffffffffffffff', '40', ''].map(read)).toEqual([-1, -1, -1]);
  });
});

describe('QUIC', () => {
  const hello = clientHello('account.example', { versions: [0x0304], alpn: ['h3', 'x'.repeat(200)] });
  const from = (source: string, payload: Buffer, o: Partial<InitialParts> = {}): Buffer =>
    initial({ keyId: ID, from: 'client', target: ID, source, number: 0, payload, ...o });
  const pad = Buffer.alloc(40);

  it('puts frames in order over packets and datagrams, with pings and padding between them', () => {
    const cut = [0, 10, 60, 61, 150, hello.length];
    const frame = (i: number): Buffer => crypto(cut[i] ?? 0, hello.subarray(cut[i], cut[i + 1]));
    const first = from('', Buffer.concat([frame(4), Buffer.from([1, 0, 0]), frame(1)]));
    const second = from('', Buffer.concat([frame(3), pad]), { number: 1, numberBytes: 2 });
    const third = from('', Buffer.concat([frame(2), Buffer.from([2, 0, 0, 0, 0]), frame(0), pad]), { number: 2 });
    const c = collect(pcap([toServer(Buffer.concat([first, second])), toServer(third)]), { needle: 'account.example' });
    expect(told(c)).toEqual([['quic-client-hello', 0, 2, 'account.example']]);
    expect(c.flows[0]).toMatchObject({ serverNames: ['account.example'], incomplete: [] });
    const [body] = c.sequences.filter((s) => s.layer === 'body');
    expect(body?.bytes.equals(hello)).toBe(true);
    expect(c.found).toMatchObject([{ field: 'tls.sni', message: 0 }]);
    expect(c.found[0]?.frames.every((n) => n === 1 || n === 2)).toBe(true);
  });

  it('says when more packets stand in one datagram than are looked at', () => {
    const packets = (count: number): Buffer =>
      toServer(Buffer.concat(Array.from({ length: count }, (_, n) => from('', pad, { number: n }))));
    expect(collect(pcap([packets(16)])).flows[0]?.incomplete).toEqual([]);
    expect(collect(pcap([packets(17)])).flows[0]?.incomplete).toEqual(['cap-handshake']);
  });

  it('tells a hello once, however often it is sent', () => {
    const packet = (number: number): Buffer => toServer(from('', Buffer.concat([crypto(0, hello), pad]), { number }));
    const c = collect(pcap([packet(0), packet(1), packet(2)]), { needle: 'account.example' });
    expect(told(c)).toEqual([['quic-client-hello', 0, 1, 'account.example']]);
    expect(c.found).toHaveLength(1);
  });

  it('follows a Retry, which moves the client to other keys', () => {
    const retry = Buffer.concat([Buffer.from('f0000000010004aabbccdd', 'hex'), Buffer.alloc(40, 7)]);
    const again = from('', Buffer.concat([crypto(0, hello), pad]), {
      target: 'aabbccdd',
      keyId: 'aabbccdd',
      token: Buffer.alloc(24, 7),
      number: 1,
    });
    const c = collect(
      pcap([toServer(from('', Buffer.concat([crypto(0, hello), pad]))), toClient(retry), toServer(again)]),
    );
    expect(told(c)).toEqual([
      ['quic-client-hello', 0, 1, 'account.example'],
      ['quic-retry', 1, 2, undefined],
      ['quic-client-hello', 0, 3, 'account.example'],
    ]);
  });

  it('stays with its keys when the client takes up the id the server chose', () => {
    const half = 100;
    const one = from('', Buffer.concat([crypto(0, hello.subarray(0, half)), pad]));
    const ack = from('11223344', Buffer.concat([Buffer.from([2, 0, 0, 0, 0]), pad]), { from: 'server', target: '' });
    const two = from('', Buffer.concat([crypto(half, hello.subarray(half)), pad]), { target: '11223344', number: 1 });
    const c = collect(pcap([toServer(one), toClient(ack), toServer(two)]));
    expect(told(c)).toEqual([['quic-client-hello', 0, 3, 'account.example']]);
  });

  it('sees a further connection between the same ports', () => {
    const other = clientHello('other.example', { versions: [0x0304] });
    const next = from('', Buffer.concat([crypto(0, other), pad]), { target: 'cafecafecafe', keyId: 'cafecafecafe' });
    const c = collect(pcap([toServer(rfcClient({})), toClient(RFC_SERVER_V1), toServer(next)]));
    expect(told(c).map((m) => (m as unknown[])[3])).toEqual(['example.com', 'TLS_AES_128_GCM_SHA256', 'other.example']);
    expect(c.flows[0]?.serverNames).toEqual(['example.com', 'other.example']);
  });

  it('lists what a server offers when it refuses a version', () => {
    const offer = Buffer.from('80000000000004aabbccdd00000001ff00001d6b3343cf', 'hex');
    const c = collect(pcap([toServer(rfcClient({})), toClient(offer)]));
    expect(c.messages[1]).toMatchObject({
      kind: 'quic-version-negotiation',
      way: 1,
      fields: { versions: ['v1', 'draft-29', 'v2'] },
    });
  });

  it('tells the name of a hello whose end is missing', () => {
    const cut = toServer(from('', Buffer.concat([crypto(0, hello.subarray(0, 120)), pad])));
    const c = collect(pcap([cut, udp(60_000, 9, 'something else')]), { needle: 'account.example' });
    expect(c.messages).toMatchObject([
      { kind: 'quic-client-hello', frame: 1, fields: { serverName: 'account.example', incomplete: true, ja4: null } },
    ]);
    expect(c.found).toMatchObject([{ field: 'tls.sni' }]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut']);
  });

  it.each([
    ['gives a handshake up that was silent for ten minutes', 10_000_000, { frame: 1, incomplete: true }],
    ['waits for one that only a crowd came between', 1000, { frame: 302, incomplete: undefined }],
  ])('%s', (_, stepUnits, expected) => {
    const half = 120;
    const strangers = Array.from({ length: 300 }, (__, i) => udp(20_000 + i, 443, from('', pad)));
    const c = collect(
      pcap(
        [
          toServer(from('', Buffer.concat([crypto(0, hello.subarray(0, half)), pad]))),
          ...strangers,
          toServer(from('', Buffer.concat([crypto(half, hello.subarray(half)), pad]), { number: 1 })),
        ],
        { stepUnits },
      ),
    );
    expect(c.messages.map(({ kind, fields }) => [kind, fields['serverName'], fields['incomplete']])).toEqual([
      ['quic-client-hello', 'account.example', expected.incomplete],
    ]);
    expect(c.messages[0]?.frame).toBe(expected.frame);
  });

  it('keeps ciphertext out of the search and gives up on what it cannot open, saying so', () => {
    const damaged = Array.from({ length: 70 }, (_, i) => {
      const packet = from('', Buffer.concat([crypto(0, hello), pad]), { number: i });
      packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1;
      return toServer(packet);
    });
    const c = collect(pcap([...damaged, toServer(from('', Buffer.concat([crypto(0, hello), pad])))]));
    expect(c.messages).toEqual([]);
    expect(c.flows[0]).toMatchObject({ readableBytes: [0, 0], incomplete: ['cap-handshake'] });
  });

  it('reads the hello of Google before TLS', () => {
    // Q050: the tags of «QUIC Crypto», CRYPTO frames under another number.
    const name = Buffer.from('clients.example');
    const le32 = (n: number): Buffer => Buffer.from([n & 255, n >> 8, 0, 0]);
    const chlo = Buffer.concat([
      Buffer.from('CHLO\x02\0\0\0PAD\0'),
      le32(30),
      Buffer.from('SNI\0'),
      le32(30 + name.length),
      Buffer.alloc(30, 0x2d),
      name,
    ]);
    const payload = Buffer.concat([Buffer.from([8]), u16(0x4000), u16(0x4000 | chlo.length), chlo, pad]);
    const packet = from('', payload, { version: 0x51303530, salt: '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45' });
    const c = collect(pcap([toServer(packet)]), { needle: 'clients.example' });
    expect(c.messages).toMatchObject([
      { kind: 'quic-client-hello', fields: { serverName: 'clients.example', quicVersion: 'Q050' } },
    ]);
    expect(c.found).toMatchObject([{ field: 'tls.sni' }]);
  });
});

describe('hostile QUIC', () => {
  const runs = process.env['HANDSIGHT_TIER'] === 'full' ? 20_000 : 300;

  it('gives the bytes in order, whatever the order, overlap and repetition of the pieces', () => {
    const piece = fc.record({ at: fc.nat(400), length: fc.nat(120) });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.array(piece, { maxLength: 40 }),
        (bytes, pieces) => {
          const budget = new HandshakeBudget();
          const stream = new ScatteredBytes(budget);
          const have = new Set<number>();
          for (const { at, length } of pieces) {
            const end = Math.min(bytes.length, at + length);
            stream.add(bytes, at, end, { offset: at, frame: at, us: 0, inDatagram: at });
            for (let i = at; i < end; i++) have.add(i);
          }
          let inOrder = 0;
          while (have.has(inOrder)) inOrder++;
          expect(stream.length).toBe(inOrder);
          expect(Buffer.from(stream.bytes.subarray(0, inOrder)).equals(bytes.subarray(0, inOrder))).toBe(true);
          stream.release();
          expect(budget.held).toBe(0);
          // Where they came from is known even then: the search may ask later.
          for (let i = 0; i < inOrder; i++) expect(stream.locate(i, i + 1).inDatagram).toBe(i);
        },
      ),
      { seed: 9001, numRuns: runs },
    );
  });

  it('holds a bounded number of bytes and pieces', () => {
    const many = new ScatteredBytes();
    const byte = new Uint8Array(1);
    for (let i = 0; i < 2000; i++) many.add(byte, 0, 1, { offset: 10 + i * 2, frame: 1, us: 0, inDatagram: 0 });
    expect([many.capped, many.length]).toEqual([true, 0]);
    const long = new ScatteredBytes();
    const block = new Uint8Array(16_384);
    for (let i = 0; i < 20; i++)
      long.add(block, 0, block.length, { offset: i * 16_384, frame: 1, us: 0, inDatagram: 0 });
    expect([long.capped, long.length]).toEqual([true, 262_144]);
    const far = new ScatteredBytes();
    far.add(byte, 0, 1, { offset: 2 ** 50, frame: 1, us: 0, inDatagram: 0 });
    expect(far.capped).toBe(true);
  });

  it('holds a bounded number of bytes over all handshakes', () => {
    const budget = new HandshakeBudget(40_000);
    const block = new Uint8Array(16_000);
    const place = { offset: 0, frame: 1, us: 0, inDatagram: 0 };
    const streams = [1, 2, 3].map(() => new ScatteredBytes(budget));
    for (const stream of streams) stream.add(block, 0, block.length, place);
    expect(streams.map((s) => s.capped)).toEqual([false, false, true]);
    streams[0]?.release();
    const next = new ScatteredBytes(budget);
    next.add(block, 0, block.length, { ...place, offset: 5 });
    expect([next.capped, budget.held]).toEqual([false, 32_000]);
  });

  it('never throws on bytes that look like packets, frames or hellos', () => {
    const start = fc.constantFrom('c000000001', 'd06b3343cf', 'cf00000000', 'c3ff00001d', 'c051303530', 'f000000001');
    const keys = initialSecrets(SALTS.v1, ID, 'quic');
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 120 }), (head, rest) => {
        const bytes = Buffer.concat([hex(head), rest]);
        const packet = parseLongPacket(bytes, 0, bytes.length);
        if (packet !== null) {
          expect(packet.end).toBeLessThanOrEqual(bytes.length);
          expect(keys.client.open(bytes, packet)).toBeNull();
        }
        eachCryptoFrame(rest, (_offset, from, to) => expect(to <= rest.length && from <= to).toBe(true));
        collect(pcap([toServer(initial({ ...SELF, payload: Buffer.concat([Buffer.from(rest), Buffer.alloc(30)]) }))]));
      }),
      { seed: 9369, numRuns: runs },
    );
  });

  const SELF = { keyId: ID, from: 'client', target: ID, source: '', number: 0 } as const;
});
