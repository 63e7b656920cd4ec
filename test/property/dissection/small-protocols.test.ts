import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../unit/dissection/collector.ts';
import { Conversation } from '../../unit/dissection/conversation.ts';
import { clientHello, dns, pcap, tlsRecord, u16, u32, udp } from '../../unit/dissection/packet-builder.ts';
import {
  bytes,
  coapGet,
  dhcpMessage,
  dhcpv6Message,
  gtpV1Create,
  gtpV2Create,
  IMEI,
  INVITE,
  labels,
  latin,
  MAC,
  mqttConnect,
  mqttPublish,
  mqttSubscribe,
  netbiosName,
  REGISTER,
  stunAttribute,
  stunMessage,
  updateLocation,
} from '../../unit/dissection/protocol-fixtures.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
const RUNS = FULL ? 3000 : 60;
const SEED = 20_140_807;

const HELLO = tlsRecord(22, clientHello('up.example'));
const framedDns = (name: string): Buffer => {
  const query = dns(name, 1);
  return Buffer.concat([u16(query.length), query]);
};

/** What a client sends and what it is answered, per protocol, with its port. */
const STREAMS: readonly (readonly [name: string, port: number, client: Buffer, server: Buffer])[] = [
  [
    'smtp',
    25,
    Buffer.concat([latin('EHLO a\r\nMAIL FROM:<a>\r\nDATA\r\nQUIT\r\n.\r\nSTARTTLS\r\n'), HELLO]),
    latin('220 x ESMTP\r\n250-a\r\n250 b\r\n'),
  ],
  ['pop', 110, Buffer.concat([latin('CAPA\r\nSTLS\r\n'), HELLO]), latin('+OK POP3\r\n+OK\r\n')],
  [
    'imap',
    143,
    latin('a LOGIN {3}\r\nabc {2}\r\nxy\r\nb SELECT z\r\n'),
    latin('* OK hi\r\n* 1 FETCH {4}\r\na OK\r\na OK x\r\n'),
  ],
  ['ftp', 21, latin('USER a\r\nPASS b\r\n'), latin('220 FTP here\r\n331 p\r\n')],
  [
    'xmpp',
    5222,
    Buffer.concat([latin("<?xml version='1.0'?><stream:stream to='x'><iq id='1'><a/></iq>"), HELLO]),
    latin(''),
  ],
  ['sip', 5060, latin(`${REGISTER}\r\n${INVITE}`), latin('SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nab')],
  [
    'mqtt',
    1883,
    Buffer.concat([mqttConnect(5), mqttSubscribe(['a/b'], 5), mqttPublish('t', IMEI, 5)]),
    Buffer.concat([bytes(0x20, 3, 0, 0, 0), mqttPublish('u', 'v', 5)]),
  ],
  ['diameter', 3868, Buffer.concat([updateLocation(), updateLocation()]), Buffer.alloc(0)],
  [
    'ldap',
    389,
    Buffer.concat([Buffer.from('301602010160110201030407636e3d616e6e618003736563', 'hex'), HELLO]),
    Buffer.alloc(0),
  ],
  ['postgresql', 5432, Buffer.concat([Buffer.from('0000000804d2162f', 'hex'), HELLO]), latin('S')],
  ['dns', 53, Buffer.concat([framedDns('aa1.bb2.c.example'), framedDns('x.example')]), Buffer.alloc(0)],
];

const DATAGRAMS: readonly (readonly [port: number, payload: Buffer])[] = [
  [53, dns('4901542.0323751.8.t.example', 1)],
  [137, Buffer.concat([u16(7), u16(0x2910), u16(1), u32(0), u16(0), labels(netbiosName('A', 0)), u16(32), u16(1)])],
  [
    67,
    dhcpMessage({
      options: [
        [53, bytes(3)],
        [52, bytes(3)],
        [12, latin('a')],
        [12, latin('b')],
        [61, Buffer.concat([bytes(255), u32(1), u16(1), u16(1), u32(0), MAC])],
        [81, Buffer.concat([bytes(4, 0, 0), labels('p.example')])],
      ],
    }),
  ],
  [
    547,
    dhcpv6Message(1, [
      [1, Buffer.concat([u16(3), u16(1), MAC])],
      [39, Buffer.concat([bytes(1), labels('p.e')])],
    ]),
  ],
  [2123, gtpV1Create()],
  [2123, gtpV2Create()],
  [3478, stunMessage(1, stunAttribute(6, 'user'))],
  [5060, latin(INVITE)],
  [1900, latin('NOTIFY * HTTP/1.1\r\nNT: x\r\nUSN: y\r\n\r\n')],
  [5683, coapGet()],
];

