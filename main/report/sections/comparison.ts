import type { Change } from '../../../shared/model/comparison.ts';
import type { Cell, Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { figure } from '../structure.ts';
import { trafficPicture } from '../traffic-picture.ts';
import type { Words } from '../words.ts';

/** Rows per kind on paper; the rest is counted here and stands in the JSON report and in the case. */
const rowsPerKind = 60;
/** Subjects that one row of equal changes names. */
const subjectsPerRow = 40;

const kindOrder: readonly Change['kind'][] = [
  'traffic',
  'crash',
  'permission',
  'component',
  'app-op',
  'fact',
  'setting',
  'build',
  'package',
  'property',
];

export function comparisonSection(report: MaskedReport, words: Words): Markup {
  if (report.comparisons.length === 0) return html`<p>${words('report.comparison.one-label')}</p>`;
  return html`<p>${words('report.comparison.text')}</p>
    ${report.comparisons.map(
      (pair) =>
        html`<h3>${words('report.comparison.pair', { before: pair.before, after: pair.after })}</h3>
          ${pair.caveats.length === 0 ? html`` : html`<p>${words('report.comparison.caveats')}</p>`}
          ${pair.caveats.map((one) => html`<p class="caveat">${one}</p>`)}
          ${pair.compared && pair.changes.length === 0 ? html`<p>${words('report.comparison.none')}</p>` : html``}
          ${kindOrder.map((kind) =>
            changesOfKind(
              kind,
              pair.changes.filter((change) => change.kind === kind),
              words,
            ),
          )}
          ${pair.compared ? html`<p class="soft">${words('report.comparison.noise', { count: pair.noiseLeftOut })}</p>` : html``}`,
    )}`;
}

interface EqualChanges {
  readonly change: Change;
  readonly subjects: string[];
}

/** An upgrade changes thirty packages in the same way: one row says it for the thirty. */
function grouped(changes: readonly Change[]): EqualChanges[] {
  const groups = new Map<string, EqualChanges>();
  for (const change of changes) {
    const key = JSON.stringify([change.change, change.before, change.after, change.meaning]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { change, subjects: [change.subject] });
    else known.subjects.push(change.subject);
  }
  return [...groups.values()];
}

function changesOfKind(kind: Change['kind'], changes: readonly Change[], words: Words): Markup {
  if (changes.length === 0) return html``;
  const rows = grouped(changes);
  const shown = rows.slice(0, rowsPerKind);
  const cut = rows.slice(rowsPerKind).reduce((sum, row) => sum + row.subjects.length, 0);
  // For traffic the meaning says both sides in full.
  const columns = kind === 'traffic' ? ['change', 'meaning'] : ['change', 'subject', 'before', 'after', 'meaning'];
  return html`<h4>${words(`changeKind.${kind}`)} (${figure(changes.length, words)})</h4>
    ${table(
      columns.map((name) => words(`report.col.${name}`)),
      shown.map((row) => (kind === 'traffic' ? trafficRow(row, words) : stateRow(row, words))),
      { look: kind === 'traffic' ? 'wide-last' : 'changes' },
    )}
    ${cut > 0 ? html`<p class="soft">${words('report.comparison.cut', { count: cut })}</p>` : html``}`;
}

/** What was no longer seen is not «removed»: it was not observed. */
function trafficRow({ change }: EqualChanges, words: Words): Cell[] {
  return [words(`trafficChange.${change.change}`), change.meaning];
}

function stateRow({ change, subjects }: EqualChanges, words: Words): Cell[] {
  const more = subjects.length - subjectsPerRow;
  const named =
    subjects.slice(0, subjectsPerRow).join(', ') + (more > 0 ? ` ${words('report.more', { count: more })}` : '');
  return [
    words(`change.${change.change}`),
    subjects.length === 1 ? named : `${words('report.comparison.several', { count: subjects.length })} ${named}`,
    change.before ?? '–',
    change.after ?? '–',
    change.meaning,
  ];
}

/** Rows of the figure's twin on paper. */
const trafficRows = 80;

export function trafficSection(report: MaskedReport, words: Words): Markup {
  if (report.traffic.length === 0) return html`<p>${words('report.traffic.none')}</p>`;
  const head = ['label', 'recipient', 'channel', 'bytes'].map((name) => words(`report.col.${name}`));
  const rows = report.traffic.toSorted(
    (a, b) => order(report, a.label) - order(report, b.label) || b.bytesToServer - a.bytesToServer,
  );
  const cut = rows.length - trafficRows;
  return html`<p>${words('report.traffic.text')}</p>
    <figure>${trafficPicture(rows, words)}</figure>
    ${table(
      head,
      rows
        .slice(0, trafficRows)
        .map((one) => [
          one.label,
          one.recipient === '*' ? words('report.traffic.rest') : one.recipient,
          words(`channel.${one.channel}`),
          figure(one.bytesToServer, words),
        ]),
      { look: 'figures' },
    )}
    ${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

function order(report: MaskedReport, label: string): number {
  return report.summary.labels.indexOf(label);
}
