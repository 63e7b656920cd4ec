import { u8 } from './bytes.ts';
import { varint, varintSize } from './quic-packet.ts';

const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_ECN = 0x03;
const CRYPTO = 0x06;
const CLOSE_TRANSPORT = 0x1c;
/** Google's number for CRYPTO in Q050, where PING is 7 and the others are of no interest here. */
const GOOGLE_CRYPTO = 0x08;
const GOOGLE_PING = 0x07;

/** Offset in the handshake's bytes, and the bounds of the data in the payload. */
export type OnCrypto = (offset: number, start: number, end: number) => void;

/** The same for Q050: what is not CRYPTO is the end of what is read. */
export function eachGoogleCryptoFrame(b: Uint8Array, onCrypto: OnCrypto): void {
  for (let at = 0; at < b.length && at >= 0;) {
    const type = u8(b, at++);
    if (type === GOOGLE_CRYPTO) at = cryptoFrame(b, at, onCrypto);
    else if (type !== PADDING && type !== GOOGLE_PING) return;
  }
}

/** @returns where the next frame begins, or -1 */
function cryptoFrame(b: Uint8Array, from: number, onCrypto: OnCrypto): number {
  const end = b.length;
  const offset = varint(b, from, end);
  if (offset < 0) return -1;
  let at = from + varintSize(b, from);
  const length = varint(b, at, end);
  if (length < 0) return -1;
  at += varintSize(b, at);
  if (at + length > end) return -1;
  onCrypto(offset, at, at + length);
  return at + length;
}

/**
 * Calls back for the CRYPTO frames of an Initial packet, where only few kinds of frames may stand (RFC 9000, 12.4).
 * @returns false when a frame is there that may not be, or one that does not end
 */
export function eachCryptoFrame(b: Uint8Array, onCrypto: OnCrypto): boolean {
  const end = b.length;
  let at = 0;
  while (at < end) {
    const type = u8(b, at++);
    if (type === PADDING || type === PING) continue;
    if (type === CRYPTO) {
      at = cryptoFrame(b, at, onCrypto);
      if (at < 0) return false;
    } else if (type === ACK || type === ACK_ECN) {
      at = afterAck(b, at, end, type === ACK_ECN);
      if (at < 0) return false;
    } else {
      // The peer gives up: nothing of a handshake stands behind that.
      return type === CLOSE_TRANSPORT;
    }
  }
  return true;
}

function afterAck(b: Uint8Array, from: number, end: number, hasEcn: boolean): number {
  let at = from;
  let left = 4;
  for (let i = 0; i < left; i++) {
    const value = varint(b, at, end);
    if (value < 0) return -1;
    at += varintSize(b, at);
    // Largest, delay, count of ranges, first range; then two numbers for each further range, three for ECN.
    if (i === 2) left += Math.min(value, end) * 2 + (hasEcn ? 3 : 0);
  }
  return at;
}
