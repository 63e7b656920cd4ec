import type { EncodedText, PartialEdges } from './encodings.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The characters of base64 that do not depend on neighbouring bytes, for the three positions a text can take in a longer base64 run,
 * in both alphabets and with `+` and `/` percent-encoded as in a query. The characters that depend on them in part are left to `partial`.
 */
export function base64Writings(bytes: Buffer): EncodedText[] {
  const writings: EncodedText[] = [];
  for (const alignment of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(alignment), bytes]).toString('base64url');
    const begin = Math.ceil((alignment * 4) / 3);
    const finish = Math.floor(((alignment + bytes.length) * 4) / 3);
    const text = shifted.slice(begin, finish);
    const looseBits = ((alignment + bytes.length) * 8) % 6;
    const partial: PartialEdges = {
      beforeValue: alignment === 0 ? 0 : alphabet.indexOf(shifted.charAt(begin - 1)),
      beforeMask: [0, 0x0f, 0x03][alignment] ?? 0,
      afterValue: looseBits === 0 ? 0 : alphabet.indexOf(shifted.charAt(finish)),
      afterMask: looseBits === 0 ? 0 : (0x3f << (6 - looseBits)) & 0x3f,
      alignment,
      valueBytes: bytes.length,
    };
    const standard = text.replaceAll('-', '+').replaceAll('_', '/');
    const inQuery = standard.replaceAll('+', '%2B').replaceAll('/', '%2F');
    const add = (steps: string[], t: string): void => {
      writings.push({ steps, bytes: Buffer.from(t, 'latin1'), fold: false, partial });
    };
    add(['base64'], standard);
    if (text !== standard) {
      add(['base64url'], text);
      add(['base64', 'percent'], inQuery);
    }
  }
  return writings;
}
