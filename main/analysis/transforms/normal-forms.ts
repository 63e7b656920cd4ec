import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { luhnCheckDigit, passesLuhn } from '../identifiers/luhn.ts';

export type Edge = 'digit' | 'hex' | 'word';

/** One way to write an identifier before any encoding. A finding shows it as `form`; `null` is the canonical writing. */
export interface NormalForm {
  readonly form: string | null;
  /** Exact texts that differ in letter case only; digests and encodings need each, plain search needs one. */
  readonly texts: readonly string[];
  /** Letter case does not matter in plain search. */
  readonly fold: boolean;
  /** Neighbours that make it part of something else: another digit, hex digit, or letter or digit; null: none does. */
  readonly edge: Edge | null;
  /** 0 for the customary writings; 1 for rare ones, left out first when the limit of literals bites. */
  readonly rank: 0 | 1;
  /** Not searched plainly because another form contains it or it would be found by chance; only its digests are. */
  readonly digestOnly: boolean;
}

interface FormRow {
  readonly kinds: readonly IdentifierKind[];
  readonly form: string | null;
  /** Who writes it so. */
  readonly source: string;
  readonly write: (value: string) => readonly string[];
  readonly edge: Edge | null;
  readonly rank?: 1;
  readonly digestOnly?: true;
}

const bothCases = (text: string): string[] => [text, text.toUpperCase()];
const macKinds: readonly IdentifierKind[] = ['wifi-mac', 'bluetooth-mac', 'bssid'];
const numberKinds: readonly IdentifierKind[] = ['msisdn', 'contact-msisdn'];
const pairs = (mac: string): string[] => mac.split(':');
const softwareVersions = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

function nationalOf(
  value: string,
): { readonly calling: string; readonly national: string; readonly local: string } | null {
  const parsed = parsePhoneNumberFromString(value);
  if (parsed === undefined) return null;
  const local = parsed.formatNational();
  return { calling: parsed.countryCallingCode, national: parsed.nationalNumber, local };
}

/** Identifier → normal forms: the first axis of the lattice, one row a form. */
const rows: readonly FormRow[] = [
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
    source: '3GPP TS 23.003: AA-BBBBBB-CCCCCC-D, as printed on boxes',
    edge: 'digit',
    rank: 1,
    write: (v) => [v.replace(/^(..)(.{6})(.{6})(.)$/, '$1-$2-$3-$4')],
  },
  {
    kinds: ['imei'],
    form: 'imei-spaced',
    source: 'dialler screens of *#06#',
    edge: 'digit',
    rank: 1,
    write: (v) => [v.replace(/^(..)(.{6})(.{6})(.)$/, '$1 $2 $3 $4')],
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
  { kinds: ['imsi'], form: null, source: 'ITU-T E.212', edge: 'digit', write: (v) => [v] },
  {
    kinds: ['imsi'],
    form: 'eap-sim',
    source: 'RFC 4186 4.2.1.6: 1 before the IMSI',
    edge: 'word',
    rank: 1,
    write: (v) => [`1${v}@`],
  },
  {
    kinds: ['imsi'],
    form: 'eap-aka',
    source: 'RFC 4187 4.1.1.6: 0 before the IMSI',
    edge: 'word',
    rank: 1,
    write: (v) => [`0${v}@`],
  },
  { kinds: ['iccid'], form: null, source: 'ITU-T E.118', edge: 'digit', write: (v) => [v] },
  {
    kinds: ['iccid'],
    form: 'iccid-without-check-digit',
    source: 'ITU-T E.118',
    edge: 'digit',
    write: (v) => (passesLuhn(v) ? [v.slice(0, -1)] : []),
  },
  {
    kinds: ['iccid'],
    form: 'iccid-with-check-digit',
    source: 'ITU-T E.118',
    edge: 'digit',
    write: (v) => (passesLuhn(v) || v.length > 19 ? [] : [v + luhnCheckDigit(v)]),
  },
  { kinds: numberKinds, form: null, source: 'ITU-T E.164 with +', edge: 'digit', write: (v) => [v] },
  {
    kinds: numberKinds,
    form: 'e164-digits',
    source: 'ITU-T E.164 without +',
    edge: 'digit',
    write: (v) => [v.slice(1)],
  },
  {
    kinds: numberKinds,
    form: 'international-00',
    source: 'ITU-T E.123 prefix 00',
    edge: 'digit',
    write: (v) => [`00${v.slice(1)}`],
  },
  {
    kinds: numberKinds,
    form: 'national',
    source: 'national prefix as libphonenumber writes it',
    edge: 'digit',
    write: (v) => nationalDigits(v),
  },
  {
    kinds: numberKinds,
    form: 'national-grouped',
    source: 'ITU-T E.123 groups',
    edge: 'digit',
    rank: 1,
    write: (v) => groupedNational(v),
  },
  {
    kinds: numberKinds,
    form: 'subscriber',
    source: 'national significant number (E.164 6.2)',
    edge: 'digit',
    write: (v) => [nationalOf(v)?.national ?? ''],
  },
  {
    kinds: numberKinds,
    form: 'calling-code-separate',
    source: 'RFC 5733 5.1.2: +CC.NUMBER, and +CC NUMBER',
    edge: 'digit',
    rank: 1,
    write: (v) => separateCode(v),
  },
  { kinds: ['android-id'], form: null, source: 'Settings.Secure.ANDROID_ID', edge: 'hex', write: bothCases },
  {
    kinds: ['android-id'],
    form: 'android-host-name',
    // In DHCP the next byte is the code of another option, often 0x37, which reads as a 7: so no neighbour counts.
    source: 'DHCP host name of Android up to 7 (net.hostname)',
    edge: null,
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
    source: 'Google check-in protocol: fixed64',
    edge: 'digit',
    rank: 1,
    write: (v) => [BigInt(`0x${v}`).toString()],
  },
  { kinds: macKinds, form: null, source: 'IEEE 802 with :', edge: 'hex', write: bothCases },
  {
    kinds: macKinds,
    form: 'mac-dashed',
    source: 'IEEE 802 with -',
    edge: 'hex',
    write: (v) => bothCases(pairs(v).join('-')),
  },
  {
    kinds: macKinds,
    form: 'mac-plain',
    source: 'twelve hex digits',
    edge: 'hex',
    write: (v) => bothCases(pairs(v).join('')),
  },
  {
    kinds: macKinds,
    form: 'mac-dotted',
    source: 'three groups with .',
    edge: 'hex',
    rank: 1,
    write: (v) =>
      bothCases(
        pairs(v)
          .join('')
          .replace(/(.{4})(?=.)/g, '$1.'),
      ),
  },
  { kinds: ['advertising-id'], form: null, source: 'RFC 9562', edge: 'hex', write: bothCases },
  {
    kinds: ['advertising-id'],
    form: 'uuid-plain',
    source: 'UUID without dashes',
    edge: 'hex',
    write: (v) => bothCases(v.replaceAll('-', '')),
  },
  {
    kinds: ['serial', 'email', 'account', 'ssid'],
    form: null,
    source: 'as read, any case',
    edge: 'word',
    write: (v) => [...new Set([v, v.toLowerCase(), v.toUpperCase()])],
  },
  {
    kinds: ['contact-name', 'cell-id', 'location', 'custom'],
    form: null,
    source: 'as typed, any case',
    edge: 'word',
    write: (v) => [...new Set([v, v.toLowerCase()])],
  },
];

