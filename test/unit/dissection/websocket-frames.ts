import { constants, deflateRawSync } from 'node:zlib';

export interface FrameOptions {
  readonly opcode?: number;
  readonly final?: boolean;
  readonly compressed?: boolean;
  readonly mask?: number;
}

/** A frame (RFC 6455, 5.2); `mask` is put on the payload. */
export function wsFrame(payload: Buffer | string, o: FrameOptions = {}): Buffer {
  const body = Buffer.from(payload as string);
  const first = ((o.final ?? true) ? 0x80 : 0) | (o.compressed === true ? 0x40 : 0) | (o.opcode ?? 1);
  const masked = o.mask === undefined ? 0 : 0x80;
  const head =
    body.length < 126
      ? Buffer.from([first, masked | body.length])
      : body.length < 65_536
        ? Buffer.from([first, masked | 126, body.length >> 8, body.length & 255])
        : Buffer.concat([Buffer.from([first, masked | 127, 0, 0, 0, 0]), lengthOf(body)]);
  if (o.mask === undefined) return Buffer.concat([head, body]);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(o.mask);
  return Buffer.concat([head, key, body.map((c, i) => c ^ (key[i & 3] as number))]);
}

function lengthOf(body: Buffer): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(body.length);
  return b;
}

/** What permessage-deflate (RFC 7692) makes of a message; `before` is what the context remembers. */
export function wsDeflate(message: Buffer | string, before: Buffer = Buffer.alloc(0)): Buffer {
  const packed = deflateRawSync(Buffer.from(message as string), {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(before.length === 0 ? {} : { dictionary: before.subarray(-32_768) }),
  });
  return packed.subarray(0, packed.length - 4);
}

export const WS_ASK = 'GET /chat HTTP/1.1\r\nHost: w\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

export function wsConsent(extensions = ''): string {
  const named = extensions === '' ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${named}\r\n`;
}
