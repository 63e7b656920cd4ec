import { u16, u8 } from './bytes.ts';
import type { LinkFrame, LinkResult } from './link-frame.ts';

const ETHERNET = 1;
const ETHERNET_BYTES = 14;
const CONTROL_WORD_BYTES = 4;
/** What is looked at of an IP header. */
const IP_LOOK_BYTES = 6;
const MAX_LABELS = 32;
const MAX_TAGS = 8;
const LOWEST_ETHERTYPE = 0x0600;
/**
 * EtherTypes that are believed behind a control word without a look at what follows: labels, PPPoE discovery, EAP, slow
 * protocols, LLDP, MACsec, connectivity faults, loopback.
 */
const PLAIN_TYPES: ReadonlySet<number> = new Set([
  0x8847, 0x8848, 0x8863, 0x888e, 0x8809, 0x88cc, 0x88e5, 0x8902, 0x9000,
]);
/** IEEE 802.2 access points: SNAP, spanning tree, ISO networks (IS-IS). */
const ACCESS_POINTS: ReadonlySet<number> = new Set([0xaaaa, 0x4242, 0xfefe]);

/**
 * RFC 3032: labels until the one at the bottom. What they carry is not named: IP, or an Ethernet frame (a pseudo-wire,
 * RFC 4448) behind a control word that begins with four zero bits or without one. An address of Ethernet may begin as IP
 * does, and as a control word does, so the better proof comes first; without any, the first four bits decide as before.
 */
export function labelled(frame: LinkFrame, b: Uint8Array, from: number, end: number): LinkResult {
  let at = from;
  for (let labels = 0; labels < MAX_LABELS; labels++) {
    if (end - at < 5) return 'cut';
    const bottom = (u8(b, at + 2) & 1) === 1;
    at += 4;
    if (bottom) return underLabels(frame, b, at, end);
  }
  return 'nested';
}

function underLabels(frame: LinkFrame, b: Uint8Array, at: number, end: number): LinkResult {
  const { wireEnd } = frame;
  const first = u8(b, at) >>> 4;
  const isIp = first === 4 || first === 6;
  const inner = at + CONTROL_WORD_BYTES;
  if (!(isIp && isWholeIp(b, at, end, wireEnd))) {
    if (first === 0 && holdsPacket(b, inner, end, wireEnd)) return frame.decodeAs(ETHERNET, b, inner, end);
    if (holdsPacket(b, at, end, wireEnd)) return frame.decodeAs(ETHERNET, b, at, end);
    if (first === 0 && namesContent(b, inner, end, wireEnd)) return frame.decodeAs(ETHERNET, b, inner, end);
  }
  if (isIp) {
    frame.offset = at;
    return first === 4 ? 'ip4' : 'ip6';
  }
  const isTooShort = end - at < CONTROL_WORD_BYTES + ETHERNET_BYTES + IP_LOOK_BYTES;
  return isTooShort && end < wireEnd ? 'cut' : 'under-labels';
}

/** IP beyond doubt: an IPv4 header whose checksum is right, an IPv6 packet that ends with the frame. */
function isWholeIp(b: Uint8Array, at: number, end: number, wireEnd: number): boolean {
  if (!isIpHeader(u8(b, at) >>> 4, b, at, end, wireEnd)) return false;
  if (u8(b, at) >>> 4 === 6) return u16(b, at + 4) + 40 === wireEnd - at;
  const headerBytes = (u8(b, at) & 15) * 4;
  if (headerBytes > end - at) return false;
  let sum = 0;
  for (let i = 0; i < headerBytes; i += 2) sum += u16(b, at + i);
  return sum > 0 && sum % 0xffff === 0;
}

/** Does the header fit in what was on the wire, as far as it was captured? A total of zero is what offload leaves. */
function isIpHeader(family: number, b: Uint8Array, at: number, end: number, wireEnd: number): boolean {
  if (end - at < IP_LOOK_BYTES || u8(b, at) >>> 4 !== family) return false;
  if (family === 6) return u16(b, at + 4) + 40 <= wireEnd - at;
  const headerBytes = (u8(b, at) & 15) * 4;
  const total = u16(b, at + 2);
  return family === 4 && headerBytes >= 20 && (total === 0 || total >= headerBytes) && total <= wireEnd - at;
}

/** Where the payload of an Ethernet frame at `at` begins, behind its tags. */
function behindTags(b: Uint8Array, at: number, end: number): number {
  let next = at + ETHERNET_BYTES;
  for (let tags = 0; tags < MAX_TAGS && next + 4 <= end; tags++) {
    const type = u16(b, next - 2);
    if (type !== 0x8100 && type !== 0x88a8 && type !== 0x9100 && type !== 0x9200) break;
    next += 4;
  }
  return next;
}

/** An Ethernet frame with IP, ARP or a PPPoE session, whose header makes sense. */
function holdsPacket(b: Uint8Array, at: number, end: number, wireEnd: number): boolean {
  const next = behindTags(b, at, end);
  if (next >= end) return false;
  switch (u16(b, next - 2)) {
    case 0x0800:
      return isIpHeader(4, b, next, end, wireEnd);
    case 0x86dd:
      return isIpHeader(6, b, next, end, wireEnd);
    case 0x0806:
      return end - next >= 4 && u16(b, next) === 1 && u16(b, next + 2) === 0x0800;
    case 0x8864:
      return end - next >= 6 && u16(b, next) === 0x1100 && u16(b, next + 4) <= wireEnd - next - 6;
    default:
      return false;
  }
}

/** An Ethernet frame, by its EtherType or by a length that fits with IEEE 802.2 behind it. */
function namesContent(b: Uint8Array, at: number, end: number, wireEnd: number): boolean {
  const next = behindTags(b, at, end);
  if (end - next < 3) return false;
  const type = u16(b, next - 2);
  if (type >= LOWEST_ETHERTYPE) return PLAIN_TYPES.has(type);
  return type >= 3 && type <= wireEnd - next && ACCESS_POINTS.has(u16(b, next)) && u8(b, next + 2) === 3;
}
