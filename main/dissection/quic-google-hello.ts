import { startsWith, textOf, u16le, u32le } from './bytes.ts';

const TAG_BYTES = 8;
const HEADER_BYTES = 8;

/** `REJ`, `SREJ` and `SHLO` are the server's. */
const KINDS = ['CHLO', 'REJ\0', 'SREJ', 'SHLO'] as const;

export interface GoogleHello {
  readonly fromClient: boolean;
  readonly serverName: string | null;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly end: number;
}

/**
 * A message of Google's handshake before QUIC took up TLS («QUIC Crypto»): its kind, a count, then pairs of tag and end
 * offset, then values.
 * @returns null while it is not there whole, or when it is something else
 */
export function parseGoogleHello(b: Uint8Array, start: number, end: number): GoogleHello | null {
  const kind = KINDS.find((text) => startsWith(b, start, end, text));
  if (kind === undefined || end - start < HEADER_BYTES) return null;
  const count = u16le(b, start + 4);
  const values = start + HEADER_BYTES + count * TAG_BYTES;
  if (count === 0 || values > end) return null;
  let nameStart = 0;
  let nameEnd = 0;
  let from = values;
  for (let at = start + HEADER_BYTES; at < values; at += TAG_BYTES) {
    const to = values + u32le(b, at + 4);
    if (to < from || to > end) return null;
    if (startsWith(b, at, values, 'SNI\0')) {
      nameStart = from;
      nameEnd = to;
    }
    from = to;
  }
  return {
    fromClient: kind === 'CHLO',
    serverName: nameEnd > 0 ? textOf(b, nameStart, nameEnd) : null,
    nameStart,
    nameEnd,
    end: from,
  };
}
