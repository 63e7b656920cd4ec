import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { Edge } from '../transforms/normal-forms.ts';
import { byteAt, hexValues, isDigit, isEscape, isWordByte } from './byte-classes.ts';

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
export function edgeBefore(bytes: Uint8Array, start: number, from: number, edge: Edge): EdgeState {
  if (start <= from) return 'unknown';
  if (start - 3 >= from && isEscape(bytes, start - 3, start)) {
    const byte = (byteAt(hexValues, byteAt(bytes, start - 2)) << 4) | byteAt(hexValues, byteAt(bytes, start - 1));
    return belongs(byte, edge) ? 'joined' : 'clean';
  }
  const byte = byteAt(bytes, start - 1);
  if (start - 2 >= from && bytes[start - 2] === 0x5c && (byte === 0x6e || byte === 0x72 || byte === 0x74))
    return 'clean';
  return belongs(byte, edge) ? 'joined' : 'clean';
}

export function edgeAfter(bytes: Uint8Array, end: number, to: number, edge: Edge): EdgeState {
  if (end >= to) return 'unknown';
  return belongs(byteAt(bytes, end), edge) ? 'joined' : 'clean';
}

// What may stand between a field's name and its value: form and query, JSON (escaped too), header, XML element, multipart.
const patterns: readonly RegExp[] = [
  /([A-Za-z_][\w.@[\]-]{0,63})=["']?[+\w.-]{0,8}$/,
  /([A-Za-z_][\w.@-]{0,63})\\?["']\s{0,4}:\s{0,4}\[?\\?["']?[+\w.-]{0,8}$/,
  /(?:^|[\r\n{,;\s])([A-Za-z_][\w.-]{0,63})\s?:\s{0,4}\\?["']?[+\w.-]{0,8}$/,
  /<([A-Za-z_][\w.:-]{0,63})>\s{0,4}[+\w.-]{0,8}$/,
  /name="([^"\r\n]{1,64})"(?:\r\n[^\r\n]{1,80}){0,4}\r\n\r\n[+\w.-]{0,8}$/,
];

/** Name of the field whose value begins at (or a few characters before) `context.start`: `imsi` of `?imsi=466…`; null when none is seen. */
export function fieldNameBefore(context: ByteContext): string | null {
  const before = textBefore(context);
  for (const pattern of patterns) {
    const name = pattern.exec(before)?.[1];
    if (name !== undefined) return name;
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
  account: /user|account|login|name|uid|id$/i,
  email: /mail|user|account|login|from|to$/i,
  'contact-name': /name|contact|nick|display/i,
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
