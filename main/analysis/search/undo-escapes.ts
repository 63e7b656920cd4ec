import { base64Values, byteAt, hexValues, isEscape } from './byte-classes.ts';
import { codeUnitAt, readEntity, readJson, readPercent, readQuotedPrintable, type ReadEscape } from './escape-codes.ts';
import type { Undone } from './undo.ts';

type OnUndone = (undone: Undone) => void;

/**
 * Regions of text that hold escapes, decoded: percent (RFC 3986 2.1), JSON (RFC 8259 7), character references of HTML and XML,
 * quoted-printable (RFC 2045 6.7). `places`: kind and place of the escapes of `bytes[0..length)`, ascending for each kind.
 */
export function undoEscapes(bytes: Uint8Array, length: number, places: ArrayLike<number>, onUndone: OnUndone): void {
  if (places.length === 0) return;
  for (let kind = 0; kind < kinds.length; kind++) {
    const escape = kinds[kind] as Kind;
    let done = 0;
    for (let i = 0; i < places.length; i += 2) {
      const at = places[i + 1] as number;
      if (places[i] !== kind || at < done || !escape.begins(bytes, at, length)) continue;
      const [start, end] = escape.regionAt(bytes, at, length);
      onUndone(escapedRegion(escape, bytes, start, end));
      done = end;
    }
  }
}

/** Every place in `bytes[0..length)` where an escape is valid, for each kind in turn. */
export function forEachEscape(bytes: Uint8Array, length: number, onEscape: (kind: number, at: number) => void): void {
  const space = length === bytes.length ? bytes : bytes.subarray(0, length);
  kinds.forEach(({ needle, begins }, kind) => {
    for (let at = indexOf(space, needle, 0); at !== -1; at = nextOf(space, needle, at + 1)) {
      if (begins(space, at, length)) onEscape(kind, at);
    }
  });
}

// Buffer's own search is memchr; that of a plain Uint8Array is many times slower.
const indexOf = (bytes: Uint8Array, needle: Uint8Array | number, from: number): number =>
  Buffer.prototype.indexOf.call(bytes, needle, from);

const isGraphic = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

interface Kind {
  readonly step: string;
  readonly lead: number;
  readonly needle: Uint8Array;
  /** Is it an escape, and worth a region of its own? */
  readonly begins: (bytes: Uint8Array, at: number, to: number) => boolean;
  readonly read: ReadEscape;
  readonly regionAt: (bytes: Uint8Array, at: number, to: number) => readonly [start: number, end: number];
}

/** A percent escape stands in text without spaces: that is its region. */
const percent: Kind = {
  step: 'percent',
  lead: 0x25,
  needle: Buffer.from('%'),
  begins: isEscape,
  read: readPercent,
  regionAt: (bytes, at, to) => {
    let start = at;
    while (start > 0 && isGraphic(byteAt(bytes, start - 1))) start--;
    let end = at + 3;
    while (end < to && isGraphic(byteAt(bytes, end))) end++;
    return [start, end];
  },
};

/**
 * Around escapes that stand in running text so many bytes belong to the region: names of fields, and what is not escaped of a value.
 * A run of base64 with an escape in it belongs to it whole: what is packed is nothing without its beginning and its end.
 */
const around = 96;

const runningText =
  (lead: number): Kind['regionAt'] =>
  (bytes, at, to) => {
    let run = at;
    while (run > 0 && isOfRun(byteAt(bytes, run - 1), lead)) run--;
    let start = run;
    while (start > 0 && start > run - around && isText(byteAt(bytes, start - 1))) start--;
    // A backslash there may escape the first one taken.
    if (start > 0 && bytes[start - 1] === lead) start--;
    return [start, endOfRegion(bytes, at, to, lead)];
  };

const jsonUnicode: Kind = {
  step: 'json-unicode',
  lead: 0x5c,
  needle: Buffer.from('\\u'),
  begins: (bytes, at, to) => codeUnitAt(bytes, at, to) !== -1,
  read: readJson,
  regionAt: runningText(0x5c),
};

/** Android's org.json writes `/` as `\/`, which cuts base64 in pieces: other uses hide nothing. */
const jsonSolidus: Kind = { ...jsonUnicode, needle: Buffer.from('\\/'), begins: inToken };

const entity: Kind = {
  step: 'html-entity',
  lead: 0x26,
  needle: Buffer.from('&#'),
  begins: (bytes, at, to) => readEntity(bytes, at, to, scrap, 0) !== null,
  read: readEntity,
  regionAt: runningText(0x26),
};

/**
 * `=34` stands in every second query: it is read so where two stand beside each other, or after a soft line end. Single letters amid
 * others are searched as literals.
 */
const quotedBreak: Kind = {
  step: 'quoted-printable',
  lead: 0x3d,
  needle: Buffer.from('=\r\n'),
  begins: () => true,
  read: readQuotedPrintable,
  regionAt: runningText(0x3d),
};

const quotedPair: Kind = {
  ...quotedBreak,
  needle: Buffer.from('='),
  begins: (bytes, at, to) => isQuotedByte(bytes, at, to) && isQuotedByte(bytes, at + 3, to),
};

/** By number, as the kernel counts them too (kernel/escapes.as.ts); their regions are looked at in this order. */
const kinds: readonly Kind[] = [percent, jsonUnicode, jsonSolidus, entity, quotedBreak, quotedPair];

