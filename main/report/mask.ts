import type { IdentifierKind } from '../../shared/model/identifier.ts';

/** Kinds of which every character says something about a person: one is shown at most. */
const spoken: ReadonlySet<IdentifierKind> = new Set(['contact-name', 'account', 'email', 'ssid', 'location']);

/**
 * Enough of an identifier to tell two of them apart on paper, not enough to use it: at most the first four and the last
 * two characters, and in no case more than a third of it.
 */
export function maskIdentifier(kind: IdentifierKind, value: string): string {
  const characters = Array.from(value);
  const shown = Math.floor(characters.length / 3);
  const head = spoken.has(kind) ? Math.min(1, shown) : Math.min(4, Math.ceil(shown * 0.6));
  const tail = spoken.has(kind) ? 0 : Math.min(2, shown - head);
  const hidden = characters.length - head - tail;
  return characters.slice(0, head).join('') + '•'.repeat(hidden) + (tail === 0 ? '' : characters.slice(-tail).join(''));
}

/** A handset as adb names it: an address of the network is none of its identifiers, a serial number is. */
export function maskSerial(serial: string): string {
  return /^(?:\d{1,3}\.){3}\d{1,3}:\d+$|^emulator-\d+$/.test(serial) ? serial : maskIdentifier('serial', serial);
}
