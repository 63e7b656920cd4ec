import type { IdentifierKind } from '../../../shared/model/identifier.ts';

// Values that handsets, emulators and manuals show in place of an identifier: they single out nobody. One line each, with the reason.
const fixed: Readonly<Partial<Record<IdentifierKind, readonly string[]>>> = {
  imei: [
    '358240051111110', // Android emulator
    '004999010640000', // common in repair firmware
    '012345678912345', // unprogrammed devices
    '123456789012345', // typed examples
  ],
  imsi: ['310260000000000'], // Android emulator
  iccid: ['89014103211118510720'], // Android emulator
  msisdn: ['+15555215554'], // Android emulator
  'contact-msisdn': ['+15555215554'],
  'android-id': ['9774d56d682e549c'], // the same on a whole generation of devices (Android issue 10603)
  serial: ['unknown', '0123456789abcdef', '1234567890abcdef', 'null', 'none', 'default', 'n/a'],
  'wifi-mac': ['02:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '00:90:4c:c5:12:38'], // Android's own placeholder; broadcast; Broadcom's unprogrammed default
  'bluetooth-mac': ['02:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'],
  bssid: ['02:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'],
  ssid: ['<unknown ssid>', '0x', 'unknown ssid'],
  'contact-name': ['unknown', 'null'],
};

/** True for a normalised value that stands for «no identifier»: it is kept in the case, and never searched. */
export function isPlaceholder(kind: IdentifierKind, value: string): boolean {
  if (fixed[kind]?.includes(value.toLowerCase()) === true) return true;
  if (kind === 'contact-name' || kind === 'ssid' || kind === 'custom' || kind === 'account') return false;
  // One symbol over and over (zeros, ones, f) carries no identity.
  const symbols = value.toLowerCase().replace(/[^0-9a-z]/g, '');
  return symbols.length >= 6 && /^(.)\1*$/.test(symbols);
}
