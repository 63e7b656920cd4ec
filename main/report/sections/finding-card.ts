import type { Markup } from '../markup.ts';
import { html } from '../markup.ts';
import type { ContextPiece, MaskedFinding, MaskedReport } from '../masked-report.ts';
import { fieldInWords, stepInWords } from '../recorded-words.ts';
import type { RepeatStep } from '../repeat.ts';
import { entry, exhibitLink, figure, timeLine } from '../structure.ts';
import type { Words } from '../words.ts';
import { destinationLine } from './recipients.ts';

/** One finding with everything that it takes to find it again. */
export function findingCard(one: MaskedFinding, report: MaskedReport, words: Words): Markup {
  const f = one.finding;
  const dismissed = f.decision?.verdict === 'dismiss';
  const mark = dismissed ? words('report.finding.dismissed-mark') : words(`severity.${f.severity}`);
  return html`<article class="finding ${f.severity} ${dismissed ? 'dismissed' : ''}" id="${f.number}">
    <h4><span class="number">${f.number}</span> <span class="mark">${mark}</span> ${one.statement}</h4>
    <dl>
      ${entry(words('report.finding.judgement'), judgement(one, words))}
      ${f.at === null ? html`` : entry(words('report.finding.at'), instants(one, f.at, words))}
      ${f.destination === null ? html`` : entry(words('report.finding.destination'), destinationLine(f.destination, words))}
      ${entry(words('report.finding.exhibit'), exhibit(one, report, words))}
      ${f.frames.length === 0 ? recordPlace(one, words) : capturePlace(one, words)}
      ${f.identifier === null ? html`` : entry(words('report.finding.steps'), stepsInWords(one, words))}
      ${one.context === null ? html`` : entry(words('report.finding.bytes'), bytesInContext(one.context, words))}
      ${entry(words('report.finding.repeat'), repeatSteps(one, words))}
      ${entry(words('report.finding.rule'), `${f.rule}, ${words('report.finding.version')} ${f.ruleVersion} · ${words('report.finding.key')} ${f.key}`)}
      ${entry(words('report.finding.decision'), decision(one, words))}
    </dl>
  </article> `;
}

/** By the clock of the packets, and by the workstation's where the two were measured beside each other. */
function instants({ workstation }: MaskedFinding, at: string, words: Words): string {
  const packet = timeLine(at, words);
  if (workstation === undefined || workstation === null) return packet;
  const params = { at: timeLine(workstation.at, words), bound: figure(workstation.boundMs, words) };
  return `${packet}${words.lang === 'en' ? '; ' : '；'}${words('report.finding.workstation', params)}`;
}

function judgement(one: MaskedFinding, words: Words): string {
  const f = one.finding;
  const axes = [
    f.channel === null ? null : `${words('report.finding.channel')}: ${words(`channel.${f.channel}`)}`,
    f.representation === null
      ? null
      : `${words('report.finding.representation')}: ${words(`representation.${f.representation}`)}`,
    `${words('report.finding.known-by')}: ${words(`knownBy.${f.contentKnownBy ?? 'none'}`)}`,
    `${words('report.finding.consent')}: ${words(`consent.${f.consent}`)}${f.consentReason === undefined ? '' : ` (${words(`consentReason.${f.consentReason}`)})`}`,
    `${words('report.finding.confidence')}: ${words(`confidence.${f.confidence}`)}`,
  ];
  return axes.filter((part) => part !== null).join(' · ');
}

function exhibit(one: MaskedFinding, report: MaskedReport, words: Words): Markup {
  const f = one.finding;
  const id = f.frames[0]?.exhibit ?? one.place?.exhibit ?? null;
  const found = report.exhibits.find((candidate) => candidate.id === id);
  return html`${id === null ? words('report.none') : exhibitLink(id)} ${found?.originalName ?? ''}<br /><code
      >SHA-256 ${f.exhibitSha256}</code
    >`;
}

