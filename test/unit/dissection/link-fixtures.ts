/** Frames of every link type that is read, each around the IP packet given. Layouts: https://www.tcpdump.org/linktypes.html */
import { ethernet, u16, u32 } from './packet-builder.ts';

const hex = (text: string): Buffer<ArrayBuffer> => Buffer.from(text.replaceAll(' ', ''), 'hex');
const le16 = (v: number): Buffer => Buffer.from([v & 255, v >> 8]);
const le32 = (v: number): Buffer => Buffer.from(u32(v)).reverse();

const A = '0200000000a1';
const B = '0200000000b2';
const C = '0200000000c3';
const D = '0200000000d4';

export const snap = (payload: Buffer, type = 0x0800): Buffer =>
  Buffer.concat([hex('aaaa03000000'), u16(type), payload]);

/** An 802.11 data frame: `control` is its first two bytes in hexadecimal; addresses by the direction bits. */
export function wlanData(
  control: string,
  payload: Buffer,
  o: { readonly qos?: string; readonly ht?: boolean; readonly pad?: number; readonly sequence?: number } = {},
): Buffer {
  const flags = Number.parseInt(control.slice(2, 4), 16);
  return Buffer.concat([
    hex(control),
    hex('0000'),
    hex(A + B + C),
    le16(o.sequence ?? 0x0120),
    hex((flags & 3) === 3 ? D : ''),
    hex(o.qos ?? ''),
    Buffer.alloc(o.ht === true ? 4 : 0),
    Buffer.alloc(o.pad ?? 0),
    payload,
  ]);
}

/** An A-MSDU of LLC frames. */
export function aggregate(...msdus: readonly Buffer[]): Buffer {
  return Buffer.concat(
    msdus.map((m, i) => {
      const padding = i === msdus.length - 1 ? 0 : -(14 + m.length) & 3;
      return Buffer.concat([hex(A + B), u16(m.length), m, Buffer.alloc(padding)]);
    }),
  );
}

/** Radiotap header with a flags field, after a time if asked, or with further words of presence. */
export function radiotap(
  frame: Buffer,
  flags = 0,
  o: { readonly time?: boolean; readonly words?: number } = {},
): Buffer {
  const words = o.words ?? 1;
  const present = Array.from({ length: words }, (_, i) =>
    le32(((i === 0 ? 2 | (o.time === true ? 1 : 0) : 0) | (i < words - 1 ? 0x80000000 : 0)) >>> 0),
  );
  const head = 4 + words * 4;
  const fields =
    o.time === true
      ? Buffer.concat([Buffer.alloc(-head & 7), Buffer.alloc(8, 9), Buffer.from([flags])])
      : Buffer.from([flags]);
  return Buffer.concat([hex('0000'), le16(head + fields.length), ...present, fields, frame]);
}

export const ppi = (linkType: number, frame: Buffer, fields: Buffer = Buffer.alloc(0), flags = 0): Buffer =>
  Buffer.concat([Buffer.from([0, flags]), le16(8 + fields.length), le32(linkType), fields, frame]);

/** 802.11-Common field: time, flags, rate, channel, and levels. */
export const ppiCommon = (flags: number): Buffer =>
  Buffer.concat([le16(2), le16(20), Buffer.alloc(8), le16(flags), Buffer.alloc(10)]);

const prismItem = Buffer.concat([le32(0x10044), le16(0), le16(4), le32(0)]);
const prism = (frame: Buffer): Buffer =>
  Buffer.concat([
    le32(0x44),
    le32(144),
    Buffer.from('wlan0'.padEnd(16, '\0')),
    ...Array<Buffer>(10).fill(prismItem),
    frame,
  ]);

const avs = (frame: Buffer): Buffer => Buffer.concat([u32(0x80211001), u32(64), Buffer.alloc(56), frame]);

export function pktap(linkType: number, frame: Buffer): Buffer {
  const head = Buffer.alloc(108);
  head.writeUInt32LE(108, 0);
  head.writeUInt32LE(1, 4);
  head.writeUInt32LE(linkType, 8);
  head.write('en0', 12);
  head.writeUInt32LE(1, 36);
  head.writeUInt32LE(2, 40);
  head.write('browser', 56);
  return Buffer.concat([head, frame]);
}

