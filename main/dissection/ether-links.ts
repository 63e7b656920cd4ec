import { u16, u8 } from './bytes.ts';
import type { LinkFrame, LinkResult } from './link-frame.ts';
import { labelled } from './label-links.ts';
import { bareIp, pppProtocol } from './serial-links.ts';

const ETHERTYPE_IP4 = 0x0800;
const ETHERTYPE_IP6 = 0x86dd;
const ETHERTYPE_EAPOL = 0x888e;
const ADDRESS_BYTES = 6;
/** Below this an EtherType is the length of an IEEE 802.3 frame. */
const LOWEST_ETHERTYPE = 0x0600;
/** VLAN tags nested deeper than this are taken for garbage. */
const MAX_TAGS = 8;

/** IEEE 802.3: two addresses, then an EtherType or a length. */
export function ethernet(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 14) return 'cut';
  frame.receiver = start;
  frame.sender = start + 6;
  return etherType(frame, u16(b, start + 12), b, start + 14, end);
}

/** Linux cooked capture: https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html */
export function cooked(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 16) return 'cut';
  if (u16(b, start + 4) === ADDRESS_BYTES) frame.sender = start + 6;
  return cookedProtocol(frame, u16(b, start + 14), b, start + 16, end);
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
export function cooked2(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 20) return 'cut';
  if (u8(b, start + 11) === ADDRESS_BYTES) frame.sender = start + 12;
  return cookedProtocol(frame, u16(b, start), b, start + 20, end);
}

/** Small numbers are Linux's own (linux/if_ether.h): 4 is IEEE 802.2, the others hold no IP. */
function cookedProtocol(frame: LinkFrame, protocol: number, b: Uint8Array, at: number, end: number): LinkResult {
  if (protocol === 4) return llc(frame, b, at, end);
  return protocol < LOWEST_ETHERTYPE ? 'other' : etherType(frame, protocol, b, at, end);
}

/** Apple IP over FireWire: two addresses of eight bytes, then an EtherType. */
export function firewire(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return end - start < 18 ? 'cut' : etherType(frame, u16(b, start + 16), b, start + 18, end);
}

/**
 * Juniper's header before an Ethernet frame: `MGC`, flags (1: direction, 2: no link header, 0x80: extensions with their
 * length), as Wireshark's packet-juniper.c describes it.
 */
export function juniperEthernet(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 6) return 'cut';
  if (u16(b, start) !== 0x4d47 || u8(b, start + 2) !== 0x43) return 'other';
  const flags = u8(b, start + 3);
  const at = (flags & 0x80) === 0 ? start + 4 : start + 6 + u16(b, start + 4);
  if ((flags & 2) !== 0) return end - at < 5 ? 'cut' : bareIp(frame, b, at + 4, end);
  return ethernet(frame, b, at, end);
}

/** What follows an EtherType: tags, labels and sessions are passed over. `next` is where its payload begins. */
export function etherType(frame: LinkFrame, first: number, b: Uint8Array, next: number, end: number): LinkResult {
  let type = first;
  let at = next;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    if (type === ETHERTYPE_IP4 || type === ETHERTYPE_IP6) {
      frame.offset = at;
      return type === ETHERTYPE_IP4 ? 'ip4' : 'ip6';
    }
    if (type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200) {
      if (end - at < 4) return 'cut';
      type = u16(b, at + 2);
      at += 4;
    } else if (type === 0x8864) {
      return pppoe(frame, b, at, end);
    } else if (type === ETHERTYPE_EAPOL) {
      frame.offset = at;
      return 'eapol';
    } else if (type === 0x8847 || type === 0x8848) {
      return labelled(frame, b, at, end);
    } else {
      return type < LOWEST_ETHERTYPE ? llc(frame, b, at, end) : 'other';
    }
  }
  return 'nested';
}

/** PPPoE session (RFC 2516): six bytes, then a PPP protocol number. */
export function pppoe(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  return end - start < 8 ? 'cut' : pppProtocol(frame, b, start + 6, end);
}

/** IEEE 802.2: SNAP with an EtherType (RFC 1042, or 802.1H for tunnelled ones), or IP by its own service access point. */
export function llc(frame: LinkFrame, b: Uint8Array, at: number, end: number): LinkResult {
  if (end - at < 3) return 'cut';
  if (u8(b, at + 2) !== 3) return 'other';
  const points = u16(b, at);
  if (points === 0x0606) return bareIp(frame, b, at + 3, end);
  if (points !== 0xaaaa) return 'other';
  if (end - at < 8) return 'cut';
  const organisation = (u16(b, at + 3) << 8) | u8(b, at + 5);
  const type = u16(b, at + 6);
  // A length instead of a type would begin a second 802.2 header: nobody sends that, and it must not recurse.
  if ((organisation !== 0 && organisation !== 0xf8) || type < LOWEST_ETHERTYPE) return 'other';
  return snapType(frame, type, b, at + 8, end);
}

/** As after Ethernet, but a tag is followed by a type only. */
function snapType(frame: LinkFrame, first: number, b: Uint8Array, next: number, end: number): LinkResult {
  let type = first;
  let at = next;
  for (let tags = 0; tags < MAX_TAGS && (type === 0x8100 || type === 0x88a8); tags++) {
    if (end - at < 4) return 'cut';
    type = u16(b, at + 2);
    at += 4;
  }
  return type < LOWEST_ETHERTYPE ? 'other' : etherType(frame, type, b, at, end);
}
