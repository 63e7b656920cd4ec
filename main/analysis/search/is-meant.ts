import { compressionAt } from './byte-classes.ts';
import { inflate } from './inflate.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** What no text holds: control characters beside tab and line breaks. */
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Fewer different bytes than any identifier or digest has: filling. */
const fewest = 4;

/** Were these bytes encoded by somebody: are they text, or something compressed? Of seventeen bytes or more chance gives neither. */
export function isMeant(bytes: Uint8Array): boolean {
  if (isFilling(bytes)) return false;
  if (compressionAt(bytes, 0, bytes.length) !== null) return inflate(bytes) !== null;
  try {
    return !control.test(utf8.decode(bytes));
  } catch {
    return false;
  }
}

/** To its end where it is one: what follows filling may be anything. */
function isFilling(bytes: Uint8Array): boolean {
  const seen = new Set<number>();
  for (const byte of bytes) if (seen.add(byte).size === fewest) return false;
  return true;
}
