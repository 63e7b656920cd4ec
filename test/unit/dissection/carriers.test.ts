import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { conversationAround } from '../../../main/workflow/wireshark/wireshark-command.ts';
import { Carriers } from '../../../main/dissection/carriers.ts';
import { patternsOf } from '../analysis/feeding.ts';
import { findingsIn } from '../analysis/findings-of-capture.ts';
import { data, sctpPacket } from './sctp-builder.ts';
import { hasTshark, tshark, withoutTshark } from '../traffic-generator/tshark.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { CLIENT, ethernet, ipv4, ipv6, pcap, SERVER, udpDatagram, u16, u32 } from './packet-builder.ts';

const IMEI = '490154203237518';
const ENDS = { from: CLIENT, to: SERVER };
const V6_FROM = '20010db8000000000000000000000005';
const V6_TO = '20010db8000000000000000000000001';

const folder = mkdtempSync(join(tmpdir(), 'carriers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The payload of an IP packet in fragments of `size` bytes. */
function cut(payload: Buffer, size: number, id: number, protocol = 17, ends = ENDS): Buffer[] {
  const count = Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, i) =>
    ipv4(payload.subarray(i * size, (i + 1) * size), {
      ...ends,
      protocol,
      id,
      fragmentOffset: i * size,
      more: i < count - 1,
    }),
  );
}
function cut6(payload: Buffer, size: number): Buffer[] {
  const count = Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, i) => {
    const header = Buffer.concat([Buffer.from([17, 0]), u16(i * size + (i < count - 1 ? 1 : 0)), u32(5)]);
    return ipv6(Buffer.concat([header, payload.subarray(i * size, (i + 1) * size)]), 44, V6_FROM, V6_TO);
  });
}
/** A datagram of UDP with the IMEI at `at` of its payload. */
const datagramWith = (at: number): Buffer =>
  udpDatagram(40_000, 9999, `${'.'.repeat(at)}${IMEI}${'.'.repeat(200)}`.slice(0, 192));
const framesIn = (packets: readonly Buffer[]): (readonly number[])[] =>
  collect(pcap(packets), { needle: IMEI }).found.map(({ frames }) => frames);

