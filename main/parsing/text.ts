/** What the bytes of one command said, as text. */
export interface HandsetText {
  /** Line ends are `\n` only; a byte order mark is gone. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** True where the input was longer than `maxBytes` and only its beginning was read. */
  readonly cut: boolean;
  /** Bytes that are no valid text were replaced by U+FFFD in `text`; the raw exhibit keeps them. */
  readonly invalid: boolean;
}

/** 64 MiB: the largest text dump read at once; what lies behind is said, not read. */
export const maxTextBytes = 64 * 1024 * 1024;

function looksLikeUtf16(bytes: Uint8Array, zeroAt: 0 | 1): boolean {
  const pairs = Math.min(256, Math.floor(bytes.length / 2));
  if (pairs < 4) return false;
  let zeros = 0;
  let letters = 0;
  for (let i = 0; i < pairs; i += 1) {
    if (bytes[2 * i + zeroAt] === 0) zeros += 1;
    if (bytes[2 * i + (1 - zeroAt)] !== 0) letters += 1;
  }
  return zeros > pairs * 0.7 && letters > pairs * 0.7;
}

export function encodingOf(bytes: Uint8Array): HandsetText['encoding'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Files redirected by a Windows shell carry UTF-16 without a mark now and then.
  if (looksLikeUtf16(bytes, 1)) return 'utf-16le';
  if (looksLikeUtf16(bytes, 0)) return 'utf-16be';
  return 'utf-8';
}

/** Big endian is swapped by hand: a decoder for it is not part of every build of the runtime. */
function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length - (bytes.length % 2));
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    swapped[i] = bytes[i + 1] ?? 0;
    swapped[i + 1] = bytes[i] ?? 0;
  }
  return swapped;
}

/** CRLF, CRCRLF and CRCRCRLF become LF. Plain replacements: a pattern with `\r+` takes quadratic time on a hostile run of CRs. */
function withoutReturns(text: string): string {
  let plain = text;
  for (let pass = 0; pass < 3 && plain.includes('\r\n'); pass += 1) plain = plain.replaceAll('\r\n', '\n');
  let end = plain.length;
  while (end > 0 && plain.charCodeAt(end - 1) === 0x0d) end -= 1;
  return plain.slice(0, end);
}

/**
 * Decodes what a handset's command printed: UTF-8, or UTF-16 with or without a mark; the CRLF (and CRCRLF) that a PTY
 * makes of each LF becomes LF again. `known` is the encoding of a part whose whole said what it is. Does not throw on any bytes.
 */
export function readHandsetText(
  bytes: Uint8Array,
  maxBytes: number = maxTextBytes,
  known?: HandsetText['encoding'],
): HandsetText {
  const cut = bytes.length > maxBytes;
  const part = cut ? bytes.subarray(0, maxBytes) : bytes;
  const encoding = known ?? encodingOf(part);
  const decoder = new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'utf-16le', { fatal: false });
  const decoded = decoder.decode(encoding === 'utf-16be' ? swapPairs(part) : part);
  const text = decoded.includes('\r') ? withoutReturns(decoded) : decoded;
  return { text, encoding, cut, invalid: text.includes('\uFFFD') };
}
