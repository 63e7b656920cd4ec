import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { clientHello, u16, u32, udp } from '../packet-builder.ts';
import { crypto, initial, SALTS } from '../quic-builder.ts';

/** A QUIC connection under given secrets, packed here without any code of the program but the labels of RFC 9001. */

export type Suite = 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-ccm' | 'chacha20-poly1305';
type Kind = 'early' | 'handshake' | 'application';

const KEY_BYTES = { 'aes-128-gcm': 16, 'aes-256-gcm': 32, 'aes-128-ccm': 16, 'chacha20-poly1305': 32 } as const;
const LOG_LABELS = {
  early: ['CLIENT_EARLY_TRAFFIC_SECRET', ''],
  handshake: ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'],
  application: ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'],
} as const;

const hashOf = (suite: Suite): 'sha256' | 'sha384' => (suite === 'aes-256-gcm' ? 'sha384' : 'sha256');

function expand(suite: Suite, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([u16(length), Buffer.from([name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hashOf(suite), secret).update(info).digest().subarray(0, length);
}

export function varint(value: number): Buffer {
  if (value < 64) return Buffer.from([value]);
  if (value < 16_384) return u16(0x4000 | value);
  return u32((0x80000000 | value) >>> 0);
}

export const frame = {
  stream: (id: number, offset: number, data: Uint8Array, fin = false): Buffer =>
    Buffer.concat([Buffer.from([0x0e | (fin ? 1 : 0)]), varint(id), varint(offset), varint(data.length), data]),
  crypto,
  ack: Buffer.from([2, 0, 0, 0, 0]),
  newId: Buffer.concat([Buffer.from([0x18, 1, 0, 8]), Buffer.alloc(24, 9)]),
  reset: (id: number): Buffer => Buffer.concat([Buffer.from([4]), varint(id), varint(0), varint(0)]),
  datagram: (data: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x31]), varint(data.length), data]),
};

/** The mask of RFC 9001, 5.4.3 and 5.4.4. */
function maskOf(suite: Suite, key: Buffer, sample: Buffer): Buffer {
  if (suite !== 'chacha20-poly1305')
    return createCipheriv(suite === 'aes-256-gcm' ? 'aes-256-ecb' : 'aes-128-ecb', key, null).update(sample);
  return createCipheriv('chacha20', key, sample).update(Buffer.alloc(5));
}

export interface Sealing {
  readonly suite: Suite;
  readonly secret: Buffer;
  readonly label: 'quic' | 'quicv2';
  /** How often the keys were updated. */
  readonly phase?: number;
}

/** Header with its number at the end, and payload → the packet as it is sent. */
export function seal(o: Sealing, header: Buffer, number: number, numberBytes: number, payload: Buffer): Buffer {
  const { suite, label } = o;
  let secret = o.secret;
  for (let i = 0; i < (o.phase ?? 0); i++)
    secret = expand(suite, secret, `${label} ku`, hashOf(suite) === 'sha384' ? 48 : 32);
  const nonce = expand(suite, secret, `${label} iv`, 12);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
  const cipher = createCipheriv(
    suite as 'aes-128-gcm',
    expand(suite, secret, `${label} key`, KEY_BYTES[suite]),
    nonce,
    {
      authTagLength: 16,
    },
  );
  cipher.setAAD(header, { plaintextLength: payload.length });
  const body = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const cover = expand(suite, o.secret, `${label} hp`, KEY_BYTES[suite]);
  const mask = maskOf(suite, cover, body.subarray(4 - numberBytes, 20 - numberBytes));
  const covered = Buffer.from(header);
  covered[0] = (covered[0] ?? 0) ^ ((mask[0] ?? 0) & ((header[0] ?? 0) & 0x80 ? 0x0f : 0x1f));
  for (let i = 0; i < numberBytes; i++) {
    const at = header.length - numberBytes + i;
    covered[at] = (covered[at] ?? 0) ^ (mask[i + 1] ?? 0);
  }
  return Buffer.concat([covered, body]);
}

export interface TalkOptions {
  readonly suite?: Suite;
  readonly version?: 1 | 2;
  readonly alpn?: string;
  readonly seed?: string;
  /** The server's answer leaves out what it chose. */
  readonly silentServer?: boolean;
}

