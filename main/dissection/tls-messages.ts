import { u24 } from './bytes.ts';
import { type CertificateFacts, CertificateRoom, readCertificate } from './certificate.ts';
import { type HelloCarrier, ja4Of } from './tls-ja4.ts';
import type { ClientHello, Resumption, ServerHello } from './tls-hello.ts';

/** Certificates of one chain that are read; real chains have up to five. */
const MAX_CHAIN = 32;

/** What the two directions of a connection must know of each other to say what the server accepted. */
export class HandshakeSession {
  /** Hexadecimal; empty until a ClientHello was read. */
  clientRandom = '';
  /** What the server chose; null until it said so. */
  answer: ServerHello | null = null;
  /** Protocols that the client offered (ALPN). */
  offeredAlpn: readonly string[] = [];
  /** The client said that early data follows its hello (RFC 8446, 4.2.10). */
  earlyData = false;
  private sessionId = '';
  private ticket = false;

  offered(hello: ClientHello): void {
    this.clientRandom = hello.random;
    this.offeredAlpn = hello.alpn;
    this.earlyData = hello.earlyData;
    this.answer = null;
    this.sessionId = hello.sessionId;
    this.ticket = hello.resumption.includes('ticket');
  }

  answered(hello: ServerHello): void {
    if (!hello.retry) this.answer = hello;
  }

  /** How the server took up an earlier session: it says so in 1.3; before, it repeats the session id it was given. */
  resumed(hello: ServerHello): Resumption | null {
    if (hello.tookPsk) return 'psk';
    if (hello.version === '1.3' || this.sessionId === '' || hello.sessionId !== this.sessionId) return null;
    return this.ticket ? 'ticket' : 'session-id';
  }
}

/** Fields of `tls-client-hello` and `quic-client-hello` (shared/model/traffic.ts). */
export function clientHelloFields(hello: ClientHello, carrier: HelloCarrier, whole: boolean): object {
  return {
    serverName: hello.serverName,
    version: hello.version,
    alpn: hello.alpn,
    versions: hello.versions,
    cipherSuites: hello.cipherSuites.length,
    resumption: hello.resumption,
    ja4: whole && hello.whole ? ja4Of(hello, carrier) : null,
    ...(hello.earlyData ? { earlyData: true } : {}),
    ...(hello.encryptedHello ? { encryptedClientHello: true } : {}),
    ...(whole ? {} : { incomplete: true }),
  };
}

/** Fields of `tls-server-hello` and `quic-server-hello`. */
export function serverHelloFields(hello: ServerHello, session: HandshakeSession): object {
  const { version, alpn, cipher, retry } = hello;
  session.answered(hello);
  return { version, alpn, cipher, resumed: session.resumed(hello), ...(retry ? { retry: true } : {}) };
}

export interface CertificateMessage {
  readonly fields: object;
  /** More certificates were shown, or more names in them, than are read. */
  readonly capped: boolean;
}

/**
 * Fields of `tls-certificate` from a Certificate message behind its handshake header: names and issuer of the first
 * certificate, which is the server's own, and the whole chain as it was shown. Nothing is verified.
 * @param inTls13 the form of RFC 8446, 4.4.2: a context before the list, extensions behind each certificate
 */
export function certificateFields(b: Uint8Array, start: number, end: number, inTls13: boolean): CertificateMessage {
  const chain: CertificateFacts[] = [];
  const room = new CertificateRoom();
  let shown = 0;
  let damaged = false;
  let unread = false;
  let at = start + (inTls13 ? 1 + (b[start] ?? 0) : 0);
  const last = at + 3 + u24(b, at);
  if (at + 3 > end || last > end) damaged = true;
  at += 3;
  while (!damaged && at < last) {
    const from = at + 3;
    const to = from + u24(b, at);
    damaged = from > last || to > last;
    if (damaged) break;
    const facts = shown < MAX_CHAIN ? readCertificate(b, from, to, room) : null;
    if (facts !== null) chain.push(facts);
    else if (shown < MAX_CHAIN) unread = true;
    shown++;
    at = inTls13 ? to + 2 + (((b[to] ?? 0) << 8) | (b[to + 1] ?? 0)) : to;
  }
  const [own] = chain;
  const fields = {
    names: own?.names ?? [],
    issuer: own?.issuer ?? null,
    chain,
    ...(damaged || unread || room.malformed ? { malformed: true } : {}),
  };
  return { fields, capped: shown > MAX_CHAIN || room.capped };
}
