import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedFinding, MaskedReport } from '../masked-report.ts';
import type { Words } from '../words.ts';

export function caseSection(report: MaskedReport, words: Words): Markup {
  const { summary, program } = report;
  const rows: readonly (readonly [string, string])[] = [
    ['report.number', summary.number],
    ['report.caseTitle', summary.title],
    ['report.examiner', summary.examiner],
    ['report.madeAt', report.madeAt],
    ['report.madeBy', report.madeBy],
    ['report.program', `Handsight ${program.version}`],
    ['report.programHash', program.sha256],
    ['report.head', summary.head],
  ];
  return html`<h2>${words('report.case')}</h2>
    <dl>
      ${rows.map(
        ([key, value]) =>
          html`<dt>${words(key)}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <p class="soft">${words('report.headNote')}</p>`;
}

/** Findings of one identifier, recipient, channel, representation and label are one line of the summary. */
export function summarySection(report: MaskedReport, words: Words): Markup {
  const shown = report.findings.filter((one) => one.finding.decision?.verdict !== 'dismiss');
  const groups = new Map<string, MaskedFinding[]>();
  for (const one of shown) {
    const f = one.finding;
    const key = JSON.stringify([
      f.label,
      f.run,
      f.identifier,
      recipient(one),
      f.channel,
      f.representation,
      f.consent,
      f.rule,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const decided = (verdict: 'confirm' | 'dismiss'): number =>
    report.findings.filter((one) => one.finding.decision?.verdict === verdict).length;
  const head = [
    'label',
    'run',
    'identifier',
    'recipient',
    'country',
    'channel',
    'representation',
    'consent',
    'findings',
  ];
  return html`<h2>${words('report.summary')}</h2>
    <p>
      ${words('report.summary.text', {
        findings: report.findings.length,
        exhibits: report.exhibits.length,
        handsets: report.handsets.length,
        confirmed: decided('confirm'),
        dismissed: decided('dismiss'),
      })}
    </p>
    ${
      groups.size === 0
        ? html`<p>${words('report.findings.none')}</p>`
        : html`<h3>${words('report.summary.table')}</h3>
            ${table(
              head.map((name) => words(`report.col.${name}`)),
              [...groups.values()].map((group) => summaryRow(group, words)),
            )}`
    }`;
}

function summaryRow(group: readonly MaskedFinding[], words: Words): (string | null)[] {
  const first = group[0];
  if (first === undefined) return [];
  const f = first.finding;
  return [
    f.label,
    f.run ?? '',
    f.identifier === null
      ? words(`rule.${f.rule}`)
      : `${words(`kind.${f.identifier.kind}`)} ${first.identifierMasked ?? ''}`,
    recipient(first),
    f.destination?.country ?? '',
    f.channel === null ? '' : words(`channel.${f.channel}`),
    f.representation === null ? '' : words(`representation.${f.representation}`),
    words(`consent.${f.consent}`),
    group.map((one) => one.finding.number).join(' '),
  ];
}

function recipient(one: MaskedFinding): string {
  const d = one.finding.destination;
  return d === null ? '' : (d.names[0] ?? d.address ?? '');
}

export function methodSection(report: MaskedReport, words: Words): Markup {
  const data = report.countryData;
  return html`<h2>${words('report.method')}</h2>
    <p>${words('report.method.text')}</p>
    <p>${words('report.method.repeat')}</p>
    <p>${words('report.method.clock')}</p>
    ${data === null ? html`` : html`<p>${words('report.method.country', { ...data })}</p>`}`;
}

export function handsetsSection(report: MaskedReport, words: Words): Markup {
  const handsetHead = ['id', 'label', 'role', 'serial'].map((name) => words(`report.col.${name}`));
  const identifierHead = ['id', 'kind', 'value', 'source', 'doubts'].map((name) => words(`report.col.${name}`));
  return html`<h2>${words('report.handsets')}</h2>
    ${table(
      handsetHead,
      report.handsets.map((one) => [one.id, one.label, words(`role.${one.role}`), one.serial ?? '']),
    )}
    <p>${words('report.handsets.masked')}</p>
    ${table(
      identifierHead,
      report.identifiers.map((one) => [
        `${one.id} (${one.handset})`,
        words(`kind.${one.kind}`),
        one.value,
        one.source,
        one.warnings.join(', '),
      ]),
    )}`;
}
