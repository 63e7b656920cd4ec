import { fullOnly } from '../collector.ts';
import type { Collector } from '../collector.ts';

/**
 * The code of every app that did not come with the system, and of every system app that was updated: what lies outside the partitions
 * that only an update of the system writes. Apps that were not updated are the same on every handset of that build.
 */
export const appCode: Collector = {
  id: 'app-code',
  titleKey: 'collector.app-code',
  profiles: fullOnly,
  asks: () => [{ type: 'app-code' }],
};
