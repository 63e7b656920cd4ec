import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { citeInWords } from '../recorded-words.ts';
import { dayOrTimes } from '../instants.ts';
import { linked } from '../structure.ts';
import type { Words } from '../words.ts';

/** What runs were taken for, once; then each claim and complaint with what speaks for it and against it. */
export function verdictsSection(report: MaskedReport, words: Words): Markup {
  const place = (label: string): number => report.summary.labels.indexOf(label);
  const runs = report.runs.toSorted((a, b) => place(a.label) - place(b.label));
  const columns = ['run', 'build', 'reset', 'service', 'basis'] as const;
  return html`<p>${words('report.verdicts.text')}</p>
    ${
      report.runs.length === 0
        ? html``
        : html`<h3>${words('report.runs')}</h3>
            <p>${words('report.runs.text')}</p>
            ${table(
              columns.map((name) => words(`report.col.${name}`)),
              runs.map((one) => columns.map((name) => one[name])),
            )}`
    }
    <h3>${words('report.claims')}</h3>
    ${report.claims.map((one) => verdict(one, words))}
    <h3>${words('report.complaints')}</h3>
    ${
      report.complaints.length === 0
        ? html`<p>${words('report.complaints.none')}</p>`
        : report.complaints.map((one) => verdict(one.verdict, words))
    }`;
}

function verdict(one: ClaimVerdict, words: Words): Markup {
  const stated = one.statedAt === null || one.statedAt === undefined ? null : dayOrTimes(one.statedAt, words.lang);
  const source = [one.source ?? null, stated].filter((part) => part !== null).join(' · ');
  return html`<article class="claim" id="claim-${one.claim}">
    <h4>${one.claim} <span class="verdict ${one.verdict}">${words(`ui.verdict.${one.verdict}`)}</span></h4>
    ${one.text === undefined ? html`` : html`<blockquote>${one.text}<br /><span class="soft">${source}</span></blockquote>`}
    <p>${one.why}</p>
    <dl>
      ${side('report.col.for', one.for, words)} ${side('report.col.against', one.against, words)}
      ${side('report.col.missing', one.missing, words)}
    </dl>
  </article> `;
}

function side(key: string, cites: readonly string[], words: Words): Markup {
  const findings = cites.filter((one) => /^F\d+$/.test(one));
  const others = cites.filter((one) => !findings.includes(one));
  if (cites.length === 0)
    return html`<dt>${words(key)}</dt>
      <dd class="soft">${words('report.none')}</dd>`;
  return html`<dt>${words(key)}</dt>
    <dd>
      ${findings.length === 0 ? html`` : html`<span class="line">${linked(findings.join(' '))}</span>`}
      ${others.map((one) => html`<span class="line">${linked(citeInWords(one, words))}</span>`)}
    </dd>`;
}
