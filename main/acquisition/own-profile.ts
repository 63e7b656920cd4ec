import type { ChosenProfile } from '../../shared/model/acquisition.ts';
import type { Collector } from './collector.ts';
import { clock } from './collectors/clock.ts';
import { properties } from './collectors/properties.ts';
import { stateCheck } from './collectors/state-check.ts';
import { collectors, collectorsOf } from './plan.ts';

/**
 * Asked whatever is chosen, since the rest is read with it: the clock that every instant is converted by, the build that says
 * what a command means, and the state before and after that shows what we changed.
 */
export const alwaysAsked: readonly Collector[] = [clock, stateCheck, properties];

/** The collectors of one's own selection, in the order in which they run, with those that are always asked and those they build on. */
function ownCollectors(ids: readonly string[]): readonly Collector[] {
  const wanted = new Set([
    ...ids,
    ...collectors.flatMap(({ id, buildsOn = [] }) => (ids.includes(id) ? buildsOn : [])),
  ]);
  return collectors.filter((one) => alwaysAsked.includes(one) || wanted.has(one.id));
}

/** The collectors of a profile, `own` ones by their ids. */
export function collectorsFor(profile: ChosenProfile, ids: readonly string[] = []): readonly Collector[] {
  return profile === 'own' ? ownCollectors(ids) : collectorsOf(profile);
}

/** Of ids that somebody gave: those that no collector has. */
export function unknownCollectors(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !collectors.some((one) => one.id === id));
}