/** Numbers; with their exhibits where the packets lie in several files of one recording. */
function framesText(frames: MaskedFinding['finding']['frames']): string {
  const alone = frames.every(({ exhibit }) => exhibit === frames[0]?.exhibit);
  return frames.map(({ exhibit, frame }) => (alone ? String(frame) : `${exhibit} #${frame}`)).join(', ');
}

function capturePlace(one: MaskedFinding, words: Words): Markup {
  const f = one.finding;
  const parts = [
    `${words('report.finding.frames')} ${framesText(f.frames)}`,
    f.streamOffset === null ? null : `${words('report.finding.offset')} ${f.streamOffset}`,
    one.bodyOffset === null ? null : `${words('report.finding.body-offset')} ${one.bodyOffset}`,
    one.decodings.length === 0
      ? null
      : `${words('report.finding.decodings')} ${one.decodings.map((step) => stepInWords(step, words)).join(' → ')}`,
    `${words('report.finding.field')} ${fieldInWords(f, words)}`,
  ];
  return entry(words('report.finding.place'), parts.filter((part) => part !== null).join(' · '));
}

function recordPlace(one: MaskedFinding, words: Words): Markup {
  const { place } = one;
  if (place === null) return html``;
  const line =
    place.line === null ? words('report.finding.line.none') : `${words('report.finding.line')} ${place.line}`;
  return entry(
    words('report.finding.place'),
    html`<code>${place.command ?? ''}</code> · ${line} · ${words('report.finding.field')}
      ${fieldInWords(one.finding, words)}`,
  );
}

function stepsInWords(one: MaskedFinding, words: Words): string {
  const f = one.finding;
  const start = `${words('report.finding.value-of', { id: f.identifier?.id ?? '', kind: words(`kind.${f.identifier?.kind ?? 'custom'}`), masked: one.identifierMasked ?? '' })}${f.form === null || f.form === undefined ? '' : ` (${words.code('form', f.form)})`}`;
  const steps = f.transform.map((step) => stepInWords(step, words));
  return steps.length === 0 ? `${start}: ${words('report.finding.plain')}` : [start, ...steps].join(' → ');
}

function bytesInContext(pieces: readonly ContextPiece[], words: Words): Markup {
  return html`<code class="bytes"
    >${pieces.map((piece) => {
      if ('shown' in piece) return html`${piece.shown}`;
      const said = `[${piece.id} ${words(`kind.${piece.kind}`)}: ${words('report.bytes', { count: piece.bytes })}]`;
      return piece.match ? html`<mark>${said}</mark>` : html`<b>${said}</b>`;
    })}</code
  >`;
}

function repeatSteps({ finding, repeat }: MaskedFinding, words: Words): Markup {
  if (repeat.length === 0) return html`${words('report.finding.repeat.none')}`;
  const ends = repeat.some(({ purpose }) => purpose === 'value' || purpose === 'recipe' || purpose === 'decode');
  const none =
    finding.identifier === null || ends ? html`` : html`<span class="purpose">${words('repeat.recipe.none')}</span>`;
  return html`${repeat.map((step) => repeatStep(step, words))}${none}`;
}

function repeatStep({ purpose, command, expect, left, variable }: RepeatStep, words: Words): Markup {
  const steps = (left ?? []).map((step) => stepInWords(step, words)).join(' → ');
  const which = left !== undefined && steps === '' ? `${purpose}.none` : purpose;
  return html`<span class="purpose"
      >${words(`repeat.${which}`, { left: steps })}${expect === null ? '' : words('repeat.expect', { what: expect })}${variable === undefined ? '' : words('repeat.variable', { variable })}</span
    ><code class="block">${command}</code>`;
}

function decision(one: MaskedFinding, words: Words): string {
  const d = one.finding.decision;
  return d === null
    ? words('report.finding.undecided')
    : `${words(`decision.${d.verdict}`)}: ${d.reason} (${d.by}, ${timeLine(d.at, words)})`;
}
