import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { MaskedFinding, MaskedReport } from '../masked-report.ts';
import type { Words } from '../words.ts';

export function findingsSection(report: MaskedReport, words: Words): Markup {
  const names = new Map(report.exhibits.map((one) => [one.id, one.originalName]));
  return html`<h2>${words('report.findings')}</h2>
    ${
      report.findings.length === 0
        ? html`<p>${words('report.findings.none')}</p>`
        : report.findings.map((one) => findingCard(one, names, words))
    }`;
}

function findingCard(one: MaskedFinding, names: ReadonlyMap<string, string>, words: Words): Markup {
  const f = one.finding;
  const exhibit = f.frames[0]?.exhibit ?? null;
  const name = exhibit === null ? null : (names.get(exhibit) ?? null);
  return html`<section class="finding ${f.severity}">
    <h3>${f.number} · ${one.statement}</h3>
    <dl>
      ${entry(words('report.finding.confidence'), words(`confidence.${f.confidence}`))}
      ${entry(words('report.finding.severity'), words(`severity.${f.severity}`))}
      ${entry(words('report.finding.protection'), protection(one, words))}
      ${entry(words('report.finding.consent'), words(`consent.${f.consent}`))}
      ${entry(words('report.finding.destination'), destination(one))}
      ${entry(words('report.finding.steps'), f.transform.length === 0 ? words('report.finding.plain') : f.transform.join(' → '))}
      ${entry(words('report.finding.exhibit'), `${exhibit ?? ''} ${name ?? ''} · SHA-256 ${f.exhibitSha256}`)}
      ${entry(words('report.finding.frames'), frameList(one))}
      ${entry(words('report.finding.offset'), f.streamOffset === null ? words('report.none') : String(f.streamOffset))}
      ${entry(words('report.finding.field'), f.field ?? words('report.none'))}
      ${
        f.filter === null
          ? html``
          : html`<dt>${words('report.finding.repeat')}</dt>
              <dd><code>tshark -r ${shellName(f.exhibitSha256)} -Y "${f.filter}" -T fields -e frame.number</code></dd>`
      }
      ${
        one.context === null
          ? html``
          : html`<dt>${words('report.finding.bytes')}</dt>
              <dd>
                <code class="bytes"
                  >${one.context.before}<mark>[${kindOf(one, words)}: ${one.context.matchBytes} B]</mark
                  >${one.context.after}</code
                >
              </dd>`
      }
      ${entry(words('report.finding.rule'), `${f.rule} ${f.ruleVersion} · ${words('report.finding.key')} ${f.key}`)}
      ${entry(words('report.finding.decision'), decision(one, words))}
    </dl>
  </section> `;
}

function entry(name: string, value: string): Markup {
  return html`<dt>${name}</dt>
    <dd>${value}</dd> `;
}

/** An exhibit's file in the case is named by its hash: that is what a reader has. */
function shellName(sha256: string): string {
  return `exhibits/${sha256.slice(0, 2)}/${sha256}`;
}

function kindOf(one: MaskedFinding, words: Words): string {
  return one.finding.identifier === null ? '…' : words(`kind.${one.finding.identifier.kind}`);
}

function protection(one: MaskedFinding, words: Words): string {
  const f = one.finding;
  return [
    words(`channel.${f.channel ?? 'unknown'}`),
    f.representation === null ? words('report.none') : words(`representation.${f.representation}`),
    words(`knownBy.${f.contentKnownBy ?? 'none'}`),
  ].join(' / ');
}

function destination(one: MaskedFinding): string {
  const d = one.finding.destination;
  if (d === null) return '';
  const sources = d.sources.map(
    (s) => `${s.what}: ${s.value}${s.dataAt === null ? '' : ` (${s.dataAt})`}${s.note === null ? '' : ` – ${s.note}`}`,
  );
  return [d.names.join(', '), d.address ?? '', d.country ?? '', sources.join('; ')]
    .filter((part) => part !== '')
    .join(' · ');
}

function frameList(one: MaskedFinding): string {
  return one.finding.frames.map((frame) => String(frame.frame)).join(', ');
}

function decision(one: MaskedFinding, words: Words): string {
  const d = one.finding.decision;
  return d === null
    ? words('report.finding.undecided')
    : `${words(`decision.${d.verdict}`)}: ${d.reason} (${d.by}, ${d.at})`;
}
