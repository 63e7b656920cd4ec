import { u16, u24, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { beginDecryption, type TlsDecryption } from './keylog/tls-decryption.ts';
import { sessionOf, TlsHandshake } from './tls-handshake.ts';
import { versionName } from './tls-names.ts';

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;
/** 2^14 plus what old versions may add (RFC 5246, 6.2.3). */
const MAX_RECORD_BYTES = 16_384 + 2048;

/** So many bytes of text in a row are none of ciphertext: one record in five million begins so by chance. */
const TELLING_TEXT = 16;

/**
 * `stray`: bytes that follow each other without a gap and stand in no record, or in one of sealed data that holds text. No protection is
 * known of them, whatever came before.
 */
type ByteKind = 'open' | 'sealed' | 'stray';

/** Does a TLS record begin here, or an SSL 2.0 ClientHello that offers TLS? */
export function looksLikeTls(b: Uint8Array, start: number, end: number): 'yes' | 'no' | 'perhaps' {
  const n = end - start;
  const type = u8(b, start);
  if (type >= CHANGE_CIPHER_SPEC && type <= HEARTBEAT) {
    if (n > 1 && u8(b, start + 1) !== 3) return 'no';
    if (n > 2 && u8(b, start + 2) > 4) return 'no';
    if (n < 5) return 'perhaps';
    const length = u16(b, start + 3);
    return length > 0 && length <= MAX_RECORD_BYTES ? 'yes' : 'no';
  }
  return isSsl2Hello(b, start, end) ? 'yes' : 'no';
}

/** RFC 5246, appendix E.2: an old ClientHello with a two-byte length. */
function isSsl2Hello(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 11 || (u8(b, start) & 0x80) === 0 || u8(b, start + 2) !== 1) return false;
  if (u8(b, start + 3) !== 3 || u8(b, start + 4) > 3) return false;
  const length = u16(b, start) & 0x7fff;
  return length === 9 + u16(b, start + 5) + u16(b, start + 7) + u16(b, start + 9);
}

