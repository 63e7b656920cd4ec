/**
 * The messaging service's own SMS, `MX/<H(deviceId)>/<H(iccid)>/<password>` (decompiled MIUI `Mms` of 2012): not IP, so no
 * capture shows it, and on 4.3 it is not in the SMS log either. The radio log has it as text or as the PDU handed to the modem.
 */
const pattern = /\bMX\/[\w-]{16,27}\/[\w-]{16,27}\/[^\s"'\],;)}]{1,64}/;
const destinationPattern = /\b(?:dest(?:Addr|ination)?|to|address|number)\s*[=:]\s*["']?(\+?\d{3,20})/i;
const pduPattern = /\b(?:[0-9A-Fa-f]{2}){24,260}\b/g;

export interface SilentSms {
  readonly text: string;
  readonly destination: string | null;
}

/** Finds the service's SMS in a message of the radio log, in plain text or inside a hexadecimal SMS-SUBMIT. */
export function findSilentSms(message: string): SilentSms | null {
  const plain = pattern.exec(message);
  if (plain) return { text: plain[0], destination: destinationPattern.exec(message)?.[1] ?? null };
  for (const [hex] of message.slice(0, 4096).matchAll(pduPattern)) {
    const submit = readSubmit(hex);
    const match = submit === null ? null : pattern.exec(submit.text);
    if (submit && match) return { text: match[0], destination: submit.destination };
  }
  return null;
}

function bytesOf(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** SMS-SUBMIT of 3GPP TS 23.040, 9.2.2.2, with or without the service centre's address before it. */
function readSubmit(hex: string): { text: string; destination: string | null } | null {
  const bytes = bytesOf(hex);
  const withCentre = (bytes[0] ?? 255) <= 12 ? readSubmitAt(bytes, 1 + (bytes[0] ?? 0)) : null;
  return withCentre ?? readSubmitAt(bytes, 0);
}

function readSubmitAt(bytes: Uint8Array, start: number): { text: string; destination: string | null } | null {
  const first = bytes[start];
  if (first === undefined || (first & 0x03) !== 1) return null;
  const digits = bytes[start + 2] ?? 255;
  if (digits > 20) return null;
  const numberType = bytes[start + 3] ?? 0;
  const octets = Math.ceil(digits / 2);
  let at = start + 4 + octets;
  const destination = readSwapped(bytes.subarray(start + 4, at), digits, (numberType & 0x70) === 0x10);
  const coding = bytes[at + 1];
  // Validity period: none, 1 octet (relative) or 7 (absolute, enhanced).
  const validity = (first >> 3) & 0x03;
  at += 2 + (validity === 0 ? 0 : validity === 2 ? 1 : 7);
  const length = bytes[at];
  if (length === undefined || coding === undefined) return null;
  const body = bytes.subarray(at + 1);
  const header = (first & 0x40) === 0 ? 0 : 1 + (body[0] ?? 0);
  if ((coding & 0x0c) === 0x08) return { text: readUcs2(body.subarray(header, length)), destination };
  if ((coding & 0x0c) === 0x04) return { text: readLatin(body.subarray(header, length)), destination };
  return { text: readSevenBit(body, Math.ceil((header * 8) / 7), length), destination };
}

function readSwapped(bytes: Uint8Array, digits: number, international: boolean): string {
  let text = '';
  for (const byte of bytes) text += (byte & 0x0f).toString(16) + (byte >> 4).toString(16);
  return (international ? '+' : '') + text.slice(0, digits);
}

const readLatin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function readUcs2(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  return text;
}

/** GSM 7-bit (23.038): letters, digits and `/ - =` stand where ASCII has them; `_` is 0x11. */
function readSevenBit(bytes: Uint8Array, skip: number, septets: number): string {
  let text = '';
  for (let i = skip; i < septets && i * 7 < bytes.length * 8; i += 1) {
    const bit = i * 7;
    const pair = (bytes[bit >> 3] ?? 0) | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    const septet = (pair >> (bit & 7)) & 0x7f;
    text += septet === 0x11 ? '_' : septet === 0x00 ? '@' : String.fromCharCode(septet);
  }
  return text;
}
