import type { CustodyEntry } from '../../../shared/model/custody.ts';
import { asAnnounced, changeKey, readChangeNote } from '../../../shared/model/handset-change.ts';
import { partsOf } from '../../../shared/model/resumable.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { custodyNote, reasonInWords, scopeInWords } from '../recorded-words.ts';
import { storedGaps } from '../stored-gaps.ts';
import { figure, time, timeLine } from '../structure.ts';
import type { Words } from '../words.ts';

const beforeCommands = ['text', 'axes', 'repeat', 'notation'] as const;
const afterCommands = ['clock', 'absence'] as const;

export function methodSection(report: MaskedReport, words: Words): Markup {
  const data = report.countryData;
  const networks = report.networkData ?? null;
  return html`${beforeCommands.map((name) => html`<p>${words(`report.method.${name}`)}</p>`)}
    <pre class="commands">${'sha256sum exhibits/AB/ABCD…\nI3=…'}</pre>
    ${afterCommands.map((name) => html`<p>${words(`report.method.${name}`)}</p>`)} ${captureClocks(report, words)}
    ${data === null ? html`<p>${words('report.method.no-country')}</p>` : html`<p>${words('report.method.country', { ...data, name: words.code('countrySource', data.name) })}</p>`}
    ${networks === null ? html`<p>${words('report.method.no-network')}</p>` : html`<p>${words('report.method.network', { ...networks, name: words.code('countrySource', networks.name) })}</p>`}
    ${patternsSearched(report, words)}
    <h3>${words('report.acquisitions')}</h3>
    ${acquisitions(report, words)}
    <h3>${words('report.changes')}</h3>
    ${changesMade(report, words)} ${comparedStates(report, words)}`;
}

/** How the handset's clock ran beside the workstation's while it recorded its own packets. */
function captureClocks({ captureClocks: clocks = [] }: MaskedReport, words: Words): Markup {
  return html`${clocks.map(({ exhibit, run, readings }) => {
    const [first] = readings;
    const last = readings.at(-1);
    if (first === undefined || last === undefined) return html``;
    const offsets = readings.map(({ offsetMs }) => offsetMs);
    const params = {
      capture: `${run} (${exhibit})`,
      start: figure(Math.round(first.offsetMs), words),
      startBound: figure(Math.ceil(first.boundMs), words),
      startAt: timeLine(first.at, words),
      end: figure(Math.round(last.offsetMs), words),
      endBound: figure(Math.ceil(last.boundMs), words),
      endAt: timeLine(last.at, words),
      count: readings.length,
      apart: figure(Math.ceil(Math.max(...offsets) - Math.min(...offsets)), words),
    };
    return html`<p>${words('report.method.capture-clocks', params)}</p>`;
  })}`;
}

/** How much was searched for; what the limits took is said, never left to be guessed (handbook: performance.md). */
function patternsSearched({ patterns }: MaskedReport, words: Words): Markup {
  if (patterns === undefined || patterns === null) return html``;
  const { values, literals, digests, literalsDropped, joinedDropped, dropped } = patterns;
  const writings = dropped.map(({ writing, count }) => `${writing} ${count}`).join(', ');
  return html`<p>${words('report.method.patterns', { values, literals, digests })}</p>
    ${literalsDropped === 0 ? html`` : html`<p>${words('report.method.patterns-dropped', { count: literalsDropped, writings })}</p>`}
    ${joinedDropped === 0 ? html`` : html`<p>${words('report.method.joins-dropped', { count: joinedDropped })}</p>`}`;
}

