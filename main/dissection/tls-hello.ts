import { textOf, u16, u8 } from './bytes.ts';
import { cipherName, isGrease, versionName } from './tls-names.ts';

/** How a client offers to take up an earlier session: by its number, a ticket (RFC 5077) or a pre-shared key (RFC 8446). */
export type Resumption = 'session-id' | 'ticket' | 'psk';

export interface ClientHello {
  readonly serverName: string | null;
  /** Where the server name stands in the bytes given; 0 when there is none. */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** The highest version offered, and its number. */
  readonly version: string;
  readonly versionCode: number;
  /** All versions offered, in the client's order. */
  readonly versions: readonly string[];
  readonly alpn: readonly string[];
  /** The first protocol of ALPN as bytes; null without ALPN. */
  readonly firstProtocol: Uint8Array | null;
  /** Codes in the client's order, without those reserved to be ignored (RFC 8701). The same holds for the next two. */
  readonly cipherSuites: readonly number[];
  readonly extensions: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly resumption: readonly Resumption[];
  /** Hexadecimal; empty when none is given. */
  readonly sessionId: string;
  readonly random: string;
  /** Data is sent before the server has answered (RFC 8446, 2.3). */
  readonly earlyData: boolean;
  /** The inner hello is, or seems to be, encrypted (ECH, or ESNI before it): GREASE looks the same. */
  readonly encryptedHello: boolean;
  /** False when the bytes ended before the message did. */
  readonly whole: boolean;
}

export interface ServerHello {
  readonly version: string;
  readonly versionCode: number;
  readonly cipher: string;
  readonly cipherCode: number;
  readonly alpn: string | null;
  readonly retry: boolean;
  readonly sessionId: string;
  readonly random: string;
  /** The server took one of the pre-shared keys offered (RFC 8446, 4.2.11). */
  readonly tookPsk: boolean;
  /** Extensions of the answer, for what depends on them (RFC 7366, RFC 7627). */
  readonly extensions: readonly number[];
}

const SERVER_NAME = 0;
const SIGNATURE_ALGORITHMS = 13;
const ALPN = 16;
const SESSION_TICKET = 35;
const PRE_SHARED_KEY = 41;
const EARLY_DATA = 42;
const SUPPORTED_VERSIONS = 43;
const ENCRYPTED_CLIENT_HELLO = 0xfe0d;
const ENCRYPTED_SERVER_NAME = 0xffce;

/** SHA-256 of «HelloRetryRequest», its first eight bytes (RFC 8446, 4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111';

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

function hexOf(b: Uint8Array, start: number, end: number): string {
  return Buffer.from(b.buffer, b.byteOffset + start, Math.max(0, end - start)).toString('hex');
}

/** Two-byte codes of a list, without GREASE. */
function codes(b: Uint8Array, start: number, end: number): number[] {
  const list: number[] = [];
  for (let i = start; i + 2 <= end; i += 2) {
    const code = u16(b, i);
    if (!isGrease(code)) list.push(code);
  }
  return list;
}

/** What the extensions of a ClientHello say, collected one by one. */
class ClientExtensions {
  serverName: string | null = null;
  nameStart = 0;
  nameEnd = 0;
  readonly alpn: string[] = [];
  firstProtocol: Uint8Array | null = null;
  readonly types: number[] = [];
  signatureAlgorithms: number[] = [];
  versions: number[] = [];
  ticket = false;
  psk = false;
  earlyData = false;
  encryptedHello = false;

  take(b: Uint8Array, type: number, from: number, to: number): void {
    if (!isGrease(type)) this.types.push(type);
    switch (type) {
      case SERVER_NAME:
        this.takeName(b, from, to);
        break;
      case ALPN:
        this.takeProtocols(b, from, to);
        break;
      case SIGNATURE_ALGORITHMS:
        this.signatureAlgorithms = codes(b, from + 2, to);
        break;
      case SUPPORTED_VERSIONS:
        this.versions = codes(b, from + 1, to);
        break;
      case SESSION_TICKET:
        this.ticket = to > from;
        break;
      case PRE_SHARED_KEY:
        this.psk = true;
        break;
      case EARLY_DATA:
        this.earlyData = true;
        break;
      case ENCRYPTED_CLIENT_HELLO:
      case ENCRYPTED_SERVER_NAME:
        this.encryptedHello = true;
        break;
      default:
    }
  }

