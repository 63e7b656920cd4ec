import { createHash } from 'node:crypto';

/** A digest written as a UUID. */
export interface UuidWriting {
  readonly steps: readonly string[];
  readonly text: string;
}

/**
 * MD5 and SHA-1 of a text in the writing of a UUID: as they are (MD5), and as a name-based one, in which six bits are the same for all
 * (RFC 9562 5.3 and 5.5; java.util.UUID.nameUUIDFromBytes is the former without a name space).
 */
export function uuidWritings(text: string): UuidWriting[] {
  const md5 = createHash('md5').update(text, 'utf8').digest();
  return [
    { steps: ['md5', 'uuid'], text: dashed(md5) },
    { steps: ['md5', 'name-uuid'], text: dashed(named(md5, 0x30)) },
    { steps: ['sha1', 'name-uuid'], text: dashed(named(createHash('sha1').update(text, 'utf8').digest(), 0x50)) },
  ];
}

function named(digest: Buffer, version: number): Buffer {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function dashed(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