describe('bytes that came in fragments of an IP datagram', () => {
  const noise = ethernet(ipv4(udpDatagram(1, 2, 'x'), { ...ENDS, protocol: 17 }));

  it.each([
    ['in one', 60, [0, 1, 2, 3], [[3]]],
    ['in two', 110, [0, 1, 2, 3], [[3, 4]]],
    ['in two, the last of which came first', 177, [3, 0, 1, 2], [[2, 5]]],
    ['in two, out of order', 110, [2, 3, 1, 0], [[2, 4]]],
    ['in one captured twice', 60, [0, 1, 1, 2, 3], [[3]]],
  ] as const)('name the frames that carry them: %s', (_name, at, order, frames) => {
    const pieces = cut(datagramWith(at), 64, 7).map((one) => ethernet(one));
    const packets = [noise, ...order.map((i) => pieces[i] ?? noise)];
    expect(framesIn(packets)).toEqual(frames);
  });

  it('name them in IPv6 too, and several datagrams each their own', () => {
    const six = cut6(datagramWith(110), 64).map((one) => ethernet(one, 0x86dd));
    const four = cut(datagramWith(60), 64, 8).map((one) => ethernet(one));
    expect(framesIn([six[0] ?? noise, ...four, ...six.slice(1)])).toEqual([[3], [6, 7]]);
  });

  it('name all frames that a fragment inside fragments came in', () => {
    // An IPv4 packet in fragments in IP over IP, each of these in fragments again.
    const inner = cut(datagramWith(60), 64, 9);
    const outer = inner.flatMap((one, i) => cut(one, 48, 100 + i, 4, { from: '198.51.100.1', to: '198.51.100.2' }));
    const packets = outer.map((one) => ethernet(one));
    expect(packets).toHaveLength(7);
    // Bytes 68 to 83 of the datagram stand in the second inner fragment, whose outer ones are the third and the fourth.
    expect(framesIn(packets)).toEqual([[3, 4]]);
  });

  /** A connection whose request came in one segment, that in three fragments; and the same request before it, whole. */
  const connection = (request: Buffer): Buffer[] => {
    const talk = new Conversation().toServer(request).toServer(request);
    const whole = talk.packets.pop() ?? noise;
    return [...talk.packets, ...cut(whole.subarray(34), 128, 11, 6).map((one) => ethernet(one))];
  };

  it('name the frames of a segment', () => {
    const request = Buffer.from(`GET /?imei=${IMEI} HTTP/1.1\r\nHost: a.example\r\nX: ${'y'.repeat(260)}\r\n\r\n`);
    const c = collect(pcap(connection(request)), { needle: IMEI });
    expect(c.found.map(({ frames }) => frames)).toEqual([[4], [5]]);
    // One that waited for those before it too.
    const [opening, ack, syn, first, ...rest] = connection(request);
    const swapped = collect(pcap([opening, ack, syn, ...rest, first].filter((one) => one !== undefined)), {
      needle: IMEI,
    });
    expect(swapped.found.map(({ frames }) => frames)).toEqual([[7], [4]]);
    // A message is told where Wireshark shows it.
    expect(c.messages.map(({ frame }) => frame)).toEqual([4, 7]);
  });

  it('name all frames of a segment also where they are decoded', () => {
    const filler = Array.from({ length: 300 }, (_, i) => String.fromCharCode(33 + ((i * i * 7) % 90))).join('');
    const body = gzipSync(`imei=${IMEI}&x=${filler}`);
    const head = `POST / HTTP/1.1\r\nHost: a.example\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
    const packets = connection(Buffer.concat([Buffer.from(head), body]));
    expect(framesIn(packets)).toEqual([[4], packets.flatMap((_, i) => (i >= 4 ? [i + 1] : []))]);
  });

  it('name the frames of an SCTP packet, whose conversation has them beside it', () => {
    const packet = sctpPacket([data(5, `${'.'.repeat(60)}${IMEI}${'.'.repeat(80)}`)]);
    const c = collect(pcap(cut(packet, 64, 12, 132).map((one) => ethernet(one))), { needle: IMEI });
    expect(c.found.map(({ frames }) => frames)).toEqual([[2]]);
    expect(c.flows).toMatchObject([{ transport: 'sctp', strayFrames: true }]);
  });

  it('are said of their conversation and of no other', () => {
    const { flows } = collect(pcap([noise, ...cut(datagramWith(60), 64, 7).map((one) => ethernet(one))]));
    expect(flows.map(({ serverPort, strayFrames }) => [serverPort, strayFrames])).toEqual([
      [2, undefined],
      [9999, true],
    ]);
  });

  it.skipIf(!hasTshark)(`are selected by the filter of their finding${withoutTshark}`, () => {
    const udp = cut(datagramWith(110), 64, 7).map((one) => ethernet(one));
    const request = Buffer.from(`GET /?imei=${IMEI} HTTP/1.1\r\nHost: a.example\r\nX: ${'y'.repeat(260)}\r\n\r\n`);
    const file = pcap([noise, ...udp, ...connection(request)]);
    const path = join(folder, 'fragments.pcap');
    writeFileSync(path, file);
    const select = (filter: string): number[] =>
      tshark(path, ['-o', 'ip.check_checksum:FALSE', '-Y', filter, '-T', 'fields', '-e', 'frame.number'])
        .trim()
        .split('\n')
        .map(Number);
    const findings = findingsIn(file, patternsOf(['I1'])).filter(({ rule }) => rule === 'identifier-transmitted');
    expect(findings.map(({ frames }) => frames.map(({ frame }) => frame))).toEqual([[3, 4], [9], [10]]);
    for (const { filter, frames } of findings) expect(select(filter ?? '')).toEqual(frames.map(({ frame }) => frame));
    // Wireshark counts a datagram's last fragment alone to the conversation: around a finding the others are shown too.
    const flow = {
      transport: 'udp',
      streamIndex: 1,
      client: { address: CLIENT, port: 40_000 },
      server: { address: SERVER, port: 9999 },
    } as const;
    expect(select(conversationAround(flow, 'frame.number==3'))).toEqual([5]);
    expect(select(conversationAround({ ...flow, strayFrames: true }, 'frame.number in {3,4}'))).toEqual([3, 4, 5]);
  });
});

describe('what is known of fragments', () => {
  it('is forgotten, the oldest first, and told when that was not searched yet', () => {
    const horizon = { handed: 0, searched: 0 };
    const carriers = new Carriers(horizon);
    const frames = Array.from({ length: 100_000 }, (_, i) => i + 1);
    const bytes = new Uint8Array(8);
    const at = (last: number) => [{ from: 0, to: 8, frames: frames.map((n) => n + last - 100_000) }];
    expect(carriers.begin(bytes, at(100_000), 100_000)).toBe(true);
    expect(carriers.begin(bytes, at(200_000), 200_000)).toBe(true);
    expect(carriers.all([100_000])).toHaveLength(100_000);
    expect(carriers.begin(bytes, at(300_000), 300_000)).toBe(false);
    expect(carriers.all([100_000])).toEqual([100_000]);
    expect(carriers.all([200_000, 300_001])).toHaveLength(100_001);
    horizon.searched = 2;
    expect(carriers.begin(bytes, at(400_000), 400_000)).toBe(true);
    expect(carriers.all([200_000])).toEqual([200_000]);
  });

  it('is forgotten in order however many datagrams there are', () => {
    const carriers = new Carriers({ handed: 0, searched: 2 });
    const bytes = new Uint8Array(8);
    for (let frame = 2; frame <= 400_000; frame += 2) {
      carriers.begin(bytes, [{ from: 0, to: 8, frames: [frame - 1, frame] }], frame);
      carriers.current = null;
    }
    const last = 400_000 - 2 * 65_536;
    expect([last, last + 2, 400_000].map((frame) => carriers.all([frame]).length)).toEqual([1, 2, 2]);
  });

  it('is known of several datagrams that one frame completed (A-MSDU)', () => {
    const carriers = new Carriers({ handed: 0, searched: 0 });
    const bytes = new Uint8Array(16);
    for (const other of [1, 2]) {
      const carried = [other, 3].map((frame, i) => ({ from: i * 8, to: i * 8 + 8, frames: [frame] }));
      carriers.begin(bytes, carried, 3);
      carriers.place(other, 0, 16, 0, 3);
      carriers.current = null;
    }
    expect(carriers.ofStream(2, 0, 8, [3])).toEqual([2]);
    expect(carriers.ofStream(1, 0, 8, [3])).toContain(1);
    expect(carriers.all([3])).toEqual([1, 2, 3]);
  });
});
