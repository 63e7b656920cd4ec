import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Cell, Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { eventInWords, eventSource, reasonInWords } from '../recorded-words.ts';
import { exhibitLink, figure, linked, time, timeLine } from '../structure.ts';
import type { Words } from '../words.ts';

export function visibilitySection(report: MaskedReport, words: Words): Markup {
  const head = ['run', 'captures', 'minutes', 'captured', 'readable', 'canaries', 'gaps'].map((n) =>
    words(`report.col.${n}`),
  );
  const runs = report.visibility.filter((one) => one.run !== null && one.run !== undefined);
  const place = (label: string): number => report.summary.labels.indexOf(label);
  const alone = report.visibility.filter((one) => !runs.some((run) => run.label === one.label));
  return html`<p>${words('report.visibility.text')}</p>
    ${
      report.visibility.length === 0
        ? html`<p>${words('report.visibility.none')}</p>`
        : table(
            head,
            [...runs, ...alone]
              .sort((a, b) => place(a.label) - place(b.label))
              .map((one) => [
                one.run === null || one.run === undefined ? one.label : `${one.run} (${one.label})`,
                linked(one.captures.join(' ')),
                one.minutes,
                figure(one.payloadBytes, words),
                one.readablePercent === null ? '–' : `${one.readablePercent} %`,
                words(`canaries.${one.canaries}`),
                one.gaps.length === 0 ? words('report.none') : one.gaps.join('; '),
              ]),
          )
    }
    <h3>${words('report.gaps')}</h3>
    ${gaps(report, words)}
    <h3>${words('report.absent')}</h3>
    <p>${words('report.absent.text')}</p>
    ${absences(report, words)}`;
}

/** «Absent on this release» and «empty» are answers, no gaps (handbook: cli.md, exit codes). */
const answers = new Set<Exhibit['outcome']>(['absent', 'empty']);
/** Rows on paper; the rest is counted. */
const rowsShown = 200;

function gaps(report: MaskedReport, words: Words): Markup {
  const wrong = report.exhibits.filter(
    (one) => !answers.has(one.outcome) && (one.outcome !== 'read' || one.fault !== null),
  );
  if (wrong.length === 0) return html`<p>${words('report.gaps.none')}</p>`;
  return bounded(
    ['id', 'what', 'run', 'outcome', 'fault'],
    wrong.map((one) => [
      exhibitLink(one.id),
      asked(one),
      one.run === null ? one.label : `${one.run} (${one.label})`,
      words(`outcome.${one.outcome}`),
      one.fault === null ? words('report.none') : reasonInWords(one.fault, words),
    ]),
    words,
  );
}

/** The same question put to several handsets or in several runs is one row. */
function absences(report: MaskedReport, words: Words): Markup {
  const rows = new Map<string, { readonly first: Exhibit; readonly ids: string[] }>();
  for (const one of report.exhibits) {
    if (!answers.has(one.outcome)) continue;
    const key = JSON.stringify([asked(one).replace(/[0-9a-f]{12}/g, '…'), one.outcome, one.fault]);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, { first: one, ids: [one.id] });
    else known.ids.push(one.id);
  }
  if (rows.size === 0) return html`<p>${words('report.absent.none')}</p>`;
  return bounded(
    ['what', 'outcome', 'fault', 'exhibits'],
    [...rows.values()].map(({ first, ids }) => [
      html`<code>${asked(first)}</code>`,
      words(`outcome.${first.outcome}`),
      first.fault === null ? '–' : reasonInWords(first.fault, words),
      linked(ids.join(' ')),
    ]),
    words,
  );
}

function asked({ origin, originalName }: Exhibit): string {
  if (origin.type === 'command') return origin.command;
  return origin.type === 'pull' ? origin.path : originalName;
}

function bounded(head: readonly string[], rows: readonly (readonly Cell[])[], words: Words): Markup {
  const cut = rows.length - rowsShown;
  return html`${table(
    head.map((name) => words(`report.col.${name}`)),
    rows.slice(0, rowsShown),
  )}${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

/** Events on paper; the rest is counted. */
const eventsShown = 400;

export function eventsSection(report: MaskedReport, words: Words): Markup {
  if (report.events.length === 0) return html`<p>${words('report.events.none')}</p>`;
  const head = ['at', 'atHandset', 'run', 'event', 'source'].map((name) => words(`report.col.${name}`));
  const used = report.events.filter(({ kind }) => kind === 'usage');
  const others = report.events.filter(({ kind }) => kind !== 'usage');
  return html`<p>${words('report.events.text')}</p>
    ${eventTable(others, head, words)}
    ${
      used.length === 0
        ? html``
        : html`<h3>${words('report.events.usage')}</h3>
            <p>${words('report.events.usage.text')}</p>
            ${eventTable(used, head, words)}`
    }`;
}

function eventTable(events: readonly CaseEvent[], head: readonly string[], words: Words): Markup {
  const cut = events.length - eventsShown;
  return html`${table(
    head,
    events
      .slice(0, eventsShown)
      .map((one) => [
        time(one.at, words),
        one.atHandset === null ? '–' : one.atHandset.replace('T', ' ').replace(/\.?0*(?=[+Z])/, ''),
        one.run ?? one.label ?? '',
        html`<b>${words(`eventKind.${one.kind}`)}</b> ${eventInWords(one.text, words)}`,
        linked(sourceOfEvent(one, words)),
      ]),
    { look: 'events' },
  )}
  ${cut > 0 ? html`<p class="soft">${words('report.cut', { count: cut })}</p>` : html``}`;
}

/** Where an event comes from, how far its instant may be off, and where it was moved between clocks as what it was stated. */
export function sourceOfEvent(
  {
    source,
    boundMs,
    atWorkstation,
    atWorkstationBoundMs: open,
  }: Pick<CaseEvent, 'source' | 'boundMs' | 'atWorkstation' | 'atWorkstationBoundMs'>,
  words: Words,
): string {
  const stated =
    atWorkstation === undefined
      ? ''
      : `; ${words('report.events.workstation', { at: timeLine(atWorkstation, words) })}${open === undefined ? '' : within(open, words)}`;
  const bound = boundMs === undefined ? '' : within(boundMs, words);
  // What was worked out has a bound of its own, and the event's stands with the event.
  return open === undefined
    ? `${eventSource(source, words)}${stated}${bound}`
    : `${eventSource(source, words)}${bound}${stated}`;
}

const within = (boundMs: number, words: Words): string => ` ± ${figure(Math.ceil(boundMs), words)} ms`;
