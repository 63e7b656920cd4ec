import { u16 } from './packet-builder.ts';

const u24 = (n: number): Buffer => Buffer.from([n >> 16, (n >> 8) & 255, n & 255]);
export const with16 = (b: Buffer): Buffer => Buffer.concat([u16(b.length), b]);
export const with8 = (b: Buffer): Buffer => Buffer.concat([Buffer.from([b.length]), b]);

export function dtlsRecord(type: number, body: Buffer, epoch = 0, version = 0xfefd): Buffer {
  return Buffer.concat([Buffer.from([type]), u16(version), u16(epoch), Buffer.alloc(6), with16(body)]);
}

/** A handshake record with `[from, to)` of a message. */
export function dtlsPiece(kind: number, number: number, body: Buffer, from = 0, to = body.length): Buffer {
  const head = [Buffer.from([kind]), u24(body.length), u16(number), u24(from), u24(to - from)];
  return dtlsRecord(22, Buffer.concat([...head, body.subarray(from, to)]));
}

export function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([u16(type), with16(data)]);
}

export function dtlsClientHello(
  name: string,
  o: { cookie?: Buffer; random?: number; extra?: Buffer; version?: number } = {},
): Buffer {
  const sni = extension(0, with16(Buffer.concat([Buffer.from([0]), with16(Buffer.from(name))])));
  const alpn = extension(16, with16(Buffer.concat([with8(Buffer.from('webrtc')), with8(Buffer.from('c-webrtc'))])));
  return Buffer.concat([
    u16(o.version ?? 0xfefd),
    Buffer.alloc(32, o.random ?? 1),
    with8(Buffer.alloc(0)),
    with8(o.cookie ?? Buffer.alloc(0)),
    with16(Buffer.concat([u16(0xc02b), u16(0xc02f)])),
    Buffer.from([1, 0]),
    with16(Buffer.concat([sni, alpn, o.extra ?? Buffer.alloc(0)])),
  ]);
}

export const DTLS_SERVER_HELLO = Buffer.concat([
  u16(0xfefd),
  Buffer.alloc(32, 2),
  with8(Buffer.alloc(0)),
  u16(0xc02b),
  Buffer.from([0]),
]);
