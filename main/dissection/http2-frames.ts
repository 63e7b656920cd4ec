import { u16, u24, u32, u8 } from './bytes.ts';
import type { Likeness } from './stream-protocol.ts';

export const FRAME_HEADER_BYTES = 9;
export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const HAS_PRIORITY = 0x20;

export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** RFC 9113, 4.2: frames of the known types are hardly ever larger than what every receiver must take. */
const MAX_USUAL_LENGTH = 1024 * 1024;

/** Flags that frames of each known type may have; bits without meaning are not sent by anybody. */
const FLAGS = [0x09, 0x2d, 0, 0, 0x01, 0x0c, 0x01, 0, 0, 0x04];
/** Length that frames of a type must have, −1 for any. */
const LENGTHS = [-1, -1, 5, 4, -1, -1, 8, -1, 4, -1];

/** Could a frame of a known type have this header (RFC 9113, 6)? */
export function isFrameHeader(b: Uint8Array, at: number): boolean {
  const length = u24(b, at);
  const type = u8(b, at + 3);
  if (type > CONTINUATION || (u8(b, at + 4) & ~(FLAGS[type] as number)) !== 0) return false;
  const stream = u32(b, at + 5);
  if (stream >= 0x80000000) return false;
  const wanted = LENGTHS[type] as number;
  if (wanted >= 0 ? length !== wanted : length > MAX_USUAL_LENGTH) return false;
  if (type === SETTINGS) return stream === 0 && length % 6 === 0 && length <= 600;
  if (type === PING || type === GOAWAY) return stream === 0;
  return type === WINDOW_UPDATE || stream !== 0;
}

/** Does a direction begin here with SETTINGS, as a server's must (RFC 9113, 3.4)? */
export function likenessOfSettings(b: Uint8Array, start: number, end: number): Likeness {
  const n = end - start;
  if (u8(b, start) !== 0) return 'no';
  if (n < FRAME_HEADER_BYTES + 2) {
    const could = (n < 2 || u8(b, start + 1) === 0) && (n < 4 || u8(b, start + 3) === SETTINGS);
    if (n < FRAME_HEADER_BYTES) return could ? 'perhaps' : 'no';
  }
  if (u8(b, start + 3) !== SETTINGS || u8(b, start + 4) !== 0 || !isFrameHeader(b, start)) return 'no';
  if (u24(b, start) === 0) return 'yes';
  if (n < FRAME_HEADER_BYTES + 2) return 'perhaps';
  const setting = u16(b, start + FRAME_HEADER_BYTES);
  return setting > 0 && (setting <= 0x10 || (setting & 0x0f0f) === 0x0a0a) ? 'yes' : 'no';
}

/**
 * Do frames follow each other from here exactly to the end? At least two, or one of headers: what a segment in the middle of
 * a connection usually holds.
 */
export function isRunOfFrames(b: Uint8Array, start: number, end: number): boolean {
  let frames = 0;
  let headers = 0;
  for (let at = start; at < end; frames++) {
    if (at + FRAME_HEADER_BYTES > end || !isFrameHeader(b, at)) return false;
    if (u8(b, at + 3) === HEADERS) headers++;
    at += FRAME_HEADER_BYTES + u24(b, at);
    if (at > end) return false;
  }
  return frames >= 2 || headers === 1;
}
