import { intakeWants } from '../../../shared/model/intake.ts';
import type { Intake } from '../../../shared/model/intake.ts';
import type { Markup } from '../markup.ts';
import { html, table } from '../markup.ts';
import type { MaskedReport } from '../masked-report.ts';
import { timeLine } from '../structure.ts';
import type { Words } from '../words.ts';

/** How each handset came in: the latest intake of each, and which exhibits have none. */
export function intakePart({ handsets, intakes }: MaskedReport, words: Words): Markup {
  const latest = new Map(intakes.map((one) => [one.handset, one]));
  const shown = [...latest.values()];
  const corrected = intakes.length - shown.length;
  const without = handsets.filter((one) => one.role === 'exhibit' && !latest.has(one.id)).map((one) => one.id);
  const head = ['id', 'exhibitNumber', 'seal', 'received', 'state', 'authority', 'confirmed', 'signed'];
  return html`<h3>${words('report.intake.title')}</h3>
    ${
      shown.length === 0
        ? html``
        : table(
            head.map((name) => words(`report.col.${name}`)),
            shown.map((one) => rowOf(one, words)),
          )
    }
    ${corrected > 0 ? html`<p class="soft">${words('report.intake.corrected', { count: corrected })}</p>` : html``}
    ${without.length > 0 ? html`<p>${words('report.intake.none', { handsets: without.join(', ') })}</p>` : html``}`;
}

function rowOf(one: Intake, words: Words): (string | Markup)[] {
  const wants = intakeWants(one).map((check) => words(`intakeCheck.${check}`));
  return [
    `${one.handset} (${one.id})`,
    one.exhibitNumber,
    one.seal ?? '–',
    html`${one.receivedFrom}<br />${timeLine(one.receivedAt, words)}`,
    stateOf(one, words),
    one.note === null ? one.authority : html`${one.authority}<br />${one.note}`,
    html`${
      wants.length === 0 ? words('report.intake.all') : words('report.intake.wants', { checks: wants.join(', ') })
    }${one.photographs.length === 0 ? '' : html`<br />${one.photographs.join(' ')}`}`,
    html`${one.recordedBy}<br />${
        one.signed === null
          ? words('report.intake.unsigned')
          : html`${one.signed.by}, ${timeLine(one.signed.at, words)}`
      }`,
  ];
}

function stateOf({ state }: Intake, words: Words): string {
  return [
    words(`intakeLock.${state.lock}`),
    words(`intakePower.${state.power}`),
    words(`intakeAirplane.${state.airplane}`),
    words(`intakeSim.${state.sim}`),
    ...(state.battery === null ? [] : [words('report.intake.battery', { percent: state.battery })]),
  ].join(', ');
}
