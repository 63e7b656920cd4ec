import { readFileSync } from 'node:fs';
import { resourceFile } from './resources.ts';

/** The offline country database that comes with the program. */
export interface CountryData {
  readonly bytes: Buffer;
  readonly name: string;
  /** Date of the data, `YYYY-MM-DD`. */
  readonly builtAt: string;
  readonly licence: string;
}

let cached: CountryData | null | undefined;

/** Null when this installation lacks it: then no country is said at all. */
export function readCountryData(): CountryData | null {
  cached ??= load();
  return cached;
}

function load(): CountryData | null {
  const file = resourceFile('data', 'iptoasn-country.mmdb');
  const about = resourceFile('data', 'iptoasn-country.json');
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