function acquisitions(report: MaskedReport, words: Words): Markup {
  if (report.acquisitions.length === 0) return html`<p>${words('report.acquisitions.none')}</p>`;
  const head = ['id', 'handset', 'run', 'profile', 'started', 'ended', 'outcome'].map((n) => words(`report.col.${n}`));
  return table(
    head,
    report.acquisitions.map((one) => [
      one.id,
      one.serial === '' ? one.handset : `${one.handset} · ${one.serial}`,
      one.run === null ? one.label : `${one.run} (${one.label})`,
      words.code('profile', one.profile),
      time(one.startedAt, words),
      time(one.endedAt, words),
      html`${words.code('acquisitionOutcome', one.outcome)}${[...statedOf(one, report, words), ...(one.detail === null ? [] : storedGaps(one.detail, words))].map((line) => html`<span class="line">${line}</span>`)}`,
    ]),
    { look: 'acquisitions' },
  );
}

/**
 * What an acquisition stated of itself as it began. Where it goes on with another: which exhibits stand for the handset's state,
 * of that one those of collectors that were not asked again.
 */
function statedOf(one: MaskedReport['acquisitions'][number], report: MaskedReport, words: Words): string[] {
  const said = scopeInWords(one, words);
  if (one.continues === undefined) return said;
  const again = new Set(one.collectors);
  const exhibitsOf = (id: string): string[] =>
    report.exhibits
      .filter(({ acquisition, collector }) => acquisition === id && (id === one.id || !again.has(collector ?? '')))
      .map((exhibit) => exhibit.id);
  const earlier = partsOf(report.acquisitions, one.id).filter((part) => part.id !== one.id);
  return [
    ...said,
    ...[...earlier, one].map(({ id }) =>
      words('report.acquisitions.part', { id, exhibits: exhibitsOf(id).join(', ') || words('report.none') }),
    ),
  ];
}

/** Everything that was done to a handset beyond reading, with what became of it (handbook: investigation.md, rule 5). */
function changesMade(report: MaskedReport, words: Words): Markup {
  const begun = report.custody.filter((one) => one.action === 'handset-change-begun');
  if (begun.length === 0) return html`<p>${words('report.changes.none')}</p>`;
  const head = ['at', 'what', 'undone'].map((name) => words(`report.col.${name}`));
  return html`<p>${words('report.changes.text', { count: begun.length })}</p>
    ${table(
      head,
      begun.map((one) => {
        return [
          time(one.at, words),
          custodyNote(one.action, one.note ?? '', words),
          endOfChange(lastEnd(report.custody, one), words),
        ];
      }),
    )}`;
}

/** What the readings of each handset's state before and after an acquisition differed in. */
function comparedStates(report: MaskedReport, words: Words): Markup {
  const compared = report.custody.filter((one) => one.action === 'handset-compared');
  if (compared.length === 0) return html``;
  return html`<p>${words('report.changes.compared')}</p>
    <ul>
      ${compared.map((one) => html`<li>${custodyNote(one.action, one.note ?? '', words)}</li>`)}
    </ul>`;
}

/** The last entry on a change before the same is begun again: one that was left may have been undone later. */
function lastEnd(custody: readonly CustodyEntry[], begun: CustodyEntry): CustodyEntry | undefined {
  const key = changeKey(begun.note ?? '');
  const later = custody.filter(
    (one) => one.seq > begun.seq && one.action.startsWith('handset-change-') && changeKey(one.note ?? '') === key,
  );
  const again = later.findIndex((one) => one.action === 'handset-change-begun');
  return (again < 0 ? later : later.slice(0, again)).at(-1);
}

/** What became of a change: taken back, left and why, or nothing recorded (the program or the connection ended before). */
function endOfChange(end: CustodyEntry | undefined, words: Words): string {
  if (end === undefined) return words('report.changes.not-undone');
  if (end.action === 'handset-change-undone') return words('report.changes.undone');
  if (end.action === 'handset-change-not-made') return words('report.changes.not-made');
  if (end.action === 'handset-change-unclear') return words('report.changes.unclear');
  const why = readChangeNote(end.note ?? '')?.why ?? 'none';
  if (why === asAnnounced) return words('report.changes.as-announced');
  return words('report.changes.left', { why: reasonInWords(why, words) });
}
