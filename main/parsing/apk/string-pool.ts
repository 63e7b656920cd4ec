/** The texts of a compiled XML file, decoded one by one as they are asked for. */
export interface StringPool {
  /** null where there is no such text, it leads out of the pool, or the texts before it came to the limit of all. */
  text(index: number): string | null;
  /** A text was longer than the limit, or came after the limit of all: it was cut or left out. */
  readonly cut: boolean;
}

const utf8Flag = 0x100;
const headerBytes = 28;
/** A name or value of a manifest; longer ones are cut. */
const maxTextBytes = 16 * 1024;
/** Of all texts of a pool: any number of them may lie in the same place. */
const maxCharacters = 4 * 1024 * 1024;

/**
 * A pool of strings (AOSP, libs/androidfw, ResourceTypes.h, ResStringPool_header): UTF-8 with both lengths before each text, or
 * UTF-16LE with one. `b` is the chunk from its header to its end. Does not throw on any bytes.
 * @returns null where its header does not fit
 */
export function readStringPool(b: Buffer): StringPool | null {
  if (b.length < headerBytes) return null;
  const count = b.readUInt32LE(8);
  const isUtf8 = (b.readUInt32LE(16) & utf8Flag) !== 0;
  const start = b.readUInt32LE(20);
  const header = b.readUInt16LE(2);
  if (header < headerBytes || start > b.length || header + count * 4 > b.length) return null;
  let cut = false;
  let left = maxCharacters;
  const known = new Map<number, string | null>();
  const read = (index: number): string | null => {
    if (index >= count) return null;
    const at = start + b.readUInt32LE(header + index * 4);
    const place = isUtf8 ? utf8At(b, at) : utf16At(b, at);
    if (place === null) return null;
    const end = Math.min(place.end, place.at + maxTextBytes);
    cut ||= end < place.end || left <= 0;
    if (left <= 0) return null;
    const text = b.toString(isUtf8 ? 'utf8' : 'utf16le', place.at, end);
    left -= text.length;
    return text;
  };
  return {
    text(index) {
      let text = known.get(index);
      if (text === undefined) known.set(index, (text = read(index)));
      return text;
    },
    get cut() {
      return cut;
    },
  };
}

interface Place {
  readonly at: number;
  readonly end: number;
}

/** Two lengths, of characters and of bytes, each of one byte or (high bit set) of two. */
function utf8At(b: Buffer, start: number): Place | null {
  let at = start;
  let length = 0;
  for (let n = 0; n < 2; n += 1) {
    if (at + 2 > b.length) return null;
    length = b.readUInt8(at);
    at += 1;
    if ((length & 0x80) !== 0) length = ((length & 0x7f) << 8) | b.readUInt8(at++);
  }
  return at + length > b.length ? null : { at, end: at + length };
}

/** One length in units of two bytes: of one unit or (high bit set) of two. */
function utf16At(b: Buffer, start: number): Place | null {
  if (start + 4 > b.length) return null;
  const first = b.readUInt16LE(start);
  const isLong = (first & 0x8000) !== 0;
  const length = isLong ? (first & 0x7fff) * 0x10000 + b.readUInt16LE(start + 2) : first;
  const at = start + (isLong ? 4 : 2);
  return at + length * 2 > b.length ? null : { at, end: at + length * 2 };
}
