import { u16, u24, u8 } from '../bytes.ts';
import { Connection, type Direction } from '../direction.ts';
import { handshakeBudgetOf } from '../handshake-budget.ts';
import type { OpenPacket } from '../quic-keys.ts';
import type { LongPacket } from '../quic-packet.ts';
import { eachQuicFrame, type QuicFrameReceiver } from '../quic-stream-frames.ts';
import { type QuicPlace, QuicStreams, type QuicStreamSink } from '../quic-streams.ts';
import { certificateFields } from '../tls-messages.ts';
import { ScatteredBytes } from '../tls-scattered-bytes.ts';
import type { KeyLog, SecretLabel } from './key-log.ts';
import type { QuicEmitter, QuicPath } from './quic-emitter.ts';
import { type QuicLabel, QuicOpener } from './quic-opener.ts';
import type { SealedCipher } from './record-cipher.ts';

const ENCRYPTED_EXTENSIONS = 8;
const CERTIFICATE = 11;
const ALPN = 16;
/** Packets in a row that could not be opened before no more are tried: the secrets are of something else. */
const MAX_FAILURES = 64;

const SEALED = { kind: 'sealed', tagBytes: 16 } as const;
const AES_128: SealedCipher = { ...SEALED, algorithm: 'aes-128-gcm', keyBytes: 16, hash: 'sha256' };
const AES_256: SealedCipher = { ...SEALED, algorithm: 'aes-256-gcm', keyBytes: 32, hash: 'sha384' };
const CHACHA20: SealedCipher = { ...SEALED, algorithm: 'chacha20-poly1305', keyBytes: 32, hash: 'sha256' };
/** RFC 9001, 5.3: of CCM, only the suite with the whole tag. */
const CCM: SealedCipher = { ...SEALED, algorithm: 'aes-ccm', keyBytes: 16, hash: 'sha256' };

type Level = 'early' | 'handshake' | 'application';

const LABELS: Readonly<Record<Level, readonly [SecretLabel | null, SecretLabel | null]>> = {
  early: ['CLIENT_EARLY_TRAFFIC_SECRET', null],
  handshake: ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  application: ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
};

/** Gives the streams of a connection somebody who understands them. */
export interface QuicApplication {
  /** @param alpn what both sides agreed to speak; null while that is not known */
  open(d: Direction, id: number, alpn: string | null): QuicStreamSink;
  datagram(d: Direction, b: Uint8Array, start: number, end: number, place: QuicPlace): void;
  finish(): void;
}

/** What one side sends. */
class QuicSender {
  readonly streams: QuicStreams;
  readonly handshake: ScatteredBytes;
  /** Up to where the handshake's messages were read. */
  read = 0;
  readonly openers = new Map<Level, QuicOpener>();
  failures = 0;

  constructor(streams: QuicStreams, handshake: ScatteredBytes) {
    this.streams = streams;
    this.handshake = handshake;
  }
}

/** Deciphers the packets of one QUIC connection whose secrets are in a key log. */
export class QuicDecryption {
  private readonly out: QuicEmitter;
  private readonly log: KeyLog;
  private readonly clientRandom: string;
  private readonly connection: Connection;
  private readonly application: QuicApplication;
  private readonly senders: readonly [QuicSender, QuicSender];
  private readonly onId: (id: string, receiver: 0 | 1) => void;
  /** Of the packet at hand. */
  private path: QuicPath;
  private label: QuicLabel = 'quic';
  private alpn: string | null = null;

  /**
   * @param application made for this connection; its streams are told apart by who opened them
   * @param onId is told the connection ids that a side hands out for itself
   */
  constructor(
    out: QuicEmitter,
    log: KeyLog,
    clientRandom: string,
    outer: Connection,
    clientSide: 0 | 1,
    application: QuicApplication,
    onId: (id: string, receiver: 0 | 1) => void,
  ) {
    this.out = out;
    this.log = log;
    this.clientRandom = clientRandom;
    this.connection = new Connection(outer.row, clientSide, out.horizon);
    this.application = application;
    this.onId = onId;
    this.path = { row: outer.row, side: clientSide };
    const budget = handshakeBudgetOf(out);
    const sender = (side: 0 | 1): QuicSender => {
      const d = this.connection.directions[side];
      const open = (id: number): QuicStreamSink => application.open(d, id, this.alpn);
      const streams = new QuicStreams(open, (problem) => out.note(outer.row, problem), budget);
      return new QuicSender(streams, new ScatteredBytes(budget));
    };
    this.senders = [sender(0), sender(1)];
  }

  /** A packet with a long header: 0-RTT or Handshake. */
  long(side: 0 | 1, b: Uint8Array, packet: LongPacket, datagramStart: number, path: QuicPath): void {
    this.path = path;
    const level = packet.type === 'zero-rtt' ? 'early' : packet.type === 'handshake' ? 'handshake' : null;
    if (level === null || packet.version === null) return;
    this.label = packet.version.label;
    const { start, bodyStart, end } = packet;
    this.packet(side, level, b, { start, at: bodyStart, end, datagramStart });
  }

