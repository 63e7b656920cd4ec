import { u16, u24, u8 } from './bytes.ts';
import { dtlsRecord } from './udp-content.ts';

const RECORD_HEADER = 13;
const MESSAGE_HEADER = 12;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CONNECTION_ID = 25;

/** A handshake message, or a piece of one, in a datagram (RFC 6347, 4.2.2); numbers are offsets into the bytes given. */
export interface DtlsPiece {
  readonly kind: number;
  /** Bytes of the whole message behind its header. */
  readonly length: number;
  readonly number: number;
  /** Where this piece begins in the message. */
  readonly offset: number;
  readonly start: number;
  readonly end: number;
}

export interface DtlsDatagram {
  readonly pieces: readonly DtlsPiece[];
  /** What stands behind is enciphered, or not understood. */
  readonly readableEnd: number;
}

/** Reads the records of a datagram up to the first enciphered one. */
export function parseDtls(b: Uint8Array, start: number, end: number): DtlsDatagram {
  const pieces: DtlsPiece[] = [];
  let at = start;
  while (at < end) {
    const record = dtlsRecord(b, at, end);
    if (record === null || record.epoch > 0 || record.type === APPLICATION_DATA || record.type === CONNECTION_ID) break;
    const next = at + RECORD_HEADER + u16(b, at + 11);
    if (record.type === HANDSHAKE) readPieces(b, at + RECORD_HEADER, next, pieces);
    at = next;
  }
  return { pieces, readableEnd: at };
}

function readPieces(b: Uint8Array, from: number, end: number, pieces: DtlsPiece[]): void {
  let at = from;
  while (at + MESSAGE_HEADER <= end) {
    const length = u24(b, at + 1);
    const offset = u24(b, at + 6);
    const start = at + MESSAGE_HEADER;
    const next = start + u24(b, at + 9);
    if (next > end || offset + (next - start) > length) return;
    pieces.push({ kind: u8(b, at), length, number: u16(b, at + 4), offset, start, end: next });
    at = next;
  }
}
