import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { entry, timeLine } from '../structure.ts';
import type { Words } from '../words.ts';

/** What this document is, of which case, made by whom and with what; and where people sign. */
export function caseSection(report: MaskedReport, words: Words): Markup {
  const { summary, program } = report;
  return html`<dl>
      ${entry(words('report.number'), summary.number)} ${entry(words('report.caseTitle'), summary.title)}
      ${entry(words('report.edition'), words('report.edition.full'))}
      ${entry(words('report.examiner'), summary.examiner)} ${entry(words('report.madeBy'), report.madeBy)}
      ${entry(words('report.openedAt'), timeLine(summary.createdAt, words))}
      ${entry(words('report.madeAt'), timeLine(report.madeAt, words))}
      ${entry(words('report.program'), `Handsight ${program.version}`)}
      ${entry(words('report.programHash'), html`<code>${program.sha256}</code>`)}
      ${entry(words('report.head'), html`<code>${summary.head}</code>`)}
    </dl>
    <p class="soft">${words('report.headNote')}</p>
    <table class="sign">
      <tbody>
        ${['examiner', 'supervisor'].map(
          (who) =>
            html`<tr>
              <th scope="row">${words(`report.sign.${who}`)}</th>
              <td>${words('report.sign.name')}</td>
              <td>${words('report.sign.date')}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
