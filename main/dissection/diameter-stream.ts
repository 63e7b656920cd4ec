import { textOf, u24, u32, u8 } from './bytes.ts';
import { handStreamText, namedValue, type TextPiece } from './decoded-text.ts';
import { type Avp, readAvps } from './diameter-avps.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { type FramedMessage, FramedParser } from './framed-parser.ts';
import { tbcdDigits } from './identity-codings.ts';
import { claim, type StreamProtocol } from './stream-protocol.ts';

const HEADER_BYTES = 20;
const MAX_MESSAGE_BYTES = 1 << 20;
/** Command codes of RFC 6733, RFC 8506 and 3GPP TS 29.272 (S6a), 29.229 (Cx). */
const COMMANDS: Readonly<Record<number, string>> = {
  257: 'capabilities-exchange',
  258: 're-auth',
  265: 'aa',
  268: 'diameter-eap',
  271: 'accounting',
  272: 'credit-control',
  274: 'abort-session',
  275: 'session-termination',
  280: 'device-watchdog',
  282: 'disconnect-peer',
  300: 'user-authorization',
  301: 'server-assignment',
  302: 'location-info',
  303: 'multimedia-auth',
  304: 'registration-termination',
  306: 'user-data',
  316: 'update-location',
  317: 'cancel-location',
  318: 'authentication-information',
  319: 'insert-subscriber-data',
  321: 'purge-ue',
  323: 'notify',
  324: 'me-identity-check',
};

const TGPP = 10_415;
/** Texts and BCD that name a person or a device: vendor and code → field (RFC 6733, 8506; 3GPP TS 29.272, 29.061, 29.329). */
const FIELDS: ReadonlyMap<string, { readonly field: string; readonly bcd: boolean }> = new Map([
  ['0.1', { field: 'diameter.user_name', bcd: false }],
  ['0.31', { field: 'diameter.calling_station_id', bcd: false }],
  ['0.264', { field: 'diameter.origin_host', bcd: false }],
  ['0.444', { field: 'diameter.subscription_id_data', bcd: false }],
  ['0.460', { field: 'diameter.user_equipment_info_value', bcd: true }],
  [`${TGPP}.1`, { field: 'diameter.imsi', bcd: false }],
  [`${TGPP}.20`, { field: 'diameter.imeisv', bcd: true }],
  [`${TGPP}.601`, { field: 'diameter.public_identity', bcd: false }],
  [`${TGPP}.701`, { field: 'diameter.msisdn', bcd: true }],
  [`${TGPP}.1402`, { field: 'diameter.imei', bcd: false }],
  [`${TGPP}.1403`, { field: 'diameter.software_version', bcd: false }],
  [`${TGPP}.1643`, { field: 'diameter.a_msisdn', bcd: true }],
]);

/** RFC 6733, 3: version 1, 24 bits of length, flags of which the lower four are reserved. */
function diameterLength(b: Uint8Array, at: number, end: number): number {
  if (u8(b, at) !== 1) return -1;
  if (end - at < 8) return 0;
  const length = u24(b, at + 1);
  const sane = length >= HEADER_BYTES && length % 4 === 0 && length <= MAX_MESSAGE_BYTES && (u8(b, at + 4) & 15) === 0;
  return sane ? length : -1;
}

const isText = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

interface Known {
  readonly field: string;
  readonly value: string;
  readonly avp: Avp;
  /** The bytes are no text: the value is handed on decoded. */
  readonly decoded: boolean;
}

function knownOf(bytes: Uint8Array, avp: Avp): Known | null {
  const entry = FIELDS.get(`${avp.vendor}.${avp.code}`);
  if (entry === undefined) return null;
  const { field } = entry;
  const text = textOf(bytes, avp.from, avp.to);
  const digits = entry.bcd && !isText(text) ? tbcdDigits(bytes, avp.from, avp.to) : null;
  return { field, value: digits ?? text, avp, decoded: digits !== null };
}

/** Reads one message: its names and numbers become fields; what is in telephony BCD is handed on as text. */
function takeMessage(out: Emitter, d: Direction, m: FramedMessage): void {
  const { bytes, start, end, position } = m;
  const { row } = d.connection;
  const { avps, malformed } = readAvps(bytes, start + HEADER_BYTES, end);
  if (malformed && m.length === end - start) out.note(row, 'malformed');
  const index = out.newMessage();
  const known = avps.map((avp) => knownOf(bytes, avp)).filter((one) => one !== null);
  let room = d.marks.add(position, 'diameter', index);
  const hidden: TextPiece[] = [];
  for (const { field, value, avp, decoded } of known) {
    const [from, to] = [position + (avp.from - start), position + (avp.to - start)];
    room = d.marks.add(from, field, index) && room;
    room = d.marks.add(to, 'diameter', index) && room;
    if (decoded) hidden.push(namedValue(field, value, from, to, index));
  }
  room = d.marks.add(position + m.length, null, null) && room;
  if (!room) out.note(row, 'cap-marks');
  handStreamText(out, d, hidden, ['tbcd']);
  const of = (...fields: string[]): string | null => known.find(({ field }) => fields.includes(field))?.value ?? null;
  const code = u24(bytes, start + 5);
  out.message(row, d.way, index, d.feedFrame, d.feedUs, 'diameter', {
    command: COMMANDS[code] ?? `command-${code}`,
    request: (u8(bytes, start + 4) & 0x80) !== 0,
    application: u32(bytes, start + 8),
    originHost: of('diameter.origin_host'),
    userName: of('diameter.user_name', 'diameter.imsi'),
    msisdn: of('diameter.msisdn', 'diameter.a_msisdn'),
    imei: of('diameter.imei', 'diameter.imeisv', 'diameter.user_equipment_info_value'),
    subscriptionIds: known.filter(({ field }) => field === 'diameter.subscription_id_data').map(({ value }) => value),
  });
}

/**
 * Is this message of SCTP made of whole messages of Diameter, to its end (RFC 6733 section 2.1.1)? `isTold`: port or payload
 * protocol say so; otherwise its commands must be known ones.
 */
export function holdsDiameter(b: Uint8Array, start: number, end: number, isTold: boolean): boolean {
  let at = start;
  while (at < end) {
    const length = end - at < HEADER_BYTES ? -1 : diameterLength(b, at, end);
    if (length <= 0 || length > end - at || !(isTold || COMMANDS[u24(b, at + 5)] !== undefined)) return false;
    at += length;
  }
  return end > start;
}

/** Diameter over TCP (RFC 6733); over SCTP `begin` alone is used. */
export const diameter: StreamProtocol = {
  application: 'diameter',
  likeness(b, start, end) {
    const length = diameterLength(b, start, end);
    if (length <= 0) return length < 0 ? 'no' : 'perhaps';
    if (end - start < HEADER_BYTES) return 'perhaps';
    return COMMANDS[u24(b, start + 5)] === undefined ? 'no' : 'yes';
  },
  begin(out, d) {
    // Either side asks: only the opening of the connection tells who the client is (RFC 6733, 2.1).
    claim(out, d, 'diameter', 'cleartext', null);
    return new FramedParser(out, d, {
      application: 'diameter',
      length: diameterLength,
      upgrades: true,
      headOnly: false,
      message: (message) => takeMessage(out, d, message),
    });
  },
};
