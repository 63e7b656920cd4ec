import { u8 } from './bytes.ts';
import { Connection } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { QuicContent } from './http3-connection.ts';
import { keysOf } from './keylog/provided-keys.ts';
import { QuicDecryption } from './keylog/quic-decryption.ts';
import type { QuicPath } from './keylog/quic-emitter.ts';
import { eachCryptoFrame, eachGoogleCryptoFrame } from './quic-frames.ts';
import { QuicHandshake } from './quic-handshake.ts';
import { type InitialSecrets, initialSecrets, type OpenPacket } from './quic-keys.ts';
import { type LongPacket, parseLongPacket, versionsOffered } from './quic-packet.ts';
import { quicVersionName } from './quic-versions.ts';
import { HandshakeSession } from './tls-messages.ts';

/** Packets of one conversation that may turn out not to be readable before no more are tried. */
const MAX_FAILURES = 64;
/** Coalesced packets of one datagram that are looked at. */
const MAX_COALESCED = 16;
const MAX_SERVER_IDS = 8;

/** One handshake: the keys that follow from where its first packet was sent, and what both sides say. */
interface Attempt {
  readonly target: string;
  readonly clientSide: 0 | 1;
  readonly client: QuicHandshake;
  readonly server: QuicHandshake;
  /** By version: a handshake may change it under way (RFC 9368). */
  readonly keys: Map<number, InitialSecrets>;
  /** Connection ids that the server chose: the client's later packets go there, under the same keys. */
  readonly serverIds: Set<string>;
  readonly session: HandshakeSession;
  /** What a key log opens of it; null while there is none, or the client's hello is not whole. */
  opened: QuicDecryption | null;
  /** By side: how long the connection ids are that it chose, which the other side sends to. */
  readonly idBytes: [number, number];
}

/** The Initial packets of one UDP conversation, which may hold several connections one after the other. */
export class QuicFlow {
  private readonly out: Emitter;
  readonly row: number;
  private readonly connection: Connection;
  private attempt: Attempt | null = null;
  private readonly onHttp3: () => void;
  private readonly onId: (id: string, receiver: 0 | 1) => void;
  private failures = 0;

  /** `onHttp3` is told when a key log shows that the conversation is HTTP/3; `onId` the ids by which the connection may go on elsewhere. */
  constructor(
    out: Emitter,
    row: number,
    clientSide: 0 | 1,
    onHttp3: () => void,
    onId: (id: string, receiver: 0 | 1) => void,
  ) {
    this.out = out;
    this.row = row;
    this.onHttp3 = onHttp3;
    this.onId = onId;
    this.connection = new Connection(row, clientSide, out.horizon);
  }

  /**
   * Reads the packets of a datagram: those with long headers, and with a key log what stands behind a short one.
   * @param path where it was sent, when the connection has moved there
   */
  take(side: 0 | 1, b: Uint8Array, start: number, end: number, path: QuicPath = { row: this.row, side }): void {
    let at = start;
    for (let i = 0; i < MAX_COALESCED && at < end; i++) {
      const packet = parseLongPacket(b, at, end);
      if (packet === null) {
        if ((u8(b, at) & 0x80) === 0) this.short(side, b, at, end, start, path);
        return;
      }
      if (packet.type === 'negotiation') this.negotiation(side, b, packet);
      else if (packet.type === 'retry') this.tell(side, 'quic-retry', { quicVersion: packet.version?.name ?? '' });
      else if (packet.type === 'initial') {
        if (this.failures < MAX_FAILURES) this.initial(side, b, packet, start);
      } else this.decryption()?.long(side, b, packet, start, path);
      if (this.attempt !== null && packet.version !== null) {
        this.attempt.idBytes[side] = packet.source.length / 2;
        this.onId(packet.source, side);
      }
      at = packet.end;
    }
    if (at < end) this.out.note(this.row, 'cap-handshake');
  }

  private short(side: 0 | 1, b: Uint8Array, at: number, end: number, datagramStart: number, path: QuicPath): void {
    const idBytes = this.attempt?.idBytes[side === 0 ? 1 : 0] ?? 0;
    this.decryption()?.short(side, b, at, end, idBytes, datagramStart, path);
  }

