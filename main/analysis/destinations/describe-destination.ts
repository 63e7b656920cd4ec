import type { Destination, DestinationSource } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { isLocalBroadcast } from './address-kind.ts';
import { contradictionsOf } from './contradictions.ts';
import { hostName, targetHost } from '../../dissection/http-framing.ts';
import type { CountryDatabase } from './country-database.ts';
import { deliveryNetworkOf } from './delivery-networks.ts';
import { makerOf } from './maker-domains.ts';
import type { NameBook } from './name-book.ts';
import type { NetworkDatabase } from './network-database.ts';
import { registrableDomain } from './registrable-domain.ts';

/** Years between database and capture from which the difference is said. */
const staleYears = 1;

/** What recipients are described from. */
export interface DestinationBooks {
  readonly names: NameBook;
  readonly countries: CountryDatabase | null;
  readonly networks?: NetworkDatabase | null;
}

/**
 * Who receives a flow: separate, dated fields, each with its source; disagreement is shown by listing every name and saying what does not
 * agree. Names stand in the order request to a proxy, Host header, names of the flow (SNI, Host), certificate, DNS; what DNS
 * answered to another client is a source, and a name only where there is no other.
 */
export function describeDestination(flow: Flow, message: Message | null, books: DestinationBooks): Destination {
  const { address } = flow.server;
  const sources: DestinationSource[] = [];
  const found: string[] = [];
  const add = (what: string, name: string, dataAt: string | null, note: string | null = null): void => {
    if (!found.includes(name)) found.push(name);
    sources.push({ what, value: name, dataAt, note });
  };
  const addMore = (what: string, count: number): void => {
    if (count > 0) sources.push({ what, value: String(count), dataAt: null, note: null });
  };
  if (message?.kind === 'http-request') {
    const target = targetHost(message.method, message.uri);
    if (target !== null) add('http-target', target, message.at);
    if (message.host !== null && message.host !== '') add('http-host', hostName(message.host), message.at);
  }
  const hello = message?.kind === 'tls-client-hello' || message?.kind === 'quic-client-hello' ? message : null;
  if (hello !== null && hello.serverName !== null) add('sni', hello.serverName, hello.at);
  const others = flow.serverNames.filter((name) => !found.includes(name));
  for (const name of others.slice(0, maxFlowNames)) add('flow-name', name, flow.firstPacketAt);
  addMore('flow-name-more', others.length - maxFlowNames);
  const asked = [...found];
  const certificate = books.names.certificateOf(flow.id);
  const certified = certificate?.names ?? [];
  for (const value of certified.slice(0, maxCertified))
    sources.push({ what: 'certificate', value, dataAt: certificate?.at ?? null, note: null });
  addMore('certificate-more', certified.length - maxCertified);
  const answered = books.names.namesOf(flow.exhibit, address, flow.firstPacketAt, flow.client.address);
  for (const { name, at, toOther } of answered) if (toOther === undefined) add('dns', name, at);
  // Another client may have met another service there: its names count only where there is no other.
  const isNamed = found.length > 0;
  for (const { name, at, toOther = null } of answered) {
    if (toOther === null) continue;
    if (!isNamed) found.push(name);
    sources.push({ what: 'dns-other-client', value: name, dataAt: at, note: toOther });
  }
  addMore('dns-more', answered.at(-1)?.more ?? 0);
  for (const domain of new Set(found.flatMap((name) => registrableDomain(name) ?? [])))
    sources.push({ what: 'registrable-domain', value: domain, dataAt: null, note: null });
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
  if (isLocalBroadcast(flow)) sources.push({ what: 'local-broadcast', value: address, dataAt: null, note: null });
  const country = addCountry(address, flow.firstPacketAt, books.countries, sources);
  const { asn, holder } = addNetwork(address, flow.firstPacketAt, books.networks ?? null, sources);
  sources.push(...contradictionsOf({ asked, certified, country }));
  return { address, names: found, country, asn, holder, sources };
}

/** A conversation with a proxy may hold hundreds: after so many it is said how many more there are. */
const maxFlowNames = 40;

/** A certificate may hold a hundred names: after so many it is said how many more there are. */
const maxCertified = 20;

function addCountry(
  address: string,
  captureAt: string,
  countries: CountryDatabase | null,
  sources: DestinationSource[],
): string | null {
  if (countries === null) return null;
  const { country, reason } = countries.countryOf(address);
  const notes = country === null ? [`no country: ${reason ?? ''}`] : notesOf(countries, captureAt);
  sources.push({
    what: 'country-database',
    value: country ?? reason ?? '',
    dataAt: countries.dataAt,
    note: [countries.name, ...notes].join('; '),
  });
  return country;
}

function addNetwork(
  address: string,
  captureAt: string,
  networks: NetworkDatabase | null,
  sources: DestinationSource[],
): { readonly asn: number | null; readonly holder: string | null } {
  if (networks === null) return { asn: null, holder: null };
  const { asn, holder, reason } = networks.networkOf(address);
  // Of an address of the own network the country's source says so already.
  if (reason !== null && reason !== 'not-in-database') return { asn, holder };
  const value = asn === null ? 'not-in-database' : `AS${asn}${holder === null ? '' : ` ${holder}`}`;
  const notes = asn === null ? [] : notesOf(networks, captureAt);
  sources.push({
    what: 'network-database',
    value,
    dataAt: networks.dataAt,
    note: [networks.name, ...notes].join('; '),
  });
  const delivery = holder === null ? null : deliveryNetworkOf(holder);
  if (delivery !== null)
    sources.push({ what: 'delivery-network', value: delivery, dataAt: networks.dataAt, note: networks.name });
  return { asn, holder };
}

/** What speaks against a statement out of a database: its distance from the capture, and what its maker says. */
function notesOf(
  { dataAt, caution }: { readonly dataAt: string; readonly caution: string | null },
  captureAt: string,
): string[] {
  const years = Math.abs(Date.parse(dataAt) - Date.parse(captureAt)) / (365.25 * 24 * 3600 * 1000);
  const far = `database of ${dataAt.slice(0, 10)}, capture of ${captureAt.slice(0, 10)}: the address may have been assigned elsewhere then`;
  return [...(years >= staleYears ? [far] : []), ...(caution === null ? [] : [caution])];
}
