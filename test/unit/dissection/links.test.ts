import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import {
  aggregate,
  linkFixtures,
  pktap,
  ppi,
  ppiCommon,
  pseudoWire,
  radiotap,
  snap,
  wlanData,
} from './link-fixtures.ts';
import { dns, ethernet, ipv4, ipv6, pcap, PcapngBuilder, u16, u32, udpDatagram } from './packet-builder.ts';

const query = (name: string): Buffer =>
  ipv4(udpDatagram(40_000, 53, dns(name, 1)), { from: '10.0.0.5', to: '10.0.0.1', protocol: 17 });
const IP = query('example.com');
const IP6 = ipv6(
  udpDatagram(40_000, 53, dns('six.example', 28)),
  17,
  '20010db8000000000000000000000005',
  '20010db8000000000000000000000001',
);

function read(packets: readonly (Buffer | { bytes: Buffer; wire: number })[], linkType: number) {
  const { messages, summary, sequences } = collect(pcap(packets, { linkType }));
  return { names: messages.map((m) => m.fields['name']), faults: summary.faults, summary, sequences };
}

describe('link types', () => {
  it.each(linkFixtures(IP))('%s (%d)', (_, linkType, frame) => {
    const { names, faults, sequences } = read([frame], linkType);
    expect(names).toEqual(['example.com']);
    expect(faults).toEqual([]);
    expect(sequences.map((s) => s.bytes.length)).toEqual([IP.length - 28]);
  });

  it.each([
    ['raw IPv6', 229, IP6],
    ['BSD null of Linux', 0, Buffer.concat([Buffer.from([10, 0, 0, 0]), IP6])],
    ['BSD null of NetBSD', 0, Buffer.concat([Buffer.from([24, 0, 0, 0]), IP6])],
    ['BSD null of FreeBSD', 0, Buffer.concat([Buffer.from([28, 0, 0, 0]), IP6])],
    ['BSD null of macOS', 0, Buffer.concat([Buffer.from([30, 0, 0, 0]), IP6])],
    ['PPP', 9, Buffer.concat([Buffer.from([0xff, 3]), u16(0x57), IP6])],
    ['802.11', 105, wlanData('0801', snap(IP6, 0x86dd))],
    ['MPLS', 1, ethernet(Buffer.concat([u32(0x00010140), IP6]), 0x8847)],
  ])('IPv6: %s', (_, linkType, frame) => {
    expect(read([frame], linkType).names).toEqual(['six.example']);
  });

  it('says an unknown link type once, with its number and packets, of several interfaces', () => {
    const file = new PcapngBuilder().section().interface(1).interface(147).interface(195);
    file.enhanced(0, 1n, ethernet(IP)).enhanced(1, 2n, IP).enhanced(2, 3n, IP).enhanced(1, 4n, IP);
    const { summary, messages } = collect(file.bytes());
    expect(messages).toHaveLength(1);
    expect(summary.linkTypes).toEqual([
      { linkType: 1, packets: 1 },
      { linkType: 147, packets: 2 },
      { linkType: 195, packets: 1 },
    ]);
    expect(summary.faults.map((f) => [f.code, f.count, f.frame, /\d+/.exec(f.detail)?.[0]])).toEqual([
      ['unknown-link-type', 2, 2, '147'],
      ['unknown-link-type', 1, 3, '195'],
    ]);
  });

  it('counts link types beyond the limit together', () => {
    const file = new PcapngBuilder().section();
    for (let i = 0; i < 300; i++) file.interface(1000 + i).enhanced(i, 1n, IP);
    const { summary } = collect(file.bytes());
    expect(summary.packets).toBe(300);
    expect(summary.linkTypes).toHaveLength(256);
    expect(summary.faults.reduce((n, f) => n + f.count, 0)).toBe(300);
  });

  it('tells a header that is too short from one that was cut when it was captured', () => {
    expect(read([ethernet(IP).subarray(0, 13)], 1).faults).toMatchObject([{ code: 'malformed-link', count: 1 }]);
    const cut = read([{ bytes: ethernet(IP).subarray(0, 13), wire: 80 }], 1);
    expect(cut.faults.map((f) => f.code)).toEqual(['snaplen']);
  });

  it('does not go round in wrappers', () => {
    let frame = ethernet(IP);
    for (let i = 0; i < 200; i++) frame = pktap(i === 0 ? 1 : 258, frame);
    expect(read([frame], 258)).toMatchObject({ names: [], faults: [{ code: 'cap-links', count: 1 }] });
  });
});

