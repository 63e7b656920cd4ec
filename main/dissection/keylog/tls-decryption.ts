import { u24, u8 } from '../bytes.ts';
import type { Direction } from '../direction.ts';
import type { Emitter } from '../emitter.ts';
import { parseClientHello, parseServerHello, type ServerHello } from '../tls-hello.ts';
import { certificateFields, clientHelloFields, type HandshakeSession, serverHelloFields } from '../tls-messages.ts';
import type { DecryptedDirection } from './decrypted-emitter.ts';
import { earlyDataOpener } from './early-data-opener.ts';
import type { KeyLog } from './key-log.ts';
import { keysOf } from './provided-keys.ts';
import { recordCipherOf } from './record-cipher.ts';
import { type RecordOpener, recordOpener } from './record-opener.ts';

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const END_OF_EARLY_DATA = 5;
const CERTIFICATE = 11;
const FINISHED = 20;
const KEY_UPDATE = 24;
const ENCRYPT_THEN_MAC = 22;
/** Of handshake messages that are put together; longer ones are passed over. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Deciphers the records of one direction of a TLS connection whose secrets are in a key log. */
export class TlsDecryption {
  private readonly out: Emitter;
  private readonly d: DecryptedDirection;
  private opener: RecordOpener;
  private readonly isTls13: boolean;
  private readonly session: HandshakeSession;
  private readonly log: KeyLog;
  /** What the server chose in the handshake whose keys are in use. */
  private answer: ServerHello | null;
  private body = new Uint8Array(0);
  private length = 0;
  private bodyAt = 0;
  private handshake: Uint8Array = new Uint8Array(0);
  /** A record could not be opened: without it those after it cannot either. */
  private failed = false;

  constructor(
    out: Emitter,
    d: DecryptedDirection,
    opener: RecordOpener,
    isTls13: boolean,
    session: HandshakeSession,
    log: KeyLog,
  ) {
    this.out = out;
    this.d = d;
    this.opener = opener;
    this.isTls13 = isTls13;
    this.session = session;
    this.log = log;
    this.answer = session.answer;
  }

  openRecord(length: number): void {
    this.length = 0;
    if (this.body.length < length) this.body = new Uint8Array(length);
  }

  /** Takes a piece of the record's body, which stands at `position` of the stream. */
  data(b: Uint8Array, start: number, end: number, position: number): void {
    if (this.failed) return;
    if (this.length === 0) this.bodyAt = position;
    this.body.set(b.subarray(start, end), this.length);
    this.length += end - start;
  }

  closeRecord(type: number, minor: number): void {
    // In TLS 1.3 everything protected is told as application data: a second hello behind early data is in clear.
    if (this.failed || (this.isTls13 && type !== APPLICATION_DATA)) return;
    const opened = this.opener.open(type, 0x0300 | minor, this.body.subarray(0, this.length));
    if (opened === null) {
      this.fail();
      return;
    }
    if (opened === 'unread') {
      this.interrupt();
      return;
    }
    if (opened.anew === true) this.beginAnew();
    if (opened.type === APPLICATION_DATA) this.d.deliver(opened.plain, this.bodyAt + opened.skipped);
    else if (opened.type === HANDSHAKE) this.messages(opened.plain);
  }

  /** The sender changes its keys: behind a second handshake (RFC 5246, 7.4.1.1) to those of that one. */
  changeCipher(): void {
    const { answer } = this.session;
    if (this.failed || this.isTls13 || answer === this.answer) return;
    this.answer = answer;
    const next = openerOf(this.out, this.d.outer, this.session, this.log);
    if (next === null || next === undefined) this.fail();
    else this.opener = next;
  }

  /** Bytes of the stream are missing, or its records are not found any more. */
  lost(): void {
    if (this.failed) return;
    if (this.opener.survivesLoss()) this.interrupt();
    else this.fail();
  }

  private fail(): void {
    this.failed = true;
    this.interrupt();
  }

  /** Content is missing here: what follows does not go on where the content before ended. */
  private interrupt(): void {
    this.handshake = new Uint8Array(0);
    this.out.note(this.d.outer.connection.row, 'decoding-failed');
    this.d.end(false);
  }

  /** The server refused the early data: its requests get no answers, and the client begins again. */
  private beginAnew(): void {
    this.handshake = new Uint8Array(0);
    this.d.end(false);
    this.d.inner.connection.forgetRequests();
  }

