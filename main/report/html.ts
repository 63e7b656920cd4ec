import { caseSection } from './sections/case.ts';
import { comparisonSection, trafficSection } from './sections/comparison.ts';
import { custodySection, manifestSection } from './sections/custody.ts';
import { findingsSection } from './sections/findings.ts';
import { eventsSection, visibilitySection } from './sections/gaps.ts';
import { handsetsSection } from './sections/handsets.ts';
import { methodSection } from './sections/method.ts';
import { recipientsSection } from './sections/recipients.ts';
import { summarySection } from './sections/summary.ts';
import { verdictsSection } from './sections/verdicts.ts';
import { maskReport } from './masked-report.ts';
import type { MaskedReport } from './masked-report.ts';
import type { Markup } from './markup.ts';
import { escapeText, html } from './markup.ts';
import type { ReportInput, ReportLang } from './report-input.ts';
import { htmlMark } from './report-mark.ts';
import type { Chapter } from './structure.ts';
import { chapterMarkup, contents } from './structure.ts';
import { reportStyle } from './style.ts';
import { reportWords } from './words.ts';
import type { Words } from './words.ts';

export interface HtmlOptions {
  readonly lang: ReportLang;
  /** CSS that declares the fonts to embed (for PDF), or empty: the reader's own fonts. */
  readonly fontFaces: string;
}

const chapters: readonly (readonly [string, (report: MaskedReport, words: Words) => Markup])[] = [
  ['summary', summarySection],
  ['verdicts', verdictsSection],
  ['method', methodSection],
  ['handsets', handsetsSection],
  ['findings', findingsSection],
  ['recipients', recipientsSection],
  ['comparison', comparisonSection],
  ['traffic', trafficSection],
  ['visibility', visibilitySection],
  ['events', eventsSection],
  ['custody', custodySection],
  ['manifest', manifestSection],
  [
    'limits',
    (_report, words) =>
      html`<p>${words('report.limits.text')}</p>
        <p>${words('report.limits.finding')}</p>`,
  ],
];

/** The report as one HTML file without scripts and without anything loaded from elsewhere. */
export function reportHtml(input: ReportInput, options: HtmlOptions): string {
  const words = reportWords(options.lang);
  const report = maskReport(input);
  const parts: readonly Chapter[] = chapters.map(([id, body]) => ({
    id,
    title: words(`report.${id}`),
    body: body(report, words),
  }));
  const title = `${words('report.title')} ${report.summary.number}`;
  const body = html`${runningMark(report, words)}
    <main>
      <header>
        <h1>${words('report.title')}</h1>
        ${report.summary.synthetic ? html`<p class="synthetic" role="note">${words('report.synthetic')}</p>` : html``}
        ${caseSection(report, words)}
      </header>
      ${contents(parts, words)} ${parts.map((part, index) => chapterMarkup(part, index + 1))}
    </main>`;
  // The style sheet is ours and holds no outside text; everything else went through `html`.
  return `<!doctype html>
<html lang="${options.lang}">
<head>
<meta charset="utf-8">
${htmlMark}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src file: data:; img-src data:">
<title>${escapeText(title)}</title>
<style>${options.fontFaces}${reportStyle}</style>
</head>
<body>${body.text}</body>
</html>
`;
}

/** Repeated on every printed page, in the margin: what a page that was taken out of the report must still say. */
function runningMark({ summary }: MaskedReport, words: Words): Markup {
  const said = summary.synthetic
    ? words('report.running.synthetic', { number: summary.number })
    : words('report.running', { number: summary.number });
  return html`<div class="running ${summary.synthetic ? 'is-synthetic' : ''}" aria-hidden="true">${said}</div>`;
}