/** The normal forms of a canonical value; forms that a value does not have are left out, and no text occurs twice. */
export function normalFormsOf(kind: IdentifierKind, value: string): NormalForm[] {
  const seen = new Set<string>();
  const forms: NormalForm[] = [];
  for (const row of rows) {
    if (!row.kinds.includes(kind)) continue;
    const texts = row.write(value).filter((text) => text !== '' && !seen.has(text));
    const [first] = texts;
    if (first === undefined) continue;
    for (const text of texts) seen.add(text);
    forms.push({
      form: row.form,
      texts,
      fold: /[a-z]/i.test(first),
      edge: row.edge,
      rank: row.rank ?? 0,
      digestOnly: row.digestOnly === true,
    });
  }
  return forms;
}

/** For documentation and tests: which forms each kind has, and who writes them so. */
export function describeNormalForms(): {
  readonly kind: IdentifierKind;
  readonly form: string | null;
  readonly source: string;
}[] {
  return rows.flatMap((row) => row.kinds.map((kind) => ({ kind, form: row.form, source: row.source })));
}

function meidDecimal(hex: string): string {
  const high = Number.parseInt(hex.slice(0, 8), 16).toString().padStart(10, '0');
  const low = Number.parseInt(hex.slice(8), 16).toString().padStart(8, '0');
  return high + low;
}

function nationalDigits(value: string): string[] {
  const local = nationalOf(value)?.local.replace(/\D/g, '');
  return local === undefined ? [] : [local];
}

function groupedNational(value: string): string[] {
  const local = nationalOf(value)?.local;
  if (local === undefined || !/[ -]/.test(local)) return [];
  return [local.replace(/[ -]+/g, '-'), local.replace(/[ -]+/g, ' ')];
}

function separateCode(value: string): string[] {
  const parts = nationalOf(value);
  return parts === null
    ? []
    : [
        `+${parts.calling} ${parts.national}`,
        `+${parts.calling}.${parts.national}`,
        `+${parts.calling}-${parts.national}`,
      ];
}
