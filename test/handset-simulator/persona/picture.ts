import { crc32, deflateSync } from 'node:zlib';

/** One PNG chunk (RFC 2083): length, type, data, CRC-32 over type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** A screen: a status bar, a coloured ground and light rows that stand for a list; the text says that it is no real handset. */
export function makePicture(
  width: number,
  height: number,
  colour: readonly [number, number, number],
  note: string,
): Buffer {
  const rowBytes = 1 + width * 3;
  const raw = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    const inBar = y < height / 24;
    const inRow = !inBar && Math.floor((y * 12) / height) % 2 === 1 && y % Math.floor(height / 12) > 6;
    for (let x = 0; x < width; x += 1) {
      const bright = inRow && x > width / 12 && x < width - width / 12;
      const at = y * rowBytes + 1 + x * 3;
      for (let part = 0; part < 3; part += 1) {
        const base = colour[part] ?? 0;
        raw[at + part] = inBar ? 24 : bright ? Math.min(255, base + 90) : base;
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0${note}`, 'latin1')),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
