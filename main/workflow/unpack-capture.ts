import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Gunzip } from 'node:zlib';
import { looksLikeZstd, ZstdDecoder } from '../dissection/zstd.ts';

export type Compression = 'gzip' | 'zstd';

/** What was wrong with the compression around a capture; `code` as in the catalogue of faults. */
export interface CompressionFault {
  readonly code: Compression | 'cap-unpacked';
  readonly detail: string;
}

/** Undoes the compression around a capture in a stream; what comes before a fault is handed on. */
export interface Unpacking {
  readonly compression: Compression;
  /** Bytes handed on so far. */
  readonly bytes: number;
  readonly fault: CompressionFault | null;
  /** `part` is only looked at during the call. False when nothing more can come out. */
  push(part: Uint8Array): Promise<boolean>;
  end(): Promise<void>;
}

export interface UnpackTo {
  readonly onBlock: (block: Uint8Array) => void;
  readonly cancelled: () => boolean;
  /** Fills `into` with the file's bytes from `position` once more; how many there were. */
  readonly again: (position: number, into: Uint8Array) => number;
}

/**
 * A few bytes may claim to be a file without end. Zeros may become 32,768 times smaller in Zstandard (a block of 128 KiB in
 * four bytes), so that much is believed of a capture up to 4 GiB; beyond, what gzip can do at most.
 */
const freeBytes = 4 * 1024 ** 3;
const mostPerByte = 1032;

/** The window that the zstd program itself accepts without being asked. */
const maxWindowBytes = 128 * 1024 * 1024;
/** Taken at a time, so that cancelling is heard. */
const sliceBytes = 64 * 1024;

/** How the file that begins like this is compressed, or null when it is not. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return looksLikeZstd(head, 0, head.length) ? 'zstd' : null;
}

export function unpacking(compression: Compression, to: UnpackTo): Unpacking {
  return compression === 'gzip' ? new GzipUnpacking(to) : new ZstdUnpacking(to);
}

class ZstdUnpacking implements Unpacking {
  readonly compression = 'zstd';
  bytes = 0;
  fault: CompressionFault | null = null;
  readonly #decoder = new ZstdDecoder(maxWindowBytes);
  readonly #to: UnpackTo;
  #taken = 0;

  constructor(to: UnpackTo) {
    this.#to = to;
  }

  push(part: Uint8Array): Promise<boolean> {
    for (let at = 0; at < part.length && this.fault === null && !this.#to.cancelled(); at += sliceBytes) {
      const slice = part.subarray(at, at + sliceBytes);
      this.#taken += slice.length;
      const state = this.#decoder.push(slice, (block) => this.#handOn(block));
      if (state !== 'more') this.fault ??= { code: 'zstd', detail: details[state] };
    }
    return Promise.resolve(this.fault === null);
  }

  #handOn(block: Uint8Array): boolean {
    if (this.bytes + block.length > freeBytes + this.#taken * mostPerByte) {
      this.fault = { code: 'cap-unpacked', detail: `stopped after ${this.bytes} bytes` };
      return false;
    }
    this.bytes += block.length;
    this.#to.onBlock(block);
    return !this.#to.cancelled();
  }

  end(): Promise<void> {
    if (!this.#decoder.whole && !this.#to.cancelled())
      this.fault ??= { code: 'zstd', detail: 'unexpected end of file' };
    return Promise.resolve();
  }
}

const details = {
  damaged: 'the compressed data makes no sense',
  window: `it needs more than ${maxWindowBytes} bytes of memory`,
  dictionary: 'it was packed with a dictionary that is not there',
} as const;

/** What zlib says of bytes that begin no gzip member (its inflate.c); other words are about the data inside one. */
const headerFaults: ReadonlySet<string> = new Set([
  'incorrect header check',
  'unknown compression method',
  'unknown header flags set',
]);

/**
 * Members are read on one after another (RFC 1952, section 2.2); zeros after the last are padding, as gzip itself takes
 * them. On a fault zlib keeps back what it had inflated from the slice, so the file is read again to there and that slice
 * given byte by byte: everything is handed on but what the very byte of the fault completes.
 */
class GzipUnpacking implements Unpacking {
  readonly compression = 'gzip';
  bytes = 0;
  fault: CompressionFault | null = null;
  readonly #to: UnpackTo;
  readonly #gunzip: SlicedGunzip;
  #taken = 0;
  #padding = false;

