import type { DestinationSource } from '../../../shared/model/finding.ts';
import { makerOf } from './maker-domains.ts';
import { registrableDomain } from './registrable-domain.ts';

/** What is known of a recipient, source by source. */
export interface RecipientFacts {
  /** Names asked for in this conversation: Host header, SNI. */
  readonly asked: readonly string[];
  /** Names on the certificate that the server showed in it. */
  readonly certified: readonly string[];
  readonly country: string | null;
}

/**
 * Where two sources of a recipient disagree: shown beside them, resolved by nobody. The code in `value` is worded in both languages; `note`
 * names both sides.
 */
export function contradictionsOf({ asked, certified, country }: RecipientFacts): DestinationSource[] {
  const found: DestinationSource[] = [];
  const add = (value: string, note: string): void => {
    found.push({ what: 'contradiction', value, dataAt: null, note });
  };
  const makers = asked.flatMap((name) => makerOf(name) ?? []);
  const seat = makers.find((maker) => maker.seat !== undefined);
  if (country !== null && seat?.seat !== undefined && seat.seat.country !== country)
    add('seat-elsewhere', `${seat.entity}: ${seat.seat.country} (${seat.seat.source}); country database: ${country}`);
  const domains = [...new Set(asked.flatMap((name) => registrableDomain(name) ?? []))];
  if (domains.length > 1) add('asked-names-differ', domains.join(', '));
  const uncovered =
    certified.length === 0 ? undefined : asked.find((name) => !certified.some((one) => covers(one, name)));
  if (uncovered !== undefined)
    add('certificate-differs', `asked: ${uncovered}; certificate: ${fewOf(certified).join(', ')}`);
  return found;
}

/** Four names, and how many more there are. */
function fewOf(names: readonly string[]): string[] {
  return names.length > 4 ? [...names.slice(0, 4), `${names.length - 4} more`] : [...names];
}

/** RFC 9525 6.3: the leftmost label may be a wildcard, for one label. */
function covers(certified: string, name: string): boolean {
  const [wanted, given] = [name.toLowerCase(), certified.toLowerCase()];
  if (!given.startsWith('*.')) return wanted === given;
  return wanted.indexOf('.') > 0 && wanted.slice(wanted.indexOf('.')) === given.slice(1);
}
