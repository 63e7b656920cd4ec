/** Packets of every tunnel that is opened, each around an IPv4 and an IPv6 packet given; layouts from the RFC named. */
import { ethernet, ipv4, ipv6, u16, u32, udpDatagram } from './packet-builder.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

export const OUTER = { from: '198.51.100.1', to: '198.51.100.2' } as const;
const OUTER6 = ['20010db8000000010000000000000001', '20010db8000000010000000000000002'] as const;

export const over4 = (protocol: number, payload: Buffer): Buffer => ethernet(ipv4(payload, { ...OUTER, protocol }));
export const over6 = (next: number, payload: Buffer): Buffer => ethernet(ipv6(payload, next, ...OUTER6), 0x86dd);
export const overUdp = (from: number, to: number, payload: Buffer): Buffer => over4(17, udpDatagram(from, to, payload));

/** 3GPP TS 29.281: `flags` in hexadecimal, what follows the first eight bytes before the packet. */
export function gtp(flags: string, optional: string, payload: Buffer, type = 255): Buffer {
  const rest = Buffer.concat([hex(optional), payload]);
  return Buffer.concat([hex(flags), Buffer.from([type]), u16(rest.length), u32(0x11223344), rest]);
}

/** RFC 7348. */
export const vxlan = (frame: Buffer): Buffer => Buffer.concat([hex('08000000 00002a00'), frame]);

/** RFC 2890: flags and version, EtherType, optional words. */
export const gre = (flags: string, type: number, optional: string, payload: Buffer): Buffer =>
  Buffer.concat([hex(flags), u16(type), hex(optional), payload]);

/** RFC 4302: next header, length, identifier, sequence number, integrity value of twelve bytes. */
export const ah = (next: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([next, 4, 0, 0]), u32(7), u32(1), Buffer.alloc(12, 0xab), payload]);

const AUTHENTICATION = hex('0001 04 04 63636363 61616161 0102030405060708 00');
const ORIGIN = hex('0000 1234 abcdef01');

/** Name, what is inside (`4` or `6`), UDP port or null, packet. */
export function tunnelFixtures(
  ip4: Buffer,
  ip6: Buffer,
): (readonly [name: string, inside: 4 | 6, port: number | null, frame: Buffer])[] {
  return [
    ['IP in IP', 4, null, over4(4, ip4)],
    ['6in4', 6, null, over4(41, ip6)],
    ['4in6', 4, null, over6(4, ip4)],
    ['6in6', 6, null, over6(41, ip6)],
    ['GRE', 4, null, over4(47, gre('0000', 0x0800, '', ip4))],
    ['GRE with key', 4, null, over4(47, gre('2000', 0x0800, '00000005', ip4))],
    ['GRE with checksum, key and sequence', 6, null, over4(47, gre('b000', 0x86dd, '00000000 00000005 00000001', ip6))],
    ['GRE with Ethernet', 4, null, over4(47, gre('0000', 0x6558, '', ethernet(ip4)))],
    [
      'GRE with Ethernet and VLAN',
      6,
      null,
      over6(47, gre('2000', 0x6558, '00000500', ethernet(ip6, 0x86dd, [0x8100]))),
    ],
    ['GRE with MPLS', 4, null, over4(47, gre('0000', 0x8847, '', Buffer.concat([u32(0x00010140), ip4])))],
    [
      'GRE with a pseudo-wire of MPLS',
      6,
      null,
      over4(47, gre('0000', 0x8847, '', Buffer.concat([u32(0x00010140), u32(0), ethernet(ip6, 0x86dd)]))),
    ],
    [
      'GRE of PPTP',
      4,
      null,
      over4(
        47,
        gre('3081', 0x880b, '', Buffer.concat([u16(ip4.length + 4), hex('0001 00000001 00000001 ff030021'), ip4])),
      ),
    ],
    ['Teredo', 6, 3544, overUdp(50_000, 3544, ip6)],
    ['Teredo with origin', 6, 3544, overUdp(3544, 50_000, Buffer.concat([ORIGIN, ip6]))],
    ['Teredo with authentication', 6, 3544, overUdp(50_000, 3544, Buffer.concat([AUTHENTICATION, ip6]))],
    ['Teredo with both', 6, 3544, overUdp(3544, 50_000, Buffer.concat([AUTHENTICATION, ORIGIN, ip6]))],
    ['VXLAN', 4, 4789, overUdp(50_000, 4789, vxlan(ethernet(ip4)))],
    ['VXLAN with VLAN', 6, 4789, overUdp(50_000, 4789, vxlan(ethernet(ip6, 0x86dd, [0x8100])))],
    ['GTP-U', 4, 2152, overUdp(2152, 2152, gtp('30', '', ip4))],
    ['GTP-U with sequence', 6, 2152, overUdp(2152, 2152, gtp('32', '00010000', ip6))],
    ['GTP-U with extension headers', 4, 2152, overUdp(2152, 2152, gtp('34', '00000085 01100940 01123400', ip4))],
  ];
}