const attribute = (type: number, data: Buffer, big: boolean): Buffer => {
  const w = big ? u16 : le16;
  return Buffer.concat([w(4 + data.length), w(type), data, Buffer.alloc(-data.length & 3)]);
};
const nflog = (ip: Buffer, big: boolean): Buffer =>
  Buffer.concat([
    hex('02000000'),
    attribute(1, u32(0x08000000), big),
    attribute(10, hex('6100'), big),
    attribute(9, ip, big),
  ]);

const pppoe = (ip: Buffer): Buffer => Buffer.concat([hex('11000001'), u16(ip.length + 2), u16(0x21), ip]);
const cooked = (protocol: number, payload: Buffer): Buffer =>
  Buffer.concat([hex('0000000100060200000000a10000'), u16(protocol), payload]);
const wlanUp = '0801';

/** RFC 4448: a frame to a receiver whose address begins as given, behind two labels and a control word or none. */
export function pseudoWire(frame: Buffer, control = '', receiver = '001b213a4b5c'): Buffer {
  const content = Buffer.concat([hex(receiver), frame.subarray(6)]);
  return ethernet(Buffer.concat([u32(0x00064040), u32(0x000c81ff), hex(control), content]), 0x8847);
}

/** Name, link type, frame around an IPv4 packet. */
export function linkFixtures(ip: Buffer): (readonly [name: string, linkType: number, frame: Buffer])[] {
  const labels = Buffer.concat([u32(0x00010040), u32(0x00020140), ip]);
  return [
    ['Ethernet', 1, ethernet(ip)],
    ['VLAN', 1, ethernet(ip, 0x0800, [0x8100])],
    ['QinQ', 1, ethernet(ip, 0x0800, [0x88a8, 0x8100])],
    ['MPLS', 1, ethernet(labels, 0x8847)],
    ['MPLS pseudo-wire', 1, pseudoWire(ethernet(ip))],
    ['MPLS pseudo-wire with control word', 1, pseudoWire(ethernet(ip), '00000000')],
    ['MPLS pseudo-wire with numbered control word', 1, pseudoWire(ethernet(ip), '0040ffff')],
    ['MPLS pseudo-wire to an address that begins as IPv4', 1, pseudoWire(ethernet(ip), '', '460000206d0e')],
    ['MPLS pseudo-wire to an address that begins as IPv6', 1, pseudoWire(ethernet(ip), '', '66a10b2c0010')],
    ['MPLS pseudo-wire with VLANs', 1, pseudoWire(ethernet(ip, 0x0800, [0x88a8, 0x8100]))],
    ['MPLS pseudo-wire with PPPoE', 1, pseudoWire(ethernet(pppoe(ip), 0x8864), '00000001')],
    ['MPLS pseudo-wire with SNAP', 1, pseudoWire(ethernet(snap(ip), 8 + ip.length), '00000001')],
    ['MPLS pseudo-wire with MPLS', 1, pseudoWire(ethernet(labels, 0x8847), '00000001')],
    ['PPPoE', 1, ethernet(pppoe(ip), 0x8864)],
    ['802.3 with SNAP', 1, ethernet(snap(ip), 8 + ip.length)],
    ['802.3 with IP as service access point', 1, ethernet(Buffer.concat([hex('060603'), ip]), 3 + ip.length)],
    ['BSD null, little endian', 0, Buffer.concat([le32(2), ip])],
    ['BSD null, big endian', 0, Buffer.concat([u32(2), ip])],
    ['BSD loop', 108, Buffer.concat([u32(2), ip])],
    ['PPP', 9, Buffer.concat([hex('ff030021'), ip])],
    ['PPP without address and control', 9, Buffer.concat([u16(0x21), ip])],
    ['PPP with compressed protocol', 9, Buffer.concat([hex('ff0321'), ip])],
    ['PPP in HDLC framing', 50, Buffer.concat([hex('ff030021'), ip])],
    ['Cisco HDLC under PPP', 50, Buffer.concat([hex('0f000800'), ip])],
    ['PPPoE without Ethernet', 51, pppoe(ip)],
    ['PPP of pppd', 166, Buffer.concat([hex('00030021'), ip])],
    ['PPP with direction', 204, Buffer.concat([hex('01ff030021'), ip])],
    ['Cisco HDLC', 104, Buffer.concat([hex('0f000800'), ip])],
    ['Cisco HDLC with direction', 205, Buffer.concat([hex('000f000800'), ip])],
    ['raw IP', 101, ip],
    ['raw IP of BSD', 12, ip],
    ['raw IPv4', 228, ip],
    ['LLC of RFC 1483', 100, snap(ip)],
    ['IPsec interface', 109, Buffer.concat([le32(2), u32(1), u32(0), ip])],
    ['packet filter log', 117, Buffer.concat([hex('3d020000'), Buffer.from('em0'.padEnd(60, '\0')), ip])],
    ['Linux cooked', 113, cooked(0x0800, ip)],
    ['Linux cooked with VLAN', 113, cooked(0x8100, Buffer.concat([u16(42), u16(0x0800), ip]))],
    ['Linux cooked with 802.2', 113, cooked(4, snap(ip))],
    ['Linux cooked 2', 276, Buffer.concat([u16(0x0800), hex('0000 00000002 0001 00 06 0200000000a10000'), ip])],
    ['IP over FireWire', 138, Buffer.concat([Buffer.alloc(16, 2), u16(0x0800), ip])],
    ['Juniper Ethernet', 178, Buffer.concat([hex('4d474301'), ethernet(ip)])],
    ['Juniper Ethernet with extensions', 178, Buffer.concat([hex('4d474380 0006 020103 050100'), ethernet(ip)])],
    ['NFLOG', 239, nflog(ip, false)],
    ['NFLOG of a big-endian host', 239, nflog(ip, true)],
    ['802.11 to the access point', 105, wlanData(wlanUp, snap(ip))],
    ['802.11 from the access point', 105, wlanData('0802', snap(ip))],
    ['802.11 between stations', 105, wlanData('0800', snap(ip))],
    ['802.11 with four addresses', 105, wlanData('0803', snap(ip))],
    ['802.11 QoS', 105, wlanData('8801', snap(ip), { qos: '0000' })],
    ['802.11 QoS with four addresses', 105, wlanData('8803', snap(ip), { qos: '0000' })],
    ['802.11 QoS with HT control', 105, wlanData('8881', snap(ip), { qos: '0000', ht: true })],
    ['802.11 aggregate of one', 105, wlanData('8801', aggregate(snap(ip)), { qos: '8000' })],
    ['radiotap', 127, radiotap(wlanData(wlanUp, snap(ip)))],
    [
      'radiotap with time and checksum',
      127,
      radiotap(Buffer.concat([wlanData(wlanUp, snap(ip)), u32(0)]), 0x10, { time: true }),
    ],
    ['radiotap with three words', 127, radiotap(wlanData(wlanUp, snap(ip)), 0, { words: 3 })],
    ['radiotap with padding', 127, radiotap(wlanData('8801', snap(ip), { qos: '0000', pad: 2 }), 0x20)],
    ['Prism', 119, prism(wlanData(wlanUp, snap(ip)))],
    ['AVS under the number of Prism', 119, avs(wlanData(wlanUp, snap(ip)))],
    ['AVS', 163, avs(wlanData(wlanUp, snap(ip)))],
    ['PPI', 192, ppi(105, wlanData(wlanUp, snap(ip)))],
    ['PPI with checksum', 192, ppi(105, Buffer.concat([wlanData(wlanUp, snap(ip)), u32(0)]), ppiCommon(1))],
    ['PPI around Ethernet', 192, ppi(1, ethernet(ip))],
    ['packet tap', 258, pktap(1, ethernet(ip))],
    ['packet tap with a private number', 149, pktap(12, ip)],
  ];
}
