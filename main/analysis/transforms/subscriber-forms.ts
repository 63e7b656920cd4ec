import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { luhnCheckDigit, passesLuhn } from '../identifiers/luhn.ts';
import type { FormRow } from './form-row.ts';
import { nationalOf } from './telephone-groups.ts';
import { trunkWritings } from './trunk-writings.ts';

const numberKinds: readonly IdentifierKind[] = ['msisdn', 'contact-msisdn'];

/** Forms of what the operator gives: IMSI, ICCID, telephone numbers. */
export const subscriberRows: readonly FormRow[] = [
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
    source: 'RFC 4187 4.1.1.6: 0 before the IMSI; 3GPP TS 23.003 19.3.2: 6 for AKA-prime',
    edge: 'word',
    rank: 1,
    write: (v) => [`0${v}@`, `6${v}@`],
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
  {
    kinds: ['iccid'],
    form: 'iccid-padded',
    source: 'ETSI TS 102 221 13.2: filled with F, as some handsets hand it on',
    edge: 'digit',
    digestOnly: true,
    write: (v) => (v.length < 20 ? [`${v}F`, `${v}f`] : []),
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
    source:
      'ITU-T E.123 groups, with hyphens or spaces, in some countries dots; without the brackets around an area code',
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
    source:
      'RFC 5733 5.1.2: +CC.NUMBER, and +CC NUMBER; E.123 groups after it, also as libphonenumber in Java keeps them ' +
      '(Android PhoneNumberUtils.formatNumber) and in the national writing; national prefix kept, as people type it',
    edge: 'digit',
    rank: 1,
    write: (v) => separateCode(v),
  },
  {
    kinds: numberKinds,
    form: 'trunk-prefix',
    source: 'as people type it: national prefix or area code in brackets or set apart (trunk-writings.ts)',
    edge: 'digit',
    rank: 2,
    write: (v) => trunkWritingsOf(v),
  },
];

function nationalDigits(value: string): string[] {
  const local = nationalOf(value)?.local.replace(/\D/g, '');
  return local === undefined ? [] : [local];
}

/** Calling codes of North America and France, where people put dots between the groups. Elsewhere the literals are saved. */
const dotted: ReadonlySet<string> = new Set(['1', '33']);

function groupedNational(value: string): string[] {
  const parts = nationalOf(value);
  const groups = parts?.local.match(/\d+/g) ?? [];
  if (parts === null || groups.length < 2) return [];
  return [groups.join('-'), groups.join(' '), ...(dotted.has(parts.calling) ? [groups.join('.')] : []), parts.local];
}

function separateCode(value: string): string[] {
  const parts = nationalOf(value);
  if (parts === null) return [];
  const { calling, national, local, international, kept, trunk } = parts;
  return [
    `+${calling} ${national}`,
    `+${calling}.${national}`,
    `+${calling}-${national}`,
    international,
    international.replaceAll(' ', '-'),
    `+${calling} ${kept}`,
    ...withoutTrunk(local, national).map((groups) => `+${calling} ${groups}`),
    ...(trunk === '' ? [] : [`${calling}${trunk}${national}`, `+${calling} (${trunk})${national}`]),
  ];
}

function trunkWritingsOf(value: string): string[] {
  const number = nationalOf(value);
  return number === null ? [] : trunkWritings(number);
}

/** The national writing less the national prefix: `(916) 183-46-27` of `8 (916) 183-46-27`; none where other digits differ too. */
function withoutTrunk(local: string, national: string): string[] {
  for (let at = 0; at < local.length; at++) {
    const rest = local.slice(at);
    // The prefix may stand inside the brackets: `612) 34567` of `(0-612) 34567`.
    const opened = /^[^()]*(?:\([^()]*\)[^()]*)*$/.test(rest);
    if (opened && /^[\d(]/.test(rest) && rest.replace(/\D/g, '') === national) return [rest];
  }
  return [];
}
