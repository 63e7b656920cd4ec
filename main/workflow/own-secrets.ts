import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { CaptureFile } from '../dissection/capture-file.ts';
import { TLS_KEY_LOG } from '../dissection/file-format.ts';
import { KeyLog } from '../dissection/keylog/key-log.ts';
import type { DissectorOptions } from '../dissection/dissector.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import { readKeyLogs } from './key-logs.ts';
import { maxPlaces } from './own-secrets-note.ts';
import type { SecretsPlace, SecretsPlaces } from './own-secrets-note.ts';
import { compressionOf } from './unpack-capture.ts';

export interface SecretsWish {
  /** Where each file holds secrets, as an earlier look found them: what is known is not looked for again. */
  readonly known?: readonly SecretsPlaces[];
  /** File bytes that were looked through, over all files; only told of a look that takes long enough to be noticed. */
  readonly onProgress?: (bytes: number) => void;
  readonly cancelled?: () => boolean;
}

export interface FoundSecrets {
  readonly options: Pick<DissectorOptions, 'keyLog' | 'ownSecrets'>;
  /** One a file. */
  readonly places: readonly SecretsPlaces[];
}

/** Capture bytes, compression undone, before which a look is over too soon to be told: a tenth of a second with gzip around it. */
const quietBytes = 32 * 1024 * 1024;
const blockBytes = 1024 * 1024;

/**
 * All secrets for the files of one capture, before its first packet is read: those of `keyLogs`, files in the vault, and those
 * that the capture holds itself (pcapng Decryption Secrets Blocks with a TLS key log), wherever they stand: such a block may come
 * behind the packets that it opens. Throws on a file that cannot be read.
 */
export async function secretsFor(
  paths: readonly string[],
  keyLogs: readonly string[],
  { known = [], onProgress, cancelled = () => false }: SecretsWish = {},
): Promise<FoundSecrets> {
  const keyLog = readKeyLogs(keyLogs);
  const ownSecrets = keyLog ?? new KeyLog();
  const places: SecretsPlaces[] = [];
  let before = 0;
  for (const [file, path] of paths.entries()) {
    const noted = known[file] ?? null;
    const look: Look = {
      log: ownSecrets,
      known: noted,
      onProgress: (bytes) => onProgress?.(before + bytes),
      cancelled,
    };
    places.push(noted !== null && takeAt(path, noted, look) ? noted : await lookThrough(path, look));
    before += statSync(path).size;
  }
  return { options: keyLog === null ? { ownSecrets } : { keyLog, ownSecrets }, places };
}

/** Takes secrets from known places of a file. @returns false, nothing taken, where compression has to be undone to reach them */
function takeAt(path: string, places: readonly SecretsPlace[], { log, cancelled }: Look): boolean {
  if (places.length === 0) return true;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    if (compressionOf(head.subarray(0, readSync(file, head, 0, head.length, 0))) !== null) return false;
    const block = Buffer.allocUnsafeSlow(blockBytes);
    for (const { offset, length } of places) {
      for (let done = 0; done < length && !cancelled();) {
        const read = readSync(file, block, 0, Math.min(blockBytes, length - done), offset + done);
        if (read === 0) break;
        log.push(block.subarray(0, read));
        done += read;
      }
      log.endText();
    }
    return true;
  } finally {
    closeSync(file);
  }
}

interface Look {
  readonly log: KeyLog;
  /** Behind the last of these nothing is looked for. */
  readonly known: SecretsPlaces;
  readonly onProgress: (bytes: number) => void;
  readonly cancelled: () => boolean;
}

/** A pcapng is read to its end, compression around it undone; of any other file only the first block is. */
async function lookThrough(path: string, { log, known, onProgress, cancelled }: Look): Promise<SecretsPlaces> {
  const places: SecretsPlace[] = [];
  let found = 0;
  // The reader of the analysis, so that damage is passed over alike and the same caps hold; it tells them when it reads again.
  const file = new CaptureFile({
    secretsOnly: true,
    packet: () => undefined,
    numberedRecord: () => undefined,
    secrets: (type, bytes, offset) => {
      if (type !== TLS_KEY_LOG) return;
      log.add(bytes);
      found += 1;
      if (found <= maxPlaces) places.push({ offset, length: bytes.length });
    },
    fileFault: () => undefined,
  });
  const isOver = (): boolean => known !== null && found >= known.length;
  let bytes = 0;
  await readCaptureBytes(path, {
    onBlock: (block) => {
      bytes += block.length;
      if (!isOver()) file.push(block);
    },
    onProgress: (fileBytes) => {
      if (bytes >= quietBytes && file.formatName === 'pcapng') onProgress(fileBytes);
    },
    cancelled: () => cancelled() || isOver() || (bytes >= 4 && file.formatName !== 'pcapng'),
  });
  if (!isOver()) file.finish();
  return found > maxPlaces ? null : places;
}