const CLIENT_ID = 'c1c2c3c4c5';
const SERVER_ID = '5152535455565758';
const FIRST_ID = '8394c8f03e515708';
const PORT = 50_000;

/** One connection; its datagrams stand in `packets`, Ethernet frames. */
export class QuicTalk {
  readonly packets: Buffer[] = [];
  private readonly suite: Suite;
  private readonly label: 'quic' | 'quicv2';
  private readonly version: number;
  private readonly isV2: boolean;
  private readonly alpn: string;
  private readonly seed: string;
  private readonly silent: boolean;
  private readonly random: Buffer;
  /** By level and side: the next packet number. */
  private readonly numbers = new Map<string, number>();

  constructor(o: TalkOptions = {}) {
    this.suite = o.suite ?? 'aes-128-gcm';
    this.isV2 = o.version === 2;
    this.label = this.isV2 ? 'quicv2' : 'quic';
    this.version = this.isV2 ? 0x6b3343cf : 1;
    this.alpn = o.alpn ?? 'h3';
    this.seed = o.seed ?? 'a';
    this.silent = o.silentServer ?? false;
    this.random = createHash('sha256').update(`random ${this.seed}`).digest();
  }

  private secret(kind: Kind, side: 0 | 1): Buffer {
    return createHash(hashOf(this.suite)).update(`${this.seed} ${kind} ${side}`).digest();
  }

  /** The key log of this connection. */
  get keyLog(): string {
    return (['early', 'handshake', 'application'] as const)
      .flatMap((kind) =>
        ([0, 1] as const)
          .filter((side) => LOG_LABELS[kind][side] !== '')
          .map(
            (side) =>
              `${LOG_LABELS[kind][side]} ${this.random.toString('hex')} ${this.secret(kind, side).toString('hex')}`,
          ),
      )
      .join('\n');
  }

  private next(kind: string, side: 0 | 1): number {
    const number = this.numbers.get(`${kind} ${side}`) ?? 0;
    this.numbers.set(`${kind} ${side}`, number + 1);
    return number;
  }

  /** Address and port of the client; a connection may move. */
  client = { address: '10.0.0.5', port: PORT };

  send(side: 0 | 1, ...packets: Buffer[]): this {
    const datagram = Buffer.concat(packets);
    const { address, port } = this.client;
    this.packets.push(
      side === 0 ? udp(port, 443, datagram, address, '192.0.2.80') : udp(443, port, datagram, '192.0.2.80', address),
    );
    return this;
  }

  initial(side: 0 | 1, payload: Buffer): Buffer {
    return initial({
      version: this.version,
      salt: this.isV2 ? SALTS.v2 : SALTS.v1,
      label: this.label,
      keyId: FIRST_ID,
      from: side === 0 ? 'client' : 'server',
      target: side === 0 ? (this.numbers.has('initial 1') ? SERVER_ID : FIRST_ID) : CLIENT_ID,
      source: side === 0 ? CLIENT_ID : SERVER_ID,
      number: this.next('initial', side),
      payload,
    });
  }

  long(kind: 'early' | 'handshake', side: 0 | 1, payload: Buffer): Buffer {
    const types = this.isV2 ? { early: 0xe1, handshake: 0xf1 } : { early: 0xd1, handshake: 0xe1 };
    const id = (hex: string): Buffer => Buffer.concat([Buffer.from([hex.length / 2]), Buffer.from(hex, 'hex')]);
    const number = this.next(kind === 'early' ? 'application' : kind, side);
    const target = side === 1 ? CLIENT_ID : kind === 'early' ? FIRST_ID : SERVER_ID;
    const header = Buffer.concat([
      Buffer.from([types[kind]]),
      u32(this.version),
      id(target),
      id(side === 0 ? CLIENT_ID : SERVER_ID),
      u16(0x4000 | (2 + payload.length + 16)),
      u16(number),
    ]);
    return seal({ suite: this.suite, secret: this.secret(kind, side), label: this.label }, header, number, 2, payload);
  }

