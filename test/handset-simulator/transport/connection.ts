import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  commands,
  createPacketReader,
  encodePacket,
  versionWithChecksums,
  versionWithoutChecksums,
} from './packets.ts';
import type { Packet } from './packets.ts';
import { StreamState } from './device-stream.ts';
import type { DeviceStream } from './device-stream.ts';
import { parseHostKey, verifyToken } from './rsa-key.ts';
import type { HostKey } from './rsa-key.ts';

/** What the handset tells a new connection about itself and how it decides. */
export interface ConnectionHost {
  readonly banner: string;
  readonly maxPayload: number;
  readonly checksums: boolean;
  /** Keys the person has allowed; null: the handset asks nobody (as `ro.adb.secure=0`). */
  acceptedKeys(): readonly HostKey[] | null;
  /** A key is shown to the person: `allow` is called when they press «OK». */
  showKey(key: HostKey, allow: () => void): void;
  /** null: the service is unknown, and the stream is closed instead of opened. */
  findService(service: string, connection: Connection): ((stream: DeviceStream) => void) | null;
  /** How many of `bytes` may leave on this service's stream before the scripted fault; less than `bytes` means: cut then. */
  allowance(service: string, bytes: number): number;
  fault(service: string): void;
  readonly muted: () => boolean;
  note(text: string): void;
}

const authToken = 1;
const authSignature = 2;
const authPublicKey = 3;

/** One TCP connection of an adb server: the handshake, the AUTH dance and the table of streams. */
export class Connection {
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #streams = new Map<number, { state: StreamState; remote: number }>();
  readonly #waiting = new Map<number, (opened: boolean) => void>();
  #nextId = 1;
  #online = false;
  #token: Buffer = Buffer.alloc(0);
  #maxPayload: number;
  #checksums = true;

  constructor(socket: Socket, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#maxPayload = host.maxPayload;
    socket.setNoDelay(true);
    // The host may send up to what we announced, and 4 KB before it knows.
    const reader = createPacketReader({
      maxPayload: Math.max(host.maxPayload, 4096),
      checkSums: () => this.#checksums,
    });
    socket.on('data', (chunk) => {
      if (host.muted()) return;
      const { packets, fault } = reader.push(chunk);
      for (const packet of packets) this.#receive(packet);
      if (fault !== null) {
        host.note(`packet fault: ${fault}`);
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#lost());
  }

  get online(): boolean {
    return this.#online;
  }

  /** The cable is pulled: what was written goes out, then the connection is gone. */
  pull(): void {
    this.#socket.destroySoon();
    this.#lost();
  }

  /** OPEN from the handset, as a connection to a reverse listener does it. Resolves null when the host refuses. */
  open(service: string): Promise<DeviceStream | null> {
    const id = this.#nextId++;
    const state = this.#makeStream(id, service, 0);
    return new Promise((resolve) => {
      this.#waiting.set(id, (opened) => resolve(opened ? state : null));
      this.#send(commands.OPEN, id, 0, Buffer.from(`${service}\0`));
    });
  }

  #send(command: number, arg0: number, arg1: number, payload: Buffer = Buffer.alloc(0)): void {
    if (this.#socket.destroyed || this.#host.muted()) return;
    this.#socket.write(encodePacket({ command, arg0, arg1, payload }, this.#checksums));
  }

  #receive(packet: Packet): void {
    if (packet.command === commands.CNXN) return this.#greet(packet);
    if (packet.command === commands.AUTH) return this.#authenticate(packet);
    if (!this.#online) return;
    switch (packet.command) {
      case commands.OPEN:
        return this.#opened(packet);
      case commands.OKAY:
        return this.#acknowledged(packet);
      case commands.WRTE:
        return this.#streams.get(packet.arg1)?.state.receive(packet.payload);
      case commands.CLSE:
        return this.#closed(packet);
      default:
        this.#host.note(`packet of unknown kind 0x${packet.command.toString(16)}`);
    }
  }

  #greet(packet: Packet): void {
    this.#lostStreams();
    this.#online = false;
    this.#checksums = this.#host.checksums || packet.arg0 < versionWithoutChecksums;
    this.#maxPayload = Math.min(this.#host.maxPayload, Math.max(packet.arg1, 4096));
    if (this.#host.acceptedKeys() === null) this.#welcome();
    else this.#challenge();
  }

  #welcome(): void {
    if (this.#online) return;
    this.#online = true;
    const version = this.#host.checksums ? versionWithChecksums : versionWithoutChecksums;
    this.#send(commands.CNXN, version, this.#host.maxPayload, Buffer.from(this.#host.banner));
  }

  #challenge(): void {
    this.#token = randomBytes(20);
    this.#send(commands.AUTH, authToken, 0, this.#token);
  }

  #authenticate(packet: Packet): void {
    if (packet.arg0 === authSignature) {
      const known = (this.#host.acceptedKeys() ?? []).some((key) => verifyToken(key, this.#token, packet.payload));
      if (known) this.#welcome();
      else this.#challenge();
    } else if (packet.arg0 === authPublicKey) {
      const key = parseHostKey(packet.payload);
      if (key === null) this.#host.note('a public key that cannot be read');
      else this.#host.showKey(key, () => this.#welcome());
    }
  }

  #makeStream(id: number, service: string, remote: number): StreamState {
    const entry = {
      remote,
      state: new StreamState(service, {
        maxPayload: () => this.#maxPayload,
        sendWrite: (payload) => this.#send(commands.WRTE, id, entry.remote, payload),
        sendReady: () => this.#send(commands.OKAY, id, entry.remote),
        sendClose: () => {
          this.#send(commands.CLSE, id, entry.remote);
          this.#streams.delete(id);
        },
        allow: (bytes) => this.#host.allowance(service, bytes),
        cut: () => this.#host.fault(service),
      }),
    };
    this.#streams.set(id, entry);
    return entry.state;
  }

  #opened(packet: Packet): void {
    const service = packet.payload.toString('utf8').replace(/\0$/, '');
    const start = this.#host.findService(service, this);
    const id = this.#nextId++;
    if (start === null) {
      this.#send(commands.CLSE, 0, packet.arg0);
      return;
    }
    const state = this.#makeStream(id, service, packet.arg0);
    this.#send(commands.OKAY, id, packet.arg0);
    start(state);
  }

  #acknowledged(packet: Packet): void {
    const entry = this.#streams.get(packet.arg1);
    if (entry === undefined) return;
    const waiting = this.#waiting.get(packet.arg1);
    if (waiting !== undefined) {
      entry.remote = packet.arg0;
      this.#waiting.delete(packet.arg1);
      waiting(true);
      return;
    }
    entry.state.acknowledge();
  }

  #closed(packet: Packet): void {
    const entry = this.#streams.get(packet.arg1);
    if (entry === undefined) return;
    this.#waiting.get(packet.arg1)?.(false);
    this.#waiting.delete(packet.arg1);
    this.#streams.delete(packet.arg1);
    this.#send(commands.CLSE, packet.arg1, packet.arg0);
    entry.state.finish();
  }

  #lostStreams(): void {
    for (const { state } of this.#streams.values()) state.finish();
    this.#streams.clear();
    for (const waiting of this.#waiting.values()) waiting(false);
    this.#waiting.clear();
  }

  #lost(): void {
    this.#online = false;
    this.#lostStreams();
  }
}
