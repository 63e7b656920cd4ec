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
  // A skippable frame may come first (RFC 8878, section 3.1.2), as pzstd writes it.
  const skippable = ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return skippable || looksLikeZstd(head, 0, head.length) ? 'zstd' : null;
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

class GzipUnpacking implements Unpacking {
  readonly compression = 'gzip';
  bytes = 0;
  fault: CompressionFault | null = null;
  readonly #gunzip: Gunzip;
  readonly #over: Promise<void>;

  constructor({ onBlock }: UnpackTo) {
    this.#gunzip = createGunzip({ chunkSize: 1024 * 1024 });
    this.#over = new Promise((resolve) => {
      this.#gunzip.once('close', resolve);
      this.#gunzip.once('end', resolve);
    });
    this.#gunzip.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      onBlock(chunk);
    });
    this.#gunzip.on('error', (error: Error) => {
      this.fault = { code: 'gzip', detail: error.message };
    });
  }

  async push(part: Uint8Array): Promise<boolean> {
    if (this.fault !== null) return false;
    // The block is reused by the reader: gunzip gets its own copy.
    const taken = Buffer.from(part);
    await new Promise<void>((resolve) => {
      const done = (): void => resolve();
      this.#gunzip.once('close', done);
      this.#gunzip.write(taken, () => {
        this.#gunzip.off('close', done);
        resolve();
      });
    });
    return this.fault === null;
  }

  async end(): Promise<void> {
    if (this.fault === null) this.#gunzip.end();
    await this.#over;
  }
}
