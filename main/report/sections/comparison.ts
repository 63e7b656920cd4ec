import type { Change } from '../../../shared/model/comparison.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { trafficPicture } from '../traffic-picture.ts';
import type { Words } from '../words.ts';

/** Rows per kind on paper; the rest is counted here and stands in the JSON report and in the case. */
const rowsPerKind = 40;

const kindOrder: readonly Change['kind'][] = [
  'traffic',
  'crash',
  'permission',
  'component',
  'app-op',
  'package',
  'setting',
  'build',
  'property',
];

export function comparisonSection(report: MaskedReport, words: Words): Markup {
  return html`<h2>${words('report.comparison')}</h2>
    ${report.comparisons.map(
      (pair) =>
        html`<h3>${words('report.comparison.pair', { before: pair.before, after: pair.after })}</h3>
          ${pair.changes.length === 0 ? html`<p>${words('report.comparison.none')}</p>` : html``}
          ${kindOrder.map((kind) =>
            changesOfKind(
              kind,
              pair.changes.filter((change) => change.kind === kind),
              words,
            ),
          )}
          <p class="soft">${words('report.comparison.noise', { count: pair.noiseLeftOut })}</p>`,
    )}`;
}

function changesOfKind(kind: Change['kind'], changes: readonly Change[], words: Words): Markup {
  if (changes.length === 0) return html``;
  const head = ['change', 'subject', 'before', 'after', 'meaning'].map((name) => words(`report.col.${name}`));
  const cut = changes.length - rowsPerKind;
  return html`<h4>${words(`changeKind.${kind}`)} (${changes.length})</h4>
    ${table(
      head,
      changes
        .slice(0, rowsPerKind)
        .map((c) => [words(`change.${c.change}`), c.subject, c.before ?? '–', c.after ?? '–', c.meaning]),
    )}
    ${cut > 0 ? html`<p class="soft">${words('report.comparison.cut', { count: cut })}</p>` : html``}`;
}

export function trafficSection(report: MaskedReport, words: Words): Markup {
  if (report.traffic.length === 0) return html``;
  const head = ['label', 'recipient', 'channel', 'bytes'].map((name) => words(`report.col.${name}`));
  return html`<h2>${words('report.traffic')}</h2>
    ${trafficPicture(report.traffic, words)}
    <p>${words('report.traffic.text')}</p>
    ${table(
      head,
      report.traffic.map((one) => [one.label, one.recipient, words(`channel.${one.channel}`), one.bytesToServer]),
    )}`;
}
