import { readFileSync } from 'node:fs';
import { resourceFile } from './resources.ts';

/** An offline database that comes with the program. */
export interface AddressData {
  readonly bytes: Buffer;
  readonly name: string;
  /** Date of the data, `YYYY-MM-DD`. */
  readonly builtAt: string;
  readonly licence: string;
}

let countries: AddressData | null | undefined;
let networks: AddressData | null | undefined;

/** Null when this installation lacks it: then no country is said at all. */
export function readCountryData(): AddressData | null {
  countries ??= load('iptoasn-country.mmdb', 'iptoasn-country.json');
  return countries;
}

/** Whose network an address lies in. Null when this installation lacks it: then no holder is said at all. */
export function readNetworkData(): AddressData | null {
  networks ??= load('networks.bin', 'networks.json');
  return networks;
}

function load(fileName: string, aboutName: string): AddressData | null {
  const file = resourceFile('data', fileName);
  const about = resourceFile('data', aboutName);
  if (file === null || about === null) return null;
  const said: unknown = JSON.parse(readFileSync(about, 'utf8'));
  const text = (name: string): string => {
    const value: unknown =
      typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : 'unknown';
  };
  return {
    bytes: readFileSync(file),
    name: text('source'),
    builtAt: text('builtAt').slice(0, 10),
    licence: text('license'),
  };
}
