import { isValidPhoneNumber } from 'libphonenumber-js/max';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { FieldProbe } from '../transforms/field-probe.ts';
import { passesLuhn } from './luhn.ts';
import { readImsiParts } from './mobile-country-codes.ts';
import { isPlaceholder } from './placeholders.ts';

/** A value that nobody listed and that looks like an identifier: to be looked at, never claimed. */
export interface Proposal {
  readonly kind: IdentifierKind;
  /** As written, without escapes. */
  readonly value: string;
  /** Name of the field that holds it. */
  readonly field: string;
  /** Place of the value in the text, in characters. */
  readonly start: number;
  readonly end: number;
}

interface ProposalRow {
  readonly kind: IdentifierKind;
  readonly source: string;
  /** For the search of bodies, headers and whatever is decoded: field-probe.ts. */
  readonly endings: readonly string[];
  readonly begins?: readonly string[];
  readonly numbers?: true;
  /** The field is named like one … */
  readonly name: RegExp;
  /** … and the value is built like one. */
  readonly looks: (value: string) => boolean;
}

const hexDigits = Array.from('0123456789abcdef');
const countryBegins = new Set(
  '20 21 22 23 24 25 26 27 28 29 30 31 33 34 35 36 37 40 41 42 43 44 45 46 47 50 51 52 53 54 55 60 61 62 63 64 65 70 71 72 73 74 75'.split(
    ' ',
  ),
);
const octets = Array.from('0123456789abcdef').flatMap((high) => Array.from('048c', (low) => `${high}${low}:`));

// Reporting bodies of type allocation codes (GSMA TS.06 annex): the first two digits of an IMEI.
const reportingBodies = new Set('01 10 30 33 35 44 45 49 50 51 52 53 54 86 91 98 99'.split(' '));

/** What is proposed: a row a kind. Both the name and the value have to speak for it. */
export const proposalRows: readonly ProposalRow[] = [
  {
    kind: 'imei',
    source: '3GPP TS 23.003 6.2.1: fifteen digits, Luhn, a type allocation code of a reporting body',
    endings: ['imei', 'deviceid', 'device_id', 'dev_id', 'devid', 'did'],
    begins: [...reportingBodies],
    numbers: true,
    name: /imei|(^|[^a-z])(device_?id|dev_?id|did)$/i,
    looks: (v) => /^\d{15}$/.test(v) && passesLuhn(v) && reportingBodies.has(v.slice(0, 2)),
  },
  {
    kind: 'imsi',
    source: 'ITU-T E.212: fifteen digits, a country code in use',
    endings: ['imsi', 'subscriberid', 'subscriber_id'],
    begins: [...countryBegins],
    numbers: true,
    name: /imsi|subscriber_?id/i,
    looks: (v) => /^\d{15}$/.test(v) && readImsiParts(v).region !== null,
  },
  {
    kind: 'iccid',
    source: 'ITU-T E.118: 89, Luhn (cards of China have none)',
    endings: ['iccid', 'sim_serial', 'simserial', 'simserialnumber', 'sim_sn', 'simsn'],
    begins: ['89'],
    name: /iccid|sim_?(serial|sn)/i,
    looks: (v) => /^89\d{17,18}$/.test(v) && (passesLuhn(v) || v.startsWith('8986')),
  },
  {
    kind: 'msisdn',
    source: 'ITU-T E.164 with +, valid in its numbering plan',
    endings: [
      'phone',
      'phonenumber',
      'phone_number',
      'phone_num',
      'msisdn',
      'mobile',
      'tel',
      'line1',
      'line1number',
      'externalid',
      'external_id',
    ],
    begins: ['+', '%2b'],
    name: /phone|msisdn|mobile|(^|[^a-z])(tel|line1|external_?id)/i,
    looks: (v) => /^\+\d{8,15}$/.test(v) && isValidPhoneNumber(v),
  },
  {
    kind: 'wifi-mac',
    source: 'IEEE 802: a universally administered address of one station',
    endings: [
      'mac',
      'wifi_mac',
      'wifimac',
      'macaddr',
      'mac_addr',
      'macaddress',
      'mac_address',
      'wlan_mac',
      'hw_addr',
      'hwaddr',
    ],
    begins: octets,
    name: /(^|[^a-z])(mac|wlan|wifi_?mac|bssid|hw_?addr)/i,
    looks: (v) => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(v) && (Number.parseInt(v.slice(0, 2), 16) & 3) === 0,
  },
  {
    kind: 'android-id',
    source: 'Settings.Secure.ANDROID_ID: sixteen hex digits',
    endings: ['android_id', 'androidid', 'aid'],
    begins: hexDigits,
    name: /android_?id|(^|[^a-z])aid$/i,
    looks: (v) => /^[0-9a-f]{16}$/i.test(v) && /[a-f]/i.test(v) && /\d/.test(v),
  },
  {
    kind: 'advertising-id',
    source: 'RFC 9562: a random UUID',
    endings: ['adid', 'gaid', 'idfa', 'oaid', 'advertisingid', 'advertising_id'],
    begins: hexDigits,
    name: /adid|gaid|idfa|oaid|advertising_?id/i,
    looks: (v) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(v),
  },
];

/** The same rows as the search knows them. */
export const proposalProbes: readonly FieldProbe[] = proposalRows.map((row) => ({
  ...row,
  id: `proposal-${row.kind}`,
  category: null,
  looks: (value) => row.looks(value) && !isPlaceholder(row.kind, value.toLowerCase()),
}));

/** Fields looked at in one text: a hostile one may have thousands. */
const maxFields = 200;
/** Characters looked at in one text. */
const maxText = 16_384;

const anyName =
  /imei|imsi|iccid|sim_?s|phone|msisdn|mobile|tel|line1|external|mac|wlan|bssid|hw_?addr|(de?v(ice)?|d|a|subscriber|advertising)_?id|adid|idfa/i;

/** Values in a query or form (`name=value&…`, RFC 3986 3.4) that are named and built like an identifier. Pure and bounded. */
export function proposeIdentifiers(text: string): Proposal[] {
  const part = text.slice(0, maxText);
  // Most requests have no such name at all.
  if (!anyName.test(part)) return [];
  const proposals: Proposal[] = [];
  const fields = /(?:^|[?&;])([A-Za-z_][\w.%-]{0,63})=([^&;#\s]{8,120})/g;
  for (let count = 0; count < maxFields; count++) {
    const found = fields.exec(part);
    if (found === null) break;
    const [whole, field = '', raw = ''] = found;
    const value = plain(raw);
    const row = value === null ? undefined : proposalRows.find((r) => r.name.test(field) && r.looks(value));
    if (row === undefined || value === null || isPlaceholder(row.kind, value.toLowerCase())) continue;
    const end = found.index + whole.length;
    proposals.push({ kind: row.kind, value, field, start: end - raw.length, end });
  }
  return proposals;
}

/** The value without percent escapes; null where they are broken. */
function plain(raw: string): string | null {
  try {
    return decodeURIComponent(raw);
  } catch {
    return null;
  }
}