  /** What opens the packets behind the handshake's first ones, where there is a key log. */
  private decryption(): QuicDecryption | null {
    const { attempt, out } = this;
    if (attempt === null || attempt.opened !== null) return attempt?.opened ?? null;
    const keys = keysOf(out);
    const { clientRandom, offeredAlpn } = attempt.session;
    if (keys === null || clientRandom === '') return null;
    const { quic } = keys;
    const { clientSide } = attempt;
    attempt.opened = new QuicDecryption(
      quic,
      keys.log,
      clientRandom,
      this.connection,
      clientSide,
      new QuicContent(quic, offeredAlpn, this.onHttp3),
      this.onId,
    );
    return attempt.opened;
  }

  private tell(side: 0 | 1, kind: string, fields: object): void {
    const { out } = this;
    const { way } = this.connection.directions[side];
    out.message(this.row, way, out.newMessage(), out.frame, out.us, kind, fields);
  }

  private negotiation(side: 0 | 1, b: Uint8Array, packet: LongPacket): void {
    this.tell(side, 'quic-version-negotiation', { versions: versionsOffered(b, packet).map(quicVersionName) });
  }

  private initial(side: 0 | 1, b: Uint8Array, packet: LongPacket, datagramStart: number): void {
    const { attempt } = this;
    const known = attempt !== null && (side !== attempt.clientSide || this.isKnown(attempt, packet.target));
    if (known && attempt.client.complete && attempt.server.complete) return;
    let open = known ? this.open(attempt, side, b, packet) : null;
    if (open === null && !(known && side !== attempt.clientSide)) open = this.begin(side, b, packet);
    // A client that has heard of the server's choice while its answer is missing in the capture.
    if (open === null && attempt !== null && !known) open = this.open(attempt, side, b, packet);
    if (open === null) {
      if (++this.failures === MAX_FAILURES) this.out.note(this.row, 'cap-handshake');
      return;
    }
    this.read(side, open, packet, datagramStart);
  }

  private isKnown(attempt: Attempt, target: string): boolean {
    return target === attempt.target || attempt.serverIds.has(target);
  }

  private open(attempt: Attempt, side: 0 | 1, b: Uint8Array, packet: LongPacket): OpenPacket | null {
    const { version, versionCode } = packet;
    const keysOf = (secrets: InitialSecrets) => (side === attempt.clientSide ? secrets.client : secrets.server);
    const known = attempt.keys.get(versionCode);
    if (known !== undefined) return keysOf(known).open(b, packet);
    for (const salt of version?.salts ?? []) {
      const secrets = initialSecrets(salt, attempt.target, version?.label ?? 'quic');
      const open = keysOf(secrets).open(b, packet);
      if (open === null) continue;
      attempt.keys.set(versionCode, secrets);
      return open;
    }
    return null;
  }

  /** A handshake whose first packet this is: its keys follow from its own target. */
  private begin(side: 0 | 1, b: Uint8Array, packet: LongPacket): OpenPacket | null {
    const session = new HandshakeSession();
    const handshake = (of: 0 | 1) => new QuicHandshake(this.out, this.connection.directions[of], session);
    const attempt: Attempt = {
      target: packet.target,
      clientSide: side,
      client: handshake(side),
      server: handshake(side === 0 ? 1 : 0),
      keys: new Map(),
      serverIds: new Set(),
      session,
      opened: null,
      idBytes: [0, 0],
    };
    const open = this.open(attempt, side, b, packet);
    if (open === null) return null;
    this.finish();
    this.attempt = attempt;
    return open;
  }

  private read(side: 0 | 1, open: OpenPacket, packet: LongPacket, datagramStart: number): void {
    const { attempt, out } = this;
    if (attempt === null) return;
    const fromClient = side === attempt.clientSide;
    if (!fromClient && attempt.serverIds.size < MAX_SERVER_IDS) attempt.serverIds.add(packet.source);
    const handshake = fromClient ? attempt.client : attempt.server;
    const inDatagram = open.payloadStart - datagramStart;
    const name = packet.version?.name ?? '';
    const onCrypto = (offset: number, start: number, end: number): void => {
      const piece = { offset, frame: out.frame, us: out.us, inDatagram: inDatagram + start };
      handshake.add(open.payload, start, end, piece, name);
    };
    if (name.startsWith('Q')) eachGoogleCryptoFrame(open.payload, onCrypto);
    else if (!eachCryptoFrame(open.payload, onCrypto)) out.note(this.row, 'malformed');
    // Once the server has chosen, the client sends no other hello.
    if (attempt.server.complete) {
      attempt.server.close();
      attempt.client.close();
      attempt.keys.clear();
    }
  }

  /** What is still collected is given on. */
  finish(): void {
    this.attempt?.client.finish();
    this.attempt?.server.finish();
    this.attempt?.opened?.finish();
    this.attempt = null;
  }
}
