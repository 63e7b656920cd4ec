import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { compressionOf, unpacking } from './unpack-capture.ts';
import type { Compression, CompressionFault } from './unpack-capture.ts';

/** What was read is still in the processor's cache when it is parsed: with 4 MiB dissection took some tenth longer. */
const blockBytes = 512 * 1024;
/** Progress is told after so much. */
const progressBytes = 4 * 1024 * 1024;
/** Signals are heard after so much: milliseconds. After each block where compression is undone, since a little may become much. */
const turnBytes = 2 * 1024 * 1024;

export interface CaptureBytesRead {
  /** Bytes of the file as it lies in the vault. */
  readonly fileBytes: number;
  /** Bytes of capture after compression was undone; the same as fileBytes without any. */
  readonly captureBytes: number;
  readonly compression: Compression | null;
  /** What was wrong with the compression around the capture, or null; what came before the fault was read. */
  readonly compressionFault: CompressionFault | null;
}

export interface CaptureBytesSink {
  /** The file's own bytes, before compression is undone; false ends the reading. */
  readonly onFileBytes?: (block: Uint8Array) => boolean;
  readonly onBlock: (block: Uint8Array) => void;
  /** File bytes so far, every 4 MiB and at the end. */
  readonly onProgress: (bytes: number) => void;
  readonly cancelled: () => boolean;
}

/**
 * Hands on the bytes of a capture file in order, gzip or zstd around it undone, in blocks of at most 512 KiB
 * that are only valid during the call. Throws on an unreadable file.
 */
export async function readCaptureBytes(path: string, sink: CaptureBytesSink): Promise<CaptureBytesRead> {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.allocUnsafeSlow(blockBytes);
    let bytes = readSync(file, block, 0, blockBytes, null);
    const compression = compressionOf(block.subarray(0, Math.min(bytes, 4)));
    const again = (position: number, into: Uint8Array): number => readSync(file, into, 0, into.length, position);
    const { onBlock, cancelled } = sink;
    const unpacked = compression === null ? null : unpacking(compression, { onBlock, cancelled, again });
    let fileBytes = 0;
    let captureBytes = 0;
    let toldBytes = 0;
    let turnedBytes = 0;
    while (bytes > 0 && !sink.cancelled()) {
      fileBytes += bytes;
      const part = block.subarray(0, bytes);
      if (sink.onFileBytes?.(part) === false) break;
      if (unpacked === null) {
        captureBytes += bytes;
        sink.onBlock(part);
      } else if (!(await unpacked.push(part)) && sink.onFileBytes === undefined) {
        // Nothing more can come out; only who wants the file's own bytes goes on.
        break;
      }
      if (fileBytes - toldBytes >= progressBytes) {
        toldBytes = fileBytes;
        sink.onProgress(fileBytes);
      }
      if (unpacked !== null || fileBytes - turnedBytes >= turnBytes) {
        turnedBytes = fileBytes;
        await setImmediate();
      }
      bytes = readSync(file, block, 0, blockBytes, null);
    }
    await unpacked?.end();
    if (fileBytes > toldBytes) sink.onProgress(fileBytes);
    return {
      fileBytes,
      captureBytes: unpacked === null ? captureBytes : unpacked.bytes,
      compression,
      compressionFault: unpacked?.fault ?? null,
    };
  } finally {
    closeSync(file);
  }
}