  constructor(to: UnpackTo) {
    this.#to = to;
    this.#gunzip = new SlicedGunzip(1024 * 1024, (block) => this.#handOn(block));
  }

  async push(part: Uint8Array): Promise<boolean> {
    for (let at = 0; at < part.length && this.fault === null && !this.#to.cancelled(); at += sliceBytes) {
      const slice = part.subarray(at, at + sliceBytes);
      if (this.#padding) this.#pad(slice);
      else await this.#inflate(slice);
      this.#taken += slice.length;
    }
    return this.fault === null;
  }

  async end(): Promise<void> {
    if (this.fault !== null || this.#padding || this.#to.cancelled()) return this.#gunzip.close();
    await this.#gunzip.end();
    if (this.#gunzip.failed !== null) this.fault = { code: 'gzip', detail: this.#gunzip.failed };
  }

  async #inflate(slice: Uint8Array): Promise<void> {
    await this.#gunzip.push(slice);
    if (this.#gunzip.failed !== null) return this.#inflateByByte(slice, this.#gunzip.failed);
    if (this.#gunzip.left === 0) return;
    this.#padding = true;
    this.#pad(slice.subarray(slice.length - this.#gunzip.left));
  }

  #handOn(block: Uint8Array): void {
    this.bytes += block.length;
    this.#to.onBlock(block);
  }

  #pad(bytes: Uint8Array): void {
    if (bytes.some((byte) => byte !== 0)) this.fault = { code: 'gzip', detail: afterEnd };
  }

  async #inflateByByte(slice: Uint8Array, failed: string): Promise<void> {
    let known = this.bytes;
    const gunzip = new SlicedGunzip(sliceBytes, (block) => {
      const fresh = block.subarray(Math.min(known, block.length));
      known -= block.length - fresh.length;
      if (fresh.length > 0) this.#handOn(fresh);
    });
    const piece = Buffer.allocUnsafe(sliceBytes);
    for (let at = 0; at < this.#taken && gunzip.failed === null && !this.#to.cancelled();) {
      const read = this.#to.again(at, piece.subarray(0, Math.min(sliceBytes, this.#taken - at)));
      if (read === 0) break;
      await gunzip.push(piece.subarray(0, read));
      at += read;
    }
    let at = 0;
    for (; at < slice.length && gunzip.failed === null && !this.#to.cancelled(); at += 1) {
      await gunzip.push(slice.subarray(at, at + 1));
    }
    gunzip.close();
    const follows = this.bytes > 0 && headerFaults.has(failed);
    this.fault = {
      code: 'gzip',
      detail: follows ? afterEnd : `${failed} (within the first ${this.#taken + at} bytes of the file)`,
    };
  }
}

const afterEnd = 'after the compressed data come bytes that are no gzip';

/** zlib's gunzip as calls: what a slice gave is handed on before the call ends, so that a later fault takes nothing along. */
class SlicedGunzip {
  /** zlib's words about what is wrong. */
  failed: string | null = null;
  readonly #gunzip: Gunzip;
  readonly #over: Promise<void>;
  #given = 0;

  constructor(chunkSize: number, onBlock: (block: Uint8Array) => void) {
    this.#gunzip = createGunzip({ chunkSize });
    this.#over = new Promise((resolve) => {
      this.#gunzip.once('close', resolve);
      this.#gunzip.once('end', resolve);
    });
    this.#gunzip.on('data', onBlock);
    this.#gunzip.on('error', (error: Error) => {
      this.failed ??= error.message;
    });
  }

  /** Bytes that were given but belong to no member: it ended before them. */
  get left(): number {
    return this.#given - this.#gunzip.bytesWritten;
  }

  async push(slice: Uint8Array): Promise<void> {
    this.#given += slice.length;
    // The slice is the reader's and is used again: gunzip gets its own copy.
    const taken = Buffer.from(slice);
    await new Promise<void>((resolve) => {
      const done = (): void => resolve();
      this.#gunzip.once('close', done);
      this.#gunzip.write(taken, () => {
        this.#gunzip.off('close', done);
        resolve();
      });
    });
    while (this.failed === null && this.#gunzip.readableLength > 0) await setImmediate();
  }

  async end(): Promise<void> {
    this.#gunzip.end();
    await this.#over;
  }

  close(): void {
    this.#gunzip.destroy();
  }
}
