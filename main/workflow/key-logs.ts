import { closeSync, openSync, readSync } from 'node:fs';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { KeyLog } from '../dissection/keylog/key-log.ts';

const blockBytes = 1024 * 1024;

/** The key logs among `exhibits` that belong to a capture: named for it, else of the same handset, label and run. */
export function keyLogsOf(capture: Exhibit, exhibits: readonly Exhibit[]): Exhibit[] {
  return exhibits.filter((one) => {
    if (one.kind !== 'key-log') return false;
    const named = one.origin.type === 'import' ? (one.origin.captures ?? []) : [];
    if (named.length > 0) return named.includes(capture.id);
    const { handset, label, run } = one;
    return handset === capture.handset && label === capture.label && (run === null || run === capture.run);
  });
}

/** The secrets of key logs in the vault, or null when there are none of these. Throws on a file that cannot be read. */
export function readKeyLogs(paths: readonly string[]): KeyLog | null {
  if (paths.length === 0) return null;
  const log = new KeyLog();
  const block = Buffer.allocUnsafeSlow(blockBytes);
  for (const path of paths) {
    const file = openSync(path, 'r');
    try {
      for (let bytes = readSync(file, block); bytes > 0; bytes = readSync(file, block))
        log.push(block.subarray(0, bytes));
      log.endText();
    } finally {
      closeSync(file);
    }
  }
  return log;
}