describe('MPLS', () => {
  const labels = (payload: Buffer): Buffer => ethernet(Buffer.concat([u32(0x000c81ff), payload]), 0x8847);
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const code = 'under-labels';

  it.each([
    ['ARP', pseudoWire(ethernet(hex('0001080006040001'.padEnd(56, '0')), 0x0806))],
    ['spanning tree', pseudoWire(ethernet(hex('424203'.padEnd(76, '0')), 38), '00000007')],
    ['LLDP', pseudoWire(ethernet(hex('0207'.padEnd(80, '0')), 0x88cc), '00000007')],
  ])('passes over what an Ethernet frame holds beside packets: %s', (_, frame) => {
    expect(read([frame, ethernet(IP)], 1)).toMatchObject({ names: ['example.com'], faults: [] });
  });

  it('tells once, with a count, what is neither IP nor Ethernet', () => {
    const frames = [
      labels(Buffer.alloc(60)),
      labels(Buffer.concat([hex('00000005'), Buffer.from('490154203237518'.repeat(4))])),
      labels(Buffer.concat([hex('10000021'), IP])),
      labels(hex('ff')),
      pseudoWire(ethernet(Buffer.alloc(60), 0x0800), '00000001'),
      pseudoWire(ethernet(snap(IP), 900), '00000001'),
      pseudoWire(ethernet(IP, 0x1234)),
    ];
    const { names, faults } = read([ethernet(IP), ...frames, ethernet(IP)], 1);
    expect(names).toEqual(['example.com', 'example.com']);
    expect(faults).toMatchObject([{ code, count: frames.length, frame: 2 }]);
  });

  it('reads IP whose source address looks like the frame of a pseudo-wire', () => {
    // 8.0.69.0 stands where a frame has the EtherType and the beginning of an IPv4 header.
    const ip = ipv4(udpDatagram(40_000, 53, dns('ip.example', 1)), { from: '8.0.69.0', to: '0.40.0.1', protocol: 17 });
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += ip.readUInt16BE(i);
    ip.writeUInt16BE(0xffff - ((sum & 0xffff) + (sum >>> 16)), 10);
    expect(read([labels(ip)], 1)).toMatchObject({ names: ['ip.example'], faults: [] });
    const from = '20010db808004500001c000000000001';
    const six = ipv6(udpDatagram(40_000, 53, dns('six.example', 1)), 17, from, '20010db8000000000000000000000001');
    expect(read([labels(six)], 1)).toMatchObject({ names: ['six.example'], faults: [] });
  });

  it('says that IP behind labels is damaged', () => {
    const damaged = Buffer.from(IP);
    damaged[0] = 0x41;
    expect(read([labels(damaged)], 1).faults).toMatchObject([{ code: 'malformed-ip', count: 1 }]);
  });

  it('leaves it to the cut packet that nothing can be told of what was not captured', () => {
    const whole = pseudoWire(ethernet(IP), '00000001');
    // As far as the IP header goes: two frames' headers, two labels and a control word before it.
    for (let bytes = 15; bytes < 14 + 8 + 4 + 14 + 20; bytes++) {
      const { faults } = read([{ bytes: whole.subarray(0, bytes), wire: whole.length }], 1);
      expect(faults.map((f) => f.code)).toEqual(['snaplen']);
    }
  });

  it('does not go round in pseudo-wires', () => {
    let frame = ethernet(IP);
    for (let i = 0; i < 200; i++) frame = pseudoWire(frame, '00000001');
    expect(read([frame], 1).names).toEqual([]);
  });
});

