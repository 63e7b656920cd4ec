import type { IdentifierKind } from '../../../shared/model/identifier.ts';

// Values that handsets, emulators and manuals show in place of an identifier: they single out nobody. One line each, with the reason.
const fixed: Readonly<Partial<Record<IdentifierKind, readonly string[]>>> = {
  imei: [
    '358240051111110', // Android emulator
    '004999010640000', // common in repair firmware
    '012345678912345', // unprogrammed devices
    '012345678912341', // the same with its check digit
    '012345678901234', // typed examples
    '012345678901237', // the same with its check digit
    '123456789012345', // typed examples
    '123456789012347', // the same with its check digit
    '352099001761481', // the worked example of encyclopaedias
    '111111111111119', // ones with their check digit
  ],
  meid: ['a0000000000000', '99000000000000', 'ffffffffffffff'],
  imsi: [
    '310260000000000', // Android emulator
    '310150123456789', // the worked example of encyclopaedias
    '001010123456789', // test network (3GPP TS 34.108 8.3.2.2)
    '001010000000001', // test SIMs
    '123456789012345', // typed examples
  ],
  iccid: [
    '89014103211118510720', // Android emulator
    '8901410321111851072', // the same without its last digit
    '89860000000000000000',
    '8901234567890123456', // typed examples
    '89012345678901234567',
  ],
  'android-id': [
    '9774d56d682e549c', // the same on a whole generation of devices (Android issue 10603)
    '0123456789abcdef',
    '1234567890abcdef',
    '00000000deadbeef',
    'deadbeefdeadbeef',
  ],
  serial: [
    'unknown', // Build.UNKNOWN, since Android 10 for every app
    '0123456789abcdef',
    '1234567890abcdef',
    '0123456789',
    '1234567890',
    'null',
    'none',
    'default',
    'n/a',
    'emulator',
  ],
  'wifi-mac': [
    '02:00:00:00:00:00', // Android's own since 6.0
    '02:15:b2:00:00:00', // Android emulator
    '00:90:4c:c5:12:38', // Broadcom's unprogrammed default
    '00:90:4c:11:22:33', // the same, older
  ],
  'advertising-id': ['12345678-1234-1234-1234-123456789012'],
  email: ['user@example.com', 'name@example.com', 'test@test.com'],
  ssid: ['<unknown ssid>', '0x', 'unknown ssid', 'androidwifi'], // Android's own; the emulator's
  'contact-name': ['unknown', 'null'],
  account: ['unknown', 'null', 'guest'],
};

/** Kinds that share values with another, and the addresses that no hardware has. */
const addresses = new Set([
  ...(fixed['wifi-mac'] ?? []),
  'ff:ff:ff:ff:ff:ff', // broadcast
  '00:11:22:33:44:55', // typed examples
  '01:02:03:04:05:06',
  '01:23:45:67:89:ab',
  '12:34:56:78:9a:bc',
  'aa:bb:cc:dd:ee:ff',
]);

// Numbers that no subscriber has: the emulator's, and those kept for fiction.
const numbers: readonly RegExp[] = [
  /^\+1555521(555[4-9]|55[6-8]\d)$/, // Android emulators on ports 5554 to 5585
  /^\+1\d{3}55501\d\d$/, // NANPA 555-0100 to 0199
  /^\+447700900\d{3}$/, // Ofcom's numbers for drama
  /^\+?(0?123456789|1234567890|0123456789)$/,
];

/** True for a normalised value that stands for «no identifier»: it is kept in the case, and never searched. */
export function isPlaceholder(kind: IdentifierKind, value: string): boolean {
  const folded = value.toLowerCase();
  if (fixed[kind]?.includes(folded) === true) return true;
  if (kind === 'contact-name' || kind === 'ssid' || kind === 'custom' || kind === 'account') return false;
  if (kind === 'wifi-mac' || kind === 'bluetooth-mac' || kind === 'bssid') {
    if (addresses.has(folded)) return true;
  }
  if ((kind === 'msisdn' || kind === 'contact-msisdn') && numbers.some((pattern) => pattern.test(folded))) return true;
  // One symbol over and over (zeros, ones, f) carries no identity; an IMEI's last digit only checks the others.
  const symbols = folded.replace(/[^0-9a-z]/g, '');
  const body = kind === 'imei' ? symbols.slice(0, 14) : symbols;
  return body.length >= 6 && /^(.)\1*$/.test(body);
}
