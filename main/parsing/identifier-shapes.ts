/** Values that makers put where nothing is known: never an identifier. */
const placeholders = new Set([
  '02:00:00:00:00:00',
  '00:00:00:00:00:00',
  'ff:ff:ff:ff:ff:ff',
  'unknown',
  'null',
  '0123456789abcdef',
  '000000000000000',
  '0',
  '00000000000000',
]);

/** What a value of each kind looks like; the checks of meaning (Luhn, MCC) are made where identifiers are stored. */
const shapes: Readonly<Record<string, RegExp>> = {
  imei: /^\d{14,16}$/,
  meid: /^[0-9a-f]{14}$/i,
  imsi: /^\d{14,15}$/,
  // ITU-T E.118: begins with 89, up to 20 digits; some cards carry a hexadecimal digit at the end.
  iccid: /^89\d{16,17}[0-9a-f]?[0-9a-f]?$/i,
  msisdn: /^\+?\d{5,15}$/,
  'contact-msisdn': /^\+?\d{3,15}$/,
  'android-id': /^[0-9a-f]{13,16}$/i,
  serial: /^[\w.-]{4,64}$/,
  'wifi-mac': /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
  bssid: /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
  'bluetooth-mac': /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i,
};

/** Whether a value can be of a kind at all. Kinds without a shape take any text up to 256 characters. */
export function looksLike(kind: string, value: string): boolean {
  if (value === '' || value.length > 256 || placeholders.has(value.toLowerCase())) return false;
  return shapes[kind]?.test(value) ?? true;
}

/** Blanks, dashes and brackets out of a telephone number as people write it. */
export function tidyNumber(text: string): string {
  return text.replace(/[\s\-().\u00a0\u202a-\u202e\u2066-\u2069]/g, '');
}

/**
 * The digits of an ICCID as the card itself stores them, each pair of nibbles swapped: `98…` becomes `89…`, filling Fs fall away;
 * null for anything else. Source: ETSI TS 102 221, 13.2; example: EF_ICCID in iccprofile_for_sim0.xml of Android's emulator.
 */
export function digitsFromSwappedNibbles(text: string): string | null {
  if (!/^98[0-9a-f]{16,18}$/i.test(text) || text.length % 2 !== 0) return null;
  const digits = text.replace(/(.)(.)/g, '$2$1').replace(/f{1,3}$/i, '');
  return /^89\d{16,18}$/.test(digits) ? digits : null;
}

/** Base64 or base64url whose content is plain digits, as some modems keep the ICCID; null for anything else. */
export function digitsFromBase64(text: string): string | null {
  if (!/^[\w+/-]{16,64}={0,2}$/.test(text) || /^\d+$/.test(text)) return null;
  const decoded = atob(text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, ''));
  return /^\d{10,24}[0-9A-Fa-f]?$/.test(decoded) ? decoded : null;
}
