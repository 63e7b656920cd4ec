import { u16, u32, u32le, u8 } from './bytes.ts';
import type { LinkFrame, LinkResult } from './link-frame.ts';

/** IP without any header before it: the version tells which. */
export function bareIp(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 1) return 'cut';
  frame.offset = start;
  const version = u8(b, start) >>> 4;
  return version === 4 ? 'ip4' : version === 6 ? 'ip6' : 'other';
}

/** Address families of the capturing host: IPv4 is 2 everywhere, IPv6 differs by system. */
function byFamily(frame: LinkFrame, family: number, at: number): LinkResult {
  frame.offset = at;
  if (family === 2) return 'ip4';
  return family === 10 || family === 24 || family === 28 || family === 30 ? 'ip6' : 'other';
}

/** BSD null and loop: the family in the capturing host's byte order, or PPP's address and control. */
export function bsdNull(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 4) return 'cut';
  if (u16(b, start) === 0xff03) return ppp(frame, b, start, end);
  return byFamily(frame, hostOrder(b, start), start + 4);
}

function hostOrder(b: Uint8Array, at: number): number {
  const little = u32le(b, at);
  return little > 0xffff ? u32(b, at) : little;
}

/** OpenBSD's IPsec interface: family, index, flags. */
export function enc(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return end - start < 12 ? 'cut' : byFamily(frame, hostOrder(b, start), start + 12);
}

/** The packet filter's log: its length, padded to four, then the family. */
export function pflog(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 4) return 'cut';
  const at = start + ((u8(b, start) + 3) & ~3);
  return at > end ? 'cut' : byFamily(frame, u8(b, start + 1), at);
}

/** PPP (RFC 1662: address and control may be left out); Cisco HDLC inside begins with 0x0f or 0x8f. */
export function ppp(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 2) return 'cut';
  const first = u8(b, start);
  if (first === 0xff && u8(b, start + 1) === 3) return pppProtocol(frame, b, start + 2, end);
  if (first === 0x0f || first === 0x8f) return ciscoHdlc(frame, b, start, end);
  return pppProtocol(frame, b, start, end);
}

/** A byte of direction takes the place of the address, or stands before it. */
export function pppWithDirection(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return ppp(frame, b, start + 1, end);
}

export function pppd(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return pppProtocol(frame, b, start + 2, end);
}

export function pppProtocol(frame: LinkFrame, b: Uint8Array, at: number, end: number): LinkResult {
  if (end - at < 2) return 'cut';
  // A compressed protocol field is one odd byte (RFC 1661 section 6.5).
  const short = (u8(b, at) & 1) === 1;
  const protocol = short ? u8(b, at) : u16(b, at);
  frame.offset = at + (short ? 1 : 2);
  return protocol === 0x21 ? 'ip4' : protocol === 0x57 ? 'ip6' : 'other';
}

/** Cisco HDLC: address, control, EtherType. */
export function ciscoHdlc(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 4) return 'cut';
  const type = u16(b, start + 2);
  frame.offset = start + 4;
  return type === 0x0800 ? 'ip4' : type === 0x86dd ? 'ip6' : 'other';
}

export function ciscoHdlcWithDirection(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return ciscoHdlc(frame, b, start + 1, end);
}

/**
 * Linux netfilter log: four bytes, then attributes in the capturing host's byte order, padded to four; 9 is the packet
 * (https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html).
 */
export function nflog(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 4) return 'cut';
  const family = u8(b, start);
  let at = start + 4;
  while (end - at >= 4) {
    let length = u8(b, at) | (u8(b, at + 1) << 8);
    let type = (u8(b, at + 2) | (u8(b, at + 3) << 8)) & 0x7fff;
    if (type > 0xff) {
      // Written by a big-endian host.
      length = u16(b, at);
      type = u16(b, at + 2) & 0x7fff;
    }
    if (length < 4) return 'cut';
    if (type === 9) {
      frame.offset = at + 4;
      return family === 2 ? 'ip4' : family === 10 ? 'ip6' : 'other';
    }
    at += (length + 3) & ~3;
  }
  return 'other';
}
