import type { CustodyEntry } from '../../../shared/model/custody.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { bothTimes } from '../instants.ts';
import { custodyNote } from '../recorded-words.ts';
import { figure, time } from '../structure.ts';
import type { Words } from '../words.ts';

/** Exhibits on paper; the rest is counted and stands in the JSON report. */
const manifestRows = 2000;

export function manifestSection(report: MaskedReport, words: Words): Markup {
  const head = ['id', 'run', 'name', 'size', 'sha256'].map((name) => words(`report.col.${name}`));
  const shown = report.exhibits.slice(0, manifestRows);
  const cut = report.exhibits.length - shown.length;
  return html`<p>${words('report.manifest.text')}</p>
    ${table(
      head,
      shown.map((one) => [
        one.id,
        one.run ?? one.label,
        one.originalName,
        figure(one.bytes, words),
        html`<code>${one.sha256}</code>`,
      ]),
      { look: 'manifest', rowId: (index) => shown[index]?.id ?? null },
    )}
    ${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

/** Lines of the log on paper. */
const custodyLines = 240;

interface Stretch {
  readonly first: CustodyEntry;
  readonly last: CustodyEntry;
  readonly count: number;
}

/**
 * The whole log on paper without its bulk: entries of one action and actor that follow each other are one line. Each hash
 * covers everything before it, so that the last one of a stretch stands for the stretch.
 */
function stretches(entries: readonly CustodyEntry[]): Stretch[] {
  const found: Stretch[] = [];
  for (const one of entries) {
    const open = found.at(-1);
    if (open !== undefined && open.last.action === one.action && open.last.actor === one.actor) {
      found[found.length - 1] = { first: open.first, last: one, count: open.count + 1 };
    } else found.push({ first: one, last: one, count: 1 });
  }
  return found;
}

export function custodySection(report: MaskedReport, words: Words): Markup {
  const head = ['seq', 'at', 'who', 'action', 'hash'].map((name) => words(`report.col.${name}`));
  const lines = stretches(report.custody);
  const cut = Math.max(0, lines.length - custodyLines);
  // The end is what a reader compares: what is left out on paper is the middle.
  const shown = cut === 0 ? [lines] : [lines.slice(0, custodyLines / 2), lines.slice(-custodyLines / 2)];
  return html`<p>${words('report.custody.text', { count: report.custody.length })}</p>
    ${shown.map(
      (part, index) =>
        html`${index === 1 ? html`<p class="soft">${words('report.custody.cut', { count: cut })}</p>` : html``}
        ${table(
          head,
          part.map((one) => custodyLine(one, words)),
          { look: 'custody' },
        )}`,
    )}
    <p><strong>${words('report.head')}</strong><br /><code>${report.summary.head}</code></p>
    <p class="soft">${words('report.headNote')}</p>`;
}

function custodyLine({ first, last, count }: Stretch, words: Words): (string | Markup)[] {
  const action = words.code('custodyAction', first.action);
  const said = notes(first, last, count, words);
  return [
    count === 1 ? String(first.seq) : `${first.seq}–${last.seq}`,
    count === 1
      ? time(first.at, words)
      : html`${time(first.at, words)}<br />${words('report.until')}
          <span class="utc">${bothTimes(last.at, words.lang).utc}</span>`,
    first.actor,
    html`<b>${count === 1 ? action : `${action} ×${count}`}</b>${said === '' ? '' : `: ${said}`}`,
    html`<code>${last.hash}</code>`,
  ];
}

/** Of an exhibit its number is enough: its hash stands in the manifest. */
function notes(first: CustodyEntry, last: CustodyEntry, count: number, words: Words): string {
  const of = ({ action, note }: CustodyEntry): string =>
    custodyNote(action, note ?? '', words).replace(/^(E\d+) [0-9a-f]{64}$/, '$1');
  const from = of(first);
  const to = of(last);
  return count === 1 || from === to ? from : `${from} … ${to}`;
}
