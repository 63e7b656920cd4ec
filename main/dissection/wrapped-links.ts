import { u16le, u32le, u8 } from './bytes.ts';
import type { LinkFrame, LinkResult } from './link-frame.ts';

/** CACE PPI: header, link type of what is inside, fields (https://www.tcpdump.org/linktypes/LINKTYPE_PPI_PACKET.html). */
export function ppi(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 8) return 'cut';
  const length = u16le(b, start + 2);
  const body = start + length;
  if (length < 8 || body > end) return 'cut';
  const aligned = (u8(b, start + 1) & 1) === 1;
  for (let at = start + 8; body - at >= 4;) {
    const bytes = u16le(b, at + 2);
    // 802.11-Common: eight bytes of time, then flags; bit 0 says that the checksum is at the end of the frame.
    if (u16le(b, at) === 2 && bytes >= 10 && at + 14 <= body && (u8(b, at + 12) & 1) === 1) frame.trim(4);
    at += 4 + (aligned ? (bytes + 3) & ~3 : bytes);
  }
  return frame.decodeAs(u32le(b, start + 4), b, body, Math.min(end, frame.end));
}

/** Apple's packet tap: length, kind of record (1: a packet), link type, then names of interface and process. */
export function pktap(frame: LinkFrame, b: Uint8Array, start: number, end: number): LinkResult {
  if (end - start < 12) return 'cut';
  const length = u32le(b, start);
  if (length < 12 || length > end - start) return 'cut';
  return u32le(b, start + 4) === 1 ? frame.decodeAs(u32le(b, start + 8), b, start + length, end) : 'other';
}
