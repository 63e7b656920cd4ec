import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Collected, collect } from '../../unit/dissection/collector.ts';
import { aggregate, linkFixtures, radiotap, snap, wlanData } from '../../unit/dissection/link-fixtures.ts';
import {
  dns,
  ethernet,
  ipv4,
  ipv6,
  pcap,
  PcapngBuilder,
  udp,
  udpDatagram,
} from '../../unit/dissection/packet-builder.ts';
import { tunnelFixtures } from '../../unit/dissection/tunnel-fixtures.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
const RUNS = FULL ? 200 : 12;
const SEED = 20_140_809;

const QUERY = dns('inner.example', 1);
const IP4 = ipv4(udpDatagram(40_000, 53, QUERY), { from: '10.0.0.5', to: '10.0.0.1', protocol: 17 });
const IP6 = ipv6(
  udpDatagram(40_001, 53, QUERY),
  17,
  '20010db8000000000000000000000005',
  '20010db8000000000000000000000001',
);

const FRAMES: readonly (readonly [name: string, linkType: number, frame: Buffer])[] = [
  ...linkFixtures(IP4),
  ['aggregate', 127, radiotap(wlanData('8801', aggregate(snap(IP4), snap(IP6, 0x86dd), snap(IP4)), { qos: '8000' }))],
  ...tunnelFixtures(IP4, IP6).map(([name, , , frame]) => [name, 1, frame] as const),
  ...tunnelFixtures(
    tunnelFixtures(IP4, IP6)
      .find(([name]) => name === 'GTP-U')?.[3]
      .subarray(14) ?? IP4,
    IP6,
  ).map(([name, , , frame]) => [`${name} around GTP-U`, 1, frame] as const),
];

/** Changes of a frame: bytes set, then cut or not. */
const changes = fc.tuple(
  fc.array(fc.tuple(fc.nat({ max: 250 }), fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0, 1, 0x40, 0x80, 0xff))), {
    maxLength: 6,
  }),
  fc.option(fc.nat({ max: 250 })),
);

function changed(frame: Buffer, sets: readonly (readonly [number, number])[], cut: number | null) {
  const bytes = Buffer.from(frame);
  for (const [at, value] of sets) bytes[at % bytes.length] = value;
  return cut === null ? bytes : { bytes: bytes.subarray(0, cut % bytes.length), wire: bytes.length };
}

function handedOn(c: Collected): number {
  return c.sequences.filter((s) => s.layer !== 'body').reduce((sum, s) => sum + s.bytes.length, 0);
}

describe('links and tunnels', () => {
  it.each(FRAMES)('changed and cut anywhere, never throw and hand no byte on twice: %s', (_, linkType, frame) => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 20, maxLength: 40 }), (many) => {
        const packets = many.map(([sets, cut]) => changed(frame, sets, cut));
        const captured = packets.reduce((sum, p) => sum + (Buffer.isBuffer(p) ? p : p.bytes).length, 0);
        const c = collect(pcap(packets, { linkType }));
        expect(c.summary.packets).toBe(packets.length);
        expect(handedOn(c)).toBeLessThanOrEqual(captured);
        expect(c.flows.reduce((sum, f) => sum + f.packets[0] + f.packets[1], 0)).toBeLessThanOrEqual(captured / 8);
        expect(c.sequences.every((s) => s.ended)).toBe(true);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('never throw on garbage of any link type', () => {
    const numbers = [...new Set(FRAMES.map(([, linkType]) => linkType))];
    fc.assert(
      fc.property(
        fc.constantFrom(...numbers),
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
        (linkType, packets) => {
          const c = collect(
            pcap(
              packets.map((p) => Buffer.from(p)),
              { linkType },
            ),
          );
          expect(c.summary.packets).toBe(packets.length);
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });

  it('stay linear where each header asks for another', () => {
    const repeat = (hex: string, to: number): Buffer =>
      Buffer.from(hex.repeat(Math.ceil((to * 2) / hex.length)), 'hex').subarray(0, to);
    const size = 200_000;
    const endless = [
      [1, ethernet(repeat('81000001', size), 0x8100)],
      [1, ethernet(repeat('00010040', size), 0x8847)],
      [1, ethernet(repeat('aaaa030000008100000100000000', size), 100)],
      [127, Buffer.concat([Buffer.from('0000ffff', 'hex'), repeat('ffffffff', size)])],
      [192, Buffer.concat([Buffer.from('00000800c0000000', 'hex'), repeat('00000800c0000000', size)])],
      [258, repeat('0c00000001000000 02010000'.replace(' ', ''), size)],
      [239, Buffer.concat([Buffer.from('02000000', 'hex'), repeat('04000100', size)])],
      [105, wlanData('8801', repeat('000000000000000000000000 0000 0000'.replaceAll(' ', ''), size), { qos: '8000' })],
      [1, ethernet(ipv6(repeat('3c00000000000000', 60_000), 60, '00'.repeat(16), '00'.repeat(16)), 0x86dd)],
    ] as const;
    for (const [linkType, frame] of endless) {
      const c = collect(pcap([frame, frame], { linkType }));
      expect(c.summary.packets).toBe(2);
      expect(c.flows.length).toBeLessThanOrEqual(2);
    }
  });
});

describe('a damaged pcapng', () => {
  // Of different lengths: a block that lost eight bytes before one of its own length would look whole.
  const packets = Array.from({ length: 12 }, (_, i) => udp(40_000 + i, 53, dns(`${'n'.repeat(i * 4)}${i}.example`, 1)));
  const head = new PcapngBuilder().section().interface(1).bytes();
  const blocks = packets.map((p, i) => new PcapngBuilder().enhanced(0, BigInt(i), p).bytes());
  const file = Buffer.concat([head, ...blocks]);
  const ends = blocks.map((_, i) => head.length + Buffer.concat(blocks.slice(0, i + 1)).length);
  const times = (bytes: Buffer, blockBytes: number): number[] =>
    collect(bytes, { blockBytes }).messages.map((m) => m.atUs);
  const whole = times(file, file.length);

  it('loses at most the packets that were touched, whatever bytes were changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: head.length, max: file.length - 1 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 400 }),
        (from, bytes, blockBytes) => {
          const damaged = Buffer.from(file);
          damaged.set(bytes.subarray(0, file.length - from), from);
          const untouched = whole.filter((_, i) => {
            const start = i === 0 ? head.length : (ends[i - 1] ?? 0);
            return (ends[i] ?? 0) <= from || start >= from + bytes.length;
          });
          const got = times(damaged, blockBytes);
          expect(got).toEqual(expect.arrayContaining(untouched));
          expect(got).toEqual(times(damaged, file.length));
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });

  it('goes on after bytes that were left out or put in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 50 }),
        fc.uint8Array({ maxLength: 50 }),
        fc.integer({ min: 1, max: 400 }),
        (index, left, put, blockBytes) => {
          const at = (ends[index - 1] ?? 0) + 10;
          const damaged = Buffer.concat([file.subarray(0, at), put, file.subarray(at + left)]);
          const others = whole.filter((_, i) => i !== index);
          expect(times(damaged, blockBytes)).toEqual(expect.arrayContaining(others));
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });
});
