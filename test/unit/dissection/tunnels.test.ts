import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import { dns, ethernet, ipv4, ipv6, pcap, tcpHeader, u16, u32, udpDatagram } from './packet-builder.ts';
import { ah, gre, gtp, OUTER, over4, over6, overUdp, tunnelFixtures, vxlan } from './tunnel-fixtures.ts';

const FROM = '10.0.0.5';
const TO = '10.0.0.1';
const V6_FROM = '20010db8000000000000000000000005';
const V6_TO = '20010db8000000000000000000000001';
const IMEI = '490154203237518';

const QUERY = dns('inner.example', 1);
const IP4 = ipv4(udpDatagram(40_000, 53, QUERY), { from: FROM, to: TO, protocol: 17 });
const IP6 = ipv6(udpDatagram(40_001, 53, QUERY), 17, V6_FROM, V6_TO);

describe('tunnels', () => {
  it.each(tunnelFixtures(IP4, IP6))('%s: the packet inside is read, the tunnel counted', (_, inside, port, frame) => {
    const c = collect(pcap([frame, frame]));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['inner.example', 'inner.example']);
    const inner = c.flows.find((f) => f.serverPort === 53);
    expect(inner?.clientAddress).toBe(inside === 4 ? FROM : '2001:db8::5');
    expect(inner?.packets).toEqual([2, 0]);
    expect(c.summary).toMatchObject({ udpFlows: port === null ? 1 : 2, faults: [] });
    const outer = c.flows.filter((f) => f !== inner);
    expect(outer.map((f) => [f.application, f.channel, f.packets[0] + f.packets[1]])).toEqual(
      port === null ? [] : [[{ 2152: 'gtp-u', 3544: 'teredo', 4789: 'vxlan' }[port], 'cleartext', 2]],
    );
  });

  it.each(tunnelFixtures(IP4, IP6))('%s: what it carries is handed on once', (_, inside, _port, frame) => {
    const { sequences } = collect(pcap([frame]));
    expect(sequences.map((s) => s.bytes.toString('hex'))).toEqual([QUERY.toString('hex')]);
    expect(inside).toBeGreaterThan(0);
  });

  it('counts TCP inside GTP-U, fragments put together before', () => {
    const segment = Buffer.concat([tcpHeader({ seq: 1, flags: 'PA' }), Buffer.from(`imei=${IMEI}`)]);
    const ip = ipv4(segment, { from: FROM, to: '192.0.2.80', protocol: 6 });
    const datagram = udpDatagram(2152, 2152, gtp('30', '', ip));
    const part = (from: number, to: number, more: boolean): Buffer =>
      ethernet(ipv4(datagram.subarray(from, to), { ...OUTER, protocol: 17, id: 3, fragmentOffset: from, more }));
    const c = collect(pcap([part(0, 32, true), part(32, datagram.length, false)]), { needle: IMEI });
    expect(c.summary).toMatchObject({ tcpFlows: 1, udpFlows: 1, faults: [] });
    expect(c.found).toMatchObject([{ frames: [2], layer: 'stream' }]);
  });

  it.each([
    ['GTP-U echo', overUdp(2152, 2152, gtp('32', '00010000', Buffer.from(IMEI), 1))],
    ['GTP-U with garbage', overUdp(2152, 2152, gtp('30', '', Buffer.from(IMEI)))],
    ['GTP-U whose extension header has no length', overUdp(2152, 2152, gtp('34', '00000085 00', Buffer.from(IMEI)))],
    ['GTP-U around a packet longer than itself', overUdp(2152, 2152, gtp('30', '', withLength(IP4, IMEI, 900)))],
    ['VXLAN with ARP', overUdp(50_000, 4789, vxlan(ethernet(Buffer.from(IMEI.padEnd(40)), 0x0806)))],
    [
      'VXLAN without number',
      overUdp(50_000, 4789, Buffer.concat([Buffer.alloc(8), ethernet(Buffer.from(IMEI.padEnd(40)))])),
    ],
    ['Teredo with IPv4', overUdp(3544, 50_000, withLength(IP4, IMEI, 0))],
    ['no tunnel on its port', overUdp(3544, 50_000, Buffer.from(IMEI))],
  ])('%s: not opened, searched as it is', (_, frame) => {
    const c = collect(pcap([frame]), { needle: IMEI });
    expect(c.summary).toMatchObject({ udpFlows: 1, faults: [] });
    expect(c.found).toMatchObject([{ layer: 'datagram' }]);
  });

  it.each([
    ['GRE with ARP', over4(47, gre('0000', 0x6558, '', ethernet(Buffer.from(IMEI.padEnd(40)), 0x0806)))],
    ['GRE with routing', over4(47, gre('4000', 0x0800, '00000000', Buffer.from(IMEI)))],
    ['GRE of a later version', over4(47, gre('0003', 0x0800, '', Buffer.from(IMEI)))],
    ['encrypted PPTP', over4(47, gre('3001', 0x880b, '00130001 00000001 ff0300fd', Buffer.from(IMEI)))],
  ])('%s: not opened, searched as a conversation without ports', (_, frame) => {
    const c = collect(pcap([frame]), { needle: IMEI });
    expect(c.flows).toMatchObject([{ transport: 'other' }]);
    expect(c.found).toHaveLength(1);
  });

  it.each([9899, 4789])('is opened though its sender was given port %i, that of another', (port) => {
    const c = collect(pcap([overUdp(port, 2152, gtp('30', '', IP4))]));
    expect(c.flows.map(({ application }) => application)).toEqual(['gtp-u', 'dns']);
  });

  it('does not go on where the extension headers of GTP-U leave the capture', () => {
    const frame = overUdp(2152, 2152, gtp('34', '00000085 01100985', Buffer.alloc(0)));
    const file = pcap([frame]);
    expect(collect(file).summary).toMatchObject({ packets: 1, udpFlows: 1 });
  });

  it('opens tunnels in tunnels to a limit, which is said', () => {
    let packet = IP4;
    for (let i = 0; i < 4; i++) packet = ipv4(packet, { ...OUTER, protocol: 4 });
    expect(collect(pcap([ethernet(packet)])).messages).toHaveLength(1);
    packet = ipv4(packet, { ...OUTER, protocol: 4 });
    const c = collect(pcap([ethernet(packet)]), { needle: 'inner' });
    expect(c.messages).toEqual([]);
    expect(c.summary.faults).toMatchObject([{ code: 'cap-tunnels', count: 1 }]);
    expect(c.found).toHaveLength(1);
  });

  it('says what the snapshot length took away, in the conversation inside', () => {
    const frame = overUdp(2152, 2152, gtp('30', '', IP4));
    const c = collect(pcap([{ bytes: frame.subarray(0, frame.length - 6), wire: frame.length }]));
    expect(c.flows.map((f) => [f.application, f.incomplete])).toEqual([
      ['gtp-u', []],
      ['dns', expect.arrayContaining(['snaplen']) as unknown],
    ]);
    expect(c.summary.faults.map((f) => f.code)).toEqual(['snaplen']);
  });
});

