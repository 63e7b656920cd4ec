import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { Edge } from '../transforms/normal-forms.ts';
import type { PartialEdges } from '../transforms/encodings.ts';
import type { LiteralPattern } from '../transforms/pattern-set.ts';
import { base64Values, byteAt, hexValues, isDigit, isEscape, isWordByte } from './byte-classes.ts';

export type EdgeState = 'clean' | 'joined' | 'unknown';

/** Bytes kept on either side of a match, for the screen and for the names beside it. */
export const contextBytes = 128;

export interface ByteContext {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export function contextOf(bytes: Uint8Array, start: number, end: number, from: number, to: number): ByteContext {
  const first = Math.max(from, start - contextBytes);
  const past = Math.min(to, end + contextBytes);
  return { bytes: Uint8Array.from(bytes.subarray(first, past)), start: start - first, end: end - first };
}

function belongs(byte: number, edge: Edge): boolean {
  if (edge === 'digit') return isDigit(byte);
  return edge === 'hex' ? hexValues[byte] !== 255 : isWordByte(byte);
}

/** Does the byte before `start` make the match part of something longer? An escape there (`%22`, `\n`) counts as what it stands for. */
function edgeBefore(bytes: Uint8Array, start: number, from: number, edge: Edge): EdgeState {
  if (start <= from) return 'unknown';
  if (start - 3 >= from && isEscape(bytes, start - 3, start)) return stateOf(hexPair(bytes, start - 2), edge);
  const byte = byteAt(bytes, start - 1);
  if (start - 2 >= from && bytes[start - 2] === 0x5c && (byte === 0x6e || byte === 0x72 || byte === 0x74))
    return 'clean';
  return stateOf(byte, edge);
}

function edgeAfter(bytes: Uint8Array, end: number, to: number, edge: Edge): EdgeState {
  if (end >= to) return 'unknown';
  return stateOf(isEscape(bytes, end, to) ? hexPair(bytes, end + 1) : byteAt(bytes, end), edge);
}

const stateOf = (byte: number, edge: Edge): EdgeState => (belongs(byte, edge) ? 'joined' : 'clean');
const hexPair = (bytes: Uint8Array, at: number): number =>
  (byteAt(hexValues, byteAt(bytes, at)) << 4) | byteAt(hexValues, byteAt(bytes, at + 1));

/** What stands on either side of a match, in the value's own characters: base64, hex and UTF-16 neighbours are decoded. */
export function edgesOf(
  pattern: Pick<LiteralPattern, 'edge' | 'partial' | 'steps'>,
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
  to: number,
): { readonly before: EdgeState; readonly after: EdgeState } {
  const { edge, partial } = pattern;
  if (edge === null) return { before: 'unknown', after: 'unknown' };
  if (partial !== undefined) return base64Edges(partial, edge, bytes, start, from, to);
  if (pattern.steps[0] === 'hex') return hexEdges(edge, bytes, start, end, from, to);
  // In UTF-16 the neighbour's own byte lies behind, or before, the zero of its pair.
  const before = pattern.steps[0] === 'utf-16le' ? 1 : 0;
  const after = pattern.steps[0] === 'utf-16be' ? 1 : 0;
  return { before: edgeBefore(bytes, start - before, from, edge), after: edgeAfter(bytes, end + after, to, edge) };
}

function hexEdges(
  edge: Edge,
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
  to: number,
): { before: EdgeState; after: EdgeState } {
  const isHex = (at: number): boolean => at >= from && at < to && hexValues[byteAt(bytes, at)] !== 255;
  const before =
    start <= from
      ? 'unknown'
      : isHex(start - 1) && isHex(start - 2)
        ? stateOf(hexPair(bytes, start - 2), edge)
        : 'clean';
  const after = end >= to ? 'unknown' : isHex(end) && isHex(end + 1) ? stateOf(hexPair(bytes, end), edge) : 'clean';
  return { before, after };
}

/** `start` is the first character that holds a bit of the value; its group of four began `alignment` characters earlier. */
function base64Edges(
  partial: PartialEdges,
  edge: Edge,
  bytes: Uint8Array,
  start: number,
  from: number,
  to: number,
): { before: EdgeState; after: EdgeState } {
  const valueAt = (at: number): number => (at < from || at >= to ? -1 : byteAt(base64Values, byteAt(bytes, at)));
  // Byte `n`, counted from the first of the group in which the value begins; null when its characters are not base64.
  const group = start - partial.alignment;
  const decoded = (n: number): number | null | 'unknown' => {
    const bit = n * 8;
    const at = group + Math.floor(bit / 6);
    const [high, low] = [valueAt(at), valueAt(at + 1)];
    if (high === -1 || low === -1) return 'unknown';
    if (high === 255 || low === 255) return null;
    const shift = ((bit % 6) + 6) % 6;
    return (((high << 6) | low) >> (4 - shift)) & 0xff;
  };
  const judge = (byte: number | null | 'unknown'): EdgeState =>
    byte === 'unknown' ? 'unknown' : byte === null ? 'clean' : stateOf(byte, edge);
  return {
    before: judge(decoded(partial.alignment - 1)),
    after: judge(decoded(partial.alignment + partial.valueBytes)),
  };
}

// What may stand between a field's name and its value: form and query, JSON (escaped too), header, XML element, multipart.
const patterns: readonly RegExp[] = [
  /([A-Za-z_][\w.@[\]-]{0,63})=["']?[+\w.-]{0,8}$/,
  /([A-Za-z_][\w.@-]{0,63})\\?["']\s{0,4}:\s{0,4}\[?\\?["']?[+\w.-]{0,8}$/,
  /(?:^|[\r\n{,;\s])([A-Za-z_][\w.-]{0,63})\s?:\s{0,4}\\?["']?[+\w.-]{0,8}$/,
  /<([A-Za-z_][\w.:-]{0,63})>\s{0,4}[+\w.-]{0,8}$/,
  /name="([^"\r\n]{1,64})"(?:\r\n[^\r\n]{1,80}){0,4}\r\n\r\n[+\w.-]{0,8}$/,
];

/** Characters that the names have at most; of a longer one the end is told, behind a mark. */
const longestName = 64;
const goesOn = /[\w.@[\]-]/;

/** One of these ends the name in each of them, so many characters before the value at most: text in which none stands there is not looked through. */
const nameEnd = /[=:>\n]/;
const nameEndDistance = 16;

/** Name of the field whose value begins at (or a few characters before) `context.start`: `imsi` of `?imsi=466…`; null when none is seen. */
export function fieldNameBefore(context: ByteContext): string | null {
  const before = textBefore(context);
  if (!nameEnd.test(before.slice(-nameEndDistance))) return null;
  for (const pattern of patterns) {
    const found = pattern.exec(before);
    const name = found?.[1];
    if (found === null || name === undefined) continue;
    const at = found.index + found[0].indexOf(name);
    const isCut = name.length === longestName && goesOn.test(before[at - 1] ?? '');
    return isCut ? `…${name}` : name;
  }
  return null;
}

/** The path segment before the one that holds the match: `dev` of `/pass/activate/dev/…`. */
export function pathSegmentBefore(context: ByteContext): string | null {
  return /\/([A-Za-z][\w.@-]{0,39})\/[+\w.-]{0,8}$/.exec(textBefore(context))?.[1] ?? null;
}

function textBefore(context: ByteContext): string {
  const raw = Buffer.from(context.bytes.subarray(0, context.start)).toString('latin1');
  return raw.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

// Names under which each kind is sent; from the founding case, Android's and vendors' SDKs as published in the studies the handbook cites.
const device = 'imei|meid|dev|device_?id|did|esn|equipment';
const number =
  'phone|mobile|msisdn|tel|number|num|external_?id|user_?id|line1|sender|from|to|recipient|caller|callee|address|contact|mx|uid';
const agreeing: Readonly<Record<IdentifierKind, RegExp>> = {
  imei: new RegExp(`(^|[^a-z])(${device})|imei`, 'i'),
  meid: new RegExp(`(^|[^a-z])(${device})|meid`, 'i'),
  imsi: /imsi|subscriber/i,
  iccid: /iccid|sim|imsi/i,
  msisdn: new RegExp(`(^|[^a-z])(${number})|phone|mobile`, 'i'),
  'contact-msisdn': new RegExp(`(^|[^a-z])(${number})|phone|mobile`, 'i'),
  'android-id': /android|aid|udid|uuid|device/i,
  serial: /serial|sn$|^sn|device/i,
  'wifi-mac': /mac|wlan|wifi|hw/i,
  'bluetooth-mac': /mac|bt|bluetooth/i,
  'advertising-id': /adid|gaid|idfa|oaid|advert/i,
  account: /user|account|login|name|uid|id$|^(from|to|jid)$/i,
  email: /mail|user|account|login|from|to$/i,
  'contact-name': /name|contact|nick|display|^fn$/i,
  ssid: /ssid|wifi|network|ap$/i,
  bssid: /bssid|mac|ap/i,
  'cell-id': /cell|cid|lac|tac/i,
  location: /loc|lat|lon|lng|gps|geo|coord/i,
  custom: /$^/,
};

/** Does a field of this name usually hold this kind? */
export function nameAgrees(kind: IdentifierKind, name: string | null): boolean {
  return name !== null && agreeing[kind].test(name);
}
