import type { Destination } from '../../../shared/model/finding.ts';
import { isTransmission } from '../../comparison/compare-traffic.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { timeLine } from '../structure.ts';
import type { Words } from '../words.ts';

/** Names, address, country and network on one line; where each comes from stands once, in the table of recipients. */
export function destinationLine(d: Destination, words: Words): string {
  const none = d.sources.some(({ what }) => what === 'local-broadcast')
    ? 'report.country.local'
    : 'report.country.none';
  const country = d.country === null ? words(none) : words('report.country', { country: d.country });
  const network = d.asn === null ? '' : `AS${d.asn}${d.holder === null ? '' : ` ${d.holder}`}`;
  return [d.names.join(', '), d.address ?? '', country, network].filter((part) => part !== '').join(' · ');
}

interface Attribution {
  readonly address: string;
  readonly sources: Map<
    string,
    { readonly value: string; readonly what: string; readonly first: string | null; readonly note: string | null }
  >;
  readonly findings: string[];
}

/** Where findings went, and how that is known: separate, dated fields (handbook: investigation.md, rule 7). */
export function recipientsSection(report: MaskedReport, words: Words): Markup {
  const byAddress = new Map<string, Attribution>();
  for (const { finding } of report.findings) {
    const { destination } = finding;
    if (destination === null || !isTransmission(finding) || destination.address === null) continue;
    const known: Attribution = byAddress.get(destination.address) ?? {
      address: destination.address,
      sources: new Map(),
      findings: [],
    };
    byAddress.set(destination.address, known);
    known.findings.push(finding.number);
    for (const { what, value, dataAt, note } of destination.sources) {
      const key = `${what}\n${value}`;
      const first = known.sources.get(key)?.first ?? null;
      const earlier = first !== null && dataAt !== null && first <= dataAt ? first : dataAt;
      known.sources.set(key, { what, value, first: earlier, note });
    }
  }
  if (byAddress.size === 0) return html`<p>${words('report.recipients.none')}</p>`;
  const rows = [...byAddress.values()].sort(
    (a, b) => b.findings.length - a.findings.length || (a.address < b.address ? -1 : 1),
  );
  return html`<p>${words('report.recipients.text')}</p>
    ${table(
      ['address', 'attribution', 'count'].map((name) => words(`report.col.${name}`)),
      rows.map((one) => [
        one.address,
        html`${[...one.sources.values()].map((source) => html`<span class="line">${sourceLine(source, words)}</span>`)}`,
        one.findings.length,
      ]),
      { look: 'recipients' },
    )}`;
}

function sourceLine(
  {
    what,
    value,
    first,
    note,
  }: { readonly what: string; readonly value: string; readonly first: string | null; readonly note: string | null },
  words: Words,
): string {
  const name = words.code('destinationSource', what);
  if (what === 'contradiction')
    return words('report.source.contradiction', { name, value: words.code('contradiction', value), note: note ?? '' });
  if (what === 'dns-other-client')
    return words('report.source.other-client', { name, value, note: note ?? '', date: timeLine(first ?? '', words) });
  if (what === 'delivery-network') return words('report.source.delivery', { name, value });
  if (what === 'country-database' || what === 'network-database')
    return words('report.source.country', {
      name,
      value: words.code('noCountry', value),
      date: first?.slice(0, 10) ?? '–',
    });
  if (what === 'number-plan')
    return words('report.source.number-plan', { name, value: words.code('noCountry', value) });
  const cited =
    note === null
      ? ''
      : words('report.source.cited', { source: words.code('citation', note.replace(/^[\w.-]+: /, '')) });
  const dated = first === null ? '' : /T/.test(first) ? timeLine(first, words) : first;
  return `${name}: ${words.code('entity', value)}${dated === '' ? '' : ` (${dated})`}${cited}`;
}
