import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import { dns, ethernet, ipv4, ipv6, pcap, PcapngBuilder, u16, u32, udpDatagram } from './packet-builder.ts';

const FROM = '10.0.0.5';
const TO = '10.0.0.1';
const V6_FROM = '20010db8000000000000000000000005';
const V6_TO = '20010db8000000000000000000000001';

function fragments(order: readonly number[], change?: (parts: Buffer[]) => void): Buffer[] {
  const datagram = udpDatagram(40_000, 53, dns('a-rather-long-name-that-is-fragmented.example', 1));
  const parts = [datagram.subarray(0, 24), datagram.subarray(24, 48), datagram.subarray(48)];
  const packets = parts.map((p, i) =>
    ipv4(p, { from: FROM, to: TO, protocol: 17, id: 7, fragmentOffset: i * 24, more: i < 2 }),
  );
  change?.(packets);
  return order.map((i) => ethernet(packets[i] ?? Buffer.alloc(0)));
}

describe('IP', () => {
  it.each([
    [[0, 1, 2], 3],
    [[2, 0, 1], 3],
    [[1, 1, 2, 0], 4],
  ])('puts fragments together in order %j: the frame is the one that completes', (order, frame) => {
    const c = collect(pcap(fragments(order)));
    expect(c.messages.map((m) => [m.frame, m.fields['name']])).toEqual([
      [frame, 'a-rather-long-name-that-is-fragmented.example'],
    ]);
    expect(c.summary).toMatchObject({ udpFlows: 1, faults: [] });
  });

  it('says that a datagram was never completed', () => {
    const c = collect(pcap(fragments([0, 2])));
    expect(c.summary.udpFlows).toBe(0);
    expect(c.summary.faults).toMatchObject([{ code: 'ip-fragments', count: 1 }]);
  });

  const NAME = 'a-rather-long-name-that-is-fragmented.example';

  it.each([
    ['each packet twice', [0, 0, 1, 1, 2, 2], [NAME]],
    ['each packet twice, backwards', [2, 2, 1, 1, 0, 0], [NAME]],
    ['some of them three times', [0, 1, 2, 2, 1, 2, 1], [NAME]],
    ['all of them again', [0, 1, 2, 0, 1, 2], [NAME, NAME]],
  ] as const)('takes what was captured twice for no datagram of which a part is missing: %s', (_name, order, names) => {
    const c = collect(pcap(fragments(order)));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(names);
    expect(c.summary.faults).toEqual([]);
  });

  it('says that a part is missing of a datagram that repeats another by half, or long after it', () => {
    const other = fragments([0, 1, 2], (p) => p[0]?.fill(0x58, 40))[0] ?? Buffer.alloc(0);
    const half = collect(pcap([...fragments([0, 1, 2, 2]), other]));
    expect(half.summary.faults).toMatchObject([{ code: 'ip-fragments', count: 1 }]);
    const late = collect(pcap(fragments([0, 1, 2, 2]), { stepUnits: 2_000_000 }));
    expect(late.summary.faults).toMatchObject([{ code: 'ip-fragments', count: 1 }]);
    const longer = fragments([0, 1, 2], (p) => p[1]?.writeUInt16BE(3, 6))[1] ?? Buffer.alloc(0);
    const end = collect(pcap([...fragments([0, 1, 2]), longer]));
    expect(end.summary.faults).toMatchObject([{ code: 'ip-fragments', count: 1 }]);
  });

  it('reads a new datagram of the same number whose beginning, in order of capture, repeats another', () => {
    const head = fragments([0, 1, 2], (p) => p[0]?.fill(0x79, 41))[0] ?? Buffer.alloc(0);
    const another = fragments([0, 1, 2], (p) => p[0]?.fill(0x7a, 41))[0] ?? Buffer.alloc(0);
    const c = collect(pcap([...fragments([2, 1, 0, 2, 1]), head, ...fragments([2, 1]), another]));
    expect(c.messages.map((m) => m.frame)).toEqual([3, 6, 9]);
    expect(c.sequences.map((s) => [s.bytes.includes('yyy'), s.bytes.includes('zzz')])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(c.summary.faults).toEqual([]);
  });

  const inThree = (text: string): Buffer[] => {
    const datagram = udpDatagram(40_000, 53, dns(text, 1));
    return [0, 1, 2].map((i) => {
      const piece = datagram.subarray(i * 24, i < 2 ? (i + 1) * 24 : undefined);
      return ethernet(ipv4(piece, { from: FROM, to: TO, protocol: 17, id: 7, fragmentOffset: i * 24, more: i < 2 }));
    });
  };
  const LATER = ['the-first-name.in-three-fragments.one.example', 'another-name12.of-other-datagram1.two.example'];

  it('puts no piece captured twice into a datagram of the same number that is sent much later', () => {
    const [first, second] = LATER.map((name) => inThree(name).flatMap((p) => [p, p]));
    const file = new PcapngBuilder().section().interface(1);
    first?.forEach((p, i) => file.enhanced(0, BigInt(i), p));
    second?.forEach((p, i) => file.enhanced(0, 60_000_000n + BigInt(i), p));
    const c = collect(file.bytes());
    expect(c.messages.map((m) => m.fields['name'])).toEqual(LATER);
    expect(c.summary.faults).toEqual([]);
  });

  it.each([
    ['a piece of the first twice', [0, 1, 2, 2, 3, 4, 5]],
    ['each twice', [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
    ['each twice, backwards', [2, 2, 1, 1, 0, 0, 5, 5, 4, 4, 3, 3]],
    ['each twice, three datagrams', [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0, 0, 1, 1, 2, 2]],
  ] as const)('reads every datagram of one number, however many pieces are captured twice: %s', (_name, order) => {
    const packets = LATER.flatMap(inThree);
    const c = collect(pcap(order.map((i) => packets[i] ?? Buffer.alloc(0))));
    const names = c.messages.map((m) => m.fields['name']).filter((name) => LATER.includes(String(name)));
    expect(names).toEqual(order.length > 12 ? [...LATER, LATER[0]] : LATER);
    expect(c.summary.faults).toEqual([]);
  });

  it('reads no datagram again and again for small pieces that are repeated and contradicted', () => {
    const [a0, a1, a2] = inThree(LATER[0] ?? '') as [Buffer, Buffer, Buffer];
    const [b0, b1, b2] = inThree(LATER[1] ?? '') as [Buffer, Buffer, Buffer];
    const c = collect(pcap([a0, a1, a2, a2, b0, b1, ...Array<Buffer[]>(200).fill([a2, b2]).flat()]));
    expect(c.sequences.filter((s) => s.layer === 'datagram')).toHaveLength(3);
    expect(c.summary.faults.map((f) => f.code)).toContain('overlap-conflict');
  });

  it('gives up no open datagram for what was captured twice, however much', () => {
    const open = fragments([0]);
    const twice = Array.from({ length: 3000 }, (_, i) =>
      [0, 0, 1, 1].map((k) =>
        ethernet(
          ipv4(Buffer.alloc(8, k), {
            from: FROM,
            to: TO,
            protocol: 17,
            id: 100 + i,
            fragmentOffset: k * 8,
            more: k < 1,
          }),
        ),
      ),
    ).flat();
    const c = collect(pcap([...open, ...twice, ...fragments([1, 2])]));
    expect(c.messages.map((m) => m.fields['name'])).toEqual([NAME]);
    expect(c.summary.faults.map((f) => f.code)).not.toContain('cap-fragments');
    expect(c.summary.faults.map((f) => f.code)).not.toContain('ip-fragments');
  });

  it('keeps what came first where fragments overlap, and says so', () => {
    const first = fragments([0, 1, 2]);
    const evil = fragments([0, 1, 2], (p) => p[1]?.fill(0x58, 22));
    const c = collect(pcap([first[0], first[1], evil[1], first[2]].filter((p) => p !== undefined)));
    expect(c.messages[0]?.fields['name']).toBe('a-rather-long-name-that-is-fragmented.example');
    expect(c.summary.faults).toMatchObject([{ code: 'overlap-conflict', count: 1 }]);
  });

  it('walks IPv6 extension headers and a fragment header', () => {
    const datagram = udpDatagram(40_000, 53, dns('six.example', 28));
    const hop = Buffer.concat([Buffer.from([60, 0, 1, 4, 0, 0, 0, 0]), Buffer.from([44, 0, 1, 4, 0, 0, 0, 0])]);
    const piece = (offset: number, more: number, data: Buffer): Buffer =>
      ethernet(
        ipv6(Buffer.concat([hop, Buffer.from([17, 0]), u16(offset | more), u32(99), data]), 0, V6_FROM, V6_TO),
        0x86dd,
      );
    const c = collect(pcap([piece(16, 0, datagram.subarray(16)), piece(0, 1, datagram.subarray(0, 16))]));
    expect(c.messages.map((m) => [m.frame, m.fields])).toEqual([[2, { name: 'six.example', type: 'AAAA' }]]);
    expect(c.flows[0]).toMatchObject({ clientAddress: '2001:db8::5', serverAddress: '2001:db8::1', serverPort: 53 });
  });

  it('opens IP in IP, 6in4 and GRE', () => {
    const inner = ipv4(udpDatagram(40_000, 53, dns('inner.example', 1)), { from: FROM, to: TO, protocol: 17 });
    const inner6 = ipv6(udpDatagram(40_001, 53, dns('six.example', 1)), 17, V6_FROM, V6_TO);
    const outer = { from: '198.51.100.1', to: '198.51.100.2' };
    const packets = [
      ipv4(inner, { ...outer, protocol: 4 }),
      ipv4(inner6, { ...outer, protocol: 41 }),
      ipv4(Buffer.concat([Buffer.from('20000800', 'hex'), u32(5), inner]), { ...outer, protocol: 47 }),
    ];
    const c = collect(pcap(packets.map((p) => ethernet(p))));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['inner.example', 'six.example', 'inner.example']);
    expect(c.summary.udpFlows).toBe(2);
  });

  it('takes no byte of the Ethernet padding for payload', () => {
    const packet = ipv4(udpDatagram(1000, 2000, 'x'), { from: FROM, to: TO, protocol: 17 });
    const c = collect(pcap([Buffer.concat([ethernet(packet), Buffer.alloc(17, 0x50)])]));
    expect(c.sequences.map((s) => s.bytes.toString())).toEqual(['x']);
  });

  it('searches what has no ports and counts it as a conversation of its own', () => {
    const c = collect(
      pcap([ethernet(ipv4(Buffer.from('0800abcd00010001ping-490154203237518'), { from: FROM, to: TO, protocol: 1 }))]),
      {
        needle: '490154203237518',
      },
    );
    expect(c.flows[0]).toMatchObject({ transport: 'icmp', application: 'icmp' });
    expect(c.found).toMatchObject([{ frames: [1], layer: 'datagram' }]);
    expect(c.summary).toMatchObject({ tcpFlows: 0, udpFlows: 0 });
  });

  it.each([
    ['IPv4, a port is unreachable', 4, 3, 1],
    ['IPv4, time exceeded', 4, 11, 1],
    ['IPv4, an echo request', 4, 8, 0],
    ['IPv6, a packet too big', 6, 2, 1],
    ['IPv6, an echo request', 6, 128, 0],
  ] as const)('takes what an ICMP error quotes for an echo: %s', (_name, family, type, way) => {
    const message = Buffer.concat([Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('quoted-value')]);
    const packet =
      family === 4
        ? ethernet(ipv4(message, { from: TO, to: FROM, protocol: 1 }))
        : ethernet(ipv6(message, 58, V6_TO, V6_FROM), 0x86dd);
    const c = collect(pcap([packet]));
    expect(c.sequences.map((s) => s.way)).toEqual([way]);
    // Who sent the error is the server: the other side's packet had been on its way.
    expect(c.flows[0]?.serverAddress === (family === 4 ? TO : '2001:db8::1')).toBe(way === 1);
  });
});
