import { u8 } from './bytes.ts';

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Six bytes as `aa:bb:cc:dd:ee:ff`; null for any other length and for the fillers of all zeros or ones. */
export function macText(b: Uint8Array, from: number, to: number): string | null {
  if (to - from !== 6) return null;
  let sum = 0;
  const pairs: string[] = [];
  for (let i = from; i < to; i++) {
    sum += u8(b, i);
    pairs.push(HEX[u8(b, i)] ?? '');
  }
  return sum === 0 || sum === 6 * 255 ? null : pairs.join(':');
}

/** The MAC that an IPv6 interface identifier of eight bytes was made of (RFC 4291, appendix A), or null. */
export function macOfInterfaceId(id: Uint8Array): string | null {
  if (id.length !== 8 || u8(id, 3) !== 0xff || u8(id, 4) !== 0xfe) return null;
  const mac = Uint8Array.of(u8(id, 0) ^ 2, u8(id, 1), u8(id, 2), u8(id, 5), u8(id, 6), u8(id, 7));
  return macText(mac, 0, 6);
}

/** Bytes as lower-case hex without separators. */
export function hexText(b: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += HEX[u8(b, i)] ?? '';
  return text;
}

/**
 * Telephony BCD: two digits a byte, the lower half first (3GPP TS 29.002, 17.7.8; TS 29.274, 8.3).
 * @returns null when a filler stands before the end, a symbol is no digit (`*#abc` are not of identities) or there is nothing
 */
export function tbcdDigits(b: Uint8Array, from: number, to: number): string | null {
  let digits = '';
  for (let i = from; i < to; i++) {
    const byte = u8(b, i);
    const low = byte & 15;
    const high = byte >>> 4;
    if (low === 15) return allFill(b, i, to) && digits !== '' ? digits : null;
    if (low > 9) return null;
    digits += String(low);
    if (high === 15) return (i + 1 === to || allFill(b, i + 1, to)) && digits !== '' ? digits : null;
    if (high > 9) return null;
    digits += String(high);
  }
  return digits === '' ? null : digits;
}

function allFill(b: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (u8(b, i) !== 0xff) return false;
  return true;
}
