import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Gunzip } from 'node:zlib';

const blockBytes = 4 * 1024 * 1024;

export interface CaptureBytesRead {
  /** Bytes of the file as it lies in the vault. */
  readonly fileBytes: number;
  /** Bytes of capture after gzip was undone; the same as fileBytes without gzip. */
  readonly captureBytes: number;
  readonly compression: 'gzip' | null;
  /** What was wrong with the gzip around the capture, or null; what came before the fault was read. */
  readonly compressionFault: string | null;
}

export interface CaptureBytesSink {
  /** The file's own bytes, before gzip is undone; false ends the reading. */
  readonly onFileBytes?: (block: Uint8Array) => boolean;
  readonly onBlock: (block: Uint8Array) => void;
  /** File bytes so far, at most once a block. */
  readonly onProgress: (bytes: number) => void;
  readonly cancelled: () => boolean;
}

/**
 * Hands on the bytes of a capture file in order, gzip around it undone, in blocks of at most 4 MiB
 * that are only valid during the call. Throws on an unreadable file.
 */
export async function readCaptureBytes(path: string, sink: CaptureBytesSink): Promise<CaptureBytesRead> {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.allocUnsafeSlow(blockBytes);
    let bytes = readSync(file, block, 0, blockBytes, null);
    const gzip = bytes >= 2 && block[0] === 0x1f && block[1] === 0x8b;
    const inflater = gzip ? new Inflating(sink.onBlock) : null;
    let fileBytes = 0;
    let captureBytes = 0;
    while (bytes > 0 && !sink.cancelled()) {
      fileBytes += bytes;
      const part = block.subarray(0, bytes);
      if (sink.onFileBytes?.(part) === false) break;
      if (inflater === null) {
        captureBytes += bytes;
        sink.onBlock(part);
      } else if (!(await inflater.push(part)) && sink.onFileBytes === undefined) {
        // Nothing more can come out; only who wants the file's own bytes goes on.
        break;
      }
      sink.onProgress(fileBytes);
      // Signals are heard between blocks.
      await setImmediate();
      bytes = readSync(file, block, 0, blockBytes, null);
    }
    if (inflater !== null) await inflater.end();
    return {
      fileBytes,
      captureBytes: inflater === null ? captureBytes : inflater.bytes,
      compression: gzip ? 'gzip' : null,
      compressionFault: inflater?.fault ?? null,
    };
  } finally {
    closeSync(file);
  }
}

/** Streaming gunzip that keeps everything before a fault. */
class Inflating {
  bytes = 0;
  fault: string | null = null;
  readonly #gunzip: Gunzip;
  readonly #over: Promise<void>;

  constructor(onBlock: (block: Uint8Array) => void) {
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
      this.fault = error.message;
    });
  }

  /** False when the stream is broken and no more can be read. */
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
