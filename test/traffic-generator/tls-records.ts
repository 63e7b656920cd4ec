import type { Random } from '../demo-world/random.ts';

export type TlsVersion = '1.0' | '1.1' | '1.2';
const versions: Record<TlsVersion, number> = { '1.0': 0x0301, '1.1': 0x0302, '1.2': 0x0303 };

const u8 = (value: number): Buffer => Buffer.from([value]);
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
const vector16 = (...parts: readonly Buffer[]): Buffer => {
  const all = Buffer.concat(parts);
  return Buffer.concat([u16(all.length), all]);
};

export function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.between(0, 255)));
}

/** One TLS record (RFC 5246 6.2.1): 20 change cipher spec, 21 alert, 22 handshake, 23 application data. */
export function tlsRecord(type: 20 | 21 | 22 | 23, version: TlsVersion, payload: Buffer): Buffer {
  return Buffer.concat([u8(type), u16(versions[version]), u16(payload.length), payload]);
}

function handshake(type: number, body: Buffer): Buffer {
  return Buffer.concat([u8(type), u24(body.length), body]);
}

/** Suites that Android 4.3 offered, in its order (RC4 first), with the renegotiation marker. */
const suites = [
  0xc007, 0xc011, 0x0005, 0xc00a, 0xc014, 0x0039, 0x0035, 0xc009, 0xc013, 0x0033, 0x002f, 0xc008, 0xc012, 0x000a,
  0x00ff,
];

function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([u16(type), vector16(body)]);
}

/** A ClientHello as a handset of 2014 sent it: server name, curves, point formats, ticket. */
export function clientHello(random: Random, serverName: string, version: TlsVersion): Buffer {
  const name = Buffer.from(serverName);
  const extensions = [
    extension(0, vector16(u8(0), vector16(name))),
    extension(0xff01, u8(0)),
    extension(11, Buffer.from([3, 0, 1, 2])),
    extension(10, vector16(...[14, 13, 25, 11, 12, 24, 9, 10, 22, 23].map(u16))),
    extension(35, Buffer.alloc(0)),
  ];
  if (version === '1.2') extensions.push(extension(13, vector16(...[0x0601, 0x0401, 0x0403, 0x0201, 0x0203].map(u16))));
  const body = Buffer.concat([
    u16(versions[version]),
    randomBytes(random, 32),
    u8(0),
    vector16(...suites.map(u16)),
    Buffer.from([1, 0]),
    vector16(...extensions),
  ]);
  // The first record goes out under 1.0 whatever is offered (RFC 5246 E.1).
  return tlsRecord(22, '1.0', handshake(1, body));
}

/** ServerHello, Certificate and ServerHelloDone with key transport by RSA, each in its record. */
export function serverFlight(random: Random, version: TlsVersion, certificates: readonly Buffer[]): Buffer {
  const hello = Buffer.concat([
    u16(versions[version]),
    randomBytes(random, 32),
    u8(32),
    randomBytes(random, 32),
    u16(0x002f),
    u8(0),
    vector16(extension(0xff01, u8(0))),
  ]);
  const list = Buffer.concat(certificates.map((one) => Buffer.concat([u24(one.length), one])));
  return Buffer.concat([
    tlsRecord(22, version, handshake(2, hello)),
    tlsRecord(22, version, handshake(11, Buffer.concat([u24(list.length), list]))),
    tlsRecord(22, version, handshake(14, Buffer.alloc(0))),
  ]);
}

/** ClientKeyExchange (RSA, 2048 bit), ChangeCipherSpec, encrypted Finished. */
export function clientFinish(random: Random, version: TlsVersion): Buffer {
  return Buffer.concat([
    tlsRecord(22, version, handshake(16, vector16(randomBytes(random, 256)))),
    serverFinish(random, version),
  ]);
}

/** ChangeCipherSpec and encrypted Finished. */
export function serverFinish(random: Random, version: TlsVersion): Buffer {
  // Finished and MAC in AES-CBC blocks; from 1.1 with an explicit vector before them.
  const length = version === '1.0' ? 48 : 64;
  return Buffer.concat([tlsRecord(20, version, u8(1)), tlsRecord(22, version, randomBytes(random, length))]);
}

/** Application data that nobody can read: `length` bytes of content, padded to cipher blocks. */
export function applicationData(random: Random, version: TlsVersion, length: number): Buffer {
  const records: Buffer[] = [];
  for (let left = length; left > 0; left -= 16_000) {
    const blocks = Math.ceil((Math.min(left, 16_000) + 21) / 16) + (version === '1.0' ? 0 : 1);
    records.push(tlsRecord(23, version, randomBytes(random, blocks * 16)));
  }
  return Buffer.concat(records);
}

/** The encrypted alert «close notify». */
export function closeAlert(random: Random, version: TlsVersion): Buffer {
  return tlsRecord(21, version, randomBytes(random, version === '1.0' ? 32 : 48));
}
