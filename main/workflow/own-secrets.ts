import { CaptureFile } from '../dissection/capture-file.ts';
import { TLS_KEY_LOG } from '../dissection/file-format.ts';
import { KeyLog } from '../dissection/keylog/key-log.ts';
import type { DissectorOptions } from '../dissection/dissector.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import { readKeyLogs } from './key-logs.ts';

/**
 * All secrets for the files of one capture, before its first packet is read: those of `keyLogs`, files in the vault, and those
 * that the capture holds itself. Throws on a file that cannot be read.
 */
export async function secretsFor(
  paths: readonly string[],
  keyLogs: readonly string[],
  cancelled: () => boolean = () => false,
): Promise<Pick<DissectorOptions, 'keyLog' | 'ownSecrets'>> {
  const keyLog = readKeyLogs(keyLogs);
  const ownSecrets = keyLog ?? new KeyLog();
  await gatherOwnSecrets(paths, ownSecrets, cancelled);
  return keyLog === null ? { ownSecrets } : { keyLog, ownSecrets };
}

/**
 * Puts the TLS key logs that pcapng files hold (Decryption Secrets Blocks) into `log`, wherever they stand: such a block may come
 * behind the packets that it opens. A pcapng is read to its end for this, compression around it undone; of any other file only
 * the first block is.
 */
async function gatherOwnSecrets(paths: readonly string[], log: KeyLog, cancelled: () => boolean): Promise<void> {
  for (const path of paths) {
    // The reader of the analysis, so that damage is passed over alike and the same caps hold; it tells them when it reads again.
    const file = new CaptureFile({
      packet: () => undefined,
      numberedRecord: () => undefined,
      secrets: (type, bytes) => {
        if (type === TLS_KEY_LOG) log.add(bytes);
      },
      fileFault: () => undefined,
    });
    let bytes = 0;
    await readCaptureBytes(path, {
      onBlock: (block) => {
        bytes += block.length;
        file.push(block);
      },
      onProgress: () => undefined,
      cancelled: () => cancelled() || (bytes >= 4 && file.formatName !== 'pcapng'),
    });
    file.finish();
  }
}
