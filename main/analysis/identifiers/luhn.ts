/**
 * The digit that makes `body` pass the Luhn check (ISO/IEC 7812-1, annex B), as used by IMEI (3GPP TS 23.003, 6.2.1) and ICCID (ITU-T E.118).
 * `body` holds decimal digits only.
 */
export function luhnCheckDigit(body: string): number {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = body.charCodeAt(body.length - 1 - i) - 48;
    // Counted from the check digit leftwards, every digit beside it is doubled first.
    const weighted = i % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10;
}

/** Does the last digit of `digits` check the others? */
export function passesLuhn(digits: string): boolean {
  return luhnCheckDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48;
}
