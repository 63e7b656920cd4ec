import fc from 'fast-check';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeyLog } from '../../../../main/dissection/keylog/key-log.ts';
import { QuicOpener } from '../../../../main/dissection/keylog/quic-opener.ts';
import { type Collected, collect } from '../collector.ts';
import { pcap, udp } from '../packet-builder.ts';
import { frame, h3, QuicTalk, type Suite, type TalkOptions, varint } from './quic-talk.ts';

const IMEI = '490154203237518';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

const logOf = (text: string): KeyLog => {
  const log = new KeyLog();
  log.add(Buffer.from(text));
  return log;
};

function dissect(talk: QuicTalk, packets = talk.packets, keys: string | null = talk.keyLog): Collected {
  return collect(pcap(packets), { needle: IMEI, ...(keys === null ? {} : { keyLog: logOf(keys) }) });
}

const request = (fields: Readonly<Record<string, string>> = {}): Buffer =>
  h3.headers({ ':method': 'POST', ':scheme': 'https', ':authority': 'h3.example', ':path': '/r?a=1', ...fields });

const told = (c: Collected): unknown[] =>
  c.messages
    .filter((m) => m.kind.startsWith('http'))
    .map((m) => [m.kind, m.way, m.frame, m.fields['uri'] ?? m.fields['status'], m.fields['bodyBytes']]);

describe('the short header packets of RFC 9001, A.5, and RFC 9369, A.5', () => {
  const secret = hex('9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b');
  const cipher = {
    kind: 'sealed',
    algorithm: 'chacha20-poly1305',
    keyBytes: 32,
    tagBytes: 16,
    hash: 'sha256',
  } as const;

  it.each([
    ['quic', '4cfe4189655e5cd55c41f69080575d7999c25a5bfb'],
    ['quicv2', '5558b1c60ae7b6b932bc27d786f4bc2bb20f2162ba'],
  ] as const)('%s', (label, packet) => {
    const bytes = hex(packet);
    const opener = new QuicOpener(cipher, secret, label, 654_360_563);
    const open = opener.open(bytes, 0, 1, bytes.length);
    expect(open).toMatchObject({ number: 654_360_564, payloadStart: 4 });
    expect(Buffer.from(open?.payload ?? []).toString('hex')).toBe('01');
    expect(bytes.toString('hex')).toBe(packet);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    expect(new QuicOpener(cipher, secret, label, 654_360_563).open(bytes, 0, 1, bytes.length)).toBeNull();
  });
});