  short(
    side: 0 | 1,
    payload: Buffer,
    phase = 0,
    number = this.next('application', side),
    target = side === 0 ? SERVER_ID : CLIENT_ID,
  ): Buffer {
    const id = Buffer.from(target, 'hex');
    const header = Buffer.concat([Buffer.from([0x41 | (phase % 2 === 1 ? 4 : 0)]), id, u16(number & 0xffff)]);
    const padded = payload.length < 4 ? Buffer.concat([payload, Buffer.alloc(4)]) : payload;
    const sealing = { suite: this.suite, secret: this.secret('application', side), label: this.label, phase };
    return seal(sealing, header, number, 2, padded);
  }

  /** The number that the next 1-RTT packet of a side has; it is taken. */
  takeNumber(side: 0 | 1): number {
    return this.next('application', side);
  }

  hello(): Buffer {
    const hello = clientHello('h3.example', { versions: [0x0304], alpn: [this.alpn] });
    this.random.copy(hello, 6);
    return hello;
  }

  /** Both hellos and the server's answer, in three datagrams. */
  open(certificate: Uint8Array = Buffer.alloc(0)): this {
    const extension = (type: number, body: Buffer): Buffer => Buffer.concat([u16(type), u16(body.length), body]);
    const message = (type: number, body: Buffer): Buffer =>
      Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
    const code = { 'aes-128-gcm': 0x1301, 'aes-256-gcm': 0x1302, 'aes-128-ccm': 0x1304, 'chacha20-poly1305': 0x1303 }[
      this.suite
    ];
    const versions = extension(43, u16(0x0304));
    const serverHello = message(
      2,
      Buffer.concat([
        u16(0x0303),
        Buffer.alloc(32, 8),
        Buffer.from([0]),
        u16(code),
        Buffer.from([0]),
        u16(versions.length),
        versions,
      ]),
    );
    const name = Buffer.concat([Buffer.from([this.alpn.length]), Buffer.from(this.alpn)]);
    const alpn = extension(16, Buffer.concat([u16(name.length), name]));
    const extensions = message(8, this.silent ? u16(0) : Buffer.concat([u16(alpn.length), alpn]));
    this.send(0, this.initial(0, Buffer.concat([crypto(0, this.hello()), Buffer.alloc(800)])));
    const answer = Buffer.concat([extensions, certificate]);
    const cut = Math.ceil(answer.length / 2);
    this.send(
      1,
      this.initial(1, Buffer.concat([frame.ack, crypto(0, serverHello)])),
      this.long('handshake', 1, Buffer.concat([crypto(0, answer.subarray(0, cut)), Buffer.alloc(8)])),
    );
    // What is missing of the answer comes with the first 1-RTT packet, in one datagram.
    this.send(
      1,
      this.long('handshake', 1, Buffer.concat([crypto(cut, answer.subarray(cut)), Buffer.alloc(8)])),
      this.short(1, Buffer.concat([frame.newId, Buffer.from([0x1e])])),
    );
    return this.send(0, this.long('handshake', 0, Buffer.concat([frame.ack, Buffer.alloc(8)])));
  }
}

/** HTTP/3 as bytes of its streams, with literal fields only. */
export const h3 = {
  frame: (type: number, body: Uint8Array): Buffer => Buffer.concat([varint(type), varint(body.length), body]),
  headers: (fields: Readonly<Record<string, string>>): Buffer => {
    const literal = (text: string, prefix: number, bits: number): Buffer => {
      const most = (1 << prefix) - 1;
      const length = Buffer.byteLength(text);
      const head = length < most ? [bits | length] : [bits | most];
      for (let rest = length - most; length >= most; rest >>= 7) {
        head.push(rest >= 128 ? (rest & 127) | 128 : rest);
        if (rest < 128) break;
      }
      return Buffer.concat([Buffer.from(head), Buffer.from(text)]);
    };
    const lines = Object.entries(fields).map(([name, value]) =>
      Buffer.concat([literal(name, 3, 0x20), literal(value, 7, 0)]),
    );
    return h3.frame(1, Buffer.concat([Buffer.from([0, 0]), ...lines]));
  },
  data: (body: Uint8Array): Buffer => h3.frame(0, body),
  /** Control stream: its type, then settings. */
  control: (capacity: number): Buffer =>
    Buffer.concat([varint(0), h3.frame(4, Buffer.concat([varint(1), varint(capacity), varint(7), varint(16)]))]),
};
