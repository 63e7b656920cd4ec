import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { ok, type Result } from '../../../shared/model/problem.ts';
import { digitsFromSwappedNibbles } from '../../parsing/identifier-shapes.ts';
import { refuseIdentifier, type NormalisedIdentifier } from './identifier-problem.ts';
import { luhnCheckDigit, passesLuhn } from './luhn.ts';
import { readImsiParts } from './mobile-country-codes.ts';

type Answer = Result<NormalisedIdentifier>;

/** The region of the founding case: used, and said by `region-assumed`, when neither the number nor the caller names one. */
const assumedRegion = 'TW';

/** IMSI to its 14 or 15 digits (ITU-T E.212); an unknown country code is a doubt, not a refusal: the list of codes grows. */
export function normaliseImsi(text: string): Answer {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d+$/.test(digits)) return refuseIdentifier('imsi', 'characters', '0-9');
  if (digits.length < 14 || digits.length > 15) return refuseIdentifier('imsi', 'length', '14, 15');
  return ok({ value: digits, warnings: readImsiParts(digits).known ? [] : ['mcc-unknown'] });
}

/**
 * ICCID to its digits (ITU-T E.118; ETSI TS 102 221 pads with F). Chinese cards (8986) carry no check digit, so there a failing Luhn is a doubt;
 * elsewhere it is refused from a person (`strict`).
 */
export function normaliseIccid(text: string, strict: boolean): Answer {
  const swapped = digitsFromSwappedNibbles(text.replace(/[\s-]/g, ''));
  if (swapped !== null) {
    const normal = normaliseIccid(swapped, strict);
    return normal.ok ? ok({ ...normal.value, warnings: [...normal.value.warnings, 'nibbles-swapped'] }) : normal;
  }
  const digits = text.replace(/[\s-]/g, '').replace(/f$/i, '');
  if (!/^\d+$/.test(digits)) return refuseIdentifier('iccid', 'characters', '0-9');
  if (!digits.startsWith('89')) return refuseIdentifier('iccid', 'prefix', '89');
  if (digits.length < 18 || digits.length > 20) return refuseIdentifier('iccid', 'length', '18-20');
  if (passesLuhn(digits)) return ok({ value: digits, warnings: [] });
  if (digits.length === 18) return ok({ value: digits, warnings: ['check-digit-missing'] });
  if (strict && !/^8986(?!8)/.test(digits)) {
    return refuseIdentifier('iccid', 'luhn', String(luhnCheckDigit(digits.slice(0, -1))));
  }
  return ok({ value: digits, warnings: ['luhn'] });
}

/**
 * Telephone number to E.164 with `+`. `region` is an ISO 3166 code for numbers written nationally (take it from the SIM's IMSI).
 * A number outside the published plan but of a possible length is kept with `number-plan`.
 */
export function normaliseNumber(kind: 'msisdn' | 'contact-msisdn', text: string, region: string | undefined): Answer {
  const plain = text.trim().replace(/^tel:/i, '');
  if (!/^[+(\d][\d\s().\-/]*$/.test(plain)) return refuseIdentifier(kind, 'characters', '0-9 +');
  const international = plain.startsWith('+') || plain.startsWith('00');
  const digits = plain.replace(/\D/g, '').replace(/^00/, '');
  const home = (region ?? assumedRegion).toUpperCase();
  const parsed = international
    ? parsePhoneNumberFromString(`+${digits}`)
    : parsePhoneNumberFromString(plain, home as CountryCode);
  if (parsed === undefined || !parsed.isPossible()) return refuseIdentifier(kind, 'not-a-number', home);
  const warnings: string[] = [];
  if (!parsed.isValid()) warnings.push('number-plan');
  if (!international && region === undefined) warnings.push('region-assumed');
  return ok({ value: parsed.number, warnings });
}
