import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Conversation } from '../dissection/conversation.ts';
import { snap, wlanData } from '../dissection/link-fixtures.ts';
import { CLIENT, ethernet, ipv4, pcap, SERVER, udpDatagram } from '../dissection/packet-builder.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { dhcpMessage } from '../dissection/protocol-fixtures.ts';
import { patternsOf } from './feeding.ts';
import { findingsIn } from './findings-of-capture.ts';

const IMEI = '490154203237518';
const BROADCAST = '255.255.255.255';

/** The payload of an IP packet in fragments of `size` bytes. */
function cut(payload: Buffer, size: number, id: number, protocol: number, to: string = SERVER): Buffer[] {
  const count = Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, i) =>
    ethernet(
      ipv4(payload.subarray(i * size, (i + 1) * size), {
        from: CLIENT,
        to,
        protocol,
        id,
        fragmentOffset: i * size,
        more: i < count - 1,
      }),
    ),
  );
}

const datagram = cut(udpDatagram(40_000, 9999, `${'.'.repeat(110)}${IMEI}${'.'.repeat(67)}`), 64, 7, 17);

/** A connection of which the last segment came in fragments. */
function connection(...requests: Buffer[]): Buffer[] {
  const talk = new Conversation();
  for (const request of requests) talk.toServer(request);
  const last = talk.packets.pop() ?? Buffer.alloc(0);
  return [...talk.packets, ...cut(last.subarray(34), 128, 11, 6)];
}

const get = Buffer.from(`GET /?imei=${IMEI} HTTP/1.1\r\nHost: a.example\r\nX: ${'y'.repeat(260)}\r\n\r\n`);
const post = (body: Buffer, ...headers: string[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      ['POST / HTTP/1.1', 'Host: a.example', `Content-Length: ${body.length}`, ...headers, '', ''].join('\r\n'),
    ),
    body,
  ]);
const filler = Array.from({ length: 300 }, (_, i) => String.fromCharCode(33 + ((i * i * 7) % 90))).join('');
const packed = gzipSync(`imei=${IMEI}&x=${filler}`);
const inBoth = [get.subarray(0, 15), get.subarray(15)];
const json = 'Content-Type: application/json';
const unlisted = post(Buffer.from(`{"imei":"356938035643809","pad":"${'y'.repeat(200)}"}`), json);
const position = post(Buffer.from(`{"latitude":25.033964,"longitude":121.564468,"pad":"${'y'.repeat(200)}"}`), json);
const lease = udpDatagram(
  68,
  67,
  dhcpMessage({ chaddr: Buffer.from('6409801a2b3c', 'hex'), options: [[53, Buffer.from([1])]] }),
);
const leased = cut(lease, 64, 7, 17, BROADCAST);
const asOne = ethernet(ipv4(lease, { from: CLIENT, to: BROADCAST, protocol: 17 }));
const frame = snap(
  ipv4(udpDatagram(40_000, 9999, `${'.'.repeat(40)}${IMEI}${'.'.repeat(70)}`), {
    from: CLIENT,
    to: SERVER,
    protocol: 17,
  }),
);
const wlan = [0, 1, 2].map((i) =>
  wlanData(i < 2 ? '0805' : '0801', frame.subarray(i * 60, i < 2 ? (i + 1) * 60 : frame.length), {
    sequence: 0x50 | i,
  }),
);
const probing = compilePatterns([], undefined, [], { seeds: [], probes: true });

const one = patternsOf(['I1']);
const mac = patternsOf(['I7']);

/**
 * Keys as the version before findings named the packets that carry their bytes made them: it knew of a datagram the packet alone
 * that made it whole. A decision on one of its findings is kept by them.
 */
it.each([
  ['a datagram', datagram, one, [2, 3], '682df2b4da5881adc9e7c923db6757b5'],
  [
    'a datagram out of order',
    [3, 0, 2, 1].map((i) => datagram[i] ?? Buffer.alloc(0)),
    one,
    [3, 4],
    '682df2b4da5881adc9e7c923db6757b5',
  ],
  ['a segment', connection(get), one, [4], 'f87a0db9713775681768733fcac16632'],
  ['what lies in two segments', connection(...inBoth), one, [4, 5], '6b5594b2ef0439212f0f2495615da019'],
  [
    'a compressed body',
    connection(post(packed, 'Content-Encoding: gzip')),
    one,
    [4, 5],
    '9c4d479f993a740efc1a10b4ed96d9ac',
  ],
  [
    'what is compressed in a body',
    connection(post(Buffer.concat([Buffer.from([1, 2, 3, 4]), packed]))),
    one,
    [4, 5],
    '389eb314de9c72a67aa6c7b55980979b',
  ],
  ['a frame of 802.11', wlan, one, [2], '0075a510b8a41736d3a2fb634702e62d'],
  ['a lease', leased, mac, [1, 2, 3, 4], '3e5bf9ae5f7f9ab0349c44f4a4ec924e'],
  ['a lease, again in one piece', [...leased, asOne], mac, [1, 2, 3, 4, 5], '3e5bf9ae5f7f9ab0349c44f4a4ec924e'],
  ['a value that is proposed', connection(unlisted), probing, [4, 5], 'a82d9bf521c5925f01fd10fdac6347da'],
  ['a position', connection(position), probing, [4, 5], '40aae204a33efa2823c8dfd4db6e720c'],
])('the key of %s that came in fragments outlives what is known of its packets', (_, packets, set, frames, key) => {
  const findings = findingsIn(pcap(packets, packets === wlan ? { linkType: 105 } : {}), set);
  expect(findings.map((finding) => [finding.frames.map(({ frame }) => frame), finding.key])).toEqual([[frames, key]]);
});
