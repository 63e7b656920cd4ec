import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePatterns } from '../../main/analysis/transforms/compile-patterns.ts';
import { patternsOf } from '../unit/analysis/feeding.ts';
import { findingsIn } from '../unit/analysis/findings-of-capture.ts';
import { Conversation } from '../unit/dissection/conversation.ts';
import { CLIENT, ethernet, ipv4, pcap, SERVER, udpDatagram } from '../unit/dissection/packet-builder.ts';
import { dhcpMessage } from '../unit/dissection/protocol-fixtures.ts';

const RUNS = process.env['HANDSIGHT_TIER'] === 'full' ? 300 : 25;
const IMEI = '490154203237518';

/** What an IP packet holds. */
interface Held {
  readonly payload: Buffer;
  readonly protocol: number;
  readonly to: string;
}

const datagram = (text: string): Held => ({ payload: udpDatagram(40_000, 9999, text), protocol: 17, to: SERVER });
const lease: Held = {
  payload: udpDatagram(
    68,
    67,
    dhcpMessage({ chaddr: Buffer.from('6409801a2b3c', 'hex'), options: [[53, Buffer.from([1])]] }),
  ),
  protocol: 17,
  to: '255.255.255.255',
};
/** The client's segments of a connection: what they hold, or what they hold together with at most so many bytes each. */
function segments(content: string | readonly Buffer[], size = Infinity): Held[] {
  const talk = new Conversation();
  for (const part of typeof content === 'string' ? [Buffer.from(content)] : content)
    talk.toServer(part, Math.min(size, part.length));
  return talk.packets
    .filter((packet) => packet.readUInt32BE(30) === ipv4Of(SERVER))
    .map((packet) => ({ payload: packet.subarray(34), protocol: 6, to: SERVER }));
}
const ipv4Of = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const noise = (n: number, from = 0): string =>
  Array.from({ length: n }, (_, i) => String.fromCharCode(97 + (((i + from) * (i + from) * 7) % 26))).join('');
const post = (body: string): string =>
  `POST / HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const members = [
  Buffer.concat([Buffer.from('\x01\x02'), gzipSync(`${noise(90)}imei=${IMEI.slice(0, 8)}`)]),
  gzipSync(`${IMEI.slice(8)}&x=${noise(90, 50)}`),
];
const value = (n: number): string => post(`{"imei":"${n}"}`);
const positions = [1, 2].map(() => post('{"latitude":25.033964,"longitude":121.564468}')).join('');
const scenes: Readonly<Record<string, readonly Held[]>> = {
  datagrams: [datagram(`${noise(60)} ${IMEI} ${noise(60)}`), datagram(`a ${IMEI} ${noise(40)}`)],
  segments: segments(`${noise(100)}${IMEI}.${noise(90)} ${IMEI}.`, 60),
  'members of gzip': segments(members),
  'members of gzip in pieces': segments([Buffer.concat(members)], 50),
  leases: [lease, lease],
  'values that are proposed': segments(value(356938035643809) + value(356938035643817), 70),
  'one value that is proposed': [datagram(value(356938035643809)), datagram(value(356938035643809))],
  positions: segments(positions, 70),
};
const sets = [patternsOf(['I1', 'I7']), compilePatterns([], undefined, [], { seeds: [], probes: true })];

/** A piece of a packet, or, in the other capture, what takes the place of its frame. */
interface Slot {
  readonly fragment: Buffer;
  readonly id: number;
}

/** Each packet in two or three fragments; they come in the order that `order` gives. */
function slotsOf(packets: readonly Held[], order: readonly number[]): Slot[] {
  const slots = packets.flatMap(({ payload, protocol, to }, id): (Slot & { readonly rank: number })[] => {
    const size = Math.ceil(payload.length / (2 + ((order[id % order.length] ?? 0) % 2)) / 8) * 8;
    const count = Math.ceil(payload.length / size);
    return Array.from({ length: count }, (_, i) => {
      const more = i < count - 1;
      const bytes = payload.subarray(i * size, (i + 1) * size);
      const options = { from: CLIENT, to, protocol, id: 100 + id, fragmentOffset: i * size, more };
      // Not far from where the packet would be: a hole in a connection is given up some time.
      return {
        fragment: ethernet(ipv4(bytes, options)),
        id,
        rank: id * 40 + ((order[(id * 3 + i) % order.length] ?? 0) % 100),
      };
    });
  });
  return slots.sort((a, b) => a.rank - b.rank);
}

it.each(Object.keys(scenes))(
  'keys of findings in %s that came in fragments are those of packets that each came whole when their last fragment did',
  (name) => {
    const packets = scenes[name] ?? [];
    let met = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 40 }), (order) => {
        const slots = slotsOf(packets, order);
        const inFragments = pcap(slots.map(({ fragment }) => fragment));
        const whole = pcap(
          slots.map(({ id }, n) => {
            const { payload, protocol, to } = packets[id] as Held;
            if (slots.findLastIndex((one) => one.id === id) !== n) return ethernet(Buffer.alloc(46), 0x88b5);
            return ethernet(ipv4(payload, { from: CLIENT, to, protocol, id: 100 + id }));
          }),
        );
        for (const set of sets) {
          const keysOf = (capture: Buffer): string[] =>
            findingsIn(capture, set)
              .map(({ key }) => key)
              .sort();
          const keys = keysOf(whole);
          expect(keysOf(inFragments)).toEqual(keys);
          met += keys.length;
        }
      }),
      { numRuns: RUNS, seed: 20_140_807 },
    );
    expect(met).toBeGreaterThanOrEqual(RUNS);
  },
);
