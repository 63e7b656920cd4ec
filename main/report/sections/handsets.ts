import type { Identifier } from '../../../shared/model/identifier.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { identifierSource } from '../recorded-words.ts';
import { intakePart } from './intake.ts';
import { linked } from '../structure.ts';
import type { Words } from '../words.ts';

/** Sources of one identifier on paper; the rest is counted. */
const shownSources = 6;
/** Identifiers on paper; the rest is counted and stands in the JSON report. */
const shownIdentifiers = 400;

export function handsetsSection(report: MaskedReport, words: Words): Markup {
  const handsetHead = ['id', 'label', 'role', 'serial'].map((name) => words(`report.col.${name}`));
  const head = ['id', 'kind', 'value', 'source', 'doubts'].map((name) => words(`report.col.${name}`));
  const groups = byIdentifier(report.identifiers);
  const cut = groups.length - shownIdentifiers;
  return html`${table(
      handsetHead,
      report.handsets.map((one) => [one.id, one.label, words(`role.${one.role}`), one.serial ?? '–']),
    )}
    ${intakePart(report, words)}
    <p>${words('report.handsets.masked')}</p>
    ${table(
      head,
      groups.slice(0, shownIdentifiers).map((group) => identifierRow(group, words)),
      { rowId: (index) => groups[index]?.[0]?.id ?? null },
    )}
    ${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

/** One row an identifier, however many times it was read. */
function byIdentifier(identifiers: readonly Identifier[]): readonly (readonly Identifier[])[] {
  const groups = new Map<string, Identifier[]>();
  for (const one of identifiers) groups.set(one.id, [...(groups.get(one.id) ?? []), one]);
  return [...groups.values()].sort((a, b) => numberOf(a[0]?.id) - numberOf(b[0]?.id));
}

function numberOf(id: string | undefined): number {
  return Number(/\d+/.exec(id ?? '')?.[0] ?? 0);
}

function identifierRow(group: readonly Identifier[], words: Words): (string | Markup)[] {
  const [first] = group;
  if (first === undefined) return [];
  const sources = [...new Set(group.map((one) => identifierSource(one.source, words)))];
  const more = sources.length - shownSources;
  const warnings = [...new Set(group.flatMap((one) => one.warnings))];
  return [
    `${first.id} (${first.handset})`,
    words(`kind.${first.kind}`),
    first.value,
    html`${linked(sources.slice(0, shownSources).join(', '))}${more > 0 ? ` ${words('report.more', { count: more })}` : ''}`,
    warnings.map((one) => words.code('ui.identifier-warning', one)).join(' '),
  ];
}
