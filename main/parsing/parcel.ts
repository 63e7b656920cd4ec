/** What `service call` printed: the reply of one Binder call. */
export type ParcelReply =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'null' }
  /** Parcel.readException's code: -1 SecurityException, -3 IllegalArgument, -5 IllegalState, -7 UnsupportedOperation … */
  | { readonly type: 'exception'; readonly code: number; readonly message: string }
  /** `Parcel(Error: 0xffffffb6 "Not a data message")`: the call itself failed (-74: no such transaction). */
  | { readonly type: 'error'; readonly status: number; readonly message: string }
  | { readonly type: 'malformed' };

const maxWords = 65_536;

/** The 32-bit words of the hexadecimal dump, without the offsets in front and the characters behind. */
function wordsOf(text: string): number[] {
  const words: number[] = [];
  const body = text.slice(text.indexOf('Parcel(') + 'Parcel('.length);
  for (const line of body.split('\n')) {
    const hex = line.replace(/^\s*0x[0-9a-f]+:/i, '').split("'", 1)[0] ?? '';
    for (const [word] of hex.matchAll(/\b[0-9a-f]{8}\b/gi)) {
      if (words.length >= maxWords) return words;
      words.push(Number.parseInt(word, 16) | 0);
    }
  }
  return words;
}

function textAt(words: readonly number[], from: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i += 1) {
    const word = words[from + (i >> 1)];
    if (word === undefined) break;
    text += String.fromCharCode((i % 2 === 0 ? word : word >>> 16) & 0xffff);
  }
  return text;
}

/** Reads a reply that holds one string: exception code, length, UTF-16 in words. Does not throw on any text. */
export function readParcel(text: string): ParcelReply {
  const error = /Parcel\(Error: (?:0x)?([0-9a-f]+)\s*(?:"([^"]*)")?/i.exec(text);
  if (error)
    return { type: 'error', status: Number.parseInt((error[1] ?? '0').slice(-8), 16) | 0, message: error[2] ?? '' };
  if (!text.includes('Parcel(')) return { type: 'malformed' };
  const words = wordsOf(text);
  const code = words[0];
  if (code === undefined) return { type: 'malformed' };
  const length = words[1];
  if (code !== 0) {
    const fits = length !== undefined && length > 0 && length <= (words.length - 2) * 2;
    return { type: 'exception', code, message: fits ? textAt(words, 2, length) : '' };
  }
  if (length === undefined || length === -1) return { type: 'null' };
  if (length < 0 || length > (words.length - 2) * 2) return { type: 'malformed' };
  return { type: 'string', value: textAt(words, 2, length) };
}