describe('802.11', () => {
  it('reads every packet of an aggregate, and hands on each once', () => {
    const names = ['one.example', 'second.example', 'the-third.example'];
    const frame = wlanData('8801', aggregate(...names.map((n) => snap(query(n)))), { qos: '8000' });
    const got = read([radiotap(frame)], 127);
    expect(got.names).toEqual(names);
    expect(got.summary).toMatchObject({ packets: 1, udpFlows: 1, faults: [] });
  });

  it('goes on in an aggregate after a packet that is not IP', () => {
    const frame = wlanData('8801', aggregate(snap(Buffer.alloc(28), 0x0806), snap(IP)), { qos: '8000' });
    expect(read([frame], 105).names).toEqual(['example.com']);
  });

  it('says that an aggregate is damaged and keeps what stands before', () => {
    const msdus = aggregate(snap(IP), snap(query('lost.example')));
    const frame = wlanData('8801', msdus.subarray(0, 14 + 8 + IP.length + 10), { qos: '8000' });
    const { names, faults } = read([frame], 105);
    expect(names).toEqual(['example.com']);
    expect(faults).toMatchObject([{ code: 'malformed-link', count: 1 }]);
  });

  it('counts protected frames and does not read them', () => {
    const { names, faults } = read(
      [wlanData('0841', snap(IP)), wlanData('8842', snap(IP)), wlanData('0801', snap(IP))],
      105,
    );
    expect(names).toEqual(['example.com']);
    expect(faults).toMatchObject([{ code: 'link-encrypted', count: 2, frame: 1 }]);
  });

  /** The packet in pieces of `bytes`; `number` is the sequence number. */
  function pieces(ip: Buffer, bytes: number, number = 0x12, qos?: string): Buffer[] {
    const body = snap(ip);
    const count = Math.ceil(body.length / bytes);
    return Array.from({ length: count }, (_, i) =>
      wlanData(
        `${qos === undefined ? '08' : '88'}${i === count - 1 ? '01' : '05'}`,
        body.subarray(i * bytes, (i + 1) * bytes),
        {
          sequence: (number << 4) | i,
          ...(qos === undefined ? {} : { qos }),
        },
      ),
    );
  }
  const counted = (count: number, frame: number) => [{ code: 'link-fragments', count, frame }];

  it.each([
    ['in order', 1, (p: Buffer[]) => p],
    ['in another order', 1, (p: Buffer[]) => p.toReversed()],
    ['sent again', 1, (p: Buffer[]) => p.flatMap((one) => [one, one])],
    ['captured again when all is read', 2, (p: Buffer[]) => [...p, ...p]],
  ])('puts fragments together that come %s', (_, times, order) => {
    const got = read(order(pieces(IP, 20)), 105);
    expect(got.names).toEqual(Array(times).fill('example.com'));
    expect(got.sequences.map((s) => s.bytes.length)).toEqual(Array(times).fill(IP.length - 28));
    expect(got.faults).toEqual([]);
  });

  it('puts them together below a radio header, by traffic class, and keeps two senders apart', () => {
    const [a0, a1] = pieces(query('one.example'), 40, 7, '0300') as [Buffer, Buffer];
    const [b0, b1] = pieces(query('two.example'), 40, 7, '0500') as [Buffer, Buffer];
    const [c0, c1] = pieces(query('six.example'), 40, 7, '0300') as [Buffer, Buffer];
    for (const other of [c0, c1]) other[15] = 0xff;
    expect(
      read(
        [a0, b0, c0, a1, b1, c1].map((frame) => radiotap(Buffer.concat([frame, u32(0)]), 0x10)),
        127,
      ),
    ).toMatchObject({
      names: ['one.example', 'two.example', 'six.example'],
      faults: [],
    });
  });

  it('names the fragments that carry what is found, of an IP packet in fragments too', () => {
    const found = (packets: Buffer[]) => collect(pcap(packets, { linkType: 105 }), { needle: 'needle' }).found;
    const udp = (text: string) => udpDatagram(40_000, 9999, text);
    const ends = { from: '10.0.0.5', to: '10.0.0.1', protocol: 17 };
    const one = pieces(ipv4(udp(`${'.'.repeat(60)}needle${'.'.repeat(60)}`), ends), 50);
    expect(found(one).map((f) => f.frames)).toEqual([[2, 3]]);
    const inner = udp(`${'.'.repeat(33)}needle${'.'.repeat(50)}`);
    const first = ipv4(inner.subarray(0, 40), { ...ends, id: 5, more: true });
    const second = ipv4(inner.subarray(40), { ...ends, id: 5, fragmentOffset: 40 });
    // The second IP fragment holds it: all its pieces are named.
    const all = [...pieces(first, 40, 1), ...pieces(second, 50, 2)];
    const flows = collect(pcap(all, { linkType: 105 }), { needle: 'needle' });
    expect(flows.found.map((f) => f.frames)).toEqual([[3, 4]]);
    expect(flows.flows).toMatchObject([{ strayFrames: true }]);
  });

  it('counts fragments whose rest is missing, cut or another, and does not read them', () => {
    const [first, second, third] = pieces(IP, 30) as [Buffer, Buffer, Buffer];
    expect(read([second, first], 105)).toMatchObject({ names: [], faults: counted(2, 1) });
    const cut = { bytes: second.subarray(0, -3), wire: second.length };
    expect(read([first, cut, third], 105)).toMatchObject({
      names: [],
      faults: [{ code: 'snaplen' }, ...counted(3, 1)],
    });
    const other = Buffer.from(first);
    other[30] = 0x55;
    // What contradicts begins another frame, to which the rest belongs then.
    expect(read([other, first, second, third], 105)).toMatchObject({ names: ['example.com'], faults: counted(1, 1) });
    const aggregated = [
      wlanData('8805', snap(IP), { qos: '8000' }),
      wlanData('8801', IP, { qos: '8000', sequence: 0x121 }),
    ];
    expect(read(aggregated, 105)).toMatchObject({ names: [], faults: counted(2, 1) });
  });

  it('does not put together what came long after, with a number used again', () => {
    const [first, second] = pieces(IP, 60) as [Buffer, Buffer];
    const { messages, summary } = collect(pcap([first, second], { linkType: 105, stepUnits: 3_000_000 }));
    expect(messages).toEqual([]);
    expect(summary.faults).toMatchObject(counted(2, 1));
  });

  it('bounds what it waits for', () => {
    const firsts = Array.from({ length: 300 }, (_, i) => pieces(IP, 60, i)[0] as Buffer);
    const { faults } = collect(pcap(firsts, { linkType: 105, stepUnits: 1 })).summary;
    expect(faults).toMatchObject([{ code: 'cap-fragments', count: 44, frame: 257 }, ...counted(300, 1)]);
  });

  it('does not take what was sent again, or what is long over, for too many that are waited for', () => {
    const told = (packets: Buffer[], stepUnits: number) =>
      collect(pcap(packets, { linkType: 105, stepUnits })).summary.faults;
    const each = Array.from({ length: 300 }, (_, i) => pieces(IP, 60, i));
    const again = each.flatMap(([first, second]) => [first, second, second].filter((one) => one !== undefined));
    expect(told(again, 1)).toEqual([]);
    const firsts = each.flatMap((one) => one.slice(0, 1));
    expect(told(firsts, 3_000_000)).toMatchObject(counted(300, 1));
    expect(told(firsts, 3_000_000)).toHaveLength(1);
  });

  it('bounds the bytes of what it remembers to know pieces that come again', () => {
    const [first, second] = pieces(IP, 60) as [Buffer, Buffer];
    const large = Array.from({ length: 36 }, (_, i) => [
      wlanData('8805', Buffer.alloc(60_000), { sequence: (i + 100) << 4, qos: '0000' }),
      wlanData('8801', Buffer.alloc(60_000), { sequence: ((i + 100) << 4) | 1, qos: '0000' }),
    ]).flat();
    const told = (between: readonly Buffer[]) =>
      collect(pcap([first, second, ...between, first], { linkType: 105, stepUnits: 1 })).summary.faults.filter(
        ({ code }) => code === 'link-fragments',
      );
    // A piece alone that is known from before misses nothing.
    expect(told(large.slice(0, 4))).toEqual([]);
    expect(told(large)).toMatchObject(counted(1, 75));
  });

  it('reads EAP in fragments, with its addresses', () => {
    const identity = Buffer.from('0466920123456789@wlan.example');
    const eap = Buffer.concat([
      Buffer.from('0201', 'hex'),
      u16(5 + identity.length),
      Buffer.from('01', 'hex'),
      identity,
    ]);
    const body = snap(Buffer.concat([Buffer.from('0100', 'hex'), u16(eap.length), eap]), 0x888e);
    const half = (control: string, part: Buffer, sequence: number) => wlanData(control, part, { sequence });
    const frames = [half('0805', body.subarray(0, 20), 0x50), half('0801', body.subarray(20), 0x51)];
    const { messages, flows } = collect(pcap(frames, { linkType: 105 }));
    expect(messages.map((m) => m.fields['identity'])).toEqual([identity.toString()]);
    expect(new Set([flows[0]?.clientAddress, flows[0]?.serverAddress])).toEqual(
      new Set(['02:00:00:00:00:a1', '02:00:00:00:00:b2']),
    );
  });

  it.each([
    ['beacon', '8000'],
    ['acknowledgement', 'd400'],
    ['data without data', '4801'],
    ['QoS without data', 'c801'],
    ['another version', '0901'],
  ])('passes over a frame without packet: %s', (_, control) => {
    expect(read([wlanData(control, snap(IP), { qos: '0000' })], 105)).toMatchObject({ names: [], faults: [] });
  });

  it.each([
    ['radiotap', 127, (frame: Buffer) => radiotap(frame, 0x10)],
    ['PPI', 192, (frame: Buffer) => ppi(105, frame, ppiCommon(1))],
  ])('takes no checksum for payload: %s', (_, linkType, wrap) => {
    const ip = ipv4(Buffer.from('0800abcd00010001payload'), { from: '10.0.0.5', to: '10.0.0.1', protocol: 1 });
    // A total length of zero: the frame's own length counts, less its checksum.
    ip.writeUInt16BE(0, 2);
    const frame = wrap(Buffer.concat([wlanData('0801', snap(ip)), u32(0x41414141)]));
    const { sequences } = read([frame], linkType);
    expect(sequences.map((s) => s.bytes.toString())).toEqual(['0800abcd00010001payload']);
    const cut = read([{ bytes: frame.subarray(0, -6), wire: frame.length }], linkType);
    expect(cut.sequences.map((s) => s.bytes.toString())).toEqual(['0800abcd00010001paylo']);
  });
});
