import { byteAt, hexAt, isBase64, isHex } from './tables.as';

// Where escapes begin, how far their region reaches and what it says: as undo-escapes.ts and escape-codes.ts, which look again.

/** Kinds of escapes, in the order of `kinds` in undo-escapes.ts. */
export const PERCENT: u32 = 0;
export const JSON_UNICODE: u32 = 1;
export const JSON_SOLIDUS: u32 = 2;
export const ENTITY: u32 = 3;
export const QUOTED_BREAK: u32 = 4;
export const QUOTED_PAIR: u32 = 5;
export const KINDS: u32 = 6;
export const NONE: u32 = 255;

/** Names of fields and what is not escaped of a value. */
const AROUND: usize = 96;

/** Kind of the escape that begins at `at`, or NONE. */
export function kindAt(at: usize, from: usize, end: usize): u32 {
  const byte = byteAt(at);
  if (byte == 0x25) return isPercent(at, end) ? PERCENT : NONE;
  if (byte == 0x26) return isEntity(at, end) ? ENTITY : NONE;
  if (byte == 0x5c) {
    if (at + 1 >= end) return NONE;
    if (byteAt(at + 1) == 0x2f) return inToken(at, from, end) ? JSON_SOLIDUS : NONE;
    return codeUnitAt(at, end) != -1 ? JSON_UNICODE : NONE;
  }
  if (byte != 0x3d || at + 3 > end) return NONE;
  if (byteAt(at + 1) == 0x0d) return byteAt(at + 2) == 0x0a ? QUOTED_BREAK : NONE;
  return isQuoted(at, end) && isQuoted(at + 3, end) ? QUOTED_PAIR : NONE;
}

@inline
function isPercent(at: usize, end: usize): bool {
  return at + 2 < end && byteAt(at) == 0x25 && isHex(at + 1) && isHex(at + 2);
}

/** A numeric reference may begin here: the host looks closer. */
@inline
function isEntity(at: usize, end: usize): bool {
  return at + 3 < end && byteAt(at + 1) == 0x23 && ((byteAt(at + 2) | 0x20) == 0x78 || hexAt(at + 2) < 10);
}

@inline
function isQuoted(at: usize, end: usize): bool {
  return at + 2 < end && byteAt(at) == 0x3d && isHex(at + 1) && isHex(at + 2);
}

export function codeUnitAt(at: usize, end: usize): i32 {
  if (at + 6 > end || byteAt(at) != 0x5c || byteAt(at + 1) != 0x75) return -1;
  let unit: u32 = 0;
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexAt(i);
    if (digit == 255) return -1;
    unit = (unit << 4) | digit;
  }
  return <i32>unit;
}

@inline
function isToken(at: usize): bool {
  return isBase64(at) || (byteAt(at) == 0x5c && byteAt(at + 1) == 0x2f);
}

/** Has the token that `\/` stands in sixteen characters? */
function inToken(at: usize, from: usize, end: usize): bool {
  let length: u32 = 1;
  for (let i = at; i > from && length < 16 && isToken(i - 1); i--) if (byteAt(i - 1) != 0x5c) length++;
  for (let i = at + 2; i < end && length < 16 && isToken(i); i++) if (byteAt(i) != 0x5c) length++;
  return length >= 16;
}

@inline
function isGraphic(at: usize): bool {
  const byte = byteAt(at);
  return byte > 0x20 && byte < 0x7f;
}

@inline
function isText(at: usize): bool {
  const byte = byteAt(at);
  return (byte >= 0x20 && byte != 0x7f) || byte == 0x09 || byte == 0x0a || byte == 0x0d;
}

/** First byte of the region of the escape at `at`. */
export function regionStart(kind: u32, at: usize, from: usize): usize {
  let start = at;
  if (kind == PERCENT) {
    while (start > from && isGraphic(start - 1)) start--;
    return start;
  }
  const lead = leadOf(kind);
  while (start > from && isOfRun(start - 1, lead)) start--;
  const run = start;
  while (start > from && run - start < AROUND && isText(start - 1)) start--;
  if (start > from && byteAt(start - 1) == lead) start--;
  return start;
}

