import { u16, u8 } from './bytes.ts';
import type { Application } from './applications.ts';

export const TYPE_IP4 = 0x0800;
export const TYPE_IP6 = 0x86dd;
/** Transparent Ethernet bridging: a whole Ethernet frame. */
const TYPE_ETHERNET = 0x6558;
const TYPE_PPP = 0x880b;

/** What a tunnel carries: where it begins, and its EtherType. One object serves all packets. */
export interface TunnelContent {
  at: number;
  type: number;
}

/** Finds what a tunnel carries in `[start, end)`, the payload of the layer below. @returns false when it is none */
export type TunnelOpener = (content: TunnelContent, b: Uint8Array, start: number, end: number) => boolean;

export interface UdpTunnel {
  readonly application: Application;
  readonly port: number;
  readonly open: TunnelOpener;
}

/** Tunnels by IP protocol number. A new one is one line here. */
export const IP_TUNNELS: ReadonlyMap<number, TunnelOpener> = new Map([
  [4, (content, _b, start) => whole(content, start, TYPE_IP4)],
  [41, (content, _b, start) => whole(content, start, TYPE_IP6)],
  [47, gre],
] satisfies [number, TunnelOpener][]);

/** Tunnels by UDP port (IANA). A new one is one line here. */
export const UDP_TUNNELS: readonly UdpTunnel[] = [
  { application: 'gtp-u', port: 2152, open: gtpUser },
  { application: 'teredo', port: 3544, open: teredo },
  { application: 'vxlan', port: 4789, open: vxlan },
];

function whole(content: TunnelContent, at: number, type: number): boolean {
  content.at = at;
  content.type = type;
  return true;
}

/** GRE (RFC 2784, 2890), and its version 1 around PPP (RFC 2637). */
function gre(content: TunnelContent, b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 4) return false;
  const flags = u8(b, start);
  const version = u8(b, start + 1) & 7;
  const type = u16(b, start + 2);
  const routed = (flags & 0x40) !== 0;
  if (routed || version > 1 || (version === 1) !== (type === TYPE_PPP)) return false;
  const checksum = (flags & 0x80) === 0 ? 0 : 4;
  const key = (flags & 0x20) === 0 ? 0 : 4;
  const sequence = (flags & 0x10) === 0 ? 0 : 4;
  const acknowledgement = version === 1 && (u8(b, start + 1) & 0x80) !== 0 ? 4 : 0;
  return whole(content, start + 4 + checksum + key + sequence + acknowledgement, type);
}

const GTP_TUNNELLED_PACKET = 255;

/** GTP-U (3GPP TS 29.281 section 5): eight bytes; four more when any of E, S, PN is set; then extension headers. */
function gtpUser(content: TunnelContent, b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 9) return false;
  const flags = u8(b, start);
  // Version 1, protocol type GTP; the length tells what follows the first eight bytes.
  if ((flags & 0xf0) !== 0x30 || u8(b, start + 1) !== GTP_TUNNELLED_PACKET) return false;
  let at = start + 8;
  if ((flags & 7) !== 0) {
    let next = (flags & 4) === 0 ? 0 : u8(b, at + 3);
    at += 4;
    while (next !== 0) {
      const bytes = at < end ? u8(b, at) * 4 : 0;
      if (bytes === 0 || end - at < bytes) return false;
      next = u8(b, at + bytes - 1);
      at += bytes;
    }
  }
  if (end - at < 1) return false;
  const version = u8(b, at) >>> 4;
  return whole(content, at, version === 4 ? TYPE_IP4 : version === 6 ? TYPE_IP6 : 0);
}

/** Teredo (RFC 4380 section 5.1.1): authentication, then origin indication, then an IPv6 packet. */
function teredo(content: TunnelContent, b: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (end - at >= 4 && u16(b, at) === 1) at += 4 + u8(b, at + 2) + u8(b, at + 3) + 9;
  if (end - at >= 8 && u16(b, at) === 0) at += 8;
  return end - at >= 40 && whole(content, at, TYPE_IP6);
}

/** VXLAN (RFC 7348 section 5): a flag that says there is a network number, the number, an Ethernet frame. */
function vxlan(content: TunnelContent, b: Uint8Array, start: number, end: number): boolean {
  return end - start >= 22 && (u8(b, start) & 8) !== 0 && whole(content, start + 8, TYPE_ETHERNET);
}