  /** A packet with a short header, which reaches to the end of its datagram. */
  short(
    side: 0 | 1,
    b: Uint8Array,
    start: number,
    end: number,
    idBytes: number,
    datagramStart: number,
    path: QuicPath,
  ): void {
    this.path = path;
    this.packet(side, 'application', b, { start, at: start + 1 + idBytes, end, datagramStart });
  }

  private packet(
    side: 0 | 1,
    level: Level,
    b: Uint8Array,
    where: { readonly start: number; readonly at: number; readonly end: number; readonly datagramStart: number },
  ): void {
    const sender = this.senders[side];
    if (sender.failures >= MAX_FAILURES) return;
    const open = this.open(sender, side, level, (opener) => opener.open(b, where.start, where.at, where.end));
    if (open === 'no-secret') return;
    if (open === null) {
      if (++sender.failures === MAX_FAILURES) this.out.note(this.connection.row, 'decoding-failed');
      return;
    }
    sender.failures = 0;
    this.frames(sender, side, level, open, where.datagramStart);
  }

  private open(
    sender: QuicSender,
    side: 0 | 1,
    level: Level,
    by: (opener: QuicOpener) => OpenPacket | null,
  ): OpenPacket | 'no-secret' | null {
    const known = sender.openers.get(level);
    if (known !== undefined) return by(known);
    const label = LABELS[level][side === this.connection.clientSide ? 0 : 1];
    const secret = label === null ? null : this.log.secret(label, this.clientRandom);
    if (secret === null) return 'no-secret';
    // Which cipher it is need not be seen: only one fits.
    for (const cipher of secret.length === 48 ? [AES_256] : [AES_128, CHACHA20, CCM]) {
      const opener = new QuicOpener(cipher, secret, this.label);
      const open = by(opener);
      if (open === null) continue;
      sender.openers.set(level, opener);
      return open;
    }
    return null;
  }

  private frames(sender: QuicSender, side: 0 | 1, level: Level, open: OpenPacket, datagramStart: number): void {
    const { out } = this;
    const { payload } = open;
    const d = this.connection.directions[side];
    const { frame, us } = out.packet;
    const placeOf = (start: number): QuicPlace => ({
      frame,
      us,
      position: open.payloadStart - datagramStart + start,
    });
    out.countOpened(this.path, payload.length);
    const to: QuicFrameReceiver = {
      crypto: (offset, start, end) => {
        if (level !== 'handshake') return;
        const { position } = placeOf(start);
        if (sender.handshake.add(payload, start, end, { offset, frame, us, inDatagram: position }))
          this.read(sender, d);
        if (sender.handshake.capped) out.note(d.connection.row, 'cap-handshake');
      },
      stream: (id, offset, start, end, fin) => sender.streams.add(id, offset, payload, start, end, fin, placeOf(start)),
      newId: (start, end) => this.onId(Buffer.from(payload.subarray(start, end)).toString('hex'), side),
      reset: (id) => sender.streams.reset(id),
      datagram: (start, end) => this.application.datagram(d, payload, start, end, placeOf(start)),
    };
    if (eachQuicFrame(payload, to) !== 'whole') out.note(d.connection.row, 'malformed');
  }

  /** Messages of the handshake that are whole now. */
  private read(sender: QuicSender, d: Direction): void {
    const { bytes, length } = sender.handshake;
    while (length - sender.read >= 4) {
      const at = sender.read;
      const end = at + 4 + u24(bytes, at + 1);
      if (end > length) return;
      const kind = u8(bytes, at);
      if (kind === CERTIFICATE) this.certificate(d, bytes, at, end);
      else if (kind === ENCRYPTED_EXTENSIONS) this.alpn = alpnOf(bytes, at + 4, end) ?? '';
      sender.read = end;
    }
  }

  private certificate(d: Direction, b: Uint8Array, at: number, end: number): void {
    const { out } = this;
    const { row } = this.connection;
    const { fields, capped } = certificateFields(b, at + 4, end, true);
    if (capped) out.note(row, 'cap-handshake');
    const { frame, us } = out.packet;
    out.message(row, d.way, out.newMessage(), frame, us, 'tls-certificate', fields);
  }

  finish(): void {
    for (const { streams, handshake } of this.senders) {
      streams.finish();
      handshake.release();
    }
    this.application.finish();
  }
}

/** The protocol that the server chose, from its EncryptedExtensions (RFC 8446, 4.3.1; RFC 7301, 3.1). */
function alpnOf(b: Uint8Array, start: number, end: number): string | null {
  for (let at = start + 2; at + 4 <= end;) {
    const to = at + 4 + u16(b, at + 2);
    if (to > end) return null;
    // A list of one name: its length, the name's length, the name.
    if (u16(b, at) === ALPN && to - at >= 7) return Buffer.from(b.subarray(at + 7, to)).toString('latin1');
    at = to;
  }
  return null;
}
