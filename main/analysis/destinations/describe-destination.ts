import type { Destination, DestinationSource } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import type { CountryDatabase } from './country-database.ts';
import { makerOf } from './maker-domains.ts';
import type { NameBook } from './name-book.ts';

/** Years between database and capture from which the difference is said. */
const staleYears = 1;

/**
 * Who receives a flow: separate, dated fields, each with its source; disagreement is shown by listing every name.
 * Names stand in the order Host header, names of the flow (SNI, Host), DNS.
 */
export function describeDestination(
  flow: Flow,
  message: Message | null,
  names: NameBook,
  countries: CountryDatabase | null,
): Destination {
  const { address } = flow.server;
  const sources: DestinationSource[] = [];
  const found: string[] = [];
  const add = (what: string, name: string, dataAt: string | null, note: string | null = null): void => {
    if (!found.includes(name)) found.push(name);
    sources.push({ what, value: name, dataAt, note });
  };
  if (message?.kind === 'http-request' && message.host !== null) add('http-host', hostName(message.host), message.at);
  const hello = message?.kind === 'tls-client-hello' || message?.kind === 'quic-client-hello' ? message : null;
  if (hello !== null && hello.serverName !== null) add('sni', hello.serverName, hello.at);
  for (const name of flow.serverNames) if (!found.includes(name)) add('flow-name', name, flow.firstPacketAt);
  for (const { name, at } of names.namesOf(flow.exhibit, address, flow.firstPacketAt)) add('dns', name, at);
  for (const name of found) {
    const maker = makerOf(name);
    if (maker !== null)
      sources.push({
        what: 'maker-table',
        value: maker.entity,
        dataAt: maker.statedAt,
        note: `${maker.domain}: ${maker.source}`,
      });
  }
  const country = addCountry(address, flow.firstPacketAt, countries, sources);
  return { address, names: found, country, asn: null, holder: null, sources };
}

function addCountry(
  address: string,
  captureAt: string,
  countries: CountryDatabase | null,
  sources: DestinationSource[],
): string | null {
  if (countries === null) return null;
  const { country, reason } = countries.countryOf(address);
  const notes: string[] = [];
  if (reason !== null) notes.push(`no country: ${reason}`);
  const years = Math.abs(Date.parse(countries.dataAt) - Date.parse(captureAt)) / (365.25 * 24 * 3600 * 1000);
  if (country !== null && years >= staleYears) {
    notes.push(
      `database of ${countries.dataAt.slice(0, 10)}, capture of ${captureAt.slice(0, 10)}: the address may have been assigned elsewhere then`,
    );
  }
  if (country !== null && countries.caution !== null) notes.push(countries.caution);
  sources.push({
    what: 'country-database',
    value: country ?? reason ?? '',
    dataAt: countries.dataAt,
    note: [countries.name, ...notes].join('; '),
  });
  return country;
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
