import { u16, u32, u8 } from './bytes.ts';

/**
 * The QUIC version in a long header (RFC 8999, and Google's before it), or null. Only versions that exist are taken:
 * otherwise any datagram with its two highest bits set would be QUIC.
 */
export function quicVersion(b: Uint8Array, start: number, end: number): number | null {
  if (end - start < 7) return null;
  const first = u8(b, start);
  if ((first & 0x80) !== 0) {
    const version = u32(b, start + 1);
    return isQuicVersion(version, first) && u8(b, start + 5) <= 20 + 0xe0 ? version : null;
  }
  // Google's old public header: version flag, eight bytes of connection id, «Q0nn» (Q025 to Q043).
  if ((first & 0x09) === 0x09 && end - start >= 13) {
    const version = u32(b, start + 9);
    return version >>> 16 === 0x5130 ? version : null;
  }
  return null;
}

function isQuicVersion(version: number, first: number): boolean {
  if (version === 1 || version === 0x6b3343cf || version === 0x709a50c4) return (first & 0x40) !== 0 || version !== 1;
  if (version >>> 8 === 0xff0000) return true;
  if (version >>> 8 === 0xfaceb0) return true;
  // «Q0nn» and «T05n» of Google.
  if (version >>> 16 === 0x5130 || version >>> 16 === 0x5430) return true;
  // Versions reserved to force negotiation: 0x?a?a?a?a.
  return (version & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a && (first & 0x40) !== 0;
}

/** Before Q050 Google's client hello travelled in clear. */
export function isClearGoogleQuic(version: number): boolean {
  return version >>> 16 === 0x5130 && version < 0x51303530;
}

export interface DtlsRecord {
  readonly type: number;
  readonly epoch: number;
}

/** The first DTLS record of a datagram (RFC 6347), or null. */
export function dtlsRecord(b: Uint8Array, start: number, end: number): DtlsRecord | null {
  if (end - start < 13) return null;
  const type = u8(b, start);
  const version = u16(b, start + 1);
  if (type < 20 || type > 25 || (version !== 0xfeff && version !== 0xfefd && version !== 0xfefc)) return null;
  return u16(b, start + 11) + 13 <= end - start ? { type, epoch: u16(b, start + 3) } : null;
}