describe('a QUIC connection whose secrets are known', () => {
  const talkOf = (o: TalkOptions): QuicTalk => {
    const talk = new QuicTalk(o).open();
    talk.send(0, talk.short(0, frame.stream(2, 0, h3.control(0))));
    talk.send(1, talk.short(1, frame.stream(3, 0, h3.control(0))));
    const asked = Buffer.concat([request({ 'x-id': IMEI }), h3.data(Buffer.from(`{"imei":"${IMEI}"}`))]);
    talk.send(0, talk.short(0, frame.stream(0, 0, asked, true)));
    const answer = Buffer.concat([h3.headers({ ':status': '200' }), h3.data(Buffer.from('hello from twin'))]);
    return talk.send(1, talk.short(1, Buffer.concat([frame.ack, frame.stream(0, 0, answer, true)])));
  };

  it.each(
    (['aes-128-gcm', 'aes-256-gcm', 'aes-128-ccm', 'chacha20-poly1305'] as Suite[]).flatMap((suite) =>
      ([1, 2] as const).flatMap((version) => [false, true].map((silentServer) => ({ suite, version, silentServer }))),
    ),
  )('is read: $suite, version $version, the server silent about the protocol: $silentServer', (o) => {
    const c = dissect(talkOf(o));
    const http3 = { contentKnownBy: 'keylog', version: '3', stream: 0 };
    const http = c.messages.filter((m) => m.kind.startsWith('http'));
    if (o.silentServer) {
      // It said that it speaks nothing that was offered: then nothing is taken for HTTP/3, and everything is searched.
      expect(http).toEqual([]);
      expect(c.found).toMatchObject([{ field: 'quic.stream' }, { field: 'quic.stream' }]);
      return;
    }
    expect(http).toMatchObject([
      {
        kind: 'http-request',
        way: 0,
        frame: 7,
        fields: { ...http3, method: 'POST', host: 'h3.example', uri: '/r?a=1' },
      },
      { kind: 'http-response', way: 1, frame: 8, fields: { ...http3, status: 200 } },
    ]);
    const place = { layer: 'body', frames: [7], channel: 'quic', message: http[0]?.index };
    expect(c.found).toMatchObject([
      { ...place, decodings: ['quic-keylog', 'qpack'], field: 'header:x-id' },
      { ...place, decodings: ['quic-keylog', 'http3'], field: 'body' },
    ]);
    expect(c.flows).toMatchObject([{ application: 'http3', channel: 'quic', incomplete: [] }]);
    expect(c.flows[0]?.serverNames).toEqual(['h3.example']);
    expect(c.sequences.some((s) => s.bytes.includes('hello from twin'))).toBe(true);
    expect(c.sequences.every((s) => s.ended)).toBe(true);
    expect(c.summary.faults).toEqual([]);
  });

  it('what comes of a conversation that was put aside for very many others is not read, and that is told', () => {
    const talkAmong = (others: number): Collected => {
      const talk = new QuicTalk().open();
      const other = new QuicTalk({ seed: 'b' });
      const first = other.initial(0, Buffer.alloc(40));
      for (let i = 0; i < others; i++) talk.packets.push(udp(10_000 + i, 443, first, '10.0.0.9', '192.0.2.80'));
      talk.send(0, talk.short(0, frame.stream(0, 0, request({ 'x-id': IMEI }), true)));
      return dissect(talk);
    };
    const few = talkAmong(8191);
    expect(few.found).toHaveLength(1);
    expect(few.flows[0]?.incomplete).toEqual([]);
    const many = talkAmong(8192);
    expect(many.found).toEqual([]);
    expect(many.flows[0]?.incomplete).toEqual(['cap-handshake']);
  });

  it('a place is told where its ciphertext stands in the datagram', () => {
    const talk = talkOf({});
    const c = dissect(talk);
    const [, body] = c.found;
    // Behind UDP: one byte, eight of the connection id, two of the number, then the frames.
    const payload = frame.stream(
      0,
      0,
      Buffer.concat([request({ 'x-id': IMEI }), h3.data(Buffer.from(`{"imei":"${IMEI}"}`))]),
      true,
    );
    expect(body?.streamOffset).toBe(11 + payload.lastIndexOf(IMEI));
  });

  it('without the secrets nothing of it is known', () => {
    const talk = talkOf({});
    for (const keys of [null, '', new QuicTalk({ seed: 'b' }).keyLog]) {
      const c = dissect(talk, talk.packets, keys);
      expect(c.found).toEqual([]);
      expect(told(c)).toEqual([]);
      expect(c.flows).toMatchObject([{ application: 'quic', incomplete: [] }]);
    }
  });

  it('says when secrets do not open what they should', () => {
    const talk = talkOf({});
    for (let i = 0; i < 80; i++) talk.send(0, talk.short(0, frame.stream(4, 40 * i, Buffer.alloc(40))));
    const wrong = talk.keyLog.replaceAll(/ [0-9a-f]{2}([0-9a-f]+)$/gm, ' 00$1');
    const c = dissect(talk, talk.packets, wrong);
    expect(c.found).toEqual([]);
    expect(c.flows[0]?.incomplete).toContain('decoding-failed');
  });

  it('reads content codings, pieces of any size, packets in any order, and each once', () => {
    const body = Buffer.from(JSON.stringify({ pad: 'x'.repeat(500), imei: IMEI }));
    for (const [coding, packed] of [
      ['gzip', gzipSync(body)],
      ['br', brotliCompressSync(body)],
      ['', body],
    ] as const) {
      const asked = Buffer.concat([
        request(coding === '' ? {} : { 'content-encoding': coding }),
        h3.data(packed.subarray(0, 30)),
        h3.frame(0x21, Buffer.from('grease')),
        h3.data(packed.subarray(30)),
      ]);
      const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });
      fc.assert(
        fc.property(pieces, fc.infiniteStream(fc.nat()), (sizes, random) => {
          const talk = new QuicTalk().open();
          const opening = talk.packets.length;
          for (let at = 0, i = 0; at < asked.length; i++) {
            const end = Math.min(asked.length, at + (sizes[i % sizes.length] ?? 1));
            const piece = frame.stream(0, at, asked.subarray(at, end), end === asked.length);
            talk.send(0, talk.short(0, piece));
            // Some are sent again under another number.
            if ((random.next().value ?? 0) % 3 === 0) talk.send(0, talk.short(0, piece));
            at = end;
          }
          const rest = talk.packets
            .slice(opening)
            .map((packet) => [random.next().value ?? 0, packet] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, packet]) => packet);
          const c = dissect(talk, [...talk.packets.slice(0, opening), ...rest]);
          expect(told(c)).toMatchObject([['http-request', 0, expect.any(Number), '/r?a=1', packed.length]]);
          expect(c.found.map((f) => f.decodings)).toEqual([
            ['quic-keylog', 'http3', ...(coding === '' ? [] : [coding])],
          ]);
          expect(c.flows[0]?.incomplete).toEqual([]);
        }),
        { seed: 5, numRuns: 25 },
      );
    }
  });

  it('follows updates of the keys, packets of the phase before that come late, and a phase that is missing', () => {
    const talk = new QuicTalk().open();
    const asked = Buffer.concat([request(), h3.data(Buffer.from(`a=${IMEI}`))]);
    const piece = (i: number): Buffer => frame.stream(0, i * 20, asked.subarray(i * 20, i * 20 + 20));
    const count = Math.ceil(asked.length / 20);
    const late = talk.takeNumber(0);
    for (let i = 1; i < count; i++) talk.send(0, talk.short(0, piece(i), i));
    // The first piece was sent before all of them.
    talk.packets.splice(5, 0, talk.send(0, talk.short(0, piece(0), 0, late)).packets.pop() ?? Buffer.alloc(0));
    const followed = dissect(talk);
    expect(followed.found).toMatchObject([{ field: 'body' }]);
    expect(told(followed)).toMatchObject([['http-request', 0, expect.any(Number), '/r?a=1', IMEI.length + 2]]);
    // Packets of phase 1 are missing: those of phase 2 are opened.
    const without = new QuicTalk().open();
    without.send(0, without.short(0, frame.stream(0, 0, asked.subarray(0, 20)), 0));
    without.send(0, without.short(0, frame.stream(0, 20, asked.subarray(20), true), 2));
    expect(dissect(without).found).toHaveLength(1);
  });

  it('reads early data (0-RTT)', () => {
    const talk = new QuicTalk();
    const asked = Buffer.concat([request(), h3.data(Buffer.from(IMEI))]);
    talk.send(0, talk.initial(0, Buffer.concat([frame.crypto(0, talk.hello()), Buffer.alloc(800)])));
    talk.send(0, talk.long('early', 0, frame.stream(0, 0, asked, true)));
    const c = dissect(talk);
    expect(told(c)).toEqual([['http-request', 0, 2, '/r?a=1', IMEI.length]]);
    expect(c.found).toMatchObject([{ frames: [2] }]);
  });

  it('says what is missing and reads on behind it', () => {
    const talk = new QuicTalk().open();
    const asked = Buffer.concat([request(), h3.data(Buffer.from(`${'-'.repeat(300)}${IMEI}`))]);
    for (const [at, end] of [
      [0, 120],
      [120, 200],
      [200, asked.length],
    ] as const)
      talk.send(0, talk.short(0, frame.stream(0, at, asked.subarray(at, end), end === asked.length)));
    const c = dissect(
      talk,
      talk.packets.filter((_, i) => i !== talk.packets.length - 2),
    );
    expect(c.found).toMatchObject([{ field: 'body', decodings: ['quic-keylog', 'http3'] }]);
    expect(told(c)).toMatchObject([['http-request', 0, 5, '/r?a=1', asked.length - request().length - 3 - 80]]);
    expect(c.flows[0]?.incomplete).toEqual(['stream-gap']);
  });

  it('header fields that refer to a table that comes later wait for it, and what follows them too', () => {
    const asked = Buffer.concat([
      // RFC 9204, B.2: two entries are needed, and both are referred to; then one of the static table.
      h3.frame(1, hex('0381 10 11 d4')),
      h3.data(Buffer.from(`imei=${IMEI}`)),
    ]);
    const entries = hex(
      `02 3fbd01 c00f${Buffer.from('www.example.com').toString('hex')} c10c${Buffer.from('/sample/path').toString('hex')}`,
    );
    const pieces = (talk: QuicTalk): Buffer[] => [
      talk.short(1, frame.stream(3, 0, h3.control(220))),
      talk.short(0, frame.stream(0, 0, asked.subarray(0, 9))),
      talk.short(0, frame.stream(0, 9, asked.subarray(9), true)),
      talk.short(0, frame.stream(6, 0, entries.subarray(0, 12))),
      talk.short(0, frame.stream(6, 12, entries.subarray(12))),
    ];
    const ways = [
      [0, 1, 2, 3, 4],
      [3, 4, 0, 1, 2],
      [2, 1, 4, 3, 0],
      [1, 3, 2, 0, 4],
    ];
    for (const way of ways) {
      const talk = new QuicTalk().open();
      const made = pieces(talk);
      for (const i of way) talk.send(i === 0 ? 1 : 0, made[i] ?? Buffer.alloc(0));
      const c = dissect(talk);
      // The packet that completed the section is told, whatever came before or after it.
      const completing = 5 + Math.max(way.indexOf(1), way.indexOf(2) < way.indexOf(1) ? 0 : way.indexOf(1));
      expect(told(c)).toEqual([['http-request', 0, completing, '/sample/path', IMEI.length + 5]]);
      expect(c.messages.find((m) => m.kind === 'http-request')?.fields).toMatchObject({
        host: 'www.example.com',
        method: 'POST',
      });
      expect(c.found).toMatchObject([{ frames: [5 + way.indexOf(2)], field: 'body' }]);
      expect(c.flows[0]?.incomplete).toEqual([]);
    }
  });

  it('when the table never comes, what does not refer to it is told, and that fields are not known', () => {
    const talk = new QuicTalk().open();
    talk.send(
      0,
      talk.short(
        0,
        frame.stream(0, 0, Buffer.concat([h3.frame(1, hex('0381 10 11 d4')), h3.data(Buffer.from(IMEI))]), true),
      ),
    );
    const c = dissect(talk);
    expect(c.messages.find((m) => m.kind === 'http-request')?.fields).toMatchObject({
      method: 'POST',
      host: null,
      headersUnknown: true,
    });
    expect(c.found).toHaveLength(1);
    expect(c.flows[0]?.incomplete).toEqual(['headers-unknown']);
  });

  it('a stream that is given up, datagrams, and the certificate', () => {
    const talk = new QuicTalk().open(certificateMessage());
    talk.send(0, talk.short(0, Buffer.concat([frame.stream(0, 0, request()), frame.stream(4, 0, Buffer.alloc(3))])));
    talk.send(0, talk.short(0, Buffer.concat([frame.reset(0), frame.datagram(Buffer.from(IMEI))])));
    const c = dissect(talk);
    expect(told(c)).toEqual([['http-request', 0, 5, '/r?a=1', 0]]);
    expect(c.messages.find((m) => m.kind === 'http-request')?.fields).toMatchObject({ incomplete: true });
    expect(c.found).toMatchObject([{ field: 'quic.datagram', frames: [6], decodings: ['quic-keylog'] }]);
    expect(c.messages.find((m) => m.kind === 'tls-certificate')).toMatchObject({
      way: 1,
      frame: 3,
      fields: { contentKnownBy: 'keylog' },
    });
  });

  it('other protocols are searched as they are', () => {
    const talk = new QuicTalk({ alpn: 'doq' }).open();
    talk.send(0, talk.short(0, frame.stream(0, 0, Buffer.from(`xx${IMEI}`), true)));
    const c = dissect(talk);
    expect(told(c)).toEqual([]);
    expect(c.found).toMatchObject([{ field: 'quic.stream', decodings: ['quic-keylog'], message: null }]);
    expect(c.flows[0]?.application).toBe('quic');
  });

  const NEW_ID = '09'.repeat(8);
  it.each([
    ['another port, the id as before (RFC 9000, 9.3)', { address: '10.0.0.5', port: 61_000 }, undefined],
    ['another network, under an id that the server gave it', { address: '172.16.0.9', port: 50_000 }, NEW_ID],
    ['an address above the server’s', { address: '203.0.113.200', port: 50_000 }, NEW_ID],
  ] as const)('goes on when its client moves: %s', (_, moved, id) => {
    const talk = new QuicTalk().open();
    talk.send(0, talk.short(0, frame.stream(2, 0, h3.control(0))));
    const asked = Buffer.concat([request(), h3.data(Buffer.from(`{"imei":"${IMEI}"}`))]);
    const cut = asked.length - 10;
    talk.send(0, talk.short(0, frame.stream(0, 0, asked.subarray(0, cut))));
    talk.client = moved;
    talk.send(0, talk.short(0, frame.stream(0, cut, asked.subarray(cut), true), 0, talk.takeNumber(0), id));
    const answer = Buffer.concat([h3.headers({ ':status': '200' }), h3.data(Buffer.from(`seen ${IMEI}`))]);
    talk.send(1, talk.short(1, frame.stream(0, 0, answer, true)));
    const c = dissect(talk);
    expect(told(c)).toMatchObject([
      ['http-request', 0, 6, '/r?a=1', 11 + IMEI.length],
      ['http-response', 1, 8, 200, 5 + IMEI.length],
    ]);
    expect(c.found.map((f) => [f.frames, f.decodings])).toEqual([
      [
        [6, 7],
        ['quic-keylog', 'http3'],
      ],
      [[8], ['quic-keylog', 'http3']],
    ]);
    expect(c.flows.map((f) => [f.application, f.channel, f.packets, f.incomplete])).toEqual([
      ['http3', 'quic', [4, 2], []],
      ['http3', 'quic', [1, 1], []],
    ]);
    // What was opened is counted where it was sent.
    for (const flow of c.flows)
      for (const way of [0, 1] as const) expect(flow.readableBytes[way]).toBeLessThanOrEqual(flow.payloadBytes[way]);
    const closed = dissect(talk, talk.packets, null);
    expect(closed.found).toEqual([]);
    // Without keys, what goes to the client's id is known: that one stood in clear.
    expect(closed.flows.map((f) => f.channel)).toEqual(['quic', 'quic']);
  });

  it('takes nothing for a moved connection that has no id of it', () => {
    const talk = new QuicTalk().open();
    talk.client = { address: '10.0.0.5', port: 61_000 };
    talk.send(0, talk.short(0, frame.stream(0, 0, request(), true), 0, talk.takeNumber(0), 'aa'.repeat(8)));
    const c = dissect(talk);
    expect(told(c)).toEqual([]);
    expect(c.flows.map((f) => f.application)).toEqual(['quic', 'unknown']);
  });

  it('never throws, whatever stands in the frames', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 2, 4, 6), fc.uint8Array({ maxLength: 80 })), { maxLength: 8 }),
        (all) => {
          const talk = new QuicTalk().open();
          for (const [id, bytes] of all) {
            talk.send(0, talk.short(0, Buffer.concat([frame.stream(id, 0, bytes), Buffer.from(bytes)])));
            talk.send(0, talk.short(0, Buffer.concat([varint(0x06), Buffer.from(bytes)])));
          }
          const c = dissect(talk);
          expect(c.sequences.every((s) => s.ended)).toBe(true);
        },
      ),
      { seed: 6, numRuns: 200 },
    );
  });
});

/** A Certificate message whose list is empty. */
function certificateMessage(): Buffer {
  return Buffer.from([11, 0, 0, 4, 0, 0, 0, 0]);
}
