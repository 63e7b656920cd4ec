/** Wire shapes of the sync service (AOSP file_sync_protocol.h). All numbers little endian. */

/** Longest path adbd takes. */
export const maxSyncPathBytes = 1024;
/** Largest DATA block either side may send. */
export const maxSyncDataBytes = 64 * 1024;

export interface FileStatus {
  /** st_mode, file type included. */
  readonly mode: number;
  readonly sizeBytes: number;
  /** Seconds of the handset's clock. */
  readonly modifiedSecondsAtHandset: number;
  readonly uid: number | null;
  readonly gid: number | null;
  /** 0, or errno where the release reports it (stat_v2, ls_v2). */
  readonly errno: number;
  /** Release without stat_v2: size is known modulo 2^32 only. */
  readonly sizeIs32Bit: boolean;
}

export interface DirectoryEntry extends FileStatus {
  /** As UTF-8; U+FFFD where the bytes are not. */
  readonly name: string;
  readonly nameBytes: Buffer;
}

export function syncRequest(id: string, payload: Uint8Array): Buffer {
  const request = Buffer.alloc(8 + payload.length);
  request.write(id, 0, 4, 'latin1');
  request.writeUInt32LE(payload.length, 4);
  request.set(payload, 8);
  return request;
}

/** Bytes of a `STAT` answer behind its id, and of `DENT` before its name length. */
export const statV1Bytes = 12;
/** Bytes of a `STA2` answer behind its id, and of `DNT2` before its name length. */
export const statV2Bytes = 68;

export function readStatV1(bytes: Buffer): FileStatus {
  return {
    mode: bytes.readUInt32LE(0),
    sizeBytes: bytes.readUInt32LE(4),
    modifiedSecondsAtHandset: bytes.readUInt32LE(8),
    uid: null,
    gid: null,
    errno: 0,
    sizeIs32Bit: true,
  };
}

/** error u32, dev u64, ino u64, mode u32, nlink u32, uid u32, gid u32, size u64, atime i64, mtime i64, ctime i64. */
export function readStatV2(bytes: Buffer): FileStatus {
  return {
    errno: bytes.readUInt32LE(0),
    mode: bytes.readUInt32LE(20),
    uid: bytes.readUInt32LE(28),
    gid: bytes.readUInt32LE(32),
    sizeBytes: Number(bytes.readBigUInt64LE(36)),
    modifiedSecondsAtHandset: Number(bytes.readBigInt64LE(52)),
    sizeIs32Bit: false,
  };
}

/** A name that could lead out of its folder, or none at all: `..`, `a/b`, NUL, empty. `.` and `..` themselves are usual and skipped. */
export function isUnsafeName(name: Buffer): boolean {
  return name.length === 0 || name.length > 255 || name.includes(0x2f) || name.includes(0);
}
