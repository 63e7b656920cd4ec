import { Reader } from 'mmdb-lib';
import { addressKind, type AddressKind } from './address-kind.ts';

export interface CountryAnswer {
  /** ISO 3166-1 alpha-2, or null with the reason. */
  readonly country: string | null;
  readonly reason: AddressKind | 'not-in-database' | null;
}

export interface CountryDatabase {
  /** RFC 3339 date of the data. */
  readonly dataAt: string;
  readonly name: string;
  /** What its maker or we say against it; shown with every country. */
  readonly caution: string | null;
  countryOf(address: string): CountryAnswer;
}

interface CountryRow {
  readonly country_code?: string;
}

/**
 * Country lookup over a MaxMind-format file's bytes (fields `country_code`). City is never claimed.
 * `caution` belongs with the file: iptoasn-country's npm package warns in its own README that its data contain errors.
 */
export function openCountryDatabase(file: Buffer, name: string, caution: string | null): CountryDatabase {
  // The row type of mmdb-lib is closed over MaxMind's products; this one's rows have only `country_code`.
  const reader = new Reader(file) as unknown as {
    metadata: { buildEpoch: Date };
    get(address: string): CountryRow | null;
  };
  const dataAt = reader.metadata.buildEpoch.toISOString();
  const known = new Map<string, CountryAnswer>();
  const lookUp = (address: string): CountryAnswer => {
    const kind = addressKind(address);
    if (kind !== 'public') return { country: null, reason: kind };
    const code = reader.get(address)?.country_code;
    return code !== undefined && /^[A-Z]{2}$/.test(code)
      ? { country: code, reason: null }
      : { country: null, reason: 'not-in-database' };
  };
  return {
    dataAt,
    name,
    caution,
    countryOf(address) {
      const cached = known.get(address);
      if (cached !== undefined) return cached;
      const answer = lookUp(address);
      known.set(address, answer);
      return answer;
    },
  };
}
