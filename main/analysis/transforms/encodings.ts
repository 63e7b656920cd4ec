import { base64Writings } from './base64-writings.ts';
import { chineseCharsets, encodeChinese, percentBytes, type ChineseCharset } from './chinese-charsets.ts';

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
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/**
 * Text → encodings: the second axis of the lattice, one row an encoding. Anything deeper is undone by the search, not listed: so are percent
 * escapes of every byte, JSON escapes, HTML entities, quoted-printable in general, and base64 and hex of longer texts.
 */
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
    name: 'quoted-printable',
    source: 'RFC 2045 6.7; vCard 2.1. Of single letters: longer stretches are undone',
    tier: 3,
    encode: (text) => {
      const escaped = quotedPrintable(text);
      return escaped === text ? [] : [{ steps: ['quoted-printable'], bytes: ascii(escaped), fold: true }];
    },
  },
  {
    name: 'reversed',
    source:
      'the characters from last to first, as the device ids of some Chinese software development kits hold the IMEI',
    tier: 4,
    encode: (text, fold) => {
      const reversed = reverse(text);
      // Short numbers from back to front are found in other numbers.
      return reversed === text || text.length < 10
        ? []
        : [{ steps: ['reversed'], bytes: Buffer.from(reversed, 'utf8'), fold }];
    },
  },
  {
    name: 'utf-16le',
    source: 'Unicode 15 3.10; Windows and Java dumps',
    tier: 5,
    // Folding would take a byte of a Chinese character for a letter.
    encode: (text, fold) => [{ steps: ['utf-16le'], bytes: Buffer.from(text, 'utf16le'), fold: fold && isAscii(text) }],
  },
  {
    name: 'utf-16be',
    source: 'Unicode 15 3.10; Java strings in network order',
    tier: 5,
    encode: (text, fold) => [
      { steps: ['utf-16be'], bytes: Buffer.from(text, 'utf16le').swap16(), fold: fold && isAscii(text) },
    ],
  },
  ...chineseCharsets.map((charset) => ({
    name: charset,
    source: 'WHATWG Encoding Standard: names in Chinese as older programs and sites write them',
    tier: 5,
    encode: (text: string) => chineseWritings(charset, text),
  })),
];

/** As bytes, and escaped in queries and forms: an escape's digits may be small, a second byte that is a letter is what it is. */
function chineseWritings(charset: ChineseCharset, text: string): EncodedText[] {
  const bytes = encodeChinese(charset, text);
  if (bytes === null) return [];
  const upper = percentBytes(bytes);
  const lower = upper.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
  return [
    { steps: [charset], bytes, fold: false },
    ...[...new Set([upper, lower])].map((t) => ({ steps: [charset, 'percent'], bytes: ascii(t), fold: false })),
  ];
}

/** The text from its last character to its first. */
export function reverse(text: string): string {
  return Array.from(text).reverse().join('');
}

/** What encodeURIComponent, java.net.URLEncoder and a form give, where that differs from the text. */
function percentWritings(text: string): string[] {
  const component = encodeURIComponent(text);
  return [...new Set([component, component.replaceAll('%20', '+')])].filter((t) => t !== text);
}

function quotedPrintable(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x3d;
    out += plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