/** One past the last byte of the region. */
export function regionEnd(kind: u32, at: usize, to: usize): usize {
  let end = at;
  if (kind == PERCENT) {
    end = at + 3;
    while (end < to && isGraphic(end)) end++;
    return end;
  }
  const lead = leadOf(kind);
  let quiet: usize = 0;
  let run = true;
  for (; end < to; end++) {
    const begins = byteAt(end) == lead;
    quiet = begins ? 0 : quiet + 1;
    run = begins || (run && isOfRun(end, lead));
    if (!run && (quiet > AROUND || !isText(end))) break;
  }
  return end;
}

/**
 * A character of base64, or of a reference to one (`&#43;`), or what an escape begins with: a run with an escape in it is taken whole.
 * Lines of quoted-printable are short anyway.
 */
@inline
function isOfRun(at: usize, lead: u32): bool {
  if (lead == 0x3d) return false;
  const byte: u32 = byteAt(at);
  return isBase64(at) || byte == lead || (lead == 0x26 && (byte == 0x23 || byte == 0x3b));
}

@inline
function leadOf(kind: u32): u32 {
  return kind == ENTITY ? 0x26 : kind >= QUOTED_BREAK ? 0x3d : 0x5c;
}

/** What `[start, end)` says, written to `out`; not for references. @returns how many bytes it gave */
export function decodeRegion(kind: u32, start: usize, end: usize, out: usize): usize {
  let to = out;
  for (let at = start; at < end; ) {
    const byte = byteAt(at);
    if (kind == PERCENT && byte == 0x25 && isPercent(at, end)) {
      store<u8>(to++, (hexAt(at + 1) << 4) | hexAt(at + 2));
      at += 3;
    } else if (kind >= QUOTED_BREAK && byte == 0x3d && at + 3 <= end && byteAt(at + 1) == 0x0d && byteAt(at + 2) == 0x0a) {
      at += 3;
    } else if (kind >= QUOTED_BREAK && isQuoted(at, end)) {
      store<u8>(to++, (hexAt(at + 1) << 4) | hexAt(at + 2));
      at += 3;
    } else if ((kind == JSON_UNICODE || kind == JSON_SOLIDUS) && byte == 0x5c && at + 1 < end) {
      const given = readJson(at, end, to);
      at += <usize>(given >>> 4);
      to += <usize>(given & 15);
    } else {
      store<u8>(to++, byte);
      at++;
    }
  }
  return to - out;
}

/** Reads the escape at `at` into `out`: bytes taken in the upper bits, bytes given in the lower four. */
function readJson(at: usize, end: usize, out: usize): u32 {
  const second = byteAt(at + 1);
  const short = shortOf(second);
  if (short != 0) {
    store<u8>(out, short);
    return 0x21;
  }
  const unit = codeUnitAt(at, end);
  if (unit == -1) {
    store<u8>(out, byteAt(at));
    return 0x11;
  }
  const low = unit >= 0xd800 && unit < 0xdc00 ? codeUnitAt(at + 6, end) : -1;
  if (low >= 0xdc00 && low < 0xe000) return 0xc0 | writeUtf8(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), out);
  return 0x60 | writeUtf8(unit, out);
}

function shortOf(second: u32): u32 {
  if (second == 0x2f || second == 0x22 || second == 0x5c) return second;
  if (second == 0x62) return 8;
  if (second == 0x66) return 12;
  if (second == 0x6e) return 10;
  if (second == 0x72) return 13;
  return second == 0x74 ? 9 : 0;
}

function writeUtf8(point: u32, out: usize): u32 {
  if (point < 0x80) {
    store<u8>(out, point);
    return 1;
  }
  if (point < 0x800) {
    store<u8>(out, 0xc0 | (point >>> 6));
    store<u8>(out + 1, 0x80 | (point & 63));
    return 2;
  }
  if (point < 0x10000) {
    store<u8>(out, 0xe0 | (point >>> 12));
    store<u8>(out + 1, 0x80 | ((point >>> 6) & 63));
    store<u8>(out + 2, 0x80 | (point & 63));
    return 3;
  }
  store<u8>(out, 0xf0 | (point >>> 18));
  store<u8>(out + 1, 0x80 | ((point >>> 12) & 63));
  store<u8>(out + 2, 0x80 | ((point >>> 6) & 63));
  store<u8>(out + 3, 0x80 | (point & 63));
  return 4;
}
