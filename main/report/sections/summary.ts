import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { runMatrices } from './matrix.ts';
import type { Words } from '../words.ts';

/** What a reader takes away who reads one page: the verdicts, and what was seen going where in which run. */
export function summarySection(report: MaskedReport, words: Words): Markup {
  const decided = (verdict: 'confirm' | 'dismiss'): number =>
    report.findings.filter((one) => one.finding.decision?.verdict === verdict).length;
  const counted = words('report.summary.text', {
    findings: report.findings.length,
    exhibits: report.exhibits.length,
    handsets: report.handsets.length,
  });
  const decisions = words('report.summary.decisions', { confirmed: decided('confirm'), dismissed: decided('dismiss') });
  const verdicts: readonly ClaimVerdict[] = [...report.claims, ...report.complaints.map((one) => one.verdict)];
  return html`<p>${counted}${words.lang === 'en' ? ' ' : ''}${decisions}</p>
    ${
      verdicts.length === 0
        ? html``
        : html`<h3>${words('report.summary.verdicts')}</h3>
            ${table(
              ['claim', 'text', 'verdict'].map((name) => words(`report.col.${name}`)),
              verdicts.map((one) => [
                html`<a href="#claim-${one.claim}">${one.claim}</a>`,
                one.text ?? '',
                html`<span class="verdict ${one.verdict}">${words(`ui.verdict.${one.verdict}`)}</span>`,
              ]),
              { look: 'verdicts' },
            )}`
    }
    ${runMatrices(report, words)}`;
}