const scrap = new Uint8Array(8);
function isQuotedByte(bytes: Uint8Array, at: number, to: number): boolean {
  return at + 2 < to && bytes[at] === 0x3d && isHex(bytes, at + 1) && isHex(bytes, at + 2);
}

const isHex = (bytes: Uint8Array, at: number): boolean => hexValues[byteAt(bytes, at)] !== 255;

/** Has the token that `\/` stands in sixteen characters, so that it can be a digest or base64? */
function inToken(bytes: Uint8Array, at: number, to: number): boolean {
  let length = 1;
  for (let i = at - 1; i >= 0 && length < 16 && isToken(bytes, i); i--) if (bytes[i] !== 0x5c) length++;
  for (let i = at + 2; i < to && length < 16 && isToken(bytes, i); i++) if (bytes[i] !== 0x5c) length++;
  return length >= 16;
}

const isToken = (bytes: Uint8Array, i: number): boolean =>
  base64Values[byteAt(bytes, i)] !== 255 || (bytes[i] === 0x5c && bytes[i + 1] === 0x2f);

/** Where one was, the next is often near: a call of the platform's search costs more than a look at some bytes. */
function nextOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const [first, second] = needle;
  if (second === undefined) return indexOf(bytes, needle, from);
  const near = Math.min(from + 48, bytes.length - 1);
  for (let i = from; i < near; i++) {
    if (bytes[i] === first && bytes[i + 1] === second && (needle.length < 3 || bytes[i + 2] === needle[2])) return i;
  }
  return indexOf(bytes, needle, Math.max(from, near));
}

/** On to the last escape that follows another within reach, and what is around it. */
function endOfRegion(bytes: Uint8Array, at: number, to: number, lead: number): number {
  let quiet = 0;
  let run = true;
  let end = at;
  for (; end < to; end++) {
    const byte = byteAt(bytes, end);
    quiet = byte === lead ? 0 : quiet + 1;
    run = byte === lead || (run && isOfRun(byte, lead));
    if (!run && (quiet > around || !isText(byte))) break;
  }
  return end;
}

/** A character of base64, or of a reference to one (`&#43;`), or what an escape begins with. Lines of quoted-printable are short anyway. */
const isOfRun = (byte: number, lead: number): boolean =>
  lead !== 0x3d && (base64Values[byte] !== 255 || byte === lead || (lead === 0x26 && (byte === 0x23 || byte === 0x3b)));

/** Bytes of UTF-8 text: what is no control character, but tab and line end. */
const isText = (byte: number): boolean =>
  (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** What the region says, with the way back to where each byte lay: worked out once something was found. */
function escapedRegion({ step, lead, read }: Kind, bytes: Uint8Array, start: number, end: number): Undone {
  // No escape gives more bytes than it has.
  const out = new Uint8Array(end - start);
  const length = decodeInto(out, null, lead, read, bytes, start, end);
  let starts: Int32Array | null = null;
  const placeOf = (i: number): number => {
    if (starts === null) {
      starts = new Int32Array(length + 1);
      decodeInto(out, starts, lead, read, bytes, start, end);
      starts[length] = end;
    }
    return starts[Math.min(i, length)] ?? end;
  };
  const endOf = (i: number): number => {
    if (i === 0) return start;
    const last = placeOf(i - 1);
    let next = i;
    while (next < length && placeOf(next) === last) next++;
    return placeOf(next);
  };
  return { step, bytes: out.subarray(0, length), start, end, startOf: placeOf, endOf };
}

function decodeInto(
  out: Uint8Array,
  starts: Int32Array | null,
  lead: number,
  read: ReadEscape,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let length = 0;
  for (let i = start; i < end;) {
    const byte = bytes[i] as number;
    const escape = byte === lead ? read(bytes, i, end, out, length) : null;
    const given = escape === null ? 1 : escape.given;
    if (escape === null) out[length] = byte;
    if (starts !== null) starts.fill(i, length, length + given);
    length += given;
    i += escape === null ? 1 : escape.taken;
  }
  return length;
}

/** 1 for the bytes that an escape begins with. */
const leads = new Uint8Array(256);
for (const lead of [0x25, 0x26, 0x3d, 0x5c]) leads[lead] = 1;

/** Is there an escape of any kind in the first `length` bytes? */
export function hasEscape(bytes: Uint8Array, length: number): boolean {
  const last = length - 2;
  for (let i = nextLead(bytes, 0, last); i < last; i = nextLead(bytes, i + 1, last))
    if (isAnyEscape(bytes, i, length)) return true;
  return false;
}

/** First index in `[from, to)` of a byte that may begin an escape, or `to`. A tight loop of its own, for the compiler. */
function nextLead(bytes: Uint8Array, from: number, to: number): number {
  const table = leads;
  let i = from;
  while (i < to && table[bytes[i] as number] === 0) i++;
  return i;
}

function isAnyEscape(bytes: Uint8Array, i: number, length: number): boolean {
  const byte = bytes[i];
  if (byte === 0x25) return isEscape(bytes, i, length);
  if (byte === 0x5c) return bytes[i + 1] === 0x2f || codeUnitAt(bytes, i, length) !== -1;
  if (byte === 0x26) return bytes[i + 1] === 0x23;
  return bytes[i + 1] === 0x0d || isQuotedByte(bytes, i, length);
}
