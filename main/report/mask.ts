import type { IdentifierKind } from '../../shared/model/identifier.ts';

/**
 * Enough of an identifier to tell two of them apart on paper, not enough to use it:
 * at most the first four and the last two characters, and always more hidden than shown.
 */
export function maskIdentifier(kind: IdentifierKind, value: string): string {
  const characters = Array.from(value);
  if (kind === 'contact-name' || kind === 'account' || kind === 'email') {
    return characters.slice(0, 1).join('') + '•'.repeat(Math.max(3, characters.length - 1));
  }
  const shown = Math.floor(characters.length / 3);
  const head = Math.min(4, Math.ceil(shown * 0.6));
  const tail = Math.min(2, shown - head);
  const hidden = characters.length - head - tail;
  return characters.slice(0, head).join('') + '•'.repeat(hidden) + (tail === 0 ? '' : characters.slice(-tail).join(''));
}

/** Removes every listed value from a text that is about to be printed, in the form in which it stands there. */
export function maskWithin(
  text: string,
  values: readonly { readonly kind: IdentifierKind; readonly value: string }[],
): string {
  let masked = text;
  for (const { kind, value } of values) {
    if (value.length >= 6 && masked.includes(value)) masked = masked.replaceAll(value, maskIdentifier(kind, value));
  }
  return masked;
}
