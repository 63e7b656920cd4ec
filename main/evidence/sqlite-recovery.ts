/**
 * Reads a database file that a killed writer left in the middle, without changing a byte on disk: the committed frames
 * of the write-ahead log are applied (or a hot rollback journal is undone) in memory.
 * Sources: sqlite.org/fileformat2.html, sections 1.3 (header), 3 (rollback journal), 4 (write-ahead log).
 */
const walMagicLittleEndian = 0x377f0682;
const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');

/** What the file says about itself in its first 100 bytes; null when it is not a SQLite database. */
export interface SqliteHeader {
  readonly pageSize: number;
  readonly writeAheadLog: boolean;
}

export function readSqliteHeader(head: Uint8Array): SqliteHeader | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 100 || bytes.toString('latin1', 0, 16) !== 'SQLite format 3\0') return null;
  const raw = bytes.readUInt16BE(16);
  const pageSize = raw === 1 ? 65536 : raw;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return null;
  return { pageSize, writeAheadLog: bytes[18] === 2 || bytes[19] === 2 };
}

/** True when a rollback journal holds something to undo (a finished one is deleted or has a zeroed header). */
export function isHotJournal(journal: Uint8Array): boolean {
  return journal.length >= 28 && Buffer.compare(journal.subarray(0, 8), journalMagic) === 0;
}

/**
 * The database as it is after a hot journal is rolled back. A journal has a header and its pages for every time it was
 * flushed; each header begins on a sector.
 */
export function rollBack(database: Buffer, journal: Buffer): Buffer {
  if (!isHotJournal(journal)) return database;
  const pages = journal.readUInt32BE(16);
  const sector = journal.readUInt32BE(20);
  const pageSize = journal.readUInt32BE(24);
  if (pageSize < 512 || pageSize > 65536 || sector < 32 || sector > 65536) return database;
  const result = Buffer.alloc(pages * pageSize);
  database.copy(result, 0, 0, Math.min(database.length, result.length));
  const recordBytes = pageSize + 8;
  let header = 0;
  while (isHotJournal(journal.subarray(header))) {
    const declared = journal.readUInt32BE(header + 8);
    const nonce = journal.readUInt32BE(header + 12);
    let at = header + sector;
    const fitting = Math.max(0, Math.floor((journal.length - at) / recordBytes));
    // 0xffffffff: the count was never written, everything that fits counts.
    const count = declared === 0xffffffff ? fitting : Math.min(declared, fitting);
    for (let index = 0; index < count; index += 1) {
      const page = journal.readUInt32BE(at);
      const content = journal.subarray(at + 4, at + 4 + pageSize);
      if (journal.readUInt32BE(at + 4 + pageSize) !== journalChecksum(content, nonce)) return result;
      if (page >= 1 && page <= pages) content.copy(result, (page - 1) * pageSize);
      at += recordBytes;
    }
    header = Math.ceil(at / sector) * sector;
  }
  return result;
}

/** The nonce plus every 200th byte counted from the end (fileformat2, section 3). */
function journalChecksum(content: Buffer, nonce: number): number {
  let sum = nonce;
  for (let at = content.length - 200; at > 0; at -= 200) sum = (sum + (content[at] ?? 0)) >>> 0;
  return sum;
}

/** The database with all committed frames of its write-ahead log applied. */
export function applyWriteAheadLog(database: Buffer, log: Buffer): Buffer {
  const committed = committedFrames(log);
  const last = committed[committed.length - 1];
  if (last === undefined) return database;
  const result = Buffer.alloc(last.pagesAfterCommit * last.content.length);
  database.copy(result, 0, 0, Math.min(database.length, result.length));
  for (const frame of committed) {
    const at = (frame.page - 1) * frame.content.length;
    if (at + frame.content.length <= result.length) frame.content.copy(result, at);
  }
  return result;
}

interface Frame {
  readonly page: number;
  readonly pagesAfterCommit: number;
  readonly content: Buffer;
}

function committedFrames(log: Buffer): readonly Frame[] {
  if (log.length < 32) return [];
  const magic = log.readUInt32BE(0);
  if (magic !== walMagicLittleEndian && magic !== walMagicLittleEndian + 1) return [];
  const bigEndian = magic !== walMagicLittleEndian;
  const pageSize = log.readUInt32BE(8);
  let sum = checksum(log.subarray(0, 24), [0, 0], bigEndian);
  if (sum[0] !== log.readUInt32BE(24) || sum[1] !== log.readUInt32BE(28)) return [];
  const frames: Frame[] = [];
  let committed = 0;
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    // Salts of another generation: what follows is left over from before the log was restarted.
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
    const content = log.subarray(at + 24, at + 24 + pageSize);
    sum = checksum(content, checksum(log.subarray(at, at + 8), sum, bigEndian), bigEndian);
    if (sum[0] !== log.readUInt32BE(at + 16) || sum[1] !== log.readUInt32BE(at + 20)) break;
    const pagesAfterCommit = log.readUInt32BE(at + 4);
    frames.push({ page: log.readUInt32BE(at), pagesAfterCommit, content });
    if (pagesAfterCommit > 0) committed = frames.length;
  }
  return frames.slice(0, committed);
}

function checksum(bytes: Buffer, seed: readonly [number, number], bigEndian: boolean): [number, number] {
  let [a, b] = seed;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

/** Bytes that SQLite can open from memory: a log cannot exist there, so the header must not ask for one. */
export function withoutWriteAheadLog(database: Buffer): Buffer {
  const result = Buffer.from(database);
  if (result.length >= 20) {
    result[18] = 1;
    result[19] = 1;
  }
  return result;
}
