import { findingsSection } from './sections/findings.ts';
import { comparisonSection, trafficSection } from './sections/comparison.ts';
import { caseSection, handsetsSection, methodSection, summarySection } from './sections/opening.ts';
import { custodySection, gapsSection, manifestSection, verdictsSection } from './sections/closing.ts';
import { maskReport } from './masked-report.ts';
import type { Markup } from './markup.ts';
import { escapeText, html } from './markup.ts';
import type { ReportInput, ReportLang } from './report-input.ts';
import { reportStyle } from './style.ts';
import { reportWords } from './words.ts';

export interface HtmlOptions {
  readonly lang: ReportLang;
  /** CSS that declares the fonts to embed (for PDF), or empty: the reader's own fonts. */
  readonly fontFaces: string;
}

/** The report as one HTML file without scripts and without anything loaded from elsewhere. */
export function reportHtml(input: ReportInput, options: HtmlOptions): string {
  const words = reportWords(options.lang);
  const report = maskReport(input);
  const banner: Markup = report.summary.synthetic
    ? html`<p class="synthetic" role="note">${words('report.synthetic')}</p>`
    : html``;
  const body = html`<main>
    <h1>${words('report.title')}</h1>
    ${banner} ${caseSection(report, words)} ${summarySection(report, words)} ${methodSection(report, words)}
    ${handsetsSection(report, words)} ${findingsSection(report, words)} ${comparisonSection(report, words)}
    ${trafficSection(report, words)} ${verdictsSection(report, words)} ${gapsSection(report, words)}
    ${manifestSection(report, words)} ${custodySection(report, words)}
    <h2>${words('report.limits')}</h2>
    <p>${words('report.limits.text')}</p>
    ${banner}
  </main>`;
  // The style sheet is ours and holds no outside text; everything else went through `html`.
  return `<!doctype html>
<html lang="${options.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src file: data:; img-src data:">
<title>${escapeText(`${words('report.title')} ${report.summary.number}`)}</title>
<style>${options.fontFaces}${reportStyle}</style>
</head>
<body>${body.text}</body>
</html>
`;
}