describe('headers between IP and the transport', () => {
  it.each([
    ['AH in IPv4', over4(51, ah(17, udpDatagram(40_000, 53, QUERY)))],
    ['AH in IPv6', over6(51, ah(17, udpDatagram(40_000, 53, QUERY)))],
    [
      'hop-by-hop, routing, destination, mobility',
      over6(
        0,
        Buffer.concat([
          Buffer.from('2b00010400000000', 'hex'),
          Buffer.from('3c000000000000 00'.replaceAll(' ', ''), 'hex'),
          Buffer.from('1100010400000000', 'hex'),
          udpDatagram(40_000, 53, QUERY),
        ]),
      ),
    ],
    [
      'a fragment header without fragments',
      over6(44, Buffer.concat([Buffer.from('1100000000000007', 'hex'), udpDatagram(40_000, 53, QUERY)])),
    ],
  ])('%s', (_, frame) => {
    const c = collect(pcap([frame]));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['inner.example']);
    expect(c.summary.faults).toEqual([]);
  });

  it('walks headers that stand inside what was fragmented', () => {
    const inside = Buffer.concat([Buffer.from('1100010400000000', 'hex'), udpDatagram(40_000, 53, QUERY)]);
    const piece = (offset: number, more: number, data: Buffer): Buffer =>
      over6(44, Buffer.concat([Buffer.from([60, 0]), u16(offset | more), u32(99), data]));
    const c = collect(pcap([piece(0, 1, inside.subarray(0, 24)), piece(24, 0, inside.subarray(24))]));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['inner.example']);
  });

  it('tells headers that were cut when captured from headers that make no sense', () => {
    const frame = over6(0, Buffer.from('3c00010400000000', 'hex'));
    expect(collect(pcap([frame])).summary.faults).toMatchObject([{ code: 'malformed-ip' }]);
    const cut = collect(pcap([{ bytes: frame, wire: frame.length + 40 }]));
    // The packet says itself that it ends there.
    expect(cut.summary.faults.map((f) => f.code)).toContain('malformed-ip');
    const whole = over6(0, Buffer.concat([Buffer.from('3c00010400000000', 'hex'), Buffer.alloc(40)]));
    expect(collect(pcap([{ bytes: whole.subarray(0, 62), wire: whole.length }])).summary.faults).toMatchObject([
      { code: 'snaplen', count: 1 },
    ]);
    expect(collect(pcap([{ bytes: over4(17, IP4).subarray(0, 30), wire: 90 }])).summary.faults).toMatchObject([
      { code: 'snaplen', count: 1 },
    ]);
  });
});

