/** Bodies in every coding that is undone, as one side sends them. */
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Conversation } from './conversation.ts';
import { wsConsent, wsDeflate, wsFrame, WS_ASK } from './websocket-frames.ts';

const IMEI = '490154203237518';

export interface Scene {
  readonly name: string;
  /** Said before, whole and undamaged. */
  readonly before: () => Conversation;
  readonly bytes: Buffer;
}

const text = Buffer.from(`{"pad":"${'pad '.repeat(40)}","imei":"${IMEI}"}`);
const plain = (): Conversation => new Conversation();

function chunked(body: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)};e=1\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\nX-Trailer: t\r\n\r\n')]);
}

function post(body: Buffer, headers: string): Buffer {
  return Buffer.concat([Buffer.from(`POST /f HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`), body]);
}

function frame(type: number, flags: number, stream: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload as string, 'latin1');
  return Buffer.concat([Buffer.from([0, body.length >> 8, body.length & 255, type, flags, 0, 0, 0, stream]), body]);
}

const section = Buffer.from('82868441016440047865696d0f', 'hex');
const http2 = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(4, 0, 0, '\0\x03\0\0\0\x64'),
  frame(1, 0x0c, 1, Buffer.concat([Buffer.from([3]), section, Buffer.from(IMEI), Buffer.from('pad')])),
  frame(0, 0, 1, text.subarray(0, 50)),
  frame(6, 0, 0, '12345678'),
  frame(0, 8, 1, Buffer.concat([Buffer.from([2]), text.subarray(50), Buffer.from('\0\0')])),
  frame(1, 0x01, 1, '\x40\x01t'),
  frame(9, 4, 1, '\x01v'),
  frame(3, 0, 3, '\0\0\0\x08'),
  frame(7, 0, 0, '\0\0\0\0\0\0\0\0bye'),
]);
const websocket = (): Conversation => new Conversation().toServer(WS_ASK).toClient(wsConsent('permessage-deflate'));
const form = Buffer.from(
  `--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n${IMEI}\r\n--B\r\nContent-Disposition: form-data; name="b"\r\nContent-Transfer-Encoding: base64\r\n\r\n${text.toString('base64')}\r\n--B--\r\n`,
);
const grpc = Buffer.concat([
  Buffer.from([0, 0, 0, 0, 20]),
  Buffer.alloc(20, 97),
  Buffer.from([1, 0, 0, 0, gzipSync(text).length]),
  gzipSync(text),
]);

export const HTTP_SCENES: readonly Scene[] = [
  { name: 'chunked', before: plain, bytes: post(chunked(text, 30), 'Transfer-Encoding: chunked') },
  {
    name: 'gzip in chunks',
    before: plain,
    bytes: post(chunked(gzipSync(text), 9), 'Transfer-Encoding: chunked\r\nContent-Encoding: gzip'),
  },
  {
    name: 'br',
    before: plain,
    bytes: post(chunked(brotliCompressSync(text), 9), 'Transfer-Encoding: chunked\r\nContent-Encoding: br'),
  },
  {
    name: 'zstd',
    before: plain,
    bytes: post(chunked(zstdCompressSync(text), 9), 'Transfer-Encoding: chunked\r\nContent-Encoding: zstd'),
  },
  {
    name: 'multipart',
    before: plain,
    bytes: post(form, `Content-Type: multipart/form-data; boundary=B\r\nContent-Length: ${form.length}`),
  },
  {
    name: 'multipart in chunks',
    before: plain,
    bytes: post(chunked(form, 60), 'Content-Type: multipart/form-data; boundary=B\r\nTransfer-Encoding: chunked'),
  },
  {
    name: 'gRPC in chunks',
    before: plain,
    bytes: post(chunked(grpc, 21), 'Content-Type: application/grpc-web\r\nTransfer-Encoding: chunked'),
  },
  { name: 'HTTP/2', before: plain, bytes: http2 },
  {
    name: 'WebSocket',
    before: websocket,
    bytes: Buffer.concat([
      wsFrame(text.subarray(0, 40), { mask: 0x1a2b3c4d, final: false }),
      wsFrame('beat', { mask: 1, opcode: 9 }),
      wsFrame(text.subarray(40), { mask: 0x5a6b7c8d, opcode: 0 }),
      wsFrame(wsDeflate(text), { mask: 7, compressed: true }),
      wsFrame(wsDeflate(text, text), { mask: 8, compressed: true }),
    ]),
  },
];
