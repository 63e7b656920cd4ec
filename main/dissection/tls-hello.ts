import { textOf, u16, u24, u8 } from './bytes.ts';
import { cipherName, isGrease, versionName } from './tls-names.ts';

export interface ClientHello {
  readonly serverName: string | null;
  /** Where the server name stands in the bytes given; 0 when there is none. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** The highest version offered. */
  readonly version: string;
  readonly alpn: readonly string[];
  readonly encryptedHello: boolean;
  /** False when the bytes ended before the message did. */
  readonly whole: boolean;
}

export interface ServerHello {
  readonly version: string;
  readonly cipher: string;
  readonly alpn: string | null;
  readonly retry: boolean;
}

/** SHA-256 of «HelloRetryRequest», its first eight bytes (RFC 8446, 4.1.3). */
const RETRY_RANDOM = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11];

type OnExtension = (type: number, start: number, end: number) => void;

/** Calls back for each extension that lies whole in the bytes; returns false when they end early. */
function eachExtension(b: Uint8Array, from: number, end: number, on: OnExtension): boolean {
  if (from === end) return true;
  if (end - from < 2) return false;
  const last = from + 2 + u16(b, from);
  let at = from + 2;
  while (at + 4 <= Math.min(last, end)) {
    const next = at + 4 + u16(b, at + 2);
    if (next > end) return false;
    on(u16(b, at), at + 4, next);
    at = next;
  }
  return last <= end;
}

/**
 * Reads a ClientHello behind its handshake header. Reads as far as the bytes go: a hello cut short still gives its name.
 * @returns null when not even the version is there
 */
export function parseClientHello(b: Uint8Array, start: number, end: number): ClientHello | null {
  if (end - start < 35) return null;
  let best = u16(b, start);
  let serverName: string | null = null;
  let nameStart = 0;
  let nameEnd = 0;
  let encryptedHello = false;
  const alpn: string[] = [];
  let at = start + 35 + u8(b, start + 34);
  let whole = at + 2 <= end;
  if (whole) {
    at += 2 + u16(b, at);
    whole = at + 1 <= end;
  }
  if (whole) {
    at += 1 + u8(b, at);
    whole =
      at <= end &&
      eachExtension(b, at, end, (type, from, to) => {
        if (type === 0 && to - from >= 5 && u8(b, from + 2) === 0) {
          nameStart = from + 5;
          nameEnd = Math.min(to, nameStart + u16(b, from + 3));
          serverName = textOf(b, nameStart, nameEnd);
        } else if (type === 16) {
          for (let i = from + 2; i < to; i += 1 + u8(b, i)) alpn.push(textOf(b, i + 1, Math.min(to, i + 1 + u8(b, i))));
        } else if (type === 43) {
          best = highestVersion(b, from + 1, to, best);
        } else if (type === 0xfe0d || type === 0xffce) {
          encryptedHello = true;
        }
      });
  }
  return { serverName, nameStart, nameEnd, version: versionName(best), alpn, encryptedHello, whole };
}

function highestVersion(b: Uint8Array, start: number, end: number, otherwise: number): number {
  let best = 0;
  for (let i = start; i + 2 <= end; i += 2) {
    const code = u16(b, i);
    if (isGrease(code)) continue;
    // DTLS counts downwards (0xfefd is 1.2); drafts of 1.3 (0x7f..) stand above the versions before it.
    const rank = code >>> 8 === 0xfe ? 0x10000 - code : code;
    const bestRank = best >>> 8 === 0xfe ? 0x10000 - best : best;
    if (best === 0 || rank > bestRank) best = code;
  }
  return best === 0 ? otherwise : best;
}

export function parseServerHello(b: Uint8Array, start: number, end: number): ServerHello | null {
  if (end - start < 38) return null;
  let version = u16(b, start);
  let alpn: string | null = null;
  const at = start + 35 + u8(b, start + 34);
  if (at + 3 > end) return null;
  const cipher = cipherName(u16(b, at));
  eachExtension(b, at + 3, end, (type, from, to) => {
    if (type === 43 && to - from >= 2) version = u16(b, from);
    else if (type === 16 && to - from >= 3) alpn = textOf(b, from + 3, Math.min(to, from + 3 + u8(b, from + 2)));
  });
  const retry = RETRY_RANDOM.every((x, i) => u8(b, start + 2 + i) === x);
  return { version: versionName(version), cipher, alpn, retry };
}

/** Position of the first certificate of a Certificate message (TLS ≤ 1.2), or null. */
export function firstCertificate(b: Uint8Array, start: number, end: number): [number, number] | null {
  if (end - start < 6) return null;
  const from = start + 6;
  const to = from + u24(b, start + 3);
  return to <= end ? [from, to] : null;
}
