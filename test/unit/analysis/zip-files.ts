import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name?: string;
  readonly content: string | Uint8Array;
  /** CRC and sizes behind the stream, as who writes without looking back does it (flag bit 3). */
  readonly described?: boolean;
  readonly encrypted?: boolean;
  readonly stored?: boolean;
  /** The bytes of the content as they are, said to be deflated. */
  readonly deflated?: boolean;
  readonly extra?: Uint8Array;
}

/** A local file header with its entry (APPNOTE.TXT 4.3.7 to 4.3.9). What is `encrypted` says so, and has the bytes of an entry that is not. */
export function zipEntry(part: ZipPart): Buffer {
  const { name = 'log.json', content, described = false, encrypted = false, stored = false } = part;
  const plain = Buffer.from(content);
  const packed = stored || part.deflated === true ? plain : deflateRawSync(plain);
  const extra = part.extra ?? new Uint8Array(0);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE((described ? 8 : 0) | (encrypted ? 1 : 0), 6);
  head.writeUInt16LE(stored ? 0 : 8, 8);
  const sums = Buffer.alloc(12);
  sums.writeUInt32LE(crc32(plain), 0);
  sums.writeUInt32LE(packed.length, 4);
  sums.writeUInt32LE(plain.length, 8);
  if (!described) sums.copy(head, 14);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(extra.length, 28);
  const descriptor = described ? [Buffer.from('PK\x07\x08', 'latin1'), sums] : [];
  return Buffer.concat([head, Buffer.from(name), extra, packed, ...descriptor]);
}

/** A whole ZIP file: entries, central directory, and its end (APPNOTE.TXT 4.3.12, 4.3.16). */
export function zipFile(parts: readonly ZipPart[]): Buffer {
  const entries = parts.map(zipEntry);
  let offset = 0;
  const directory = parts.map((part, i) => {
    const entry = entries[i] as Buffer;
    const { name = 'log.json' } = part;
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    entry.copy(record, 6, 4, 30);
    record.writeUInt16LE(0, 30);
    record.writeUInt32LE(offset, 42);
    offset += entry.length;
    return Buffer.concat([record, Buffer.from(name)]);
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries, ...directory, end]);
}