/** Kinds and fields of all messages, and the decoded texts: what must not depend on segments. */
function essence(capture: Buffer): unknown {
  const c = collect(capture);
  return {
    messages: c.messages
      .map(({ kind, way, fields }) => [kind, way, fields])
      .sort((a, b) => Number(a[1]) - Number(b[1])),
    decoded: c.sequences.filter((s) => s.layer === 'body').map((s) => [s.way, s.decodings, s.bytes.toString('latin1')]),
    application: c.flows.map((f) => [f.application, f.channel, f.incomplete]),
  };
}

function talk(port: number, client: Buffer, server: Buffer, sizes: readonly number[]): Buffer {
  const t = new Conversation({ targetPort: port });
  const [a, b] = [client, server].map((data) => {
    const pieces: Buffer[] = [];
    for (let at = 0, i = 0; at < data.length; i++) {
      const n = sizes[i % sizes.length] ?? 1;
      pieces.push(data.subarray(at, at + n));
      at += n;
    }
    return pieces;
  });
  // The server greets first; afterwards both speak as they are cut.
  for (const piece of b ?? []) t.toClient(piece);
  for (const piece of a ?? []) t.toServer(piece);
  return pcap(t.packets);
}

describe('small protocols', () => {
  it.each(STREAMS)('%s gives the same messages however it is cut', (application, port, client, server) => {
    const whole = essence(talk(port, client, server, [100_000]));
    expect(JSON.stringify(whole)).toContain(`"${application}"`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(essence(talk(port, client, server, sizes))).toEqual(whole);
      }),
      { seed: SEED, numRuns: RUNS / 2 },
    );
  });

  it('never throw nor grow: streams with bytes changed, lost and added', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STREAMS),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 12 }),
        ([, port, client, server], changes, sizes, lost) => {
          const damaged = Buffer.from(client);
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const t = new Conversation({ targetPort: port }).toClient(server);
          for (let at = 0, i = 0; at < damaged.length; i++) {
            const n = sizes[i % sizes.length] ?? 1;
            if (i === lost) t.clientSeq += n;
            else t.toServer(damaged.subarray(at, at + n));
            at += n;
          }
          const c = collect(pcap(t.close().packets), { needle: IMEI });
          const decoded = c.sequences.filter((s) => s.layer === 'body').reduce((n, s) => n + s.bytes.length, 0);
          expect(decoded).toBeLessThan(4 * client.length + 1000);
          expect(c.messages.length).toBeLessThan(client.length + server.length);
          expect(
            c.sequences.filter((s) => s.layer === 'stream').reduce((n, s) => n + s.bytes.length, 0),
          ).toBeLessThanOrEqual(client.length + server.length);
        },
      ),
      { seed: SEED, numRuns: RUNS * 8 },
    );
  });

  it('never throw nor grow: datagrams with bytes changed and cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DATAGRAMS),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        fc.nat({ max: 40 }),
        ([port, payload], changes, cut) => {
          const damaged = Buffer.from(payload.subarray(0, Math.max(1, payload.length - cut)));
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const c = collect(pcap([udp(50_000, port, damaged)]), { needle: IMEI });
          const [raw, ...decoded] = c.sequences;
          expect(raw?.bytes.equals(damaged)).toBe(true);
          expect(decoded.reduce((n, s) => n + s.bytes.length, 0)).toBeLessThan(8 * payload.length + 1000);
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });

  it('never throw: garbage behind every beginning, and in every port', () => {
    const ports = [...STREAMS.map(([, port]) => port), 2525, 9999];
    fc.assert(
      fc.property(
        fc.constantFrom(...ports),
        fc.constantFrom(...STREAMS.map(([, , client]) => client.subarray(0, 24)), Buffer.alloc(0)),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 90 }),
        (port, beginning, garbage, piece) => {
          const sent = Buffer.concat([beginning, garbage]);
          const c = collect(pcap(new Conversation({ targetPort: port }).toServer(sent, piece).close().packets));
          const stream = c.sequences.filter((s) => s.layer === 'stream').map((s) => s.bytes);
          expect(Buffer.concat(stream).equals(sent)).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS * 8 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(53, 67, 137, 123, 547, 1900, 2123, 3478, 5060, 5353, 5355, 5683),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        (port, garbage) => {
          const c = collect(pcap([udp(50_000, port, garbage)]));
          expect(c.sequences[0]?.bytes.equals(Buffer.from(garbage))).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });
});
