import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Consent, ConsentReason } from '../../../shared/model/finding.ts';
import type { ExhibitFacts } from './finding-input.ts';

/** Events that speak of an exhibit's run: those of the run, and those of its label that name no run; another handset's do not. */
export function eventsOf(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
): CaseEvent[] {
  return events.filter((event) => speaksOf(event, exhibit));
}

export function speaksOf(
  event: Pick<CaseEvent, 'label' | 'run' | 'handset'>,
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
): boolean {
  if (event.handset !== null && exhibit.handset !== 'unassigned' && event.handset !== exhibit.handset) return false;
  if (event.run !== null) return event.run === exhibit.run && (event.label === null || event.label === exhibit.label);
  return event.label !== null && event.label === exhibit.label;
}

/** Control requests and gaps in a capture say nothing of what the person did. */
const attesting: ReadonlySet<CaseEvent['kind']> = new Set(['consent-act', 'stimulus', 'note']);

/** How something stands to the consent acts, and why that is not known where it is not. */
export interface ConsentPhase {
  readonly consent: Consent;
  readonly consentReason?: ConsentReason;
}

/** Whose packets are placed: by run and label, and how far their clock stepped back. */
type Placing = Pick<ExhibitFacts, 'label' | 'run' | 'handset' | 'clockStepUs'>;

const unknownBecause = (consentReason: ConsentReason): ConsentPhase => ({ consent: 'unknown', consentReason });

/**
 * Where an instant stands to the consent acts attested for its run, to the microsecond. Without any event for the run nobody attested what was done,
 * and the answer is `unknown`, not «before any act»; so it is beside an act that happened at an instant nobody knows, and beside one that the
 * bound of its clock (`CaseEvent.boundMs`) leaves on either side. Which of two times that a clock showed before and after it was set back is the
 * right one nobody knows: an act that lies within such a step is left open too.
 */
export function consentAt(events: readonly CaseEvent[], exhibit: Placing, at: string | null): ConsentPhase {
  return phaseBeside(eventsOf(events, exhibit), at === null ? null : microsecondsOf(at), exhibit.clockStepUs ?? 0);
}

/** From `fromUs` on (µs since 1970; the first from minus infinity) everything of the exhibit stands so. */
export interface ConsentSpan {
  readonly fromUs: number;
  readonly consent: Consent;
}

/** `consentAt` for every instant at once, by time: it changes only where an act may have happened. */
export function consentSpans(events: readonly CaseEvent[], exhibit: Placing): readonly ConsentSpan[] {
  const own = eventsOf(events, exhibit);
  const stepUs = exhibit.clockStepUs ?? 0;
  const edges = own
    .filter((event) => event.kind === 'consent-act')
    .flatMap((act) => {
      const [at, open] = [microsecondsOf(act.at), boundUs(act) + stepUs];
      return [at - open, at + open];
    });
  return [Number.NEGATIVE_INFINITY, ...[...new Set(edges)].sort((a, b) => a - b)].map((fromUs) => ({
    fromUs,
    consent: phaseBeside(own, fromUs, stepUs).consent,
  }));
}

/** @param events those that speak of the exhibit's run */
function phaseBeside(events: readonly CaseEvent[], instantUs: number | null, stepUs: number): ConsentPhase {
  const phase = phaseAmong(events, instantUs, 0);
  const isOpen = stepUs > 0 && phaseAmong(events, instantUs, stepUs).consent !== phase.consent;
  return isOpen ? unknownBecause('clock-steps-back') : phase;
}

/** `stepUs`: open by so much beside the bounds of the acts' own clocks. */
function phaseAmong(events: readonly CaseEvent[], instantUs: number | null, stepUs: number): ConsentPhase {
  const own = events.filter((event) => attesting.has(event.kind));
  if (own.length === 0) return unknownBecause('nothing-attested');
  const acts = own.filter((event) => event.kind === 'consent-act');
  if (acts.length === 0) return { consent: 'before-any-act' };
  if (instantUs === null) return unknownBecause('no-instant');
  const placed = acts.filter((act) => act.clock !== 'assumed');
  if (placed.some((act) => microsecondsOf(act.at) + boundUs(act) + stepUs <= instantUs))
    return { consent: 'after-act' };
  if (placed.some((act) => microsecondsOf(act.at) - boundUs(act) - stepUs <= instantUs))
    return unknownBecause('within-clock-bound');
  return placed.length < acts.length ? unknownBecause('clock-not-tied') : { consent: 'before-any-act' };
}

const boundUs = (act: CaseEvent): number => Math.ceil((act.boundMs ?? 0) * 1000);

/** Since 1970; `Date.parse` alone stops at milliseconds. */
export function microsecondsOf(at: string): number {
  const fraction = /\.(\d{1,9})/.exec(at)?.[1] ?? '';
  return Math.floor(Date.parse(at) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
