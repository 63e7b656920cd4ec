/** Two-byte sets in which Chinese was written before Unicode, and still is: WHATWG Encoding Standard 10 and 12. */
export const chineseCharsets = ['big5', 'gbk'] as const;
export type ChineseCharset = (typeof chineseCharsets)[number];

const tables = new Map<ChineseCharset, ReadonlyMap<string, number>>();

/** The platform decodes these sets and encodes none: what each pair of bytes says, the other way round. */
function tableOf(charset: ChineseCharset): ReadonlyMap<string, number> {
  const known = tables.get(charset);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(charset, { fatal: true });
  const table = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decodedPair(decoder, lead, trail);
      if (character !== null && !table.has(character)) table.set(character, (lead << 8) | trail);
    }
  }
  tables.set(charset, table);
  return table;
}

function decodedPair(decoder: InstanceType<typeof TextDecoder>, lead: number, trail: number): string | null {
  try {
    const text = decoder.decode(Uint8Array.of(lead, trail));
    return Array.from(text).length === 1 ? text : null;
  } catch {
    return null;
  }
}

/** The text in one of these sets; null where it has no character beyond ASCII, or one that the set does not have. */
export function encodeChinese(charset: ChineseCharset, text: string): Buffer | null {
  if (/^[\x00-\x7f]*$/.test(text)) return null;
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0) < 0x80 ? character.charCodeAt(0) : tableOf(charset).get(character);
    if (code === undefined) return null;
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return Buffer.from(bytes);
}

/** Percent escapes of bytes (RFC 3986 2.1): of UTF-8, what encodeURIComponent gives. */
export function percentBytes(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    out += /[A-Za-z0-9_.!~*'()-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
