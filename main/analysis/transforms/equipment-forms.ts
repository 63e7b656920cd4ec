import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { FormRow } from './form-row.ts';

const bothCases = (text: string): string[] => [text, text.toUpperCase()];
const macKinds: readonly IdentifierKind[] = ['wifi-mac', 'bluetooth-mac', 'bssid'];
const plainMac = (mac: string): string => mac.replaceAll(':', '');
const softwareVersions = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

/** Forms of what is soldered in or made by the system: IMEI, MEID, Android ID, hardware addresses, advertising id. */
export const equipmentRows: readonly FormRow[] = [
  { kinds: ['imei'], form: null, source: '3GPP TS 23.003 6.2.1', edge: 'digit', write: (v) => [v] },
  {
    kinds: ['imei'],
    form: 'imei-14',
    source: '3GPP TS 23.003 6.2.1: TAC and serial without check digit',
    edge: 'digit',
    write: (v) => [v.slice(0, 14)],
  },
  {
    kinds: ['imei'],
    form: 'imei-dashed',
    source: '3GPP TS 23.003: AA-BBBBBB-CCCCCC-D, as printed on boxes; TAC of eight since 2004; either without D',
    edge: 'digit',
    rank: 1,
    write: (v) => groupedImei(v, '-'),
  },
  {
    kinds: ['imei'],
    form: 'imei-spaced',
    source: 'dialler screens of *#06#',
    edge: 'digit',
    rank: 1,
    write: (v) => groupedImei(v, ' '),
  },
  // Every software version: 100 texts cost nothing, because digests are looked up and not scanned for.
  {
    kinds: ['imei'],
    form: 'imeisv',
    source: '3GPP TS 23.003 6.2.2',
    edge: 'digit',
    write: (v) => softwareVersions.map((sv) => v.slice(0, 14) + sv),
    digestOnly: true,
  },
  { kinds: ['meid'], form: null, source: '3GPP2 S.R0048', edge: 'hex', write: bothCases },
  {
    kinds: ['meid'],
    form: 'meid-decimal',
    source: '3GPP2 S.R0048 decimal writing',
    edge: 'digit',
    rank: 1,
    write: (v) => [meidDecimal(v)],
  },
  {
    kinds: ['meid'],
    form: 'meid-grouped',
    source: '3GPP2 S.R0048 as printed: RR XXXXXX ZZZZZZ',
    edge: 'hex',
    rank: 1,
    write: (v) => ['-', ' '].flatMap((join) => bothCases([v.slice(0, 2), v.slice(2, 8), v.slice(8)].join(join))),
  },
  { kinds: ['android-id'], form: null, source: 'Settings.Secure.ANDROID_ID', edge: 'hex', write: bothCases },
  {
    kinds: ['android-id'],
    form: 'android-host-name',
    // In DHCP the next byte is the code of another option, often 0x37, which reads as a 7: so no neighbour counts.
    source: 'DHCP host name of Android up to 7 (net.hostname)',
    edge: null,
    constantBits: 12,
    write: (v) => [`android-${v}`],
  },
  {
    kinds: ['android-id'],
    form: 'leading-zeros-dropped',
    source: 'Long.toHexString',
    edge: 'hex',
    write: (v) => (v.startsWith('0') ? bothCases(v.replace(/^0+/, '')) : []),
  },
  {
    kinds: ['android-id'],
    form: 'android-id-decimal',
    source: 'Google check-in protocol: fixed64; Long.toString where the first bit is set',
    edge: 'digit',
    rank: 1,
    write: (v) => [BigInt(`0x${v}`).toString(), BigInt.asIntN(64, BigInt(`0x${v}`)).toString()],
  },
  { kinds: macKinds, form: null, source: 'IEEE 802 with :', edge: 'hex', write: bothCases },
  {
    kinds: macKinds,
    form: 'mac-dashed',
    source: 'IEEE 802 with -',
    edge: 'hex',
    write: (v) => bothCases(v.replaceAll(':', '-')),
  },
  {
    kinds: macKinds,
    form: 'mac-plain',
    source: 'twelve hex digits',
    edge: 'hex',
    write: (v) => bothCases(plainMac(v)),
  },
  {
    kinds: macKinds,
    form: 'mac-dotted',
    source: 'three groups with ., as network equipment writes it; six pairs with .',
    edge: 'hex',
    rank: 1,
    write: (v) => [...bothCases(plainMac(v).replace(/(.{4})(?=.)/g, '$1.')), ...bothCases(v.replaceAll(':', '.'))],
  },
  {
    kinds: macKinds,
    form: 'mac-zeros-dropped',
    source: 'Integer.toHexString of each byte, joined with :',
    edge: 'hex',
    rank: 1,
    write: (v) => (/(^|:)0/.test(v) ? bothCases(v.replace(/(^|:)0/g, '$1')) : []),
  },
  {
    kinds: macKinds,
    form: 'mac-decimal',
    source: 'the address as one number (Long.parseLong(mac, 16))',
    edge: 'digit',
    rank: 1,
    write: (v) => [BigInt(`0x${plainMac(v)}`).toString()],
  },
  {
    kinds: macKinds,
    form: 'eui-64',
    source: 'RFC 4291 appendix A: interface identifier of an IPv6 address',
    edge: 'hex',
    constantBits: 16,
    rank: 1,
    write: (v) => [interfaceIdentifier(plainMac(v))],
  },
  { kinds: ['advertising-id'], form: null, source: 'RFC 9562 4', edge: 'hex', write: bothCases },
  {
    kinds: ['advertising-id'],
    form: 'uuid-plain',
    source: 'UUID without dashes',
    edge: 'hex',
    write: (v) => bothCases(v.replaceAll('-', '')),
  },
];

function groupedImei(v: string, join: string): string[] {
  const [oldType, type, serial, check] = [[v.slice(0, 2), v.slice(2, 8)], [v.slice(0, 8)], v.slice(8, 14), v.slice(14)];
  return [oldType, type].flatMap((t) => [[...t, serial, check].join(join), [...t, serial].join(join)]);
}

function meidDecimal(hex: string): string {
  const high = Number.parseInt(hex.slice(0, 8), 16).toString().padStart(10, '0');
  const low = Number.parseInt(hex.slice(8), 16).toString().padStart(8, '0');
  return high + low;
}

function interfaceIdentifier(mac: string): string {
  const first = (Number.parseInt(mac.slice(0, 2), 16) ^ 2).toString(16).padStart(2, '0');
  const full = `${first}${mac.slice(2, 6)}fffe${mac.slice(6)}`;
  // Groups without leading zeros, as RFC 5952 4.1 writes them.
  return full
    .replace(/(.{4})(?=.)/g, '$1:')
    .split(':')
    .map((group) => group.replace(/^0{1,3}/, ''))
    .join(':');
}
