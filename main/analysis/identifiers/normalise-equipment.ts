import { ok, type Result } from '../../../shared/model/problem.ts';
import { refuseIdentifier, type NormalisedIdentifier } from './identifier-problem.ts';
import { luhnCheckDigit, passesLuhn } from './luhn.ts';

type Answer = Result<NormalisedIdentifier>;

/**
 * IMEI to its 15 digits (3GPP TS 23.003, 6.2). 14 digits get their check digit; of 16 (IMEISV) the software version is taken off.
 * A wrong check digit is refused from a person (`strict`), and kept with `luhn` from a handset: some really report such a value.
 */
export function normaliseImei(text: string, strict: boolean): Answer {
  // Some settings screens show `IMEI / software version`: 490154203237518 / 01.
  const digits = text.replace(/\s*\/\s*\d{2}$/, '').replace(/[\s.-]/g, '');
  if (!/^\d+$/.test(digits)) return refuseIdentifier('imei', 'characters', '0-9');
  const body = digits.slice(0, 14);
  if (digits.length === 14) return ok({ value: body + luhnCheckDigit(body), warnings: ['check-digit-computed'] });
  if (digits.length === 16) return ok({ value: body + luhnCheckDigit(body), warnings: ['imeisv'] });
  if (digits.length !== 15) return refuseIdentifier('imei', 'length', '14, 15, 16');
  if (passesLuhn(digits)) return ok({ value: digits, warnings: [] });
  if (strict) return refuseIdentifier('imei', 'luhn', String(luhnCheckDigit(body)));
  return ok({ value: digits, warnings: ['luhn'] });
}

/** MEID to 14 lower-case hex digits (3GPP2 S.R0048); 18 decimal digits are converted. */
export function normaliseMeid(text: string): Answer {
  const symbols = text.replace(/[\s-]/g, '').toLowerCase();
  if (!/^[0-9a-f]+$/.test(symbols)) return refuseIdentifier('meid', 'characters', '0-9 A-F');
  if (symbols.length === 18 && /^\d+$/.test(symbols)) {
    const high = Number(symbols.slice(0, 10)).toString(16).padStart(8, '0');
    const low = Number(symbols.slice(10)).toString(16).padStart(6, '0');
    if (high.length === 8 && low.length === 6) return ok({ value: high + low, warnings: [] });
    return refuseIdentifier('meid', 'length', '14 (hex), 18 (decimal)');
  }
  if (symbols.length === 15) return ok({ value: symbols.slice(0, 14), warnings: ['check-digit-removed'] });
  if (symbols.length !== 14) return refuseIdentifier('meid', 'length', '14 (hex), 18 (decimal)');
  return ok({ value: symbols, warnings: [] });
}

/** Android ID to 16 lower-case hex digits; the system drops leading zeros, so shorter values are filled up. */
export function normaliseAndroidId(text: string): Answer {
  const symbols = text.trim().toLowerCase();
  if (!/^[0-9a-f]+$/.test(symbols)) return refuseIdentifier('android-id', 'characters', '0-9 a-f');
  if (symbols.length > 16 || symbols.length < 13) return refuseIdentifier('android-id', 'length', '16');
  return ok({ value: symbols.padStart(16, '0'), warnings: symbols.length < 16 ? ['zeros-restored'] : [] });
}

/** Advertising id to a lower-case UUID with dashes (RFC 9562, 4). */
export function normaliseUuid(text: string): Answer {
  const symbols = text.trim().toLowerCase().replace(/[{}-]/g, '');
  if (!/^[0-9a-f]*$/.test(symbols)) return refuseIdentifier('advertising-id', 'characters', '0-9 a-f -');
  if (symbols.length !== 32) return refuseIdentifier('advertising-id', 'length', '32 (hex)');
  const value = symbols.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return ok({ value, warnings: [] });
}

/** Hardware address to lower-case pairs with colons (IEEE 802, EUI-48). A locally administered one is said: it may be randomised. */
export function normaliseMac(kind: 'wifi-mac' | 'bluetooth-mac' | 'bssid', text: string): Answer {
  const symbols = text
    .trim()
    .toLowerCase()
    .replace(/[:.\s-]/g, '');
  if (!/^[0-9a-f]*$/.test(symbols)) return refuseIdentifier(kind, 'characters', '0-9 a-f : -');
  if (symbols.length !== 12) return refuseIdentifier(kind, 'length', '12 (hex)');
  const value = symbols.replace(/(..)(?=.)/g, '$1:');
  const localBit = (Number.parseInt(symbols.slice(0, 2), 16) & 2) !== 0;
  return ok({ value, warnings: localBit ? ['locally-administered'] : [] });
}