  private messages(plain: Uint8Array): void {
    const bytes = this.handshake.length === 0 ? plain : Buffer.concat([this.handshake, plain]);
    let at = 0;
    while (at + 4 <= bytes.length) {
      const end = at + 4 + u24(bytes, at + 1);
      if (end > bytes.length) break;
      this.message(bytes, at, end);
      at = end;
    }
    const rest = bytes.length - at;
    this.handshake = rest > MAX_MESSAGE_BYTES ? new Uint8Array(0) : new Uint8Array(bytes.subarray(at));
    if (rest > MAX_MESSAGE_BYTES) this.out.note(this.d.outer.connection.row, 'cap-handshake');
  }

  private message(b: Uint8Array, at: number, end: number): void {
    const kind = u8(b, at);
    if (kind === CLIENT_HELLO) this.clientHello(b, at, end);
    else if (kind === SERVER_HELLO) this.serverHello(b, at, end);
    else if (kind === FINISHED || kind === END_OF_EARLY_DATA) this.opener.finished();
    else if (kind === KEY_UPDATE) this.opener.updated();
    else if (kind === CERTIFICATE) this.certificate(b, at, end);
  }

  private clientHello(b: Uint8Array, at: number, end: number): void {
    const hello = parseClientHello(b, at + 4, end);
    if (hello === null) return;
    if (hello.serverName !== null) this.out.table.addName(this.d.outer.connection.row, hello.serverName.toLowerCase());
    this.session.offered(hello);
    this.tell('tls-client-hello', clientHelloFields(hello, 't', true));
  }

  private serverHello(b: Uint8Array, at: number, end: number): void {
    const hello = parseServerHello(b, at + 4, end);
    if (hello !== null) this.tell('tls-server-hello', serverHelloFields(hello, this.session));
  }

  private certificate(b: Uint8Array, at: number, end: number): void {
    const { fields, capped } = certificateFields(b, at + 4, end, this.isTls13);
    if (capped) this.out.note(this.d.outer.connection.row, 'cap-handshake');
    this.tell('tls-certificate', fields);
  }

  private tell(kind: string, fields: object): void {
    const { out } = this;
    const { connection, way, feedFrame, feedUs } = this.d.outer;
    const told = { ...fields, contentKnownBy: 'keylog' };
    out.message(connection.row, way, out.newMessage(), feedFrame, feedUs, kind, told);
  }

  end(clean: boolean): void {
    this.d.end(clean);
  }
}

/**
 * @returns undefined while the hellos have not said enough; null when this direction cannot be deciphered: no secrets for
 *   it, or a cipher that is not read
 */
export function beginDecryption(
  out: Emitter,
  d: Direction,
  session: HandshakeSession,
): TlsDecryption | null | undefined {
  const keys = keysOf(out);
  if (keys === null) return null;
  const { clientRandom, answer, earlyData } = session;
  if (clientRandom === '') return undefined;
  const { log } = keys;
  const later = (): RecordOpener | null | undefined => openerOf(out, d, session, log);
  const mayBeEarly = d.way === 0 && (answer === null || answer.version === '1.3');
  const early = mayBeEarly ? earlyDataOpener(log, clientRandom, earlyData, later) : null;
  const opener = early ?? later();
  if (opener === null || opener === undefined) return opener;
  return new TlsDecryption(out, keys.decrypted(d), opener, early !== null || answer?.version === '1.3', session, log);
}

/** What opens the records behind the early data; undefined and null as above. */
function openerOf(out: Emitter, d: Direction, session: HandshakeSession, log: KeyLog): RecordOpener | null | undefined {
  const { clientRandom, answer } = session;
  if (answer === null) return undefined;
  const cipher = recordCipherOf(answer.cipherCode);
  const { version, random: serverRandom } = answer;
  if (cipher === null) {
    const label =
      version !== '1.3' ? 'CLIENT_RANDOM' : d.way === 0 ? 'CLIENT_TRAFFIC_SECRET_0' : 'SERVER_TRAFFIC_SECRET_0';
    if (log.secret(label, clientRandom) !== null) out.note(d.connection.row, 'decoding-unsupported');
    return null;
  }
  const encryptThenMac = answer.extensions.includes(ENCRYPT_THEN_MAC);
  const facts = { clientRandom, serverRandom, version, cipher, encryptThenMac };
  return recordOpener(log, facts, d.way === 0);
}
