import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDtls } from '../../../main/dissection/dtls-record.ts';
import { collect } from './collector.ts';
import { DTLS_SERVER_HELLO, dtlsClientHello, dtlsPiece, dtlsRecord, with16, with8, extension } from './dtls-builder.ts';
import { pcap, u16, udp } from './packet-builder.ts';

const toServer = (...records: Buffer[]): Buffer => udp(50_000, 5684, Buffer.concat(records));
const toClient = (...records: Buffer[]): Buffer => udp(5684, 50_000, Buffer.concat(records), '192.0.2.80', '10.0.0.5');
const verifyRequest = Buffer.concat([u16(0xfefd), with8(Buffer.alloc(20, 0xcc))]);

describe('DTLS', () => {
  it('reads the hellos around a HelloVerifyRequest', () => {
    const hello = dtlsClientHello('iot.example');
    const again = dtlsClientHello('iot.example', { cookie: Buffer.alloc(20, 0xcc) });
    const c = collect(
      pcap([
        toServer(dtlsPiece(1, 0, hello)),
        toClient(dtlsPiece(3, 0, verifyRequest)),
        toServer(dtlsPiece(1, 1, again)),
        toClient(dtlsPiece(2, 1, DTLS_SERVER_HELLO), dtlsPiece(14, 2, Buffer.alloc(0))),
      ]),
      { needle: 'iot.example' },
    );
    const fields = { serverName: 'iot.example', version: '1.2', alpn: ['webrtc', 'c-webrtc'], cipherSuites: 2 };
    expect(c.messages).toMatchObject([
      { kind: 'tls-client-hello', way: 0, frame: 1, fields },
      { kind: 'tls-client-hello', way: 0, frame: 3, fields },
      {
        kind: 'tls-server-hello',
        way: 1,
        frame: 4,
        fields: { version: '1.2', cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' },
      },
    ]);
    expect(c.messages[0]?.fields['ja4']).toMatch(/^dd2d0202wc_/);
    expect(c.found).toMatchObject([
      { field: 'tls.sni', message: 0, frames: [1], layer: 'datagram', channel: 'dtls' },
      { field: 'tls.sni', message: 1, frames: [3] },
    ]);
    expect(c.flows).toMatchObject([
      { application: 'dtls', channel: 'dtls', serverNames: ['iot.example'], incomplete: [] },
    ]);
  });

  it('puts fragments together in whatever order they come, and hands them on once', () => {
    const hello = dtlsClientHello('scattered.example', { extra: extension(21, Buffer.alloc(200)) });
    const at = hello.indexOf('scattered.example') + 5;
    const c = collect(
      pcap([
        toServer(dtlsPiece(1, 0, hello, at), dtlsPiece(1, 0, hello, at - 3, at + 4)),
        toServer(dtlsPiece(1, 0, hello, 0, at)),
        toServer(dtlsPiece(1, 0, hello, 0, at)),
      ]),
      { needle: 'scattered.example' },
    );
    expect(c.messages).toMatchObject([
      { kind: 'tls-client-hello', frame: 2, fields: { serverName: 'scattered.example' } },
    ]);
    expect(c.found).toMatchObject([{ field: 'tls.sni', message: 0, frames: [1, 2], decodings: ['dtls-fragments'] }]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('tells a repeated flight once, and another handshake again', () => {
    const c = collect(
      pcap([
        toServer(dtlsPiece(1, 0, dtlsClientHello('one.example'))),
        toServer(dtlsPiece(1, 0, dtlsClientHello('one.example'))),
        toServer(dtlsPiece(1, 0, dtlsClientHello('two.example', { random: 9 }))),
      ]),
    );
    expect(c.messages.map((m) => [m.frame, m.fields['serverName']])).toEqual([
      [1, 'one.example'],
      [3, 'two.example'],
    ]);
  });

  it('tells DTLS 1.3 by what it offers and chooses', () => {
    const versions = extension(43, with8(Buffer.concat([u16(0xfefc), u16(0xfefd)])));
    const chosen = Buffer.concat([
      DTLS_SERVER_HELLO.subarray(0, -3),
      u16(0x1301),
      Buffer.from([0]),
      with16(extension(43, u16(0xfefc))),
    ]);
    const c = collect(
      pcap([
        toServer(dtlsPiece(1, 0, dtlsClientHello('new.example', { extra: versions }))),
        toClient(dtlsPiece(2, 0, chosen)),
      ]),
    );
    expect(c.messages).toMatchObject([
      { fields: { version: '1.3', versions: ['1.3', '1.2'] } },
      { fields: { version: '1.3', cipher: 'TLS_AES_128_GCM_SHA256' } },
    ]);
  });

  it('keeps what follows the change of keys out of the search', () => {
    const secret = dtlsRecord(22, Buffer.from('999999 enciphered'), 1);
    const c = collect(pcap([toServer(dtlsPiece(1, 0, dtlsClientHello('a.example')), secret), toServer(secret)]), {
      needle: '999999',
    });
    expect(c.found).toEqual([]);
    expect(c.sequences.map((s) => s.opaqueBytes)).toEqual([0, secret.length, secret.length]);
  });

  it('tells the name of a hello whose last piece is missing', () => {
    const hello = dtlsClientHello('cut.example', { extra: extension(21, Buffer.alloc(200)) });
    const later = udp(60_000, 9, 'something else');
    const c = collect(pcap([toServer(dtlsPiece(1, 0, hello, 0, 150)), later]), { needle: 'cut.example' });
    expect(c.messages).toMatchObject([{ frame: 1, fields: { serverName: 'cut.example', incomplete: true } }]);
    expect(c.found).toMatchObject([{ field: 'tls.sni', frames: [1] }]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut']);
  });

  it('never holds more than it may, and never throws', () => {
    const flood = Array.from({ length: 40 }, (_, i) => toServer(dtlsPiece(11, i, Buffer.alloc(5000), 10, 20)));
    expect(collect(pcap(flood)).flows[0]?.incomplete).toContain('cap-handshake');
    const head = fc.constantFrom('16fefd0000000000000000', '16feff0000000000000001', '19fefd0000000000000000');
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 80 }), (start, rest) => {
        const bytes = Buffer.concat([Buffer.from(start, 'hex'), u16(Math.max(0, rest.length - 5)), rest]);
        const { pieces, readableEnd } = parseDtls(bytes, 0, bytes.length);
        expect(readableEnd).toBeLessThanOrEqual(bytes.length);
        for (const p of pieces) expect(p.end <= bytes.length && p.offset + (p.end - p.start) <= p.length).toBe(true);
        collect(pcap([toServer(bytes), toClient(bytes)]));
      }),
      { seed: 6347, numRuns: process.env['HANDSIGHT_TIER'] === 'full' ? 20_000 : 300 },
    );
  });
});
