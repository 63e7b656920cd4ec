import { u32, u8 } from './bytes.ts';
import { type LongType, type QuicVersion, quicVersionOf } from './quic-versions.ts';

/** Longest connection id of the versions that are read (RFC 9000, 17.2). */
const MAX_ID_BYTES = 20;

/** A variable-length integer (RFC 9000, 16): its value, or -1 when it is cut or beyond any length here. */
export function varint(b: Uint8Array, at: number, end: number): number {
  const size = varintSize(b, at);
  if (at >= end || at + size > end) return -1;
  const first = u8(b, at) & 0x3f;
  if (size === 1) return first;
  if (size === 2) return (first << 8) | u8(b, at + 1);
  if (size === 4) return (((first << 24) >>> 0) | (u32(b, at) & 0xffffff)) >>> 0;
  const high = ((first << 24) | (u32(b, at) & 0xffffff)) >>> 0;
  return high > 0x1fffff ? -1 : high * 0x1_0000_0000 + u32(b, at + 4);
}

export function varintSize(b: Uint8Array, at: number): number {
  return 1 << (u8(b, at) >>> 6);
}

/** A packet with a long header inside a datagram; all numbers are offsets into the bytes given. */
export interface LongPacket {
  readonly start: number;
  readonly versionCode: number;
  /** Null for a version whose packets beyond the connection ids are not readable, and for version negotiation. */
  readonly version: QuicVersion | null;
  readonly type: LongType | 'negotiation' | 'unknown';
  /** Connection ids of receiver and sender, hexadecimal. */
  readonly target: string;
  readonly source: string;
  /** Behind the last field in clear: the packet number, or the content of what has none. */
  readonly bodyStart: number;
  /** Where the next packet of the datagram would begin (RFC 9000, 12.2). */
  readonly end: number;
}

/** @returns null when no packet with a long header lies there whole */
export function parseLongPacket(b: Uint8Array, start: number, end: number): LongPacket | null {
  if (end - start < 7 || (u8(b, start) & 0x80) === 0) return null;
  const versionCode = u32(b, start + 1);
  const targetAt = start + 6;
  const targetEnd = targetAt + u8(b, start + 5);
  if (targetEnd + 1 > end) return null;
  const sourceAt = targetEnd + 1;
  const sourceEnd = sourceAt + u8(b, targetEnd);
  if (sourceEnd > end) return null;
  const target = hex(b, targetAt, targetEnd);
  const source = hex(b, sourceAt, sourceEnd);
  const packet = { start, versionCode, target, source, bodyStart: sourceEnd, end };
  if (versionCode === 0) return { ...packet, version: null, type: 'negotiation' };
  const version = quicVersionOf(versionCode);
  if (version === null || targetEnd - targetAt > MAX_ID_BYTES || sourceEnd - sourceAt > MAX_ID_BYTES) {
    return { ...packet, version: null, type: 'unknown' };
  }
  const type = version.types[((u8(b, start) >>> 4) & 3) as 0 | 1 | 2 | 3];
  if (type === 'retry') return { ...packet, version, type };
  let at = sourceEnd;
  if (type === 'initial') {
    const token = varint(b, at, end);
    if (token < 0) return null;
    at += varintSize(b, at) + token;
  }
  const length = varint(b, at, end);
  if (length < 0) return null;
  at += varintSize(b, at);
  return at + length <= end ? { ...packet, version, type, bodyStart: at, end: at + length } : null;
}

/** Versions listed by a version negotiation packet (RFC 9000, 17.2.1). */
export function versionsOffered(b: Uint8Array, packet: LongPacket): number[] {
  const list: number[] = [];
  for (let at = packet.bodyStart; at + 4 <= packet.end; at += 4) list.push(u32(b, at));
  return list;
}

function hex(b: Uint8Array, start: number, end: number): string {
  return Buffer.from(b.buffer, b.byteOffset + start, end - start).toString('hex');
}
