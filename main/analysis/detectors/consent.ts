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

/**
 * Where an instant stands to the consent acts attested for its run. Without any event for the run nobody attested what was done, and the answer
 * is `unknown`, not «before any act».
 */
export function consentAt(
  events: readonly CaseEvent[],
  exhibit: Pick<ExhibitFacts, 'label' | 'run' | 'handset'>,
  at: string | null,
): Consent {
  const own = eventsOf(events, exhibit);
  if (own.length === 0) return 'unknown';
  const acts = own.filter((event) => event.kind === 'consent-act');
  if (acts.length === 0) return 'before-any-act';
  if (at === null) return 'unknown';
  const instant = Date.parse(at);
  return acts.some((act) => Date.parse(act.at) <= instant) ? 'after-act' : 'before-any-act';
}
