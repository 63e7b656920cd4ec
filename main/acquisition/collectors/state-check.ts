import { everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Settings, packages, properties and temporary files, before anything else is asked and once more at the end: did we change anything? */
export const stateCheck: Collector = {
  id: 'state-check',
  titleKey: 'collector.state-check',
  profiles: everyProfile,
  asks: () => [{ type: 'state' }],
};
