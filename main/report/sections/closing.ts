import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import type { Words } from '../words.ts';

export function verdictsSection(report: MaskedReport, words: Words): Markup {
  const head = ['claim', 'verdict', 'why', 'for', 'against', 'missing'].map((name) => words(`report.col.${name}`));
  const all: readonly ClaimVerdict[] = [...report.claims, ...report.complaints.map((one) => one.verdict)];
  return html`<h2>${words('report.verdicts')}</h2>
    ${table(
      head,
      all.map((one) => [
        one.text === undefined ? one.claim : `${one.claim}: ${one.text}`,
        html`<span class="verdict">${words(`verdict.${one.verdict}`)}</span>`,
        one.why,
        one.for.join(' '),
        one.against.join(' '),
        one.missing.join('; '),
      ]),
    )}`;
}

export function gapsSection(report: MaskedReport, words: Words): Markup {
  const visibilityHead = ['label', 'minutes', 'captured', 'readable', 'canaries', 'gaps'].map((n) =>
    words(`report.col.${n}`),
  );
  const notRead = report.exhibits.filter((one) => one.outcome !== 'read' || one.fault !== null);
  const gapHead = ['id', 'what', 'label', 'outcome', 'fault'].map((name) => words(`report.col.${name}`));
  const eventHead = ['at', 'atHandset', 'run', 'text', 'source'].map((name) => words(`report.col.${name}`));
  return html`<h2>${words('report.visibility')}</h2>
    ${table(
      visibilityHead,
      report.visibility.map((one) => [
        one.label,
        one.minutes,
        one.payloadBytes,
        one.readablePercent === null ? '–' : `${one.readablePercent} %`,
        words(`canaries.${one.canaries}`),
        one.gaps.join('; '),
      ]),
    )}
    <h3>${words('report.gaps')}</h3>
    ${
      notRead.length === 0
        ? html`<p>${words('report.gaps.none')}</p>`
        : table(
            gapHead,
            notRead.map((one) => [
              one.id,
              one.originalName,
              one.label,
              words(`outcome.${one.outcome}`),
              one.fault ?? '',
            ]),
          )
    }
    <h3>${words('report.events')}</h3>
    ${table(
      eventHead,
      report.events.map((one) => [one.at, one.atHandset ?? '–', one.run ?? '', one.text, one.source]),
    )}`;
}

export function manifestSection(report: MaskedReport, words: Words): Markup {
  const head = ['id', 'name', 'size', 'sha256'].map((name) => words(`report.col.${name}`));
  return html`<h2>${words('report.manifest')}</h2>
    <p>${words('report.manifest.text')}</p>
    ${table(
      head,
      report.exhibits.map((one) => [one.id, one.originalName, one.bytes, html`<code>${one.sha256}</code>`]),
    )}`;
}

/** The first and last entries are what a reader compares; a long middle is counted, not dropped in silence. */
const custodyEnds = 60;

export function custodySection(report: MaskedReport, words: Words): Markup {
  const head = ['seq', 'at', 'who', 'action', 'row', 'hash'].map((name) => words(`report.col.${name}`));
  const entries = report.custody;
  const cut = entries.length - 2 * custodyEnds;
  const rows = (part: typeof entries): Markup =>
    table(
      head,
      part.map((one) => [
        one.seq,
        one.at,
        one.actor,
        one.note === null ? one.action : `${one.action}: ${one.note}`,
        one.subject ?? '',
        html`<code>${one.hash}</code>`,
      ]),
    );
  return html`<h2>${words('report.custody')}</h2>
    ${
      cut <= 0
        ? rows(entries)
        : html`${rows(entries.slice(0, custodyEnds))}
            <p class="soft">${words('report.custody.cut', { count: cut })}</p>
            ${rows(entries.slice(-custodyEnds))}`
    }
    <p><strong>${words('report.head')}</strong> <code>${report.summary.head}</code></p>`;
}
