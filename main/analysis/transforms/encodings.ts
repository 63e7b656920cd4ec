/** One encoded writing of a text, ready to be searched as bytes. */
export interface EncodedText {
  readonly steps: readonly string[];
  readonly bytes: Uint8Array;
  /** Letter case of the pattern does not matter. */
  readonly fold: boolean;
  /** Base64 characters that the value fixes only in part: values and masks of the characters before and after `bytes`. */
  readonly partial?: PartialEdges;
}

/** Six-bit value and mask of a neighbouring base64 character; mask 0 = no such character. */
export interface PartialEdges {
  readonly beforeValue: number;
  readonly beforeMask: number;
  readonly afterValue: number;
  readonly afterMask: number;
  /** Place of the value's first byte in its group of three, and its length: so that its neighbours can be decoded. */
  readonly alignment: number;
  readonly valueBytes: number;
}

interface EncodingRow {
  readonly name: string;
  readonly source: string;
  /** Lower tiers are kept first when the limit of literals bites. */
  readonly tier: number;
  readonly encode: (text: string, fold: boolean) => readonly EncodedText[];
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Text → encodings: the second axis of the lattice, one row an encoding. Anything deeper is undone by the search, not listed. */
export const encodings: readonly EncodingRow[] = [
  {
    name: 'plain',
    source: 'UTF-8',
    tier: 0,
    encode: (text, fold) => [{ steps: [], bytes: Buffer.from(text, 'utf8'), fold }],
  },
  {
    name: 'percent',
    source: 'RFC 3986 2.1; application/x-www-form-urlencoded for +',
    tier: 1,
    encode: (text, fold) =>
      percentWritings(text).map((t) => ({
        steps: ['percent'],
        bytes: ascii(t),
        fold: fold || t.includes('%'),
      })),
  },
  {
    name: 'base64',
    source: 'RFC 4648 4 and 5, at the three alignments',
    tier: 2,
    encode: (text) => base64Writings(Buffer.from(text, 'utf8')),
  },
  {
    name: 'hex',
    source: 'RFC 4648 8, either case',
    tier: 3,
    encode: (text) => [{ steps: ['hex'], bytes: ascii(Buffer.from(text, 'utf8').toString('hex')), fold: true }],
  },
  {
    name: 'json-unicode',
    source: 'RFC 8259 7',
    tier: 3,
    encode: (text) => {
      const escaped = text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
      return escaped === text ? [] : [{ steps: ['json-unicode'], bytes: ascii(escaped), fold: true }];
    },
  },
  {
    name: 'utf-16le',
    source: 'Unicode 15 3.10; Windows and Java dumps',
    tier: 4,
    encode: (text, fold) => [{ steps: ['utf-16le'], bytes: Buffer.from(text, 'utf16le'), fold }],
  },
  {
    name: 'percent-full',
    source: 'RFC 3986 2.1 applied to every byte',
    tier: 5,
    encode: (text) => [{ steps: ['percent'], bytes: ascii(everyByteEscaped(text)), fold: true }],
  },
];

function everyByteEscaped(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').replace(/../g, '%$&');
}

/** What encodeURIComponent, java.net.URLEncoder and a form give, where that differs from the text. */
function percentWritings(text: string): string[] {
  const component = encodeURIComponent(text);
  return [...new Set([component, component.replaceAll('%20', '+')])].filter((t) => t !== text);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * The characters of base64 that do not depend on neighbouring bytes, for the three positions a text can take in a longer base64 run,
 * in both alphabets and with `+` and `/` percent-encoded as in a query. The characters that depend on them in part are left to `partial`.
 */
function base64Writings(bytes: Buffer): EncodedText[] {
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
      writings.push({ steps, bytes: ascii(t), fold: false, partial });
    };
    add(['base64'], standard);
    if (text !== standard) {
      add(['base64url'], text);
      add(['base64', 'percent'], inQuery);
    }
  }
  return writings;
}