  private takeName(b: Uint8Array, from: number, to: number): void {
    if (to - from < 5 || u8(b, from + 2) !== 0) return;
    this.nameStart = from + 5;
    this.nameEnd = Math.min(to, this.nameStart + u16(b, from + 3));
    this.serverName = textOf(b, this.nameStart, this.nameEnd);
  }

  private takeProtocols(b: Uint8Array, from: number, to: number): void {
    for (let i = from + 2; i < to; i += 1 + u8(b, i)) {
      const end = Math.min(to, i + 1 + u8(b, i));
      this.firstProtocol ??= new Uint8Array(b.subarray(i + 1, end));
      this.alpn.push(textOf(b, i + 1, end));
    }
  }
}

/**
 * Reads a ClientHello behind its handshake header. Reads as far as the bytes go: a hello cut short still gives its name.
 * @param hasCookie the DTLS form, which has a cookie between session id and cipher suites (RFC 6347, 4.2.1)
 * @returns null when not even the version is there
 */
export function parseClientHello(b: Uint8Array, start: number, end: number, hasCookie = false): ClientHello | null {
  if (end - start < 35) return null;
  const legacy = u16(b, start);
  const found = new ClientExtensions();
  let cipherSuites: number[] = [];
  let at = start + 35 + u8(b, start + 34);
  const sessionId = hexOf(b, start + 35, Math.min(at, end));
  if (hasCookie && at < end) at += 1 + u8(b, at);
  let whole = at + 2 <= end;
  if (whole) {
    const next = at + 2 + u16(b, at);
    cipherSuites = codes(b, at + 2, Math.min(next, end));
    at = next;
    whole = at + 1 <= end;
  }
  if (whole) {
    at += 1 + u8(b, at);
    whole = at <= end && eachExtension(b, at, end, (type, from, to) => found.take(b, type, from, to));
  }
  const versionCode = highestVersion(found.versions, legacy);
  const resumption: Resumption[] = [];
  // TLS 1.3 clients send a session id that means nothing, for old middle boxes (RFC 8446, appendix D.4).
  if (sessionId !== '' && !found.ticket && versionName(versionCode) !== '1.3') resumption.push('session-id');
  if (found.ticket) resumption.push('ticket');
  if (found.psk) resumption.push('psk');
  const { serverName, nameStart, nameEnd, alpn, firstProtocol, earlyData, encryptedHello, signatureAlgorithms } = found;
  return {
    serverName,
    nameStart,
    nameEnd,
    version: versionName(versionCode),
    versionCode,
    versions: found.versions.length > 0 ? [...new Set(found.versions.map(versionName))] : [versionName(legacy)],
    alpn,
    firstProtocol,
    cipherSuites,
    extensions: found.types,
    signatureAlgorithms,
    resumption,
    sessionId,
    random: hexOf(b, start + 2, start + 34),
    earlyData,
    encryptedHello,
    whole,
  };
}

function highestVersion(versions: readonly number[], otherwise: number): number {
  let best = 0;
  // DTLS counts downwards (0xfefd is 1.2); drafts of 1.3 (0x7f..) stand above the versions before it.
  const rank = (code: number): number => (code >>> 8 === 0xfe ? 0x10000 - code : code);
  for (const code of versions) if (best === 0 || rank(code) > rank(best)) best = code;
  return best === 0 ? otherwise : best;
}

/** Reads a ServerHello behind its handshake header; null when it is not whole enough to name a cipher suite. */
export function parseServerHello(b: Uint8Array, start: number, end: number): ServerHello | null {
  if (end - start < 38) return null;
  let versionCode = u16(b, start);
  let alpn: string | null = null;
  let tookPsk = false;
  const extensions: number[] = [];
  const at = start + 35 + u8(b, start + 34);
  if (at + 3 > end) return null;
  const cipherCode = u16(b, at);
  eachExtension(b, at + 3, end, (type, from, to) => {
    extensions.push(type);
    if (type === SUPPORTED_VERSIONS && to - from >= 2) versionCode = u16(b, from);
    else if (type === ALPN && to - from >= 3) alpn = textOf(b, from + 3, Math.min(to, from + 3 + u8(b, from + 2)));
    else if (type === PRE_SHARED_KEY) tookPsk = true;
  });
  const random = hexOf(b, start + 2, start + 34);
  return {
    version: versionName(versionCode),
    versionCode,
    cipher: cipherName(cipherCode),
    cipherCode,
    alpn,
    retry: random.startsWith(RETRY_RANDOM),
    sessionId: hexOf(b, start + 35, at),
    random,
    tookPsk,
    extensions,
  };
}
