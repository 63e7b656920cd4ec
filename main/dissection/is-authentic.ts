import type { Decipheriv } from 'node:crypto';

/**
 * Does the tag that was set belong to what was decrypted? The last call on it. Packets that nobody has the keys of come by the
 * thousand, and writing down where each was refused costs more than all the rest of it.
 */
export function isAuthentic(decipher: Pick<Decipheriv, 'final'>): boolean {
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  } finally {
    Error.stackTraceLimit = depth;
  }
}
