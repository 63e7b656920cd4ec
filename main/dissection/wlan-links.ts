import { u16, u16le, u32, u32le, u8 } from './bytes.ts';
import { llc } from './ether-links.ts';
import type { LinkFrame, LinkResult } from './link-frame.ts';

const DATA = 2;
const TO_AND_FROM_DS = 3;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
/** Subtype bits of a data frame. */
const NO_DATA = 4;
const QOS = 8;
/** In the QoS control field: the frame holds several packets. */
const AGGREGATE = 0x80;
const TRAFFIC_CLASS = 0x0f;
/** Flags field of radiotap. */
const FCS_AT_END = 0x10;
const DATA_PADDED = 0x20;
const FCS_BYTES = 4;
/** First word of the AVS header, in network order; its last digit is the version. */
const AVS_COOKIE = 0x80211000;

/** IEEE 802.11-2020 section 9.2: data frames with LLC above; what is protected is told, not read. */
export function wlan(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 2) return 'cut';
  const control = u8(b, start);
  const flags = u8(b, start + 1);
  const subtype = control >>> 4;
  if ((control & 3) !== 0 || ((control >>> 2) & 3) !== DATA || (subtype & NO_DATA) !== 0) return 'other';
  if ((flags & PROTECTED) !== 0) return 'encrypted';
  let at = start + ((flags & 3) === TO_AND_FROM_DS ? 30 : 24);
  let aggregate = false;
  frame.trafficClass = 0;
  frame.receiver = start + 4;
  frame.sender = start + 10;
  if ((subtype & QOS) !== 0) {
    aggregate = (u8(b, at) & AGGREGATE) !== 0;
    frame.trafficClass = u8(b, at) & TRAFFIC_CLASS;
    at += (flags & ORDER) === 0 ? 2 : 6;
  }
  if (frame.padded) at = start + ((at - start + 3) & ~3);
  if (at > end) return 'cut';
  frame.sequence = u16le(b, start + 22);
  frame.moreFragments = (flags & MORE_FRAGMENTS) !== 0;
  if (frame.moreFragments || (frame.sequence & 15) !== 0) {
    frame.offset = at;
    frame.end = end;
    // An aggregate is never cut into fragments (section 10.6): what says both is not put together.
    if (aggregate) frame.receiver = -1;
    return 'fragment';
  }
  if (!aggregate) return llc(frame, b, at, end);
  frame.next = at;
  return nextOfAggregate(frame, b, end);
}

/** The next packet of an A-MSDU (section 9.3.2.2): two addresses, a length, the packet, padding to four bytes. */
export function nextOfAggregate(frame: LinkFrame, b: Uint8Array, end: number): LinkResult {
  const at = frame.next;
  frame.next = 0;
  if (end - at < 14) return 'cut';
  const from = at + 14;
  const to = from + u16(b, at + 12);
  frame.wireEnd = to;
  frame.end = Math.min(to, end);
  const following = at + ((to - at + 3) & ~3);
  if (following < end) frame.next = following;
  return llc(frame, b, from, frame.end);
}

/** https://www.radiotap.org/: length, words that say which fields follow; only the flags field matters here. */
export function radiotap(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 8) return 'cut';
  const length = u16le(b, start + 2);
  const body = start + length;
  if (u8(b, start) !== 0 || length < 8 || body > end) return 'cut';
  const present = u32le(b, start + 4);
  let at = start + 8;
  for (let word = present; word >>> 31 === 1 && at + 4 <= body; at += 4) word = u32le(b, at);
  if ((present & 2) !== 0) {
    // The time before it takes eight bytes, aligned to eight from the beginning of the header.
    if ((present & 1) !== 0) at = start + ((at - start + 7) & ~7) + 8;
    const flags = at < body ? u8(b, at) : 0;
    if ((flags & FCS_AT_END) !== 0) frame.trim(FCS_BYTES);
    frame.padded = (flags & DATA_PADDED) !== 0;
  }
  return wlan(frame, b, body, Math.min(end, frame.end));
}

/** Prism monitoring header: number and length in the capturing host's byte order; the same link type may hold AVS. */
export function prism(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 8) return 'cut';
  if ((u32(b, start) & 0xfffff000) >>> 0 === AVS_COOKIE) return avs(frame, b, start, end);
  const length = u32le(b, start) > 0xffff ? u32(b, start + 4) : u32le(b, start + 4);
  if (length < 8 || length > end - start) return 'cut';
  return wlan(frame, b, start + length, end);
}

/** AVS header: version and length, in network order. */
export function avs(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 8) return 'cut';
  const length = u32(b, start + 4);
  if (length < 8 || length > end - start) return 'cut';
  return wlan(frame, b, start + length, end);
}
