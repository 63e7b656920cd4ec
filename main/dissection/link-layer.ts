import { u16, u32, u32le, u8 } from './bytes.ts';

/** What a frame carries above its link header. */
export type LinkResult = 'ip4' | 'ip6' | 'other' | 'unknown-link-type' | 'cut';

const ETHERTYPE_IP4 = 0x0800;
const ETHERTYPE_IP6 = 0x86dd;
/** VLAN tags nested deeper than this are taken for garbage. */
const MAX_TAGS = 8;

/** Link types by number: https://www.tcpdump.org/linktypes.html */
const NULL = 0;
const ETHERNET = 1;
const PPP = 9;
const PPP_HDLC = 50;
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const RAW = 101;
const LOOP = 108;
const COOKED = 113;
const IPV4 = 228;
const IPV6 = 229;
const NFLOG = 239;
const COOKED_2 = 276;

/** Finds the network header in a frame. One instance serves a whole capture; `offset` is the answer's second half. */
export class LinkLayer {
  /** Where the network header begins after a result of `ip4` or `ip6`. */
  offset = 0;

  decode(linkType: number, b: Uint8Array, start: number, end: number): LinkResult {
    switch (linkType) {
      case ETHERNET:
        return end - start < 14 ? 'cut' : this.etherType(b, start + 12, end);
      case COOKED:
        return end - start < 16 ? 'cut' : this.etherType(b, start + 14, end);
      case COOKED_2:
        return end - start < 20 ? 'cut' : this.etherTypeAt(u16(b, start), b, start + 20, end);
      case RAW:
      case RAW_BSD:
      case RAW_OPENBSD:
      case IPV4:
      case IPV6:
        return this.byVersion(b, start, end);
      case NULL:
      case LOOP:
        return this.bsd(b, start, end);
      case PPP:
      case PPP_HDLC:
        return this.ppp(b, start, end);
      case NFLOG:
        return this.nflog(b, start, end);
      default:
        return 'unknown-link-type';
    }
  }

  private etherType(b: Uint8Array, at: number, end: number): LinkResult {
    return this.etherTypeAt(u16(b, at), b, at + 2, end);
  }

  private etherTypeAt(first: number, b: Uint8Array, next: number, end: number): LinkResult {
    let type = first;
    let at = next;
    for (let tags = 0; tags < MAX_TAGS; tags++) {
      if (type === ETHERTYPE_IP4 || type === ETHERTYPE_IP6) {
        this.offset = at;
        return type === ETHERTYPE_IP4 ? 'ip4' : 'ip6';
      }
      if (type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200) {
        if (end - at < 4) return 'cut';
        type = u16(b, at + 2);
        at += 4;
      } else if (type === 0x8864) {
        // PPPoE session: six bytes, then a PPP protocol number.
        return end - at < 8 ? 'cut' : this.pppProtocol(b, at + 6, end);
      } else if (type === 0x8847 || type === 0x8848) {
        return this.mpls(b, at, end);
      } else {
        return 'other';
      }
    }
    return 'other';
  }

  private mpls(b: Uint8Array, from: number, end: number): LinkResult {
    let at = from;
    for (let labels = 0; labels < 32; labels++) {
      if (end - at < 5) return 'cut';
      const bottom = (u8(b, at + 2) & 1) === 1;
      at += 4;
      if (bottom) {
        const version = u8(b, at) >>> 4;
        return version === 4 || version === 6 ? this.byVersion(b, at, end) : 'other';
      }
    }
    return 'other';
  }

  private byVersion(b: Uint8Array, at: number, end: number): LinkResult {
    if (end - at < 1) return 'cut';
    this.offset = at;
    const version = u8(b, at) >>> 4;
    return version === 4 ? 'ip4' : version === 6 ? 'ip6' : 'other';
  }

  /** BSD null and loop: an address family of the capturing host, in its byte order; the IPv6 number differs by system. */
  private bsd(b: Uint8Array, start: number, end: number): LinkResult {
    if (end - start < 4) return 'cut';
    const little = u32le(b, start);
    const family = little > 0xffff ? u32(b, start) : little;
    this.offset = start + 4;
    if (family === 2) return 'ip4';
    return family === 10 || family === 24 || family === 28 || family === 30 ? 'ip6' : 'other';
  }

  private ppp(b: Uint8Array, start: number, end: number): LinkResult {
    // RFC 1662: address and control may be left out; Cisco HDLC inside uses an EtherType (0x0f or 0x8f first).
    if (end - start < 4) return 'cut';
    const first = u8(b, start);
    if (first === 0xff && u8(b, start + 1) === 3) return this.pppProtocol(b, start + 2, end);
    if (first === 0x0f || first === 0x8f) return this.etherType(b, start + 2, end);
    return this.pppProtocol(b, start, end);
  }

  private pppProtocol(b: Uint8Array, at: number, end: number): LinkResult {
    if (end - at < 2) return 'cut';
    // A compressed protocol field is one odd byte.
    const short = (u8(b, at) & 1) === 1;
    const protocol = short ? u8(b, at) : u16(b, at);
    this.offset = at + (short ? 1 : 2);
    return protocol === 0x21 ? 'ip4' : protocol === 0x57 ? 'ip6' : 'other';
  }

  /** Linux netfilter log: four bytes, then attributes in the capturing host's byte order, padded to four; 9 is the packet. */
  private nflog(b: Uint8Array, start: number, end: number): LinkResult {
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
        this.offset = at + 4;
        return family === 2 ? 'ip4' : family === 10 ? 'ip6' : 'other';
      }
      at += (length + 3) & ~3;
    }
    return 'other';
  }
}