/** TLS and SSL 3.0 in one direction: records; handshake messages while they are readable; the rest is marked opaque. */
export class TlsParser implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly handshake: TlsHandshake;
  private readonly header = new Uint8Array(5);
  private headerLength = 0;
  private type = 0;
  private minor = -1;
  private remaining = 0;
  private encrypted = false;
  private lost = false;
  /** Bytes are missing since records could last be followed: what comes may be the middle of a sealed one. */
  private behindGap = false;
  private first = true;
  /** Nothing of the content of the record has come yet. */
  private fresh = false;
  /** The record is said to be sealed, and begins with text: whoever wrote it only took the form of TLS. */
  private isText = false;
  /** Undefined until it is known whether there are keys for this direction. */
  private decryption: TlsDecryption | null | undefined = undefined;
  /** The record being read is one for `decryption`. */
  private deciphers = false;

  constructor(out: Emitter, d: Direction) {
    this.out = out;
    this.d = d;
    this.handshake = new TlsHandshake(out, d);
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    let spanStart = start;
    if (this.fresh) this.lookAtContent(b, start, end);
    let spanKind = this.kindOfBytes();
    let at = start;
    if (this.first) {
      this.first = false;
      if (isSsl2Hello(b, start, end)) at = this.ssl2Hello(b, start, end);
    }
    while (at < end) {
      if (this.lost) {
        at = this.resynchronise(b, at, end);
        if (at >= end) break;
      }
      if (this.remaining === 0) {
        const before = at;
        while (this.headerLength < 5 && at < end) this.header[this.headerLength++] = u8(b, at++);
        if (this.headerLength < 5) break;
        this.headerLength = 0;
        this.openRecord();
        this.fresh = this.type === APPLICATION_DATA && this.remaining > 0;
        this.isText = false;
        if (this.fresh && at < end) this.lookAtContent(b, at, end);
        const kind = this.kindOfBytes();
        if (kind !== spanKind) {
          this.handOn(b, spanStart, before, position + (spanStart - start), spanKind);
          spanStart = before;
          spanKind = kind;
        }
      } else {
        const n = Math.min(this.remaining, end - at);
        if (this.deciphers) this.decryption?.data(b, at, at + n, position + (at - start));
        if (this.type === HANDSHAKE) this.handshake.data(b, at, at + n, position + (at - start));
        at += n;
        this.remaining -= n;
        if (this.remaining === 0) this.closeRecord();
      }
    }
    this.handshake.markEarly();
    this.handOn(b, spanStart, end, position + (spanStart - start), spanKind);
    return true;
  }

  private handOn(b: Uint8Array, start: number, end: number, position: number, kind: ByteKind): void {
    this.out.stream(this.d, b, start, end, position, kind === 'sealed', kind === 'stray' ? 'unknown' : undefined);
  }

  private kindOfBytes(): ByteKind {
    if (this.lost) return this.behindGap ? (this.encrypted ? 'sealed' : 'open') : 'stray';
    if (this.isText && this.remaining > 0) return 'stray';
    const sealed =
      this.remaining === 0
        ? this.encrypted && this.headerLength > 0
        : this.type === APPLICATION_DATA || (this.encrypted && this.type !== CHANGE_CIPHER_SPEC);
    return sealed ? 'sealed' : 'open';
  }

  private lookAtContent(b: Uint8Array, at: number, end: number): void {
    this.fresh = false;
    const stop = at + TELLING_TEXT;
    this.isText = stop <= end && this.remaining >= TELLING_TEXT && isPrintable(b, at, stop);
  }

  private openRecord(): void {
    const type = u8(this.header, 0);
    const length = u16(this.header, 3);
    if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || u8(this.header, 1) !== 3 || length > MAX_RECORD_BYTES) {
      this.loseTrack();
      return;
    }
    this.type = type;
    this.minor = u8(this.header, 2);
    this.remaining = length;
    if (type === APPLICATION_DATA) this.encrypted = true;
    else if (type === HANDSHAKE) this.handshake.openRecord(length, this.encrypted);
    this.deciphers = this.encrypted && type !== CHANGE_CIPHER_SPEC && this.decryption !== null && this.hasKeys();
    if (this.deciphers) this.decryption?.openRecord(length);
  }

  private hasKeys(): boolean {
    this.decryption ??= beginDecryption(this.out, this.d, sessionOf(this.d.connection));
    return this.decryption !== null && this.decryption !== undefined;
  }

  private closeRecord(): void {
    if (this.deciphers) this.decryption?.closeRecord(this.type, this.minor);
    if (this.type === HANDSHAKE) {
      // In TLS 1.3 a second hello may follow a ChangeCipherSpec sent for old middle boxes.
      if (this.handshake.closeRecord()) this.encrypted = false;
    } else if (this.type === CHANGE_CIPHER_SPEC) {
      this.encrypted = true;
      this.decryption?.changeCipher();
    } else if (this.type === ALERT) {
      this.handshake.reset();
    }
  }

  private loseTrack(): void {
    this.lost = true;
    this.remaining = 0;
    this.headerLength = 0;
    this.handshake.reset();
    this.decryption?.lost();
    this.out.note(this.d.connection.row, 'protocol-resync');
  }

  /** Looks for the next record header: same version as before, a sensible length. */
  private resynchronise(b: Uint8Array, start: number, end: number): number {
    for (let i = start; i + 5 <= end; i++) {
      const type = u8(b, i);
      if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || u8(b, i + 1) !== 3) continue;
      const minor = u8(b, i + 2);
      const length = u16(b, i + 3);
      if ((this.minor >= 0 ? minor !== this.minor : minor > 3) || length === 0 || length > MAX_RECORD_BYTES) continue;
      this.lost = false;
      return i;
    }
    return end;
  }

  private ssl2Hello(b: Uint8Array, start: number, end: number): number {
    const version = versionName(u16(b, start + 3));
    const { out, d } = this;
    const index = out.newMessage();
    out.message(d.connection.row, d.way, index, d.feedFrame, d.feedUs, 'tls-client-hello', {
      serverName: null,
      version,
      alpn: [],
      versions: [version],
      // Three bytes each, of both SSL 2.0 and TLS.
      cipherSuites: Math.floor(u16(b, start + 5) / 3),
      resumption: u16(b, start + 7) > 0 ? ['session-id'] : [],
      ja4: null,
    });
    return Math.min(end, start + 2 + (u16(b, start) & 0x7fff));
  }

  gap(bytes: number): void {
    this.handshake.reset();
    this.decryption?.lost();
    if (!this.lost && bytes <= this.remaining) {
      this.remaining -= bytes;
      if (this.remaining === 0) this.closeRecord();
    } else {
      this.behindGap = true;
      this.loseTrack();
    }
  }

  end(clean: boolean): void {
    this.handshake.end();
    this.decryption?.end(clean);
  }

  pending(): null {
    return null;
  }
}

function isPrintable(b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = u8(b, i);
    if (c > 0x7e || (c < 0x20 && c !== 9 && c !== 10 && c !== 13)) return false;
  }
  return true;
}

/** A hello where another protocol was spoken so far: STARTTLS, or a tunnel whose opening was not seen. */
export function beginsTlsUpgrade(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 9 || u8(b, start) !== HANDSHAKE || looksLikeTls(b, start, end) !== 'yes') return false;
  const kind = u8(b, start + 5);
  return (kind === 1 || kind === 2) && u24(b, start + 6) + 4 <= MAX_RECORD_BYTES * 4;
}
