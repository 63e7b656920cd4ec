import { u16, u8 } from './bytes.ts';

/** An information element and where its value stands. */
export interface GtpElement {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

export interface GtpMessage {
  readonly version: 1 | 2;
  readonly type: number;
  readonly elements: readonly GtpElement[];
  readonly malformed: boolean;
  /** Where it ends by its own length, within what is there. */
  readonly end: number;
  /** Version 2: it says that another message stands behind it (3GPP TS 29.274, 5.5.1). */
  readonly announcesOther: boolean;
}

const MAX_ELEMENTS = 256;
/** A message of version 2 carries one other on its back, and that one none (3GPP TS 29.274, 5.5.1). */
const MAX_MESSAGES = 2;
/** Version 2: elements that hold elements (3GPP TS 29.274, 8.28, 8.39, 8.67): bearer and PDN contexts, remote UE. */
const GROUPED = new Set([93, 109, 180, 191]);
const MAX_DEPTH = 4;

/** Version 1: bytes of the values whose length is fixed by their type (3GPP TS 29.060, 7.7, table 37). */
const FIXED: Readonly<Record<number, number>> = {
  1: 1,
  2: 8,
  3: 6,
  4: 4,
  5: 4,
  8: 1,
  9: 3,
  11: 1,
  12: 3,
  13: 1,
  14: 1,
  15: 1,
  16: 4,
  17: 4,
  18: 5,
  19: 1,
  20: 1,
  21: 1,
  22: 1,
  23: 1,
  24: 1,
  25: 2,
  26: 2,
  27: 2,
  28: 2,
  29: 1,
  127: 4,
};

/** Reads the elements of a GTP-C message; null when it is not one. Never throws. */
function readGtp(b: Uint8Array, start: number, end: number): GtpMessage | null {
  if (end - start < 8) return null;
  const flags = u8(b, start);
  const version = flags >>> 5;
  const type = u8(b, start + 1);
  const length = u16(b, start + 2);
  if (version === 1 && (flags & 0x10) !== 0) {
    const stop = Math.min(end, start + 8 + length);
    const elements: GtpElement[] = [];
    const ok = readVersion1(b, version1Body(b, start, stop), stop, elements);
    const malformed = !ok || start + 8 + length > end;
    return { version: 1, type, elements, malformed, end: stop, announcesOther: false };
  }
  if (version !== 2) return null;
  const stop = Math.min(end, start + 4 + length);
  const elements: GtpElement[] = [];
  const ok = readVersion2(b, start + ((flags & 8) !== 0 ? 12 : 8), stop, elements, 0);
  const announcesOther = (flags & 0x10) !== 0;
  return { version: 2, type, elements, malformed: !ok || start + 4 + length > end, end: stop, announcesOther };
}

/**
 * Reads the GTP-C messages of a datagram, of which there is one or, in version 2, may be two.
 * @returns `malformed` also when one that was announced is not there, or more are than may be
 */
export function readGtpMessages(
  b: Uint8Array,
  start: number,
  end: number,
): { readonly messages: readonly (GtpMessage & { readonly start: number })[]; readonly malformed: boolean } {
  const messages: (GtpMessage & { readonly start: number })[] = [];
  let at = start;
  for (;;) {
    const message = messages.length < MAX_MESSAGES ? readGtp(b, at, end) : null;
    if (message === null || (messages.length > 0 && message.version !== 2)) return { messages, malformed: true };
    messages.push({ ...message, start: at });
    if (message.malformed || !message.announcesOther) return { messages, malformed: message.malformed };
    at = message.end;
  }
}

/** Behind the optional part of the header and its extensions (3GPP TS 29.060, 6). */
function version1Body(b: Uint8Array, start: number, end: number): number {
  const flags = u8(b, start) & 7;
  if (flags === 0) return start + 8;
  let at = start + 12;
  let next = (flags & 4) === 0 ? 0 : u8(b, start + 11);
  while (next !== 0 && at < end) {
    const words = u8(b, at);
    if (words === 0) return end;
    at += words * 4;
    next = at <= end ? u8(b, at - 1) : 0;
  }
  return at;
}

function readVersion1(b: Uint8Array, from: number, end: number, elements: GtpElement[]): boolean {
  let at = from;
  while (at < end) {
    const type = u8(b, at);
    const fixed = FIXED[type];
    // From 128 on each value tells its length; of an unknown fixed one nobody can tell it.
    if (type < 128 && fixed === undefined) return false;
    const value = type < 128 ? at + 1 : at + 3;
    const to = value + (type < 128 ? (fixed ?? 0) : u16(b, at + 1));
    if (to > end || elements.length >= MAX_ELEMENTS) return false;
    elements.push({ type, from: value, to });
    at = to;
  }
  return true;
}

function readVersion2(b: Uint8Array, from: number, end: number, elements: GtpElement[], depth: number): boolean {
  let at = from;
  while (at + 4 <= end) {
    const element = { type: u8(b, at), from: at + 4, to: at + 4 + u16(b, at + 1) };
    if (element.to > end || elements.length >= MAX_ELEMENTS) return false;
    elements.push(element);
    const grouped = GROUPED.has(element.type);
    if (grouped && (depth >= MAX_DEPTH || !readVersion2(b, element.from, element.to, elements, depth + 1)))
      return false;
    at = element.to;
  }
  return at === end;
}
