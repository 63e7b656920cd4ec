/** RFC 7541, appendix B: length in bits of each octet's code, then that of the end of string. The codes are canonical. */
// prettier-ignore
const CODE_LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const END_OF_STRING = 256;
const MAX_LENGTH = 30;

/** By length: the first code, how many there are, and where their symbols begin in `SYMBOLS`. */
const FIRST = new Uint32Array(MAX_LENGTH + 1);
const COUNT = new Uint16Array(MAX_LENGTH + 1);
const START = new Uint16Array(MAX_LENGTH + 1);
const SYMBOLS: number[] = [];

for (let length = 1, code = 0; length <= MAX_LENGTH; length++) {
  code *= 2;
  FIRST[length] = code;
  START[length] = SYMBOLS.length;
  CODE_LENGTHS.forEach((l, symbol) => {
    if (l === length) SYMBOLS.push(symbol);
  });
  COUNT[length] = SYMBOLS.length - (START[length] as number);
  code += COUNT[length] as number;
}

/** Huffman-coded octets as a string, one character each; null where no code fits (RFC 7541, 5.2). */
export function decodeHuffman(b: Uint8Array, start: number, end: number): string | null {
  let text = '';
  let code = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = b[at] as number;
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      if (++length > MAX_LENGTH) return null;
      const index = code - (FIRST[length] as number);
      if (index < 0 || index >= (COUNT[length] as number)) continue;
      const symbol = SYMBOLS[(START[length] as number) + index] as number;
      if (symbol === END_OF_STRING) return null;
      text += String.fromCharCode(symbol);
      code = 0;
      length = 0;
    }
  }
  // What is left over is padding: the first bits of the end of string, all ones, fewer than eight.
  return length < 8 && code === 2 ** length - 1 ? text : null;
}

export type HeaderField = readonly [name: string, value: string];

/** RFC 7541, appendix A; the first has index 1. */
export const STATIC_TABLE: readonly HeaderField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
];
