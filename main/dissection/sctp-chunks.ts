import { u16, u8 } from './bytes.ts';

/** Ports, verification tag, checksum (RFC 9260 section 3.1). */
export const COMMON_HEADER_BYTES = 12;
export const CHUNK_HEADER_BYTES = 4;
export const CHUNK_DATA = 0;
export const CHUNK_INIT = 1;
export const CHUNK_INIT_ACK = 2;
/** RFC 8260: messages may be interleaved. */
export const CHUNK_I_DATA = 64;

/** IANA «SCTP Chunk Types». */
const KNOWN: ReadonlySet<number> = new Set([...Array(16).keys(), CHUNK_I_DATA, 128, 130, 132, 192, 193, 194]);

const SACK = 3;
/** Bytes of chunks of one length: SHUTDOWN and its acknowledgement, COOKIE ACK, ECNE, CWR, SHUTDOWN COMPLETE. */
const NUMBERS_ONLY: ReadonlyMap<number, number> = new Map([
  [7, 8],
  [8, 4],
  [11, 4],
  [12, 8],
  [13, 8],
  [14, 4],
]);
const SACK_BYTES = 16;

/**
 * Where the content of a control chunk begins: behind its header, or behind the transport's own numbers, which are no content, as
 * those in the header of TCP are none. What stands behind them where nothing should is content, and so are the lists of FORWARD TSN and
 * I-FORWARD-TSN, which no receiver has to find true: whatever is written there is searched.
 */
export function contentOfControl(b: Uint8Array, at: number, end: number, wireEnd: number): number {
  const type = u8(b, at);
  if (type !== SACK) return Math.min(wireEnd, at + (NUMBERS_ONLY.get(type) ?? CHUNK_HEADER_BYTES));
  // One too short for its numbers makes no sense; of one that was cut they are not known.
  if (wireEnd - at < SACK_BYTES) return at + CHUNK_HEADER_BYTES;
  if (end - at < SACK_BYTES) return wireEnd;
  // Gaps and duplicates that it reports.
  return Math.min(wireEnd, at + SACK_BYTES + 4 * (u16(b, at + 12) + u16(b, at + 14)));
}

/**
 * Does a datagram hold an SCTP packet (RFC 6951)? Two ports, and chunks that fill it to its end on the wire, as far as they were
 * captured; the first of a known kind.
 */
export function looksLikeSctp(b: Uint8Array, start: number, end: number, wireEnd: number): boolean {
  let at = start + COMMON_HEADER_BYTES;
  if (end - at < CHUNK_HEADER_BYTES || !KNOWN.has(u8(b, at)) || u16(b, start) === 0 || u16(b, start + 2) === 0)
    return false;
  while (end - at >= CHUNK_HEADER_BYTES) {
    const length = u16(b, at + 2);
    if (length < CHUNK_HEADER_BYTES || length > wireEnd - at) return false;
    at += paddedLength(length);
  }
  return at >= wireEnd || end < wireEnd;
}

/**
 * Where the bytes end that fill a chunk, which ends at `chunkEnd`, up to the next one, as far as they were captured (`end`); `chunkEnd`
 * itself where they are zero, as they have to be (RFC 9260 section 3.2).
 */
export function endOfPadding(b: Uint8Array, at: number, chunkEnd: number, end: number): number {
  const padded = Math.min(end, at + paddedLength(chunkEnd - at));
  for (let i = chunkEnd; i < padded; i++) if (b[i] !== 0) return padded;
  return chunkEnd;
}

/** Chunks begin at multiples of four bytes. */
export function paddedLength(length: number): number {
  return (length + 3) & ~3;
}
