import type { Finding } from '../../../shared/model/finding.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { isTransmission, recipientOf } from '../../comparison/compare-traffic.ts';
import type { Cell, Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { runsOfReport } from '../runs.ts';
import type { ReportRunColumn } from '../runs.ts';
import type { Words } from '../words.ts';

/** Rows of one table on paper; the rest stands in the findings themselves. */
const rowsPerTable = 60;

/** Identifier × recipient, one column a run: one table per handset. What was not seen carries what could be seen. */
export function runMatrices(report: MaskedReport, words: Words): Markup {
  return html`${report.handsets.map((handset) => {
      // A run in which only the other handset's exhibits hold something is no column of this one.
      const columns = runsOfReport(report).filter(
        (one) => one.handset === handset.id && report.exhibits.some((exhibit) => isOfColumn(exhibit, one)),
      );
      if (columns.length === 0) return html``;
      return html`<h3>${words('report.matrix', { handset: `${handset.id} ${handset.label}` })}</h3>
        ${matrix(report, columns, words)}`;
    })}
    <p class="soft">${words('report.matrix.legend')}</p>`;
}

interface MatrixRow {
  readonly kind: string;
  readonly recipient: string;
  /** Seen in the handset's radio log: no capture of IP traffic shows it, and none shows its absence. */
  readonly bySms: boolean;
  readonly cells: Finding[][];
}

function isOfColumn(exhibit: Pick<Exhibit, 'handset' | 'label' | 'run'>, column: ReportRunColumn): boolean {
  return exhibit.handset === column.handset && exhibit.label === column.label && exhibit.run === column.run;
}

/** Whether silence of a run means anything for a row: control requests at both ends, or a radio log that was read. */
function isFit(report: MaskedReport, column: ReportRunColumn | undefined, bySms: boolean): boolean {
  if (column === undefined) return false;
  if (!bySms) return column.visibility?.canaries === 'both' && column.visibility.readablePercent !== null;
  return report.exhibits.some(
    (one) =>
      isOfColumn(one, column) &&
      one.outcome === 'read' &&
      one.origin.type === 'command' &&
      /\blogcat\b.*-b (?:radio|all)\b/.test(one.origin.command),
  );
}

function matrix(report: MaskedReport, columns: readonly ReportRunColumn[], words: Words): Markup {
  const findings = report.findings
    .map((one) => one.finding)
    .filter((one) => isTransmission(one) && one.handset === columns[0]?.handset);
  if (findings.length === 0) return html`<p>${words('report.matrix.none')}</p>`;
  const rows = new Map<string, MatrixRow>();
  for (const finding of findings) {
    const column = columns.findIndex((one) => one.label === finding.label && one.run === finding.run);
    if (column === -1) continue;
    const kind = finding.identifier?.kind ?? 'custom';
    const recipient = recipientOf(finding);
    const bySms = finding.channel === null;
    const key = JSON.stringify([kind, recipient, bySms]);
    const row: MatrixRow = rows.get(key) ?? { kind, recipient, bySms, cells: columns.map(() => []) };
    rows.set(key, row);
    row.cells[column]?.push(finding);
  }
  const sorted = [...rows.values()].sort((a, b) =>
    a.recipient === b.recipient ? (a.kind < b.kind ? -1 : 1) : a.recipient < b.recipient ? -1 : 1,
  );
  const head = [
    words('report.col.identifier'),
    words('report.col.recipient'),
    ...columns.map((one) => columnHead(one, words)),
  ];
  const cut = sorted.length - rowsPerTable;
  return html`${table(
    head,
    sorted
      .slice(0, rowsPerTable)
      .map((row) => [
        words(`kind.${row.kind}`),
        row.recipient,
        ...row.cells.map((cell, index) => cellMarkup(cell, isFit(report, columns[index], row.bySms), words)),
      ]),
    { look: 'matrix' },
  )}${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

function columnHead({ run, label, visibility }: ReportRunColumn, words: Words): Markup {
  const name = run === null ? label : `${run} (${label})`;
  const seen =
    visibility === null
      ? words('report.matrix.no-capture')
      : words('report.matrix.seen', {
          minutes: visibility.minutes,
          percent: visibility.readablePercent ?? 0,
        });
  return html`${name}<br /><span class="soft">${seen}</span>`;
}

/** Forms seen, each with its findings; nothing seen says whether the run is fit to say so. */
function cellMarkup(cell: readonly Finding[], fit: boolean, words: Words): Cell {
  if (cell.length === 0) {
    return html`<span class="soft">${words(fit ? 'report.matrix.not-observed' : 'report.matrix.unfit')}</span>`;
  }
  const forms = new Map<string, Finding[]>();
  for (const finding of cell) {
    const form = [
      words(`representation.${finding.representation ?? 'plain'}`),
      finding.channel === null ? words('channel.sms') : words(`channel.${finding.channel}`),
    ].join(' / ');
    forms.set(form, [...(forms.get(form) ?? []), finding]);
  }
  return html`${[...forms].map(
    ([form, findings], index) =>
      html`${index === 0 ? html`` : html`<br />`}<a class="plain" href="#${findings[0]?.number ?? ''}">${form}</a>
        ×${findings.length}`,
  )}`;
}
