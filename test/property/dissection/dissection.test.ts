import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Collected, collect, streamText } from '../../unit/dissection/collector.ts';
import { Conversation } from '../../unit/dissection/conversation.ts';
import { clientHello, dns, pcap, PcapngBuilder, tlsRecord, u16, udp } from '../../unit/dissection/packet-builder.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
const RUNS = FULL ? 2000 : 60;
const SEED = 20_140_807;
const IMEI = '490154203237518';

/** A small capture with a bit of everything. */
function mixed(): Buffer {
  const web = new Conversation();
  const body = gzipSync(Buffer.from(`{"imei":"${IMEI}","pad":"${'z'.repeat(500)}"}`));
  web.toServer(`GET /a?id=${IMEI} HTTP/1.1\r\nHost: h.example\r\n\r\n`, 13);
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`;
  web.toClient(Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n0\r\n\r\n')]), 40);
  const tls = new Conversation({ sourcePort: 50_001, targetPort: 443 });
  tls
    .toServer(tlsRecord(22, clientHello('sni.example', { alpn: ['h2'] })), 50)
    .toServer(tlsRecord(23, Buffer.alloc(700, 1)), 300);
  const name = new Conversation({ sourcePort: 50_002, targetPort: 53 });
  const query = dns('tcp.example', 1);
  name.toServer(Buffer.concat([u16(query.length), query]), 9);
  const chat = new Conversation({ sourcePort: 50_003, targetPort: 5222 }).toServer(
    '<stream:stream xmlns="xm" to="c">',
    8,
  );
  const order = [web, tls, name, chat].flatMap((c) => c.close().packets);
  return pcap([udp(40_000, 53, dns('q.example', 1)), ...order, udp(50_000, 443, 'plain')]);
}

/** Everything that must not depend on how the file was cut into blocks. */
function essence(c: Collected): unknown {
  const sequences = c.sequences.map((s) => ({ ...s, bytes: s.bytes.toString('hex') }));
  return { summary: c.summary, messages: c.messages, flows: c.flows, found: c.found, sequences };
}

describe('blocks', () => {
  const capture = mixed();
  const whole = essence(collect(capture, { needle: IMEI }));

  it('gives the same for every block size', () => {
    for (const blockBytes of [1, 2, 3, 5, 16, 17, 100, 1000, 65_536]) {
      expect(essence(collect(capture, { blockBytes, needle: IMEI }))).toEqual(whole);
    }
  });

  it('gives the same for pcapng in every block size', () => {
    const file = new PcapngBuilder().section().interface(1);
    for (let i = 0; i < 20; i++) file.enhanced(0, BigInt(i), udp(40_000 + i, 53, dns(`n${i}.example`, 1)));
    const expected = essence(collect(file.bytes()));
    for (const blockBytes of [1, 3, 7, 31, 64, 333])
      expect(essence(collect(file.bytes(), { blockBytes }))).toEqual(expected);
  });
});

describe('streams', () => {
  it('come out as they were sent, whatever order, overlap and repetition the segments had', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 80 })), { maxLength: 12 }),
        fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(0, 1000, 0xffffff80),
        (data, extra, order, piece, clientSeq) => {
          const t = new Conversation({ clientSeq, targetPort: 9999 });
          const segments: { key: number; packet: Buffer }[] = [];
          const add = (from: number, to: number): void => {
            const key = order[segments.length % order.length] ?? 0;
            segments.push({ key, packet: t.clientSegment(from, data.slice(from, to)) });
          };
          for (let at = 0; at < data.length; at += piece) add(at, Math.min(data.length, at + piece));
          for (const [from, length] of extra)
            add(from % data.length, Math.min(data.length, (from % data.length) + length + 1));
          segments.sort((a, b) => a.key - b.key);
          const c = collect(pcap([...t.packets, ...segments.map((s) => s.packet)]));
          expect(streamText(c, 0, 0)).toBe(Buffer.from(data).toString('latin1'));
          expect(c.flows[0]?.incomplete).toEqual([]);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('give one message and one hit for one request, however it was cut, shuffled and repeated', () => {
    const request = `POST /x HTTP/1.1\r\nHost: h.example\r\nContent-Length: 22\r\n\r\nimei=${IMEI}&z`;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1000 })),
        (sizes, keys) => {
          const t = new Conversation();
          const next = keys[Symbol.iterator]();
          const segments: { key: number; packet: Buffer }[] = [];
          for (let at = 0, i = 0; at < request.length; i++) {
            const n = sizes[i % sizes.length] ?? 1;
            const packet = t.clientSegment(at, request.slice(at, at + n));
            for (let copy = 0; copy < 2; copy++) segments.push({ key: Number(next.next().value), packet });
            at += n;
          }
          segments.sort((a, b) => a.key - b.key);
          const c = collect(pcap([...t.packets, ...segments.map((s) => s.packet)]), { needle: IMEI });
          expect(c.messages.map((m) => [m.kind, m.fields['bodyBytes']])).toEqual([['http-request', 22]]);
          expect(c.found).toHaveLength(1);
          expect(c.found[0]).toMatchObject({ field: 'body', message: 0, streamOffset: request.indexOf(IMEI) });
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });
});

describe('hostile bytes', () => {
  const capture = mixed();

  it('never throw: a capture with bytes changed anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: capture.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (changes) => {
          const damaged = Buffer.from(capture);
          for (const [at, value] of changes) damaged[at] = value;
          const { summary, flows } = collect(damaged, { blockBytes: 4096, needle: IMEI });
          expect(flows).toHaveLength(
            summary.tcpFlows +
              summary.udpFlows +
              flows.filter((f) => f.transport !== 'tcp' && f.transport !== 'udp').length,
          );
        },
      ),
      { seed: SEED, numRuns: RUNS * 5 },
    );
  });

  it('never throw: garbage in every place where a protocol is expected', () => {
    const garbage = fc.uint8Array({ minLength: 1, maxLength: 600 });
    const beginnings = [
      '',
      'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03',
      '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
      '\x16\x03\x03\x02\0\x0b\0\x01\xfc\0\x01\xf9\0\x01\xf6\x30\x82',
      '<stream:stream ',
      '\0\x40',
    ];
    fc.assert(
      fc.property(
        garbage,
        fc.constantFrom(...beginnings),
        fc.constantFrom(80, 443, 53, 5222),
        fc.integer({ min: 1, max: 200 }),
        (bytes, begin, port, piece) => {
          const payload = Buffer.concat([Buffer.from(begin, 'latin1'), bytes]);
          const t = new Conversation({ targetPort: port }).toServer(payload, piece).toClient(payload, piece).close();
          const c = collect(pcap([...t.packets, udp(40_000, port, bytes), udp(port, 40_001, bytes)]));
          const streams = c.sequences.filter((s) => s.layer === 'stream');
          expect(streams.map((s) => s.bytes.length)).toEqual([payload.length, payload.length]);
          expect(c.sequences.every((s) => s.ended)).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS * 5 },
    );
  });

  it('never throw: a file of garbage', () => {
    const magics = [
      'd4c3b2a1',
      'a1b2c3d4',
      '4d3cb2a1',
      '34cdb2a1',
      '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000',
      '',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...magics),
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 700 }),
        (magic, bytes, blockBytes) => {
          const file = Buffer.concat([Buffer.from(magic, 'hex'), bytes]);
          expect(essence(collect(file, { blockBytes }))).toEqual(essence(collect(file)));
        },
      ),
      { seed: SEED, numRuns: RUNS * 3 },
    );
  });
});
