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

const unknownBecause = (consentReason: ConsentReason): ConsentPhase => ({ consent: 'unknown', consentReason });

/**
 * Where an instant stands to the consent acts attested for its run, to the microsecond. Without any event for the run nobody attested what was done,
 * and the answer is `unknown`, not «before any act»; so it is beside an act that happened at an instant nobody knows, and beside one that the
 * bound of its clock (`CaseEvent.boundMs`) leaves on either side.
 */
export function consentAt(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
  at: string | null,
): ConsentPhase {
  return phaseAmong(eventsOf(events, exhibit), at === null ? null : microsecondsOf(at));
}

/** From `fromUs` on (µs since 1970; the first from minus infinity) everything of the exhibit stands so. */
export interface ConsentSpan {
  readonly fromUs: number;
  readonly consent: Consent;
}

/** `consentAt` for every instant at once, by time: it changes only where an act may have happened. */
export function consentSpans(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
): readonly ConsentSpan[] {
  const own = eventsOf(events, exhibit);
  const edges = own
    .filter((event) => event.kind === 'consent-act')
    .flatMap((act) => [microsecondsOf(act.at) - boundUs(act), microsecondsOf(act.at) + boundUs(act)]);
  return [Number.NEGATIVE_INFINITY, ...[...new Set(edges)].sort((a, b) => a - b)].map((fromUs) => ({
    fromUs,
    consent: phaseAmong(own, fromUs).consent,
  }));
}

/** @param events those that speak of the exhibit's run */
function phaseAmong(events: readonly CaseEvent[], instantUs: number | null): ConsentPhase {
  const own = events.filter((event) => attesting.has(event.kind));
  if (own.length === 0) return unknownBecause('nothing-attested');
  const acts = own.filter((event) => event.kind === 'consent-act');
  if (acts.length === 0) return { consent: 'before-any-act' };
  if (instantUs === null) return unknownBecause('no-instant');
  const placed = acts.filter((act) => act.clock !== 'assumed');
  if (placed.some((act) => microsecondsOf(act.at) + boundUs(act) <= instantUs)) return { consent: 'after-act' };
  if (placed.some((act) => microsecondsOf(act.at) - boundUs(act) <= instantUs))
    return unknownBecause('within-clock-bound');
  return placed.length < acts.length ? unknownBecause('clock-not-tied') : { consent: 'before-any-act' };
}

const boundUs = (act: CaseEvent): number => Math.ceil((act.boundMs ?? 0) * 1000);

/** Since 1970; `Date.parse` alone stops at milliseconds. */
export function microsecondsOf(at: string): number {
  const fraction = /\.(\d{1,9})/.exec(at)?.[1] ?? '';
  return Math.floor(Date.parse(at) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
