import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Consent } from '../../../shared/model/finding.ts';
import type { ExhibitFacts } from './finding-input.ts';

/** Events that speak of an exhibit's run: those of the run, and those of its label that name no run; another handset's do not. */
export function eventsOf(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
): CaseEvent[] {
  return events.filter((event) => {
    if (event.handset !== null && exhibit.handset !== 'unassigned' && event.handset !== exhibit.handset) return false;
    if (event.run !== null) return event.run === exhibit.run && (event.label === null || event.label === exhibit.label);
    return event.label !== null && event.label === exhibit.label;
  });
}

/** Control requests and gaps in a capture say nothing of what the person did. */
const attesting: ReadonlySet<CaseEvent['kind']> = new Set(['consent-act', 'stimulus', 'note']);

/**
 * Where an instant stands to the consent acts attested for its run, to the microsecond. Without any event for the run nobody attested what was done,
 * and the answer is `unknown`, not «before any act»; so it is beside an act that happened at an instant nobody knows.
 */
export function consentAt(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
  at: string | null,
): Consent {
  const own = eventsOf(events, exhibit).filter((event) => attesting.has(event.kind));
  if (own.length === 0) return 'unknown';
  const acts = own.filter((event) => event.kind === 'consent-act');
  if (acts.length === 0) return 'before-any-act';
  if (at === null) return 'unknown';
  const instantUs = microsecondsOf(at);
  if (acts.some((act) => act.clock !== 'assumed' && microsecondsOf(act.at) <= instantUs)) return 'after-act';
  return acts.some((act) => act.clock === 'assumed') ? 'unknown' : 'before-any-act';
}

/** Since 1970; `Date.parse` alone stops at milliseconds. */
function microsecondsOf(at: string): number {
  const fraction = /\.(\d{1,9})/.exec(at)?.[1] ?? '';
  return Math.floor(Date.parse(at) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
