import { openCountryDatabase, type CountryDatabase } from '../analysis/destinations/country-database.ts';
import { openNetworkDatabase, type NetworkDatabase } from '../analysis/destinations/network-database.ts';
import { readCountryData, readNetworkData } from './address-data.ts';

/** The npm packages of both databases say so of themselves. */
const caution = 'the database says of itself that its data contain errors';

export interface AddressBooks {
  readonly countries: CountryDatabase | null;
  readonly networks: NetworkDatabase | null;
}

let books: AddressBooks | undefined;

/** Countries and holders of addresses, as far as this installation has them; opened once. */
export function addressBooks(): AddressBooks {
  books ??= openBooks();
  return books;
}

function openBooks(): AddressBooks {
  const country = readCountryData();
  const network = readNetworkData();
  return {
    countries: country === null ? null : openCountryDatabase(country.bytes, country.name, caution),
    networks:
      network === null
        ? null
        : openNetworkDatabase(network.bytes, { name: network.name, dataAt: network.builtAt, caution }),
  };
}
