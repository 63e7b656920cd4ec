import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedFinding, MaskedReport } from '../masked-report.ts';
import { runKey, runsOfReport } from '../runs.ts';
import { linked } from '../structure.ts';
import type { Words } from '../words.ts';
import { findingCard } from './finding-card.ts';

/** Cards of one run on paper; the rest is listed by number and stands in the JSON report. */
const cardsPerRun = 150;

/** Findings by run, in the order of the report (the grave ones first); what the examiner dismissed stands apart, with the reason. */
export function findingsSection(report: MaskedReport, words: Words): Markup {
  if (report.findings.length === 0) return html`<p>${words('report.findings.none')}</p>`;
  const standing = report.findings.filter((one) => one.finding.decision?.verdict !== 'dismiss');
  const dismissed = report.findings.filter((one) => one.finding.decision?.verdict === 'dismiss');
  return html`<p>${words('report.findings.text')}</p>
    ${clocksNotMeasured(report, words)}
    ${runsOfReport(report).map((run) => {
      const key = runKey(run.handset, run.label, run.run);
      const mine = standing.filter(({ finding: f }) => runKey(f.handset, f.label, f.run) === key);
      if (mine.length === 0) return html``;
      const name = run.run === null ? run.label : `${run.run} (${run.label})`;
      return html`<h3>${words('report.findings.run', { run: name, handset: run.handset, count: mine.length })}</h3>
        ${cards(mine, report, words)}`;
    })}
    ${
      dismissed.length === 0
        ? html``
        : html`<h3>${words('report.findings.dismissed', { count: dismissed.length })}</h3>
            <p>${words('report.findings.dismissed.text')}</p>
            ${cards(dismissed, report, words)}`
    }`;
}

/** Said once, not at each finding. */
function clocksNotMeasured(report: MaskedReport, words: Words): Markup {
  const open = report.findings.filter(({ workstation }) => workstation === null);
  if (open.length === 0) return html``;
  const captures = [...new Set(open.flatMap(({ finding }) => finding.frames.map(({ exhibit }) => exhibit)))].sort();
  return html`<p>
    ${linked(words('report.findings.no-workstation', { count: open.length, captures: captures.join(' ') }))}
  </p>`;
}

function cards(findings: readonly MaskedFinding[], report: MaskedReport, words: Words): Markup {
  // What is for information only is a line of a table, as repeatable as the others.
  const full = findings.filter((one) => one.finding.severity !== 'info' || one.finding.decision !== null);
  const lines = findings.filter((one) => !full.includes(one));
  const left = full.slice(cardsPerRun).map((one) => one.finding.number);
  return html`${full.slice(0, cardsPerRun).map((one) => findingCard(one, report, words))}
  ${left.length === 0 ? html`` : html`<p class="soft">${words('report.findings.cut', { count: left.length })} ${left.join(' ')}</p>`}
  ${lines.length === 0 ? html`` : infoTable(lines, words)}`;
}

function infoTable(lines: readonly MaskedFinding[], words: Words): Markup {
  const head = ['number', 'statement', 'repeat'].map((name) => words(`report.col.${name}`));
  return html`<h4>${words('report.findings.info')}</h4>
    ${table(
      head,
      lines.map((one) => [
        one.finding.number,
        one.statement,
        html`${one.repeat.map(({ command }) => html`<code class="block">${command}</code>`)}`,
      ]),
      { look: 'info', rowId: (index) => lines[index]?.finding.number ?? null },
    )}`;
}
