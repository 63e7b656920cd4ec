import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AdbKeyFingerprint {
  /** MD5 of the decoded key, colon-separated upper-case hexadecimal: what the handset's own prompt shows. */
  readonly shownOnHandset: string;
  /** SHA-256 of the decoded key, lower-case hexadecimal: for custody. */
  readonly sha256: string;
}

/** The folder that adb keeps its key in, under the HOME that we give it; created for the owner only. */
export function adbKeyFolder(keyDirectory: string): string {
  const folder = join(keyDirectory, '.android');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Fingerprint of the workstation's adb key (`.android/adbkey.pub` under `keyDirectory`), or null while adb has not made one.
 * The handset's prompt hashes the decoded key with MD5 (AOSP, AdbDebuggingManager.getFingerprints).
 */
export function readAdbKeyFingerprint(keyDirectory: string): AdbKeyFingerprint | null {
  let text: string;
  try {
    text = readFileSync(join(keyDirectory, '.android', 'adbkey.pub'), 'latin1');
  } catch {
    return null;
  }
  const decoded = Buffer.from(text.trim().split(/\s+/)[0] ?? '', 'base64');
  if (decoded.length === 0) return null;
  const md5 = createHash('md5').update(decoded).digest('hex').toUpperCase();
  return {
    shownOnHandset: (md5.match(/../g) ?? []).join(':'),
    sha256: createHash('sha256').update(decoded).digest('hex'),
  };
}