describe('ICMP', () => {
  const quoted = ipv4(udpDatagram(40_000, 9_999, IMEI), { from: FROM, to: TO, protocol: 17 });
  const error = (type: number, code: number): Buffer =>
    ethernet(
      ipv4(Buffer.concat([Buffer.from([type, code, 0, 0]), u32(0), quoted]), { from: TO, to: FROM, protocol: 1 }),
    );

  it('counts an error, and what it quotes is no conversation', () => {
    const c = collect(pcap([error(3, 3), error(11, 0)]), { needle: IMEI });
    expect(c.summary).toMatchObject({ udpFlows: 0, tcpFlows: 0 });
    expect(c.flows).toMatchObject([{ transport: 'icmp', packets: [0, 2] }]);
    expect(c.found).toHaveLength(2);
  });

  it('does the same for IPv6', () => {
    const body = Buffer.concat([Buffer.from([1, 4, 0, 0]), u32(0), IP6]);
    const c = collect(pcap([over6(58, body)]));
    expect(c.summary).toMatchObject({ udpFlows: 0 });
    expect(c.flows).toMatchObject([{ transport: 'icmp' }]);
  });
});

describe('fragments', () => {
  const data = udpDatagram(40_000, 53, QUERY);
  const part = (from: number, to: number, more: boolean): Buffer =>
    ethernet(ipv4(data.subarray(from, to), { from: FROM, to: TO, protocol: 17, id: 9, fragmentOffset: from, more }));

  it('says that two last fragments disagree on the length; the first one holds', () => {
    const c = collect(pcap([part(24, data.length, false), part(16, 24, false), part(0, 24, true)]));
    expect(c.messages.map((m) => m.fields['name'])).toEqual(['inner.example']);
    expect(c.summary.faults).toMatchObject([{ code: 'overlap-conflict', count: 1 }]);
  });

  it('stays fast and small when fragments beyond the end come without end', () => {
    const frames = [part(24, data.length, false)];
    for (let i = 0; i < 3000; i++) {
      frames.push(
        ethernet(
          ipv4(Buffer.alloc(8), { from: FROM, to: TO, protocol: 17, id: 9, fragmentOffset: 800 + i * 16, more: true }),
        ),
      );
    }
    frames.push(part(0, 24, true));
    expect(collect(pcap(frames)).messages).toHaveLength(1);
  });
});

/** The packet with other bytes as payload, and with another length in its header unless 0. */
function withLength(ip: Buffer, payload: string, total: number): Buffer {
  const changed = Buffer.concat([ip.subarray(0, 28), Buffer.from(payload.padEnd(40))]);
  changed.writeUInt16BE(total === 0 ? changed.length : total, 2);
  return changed;
}
