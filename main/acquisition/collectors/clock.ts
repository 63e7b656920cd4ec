import { everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Offset of the handset's clock with its bound: first and last thing of every acquisition, so that a drift shows. */
export const clock: Collector = {
  id: 'clock',
  titleKey: 'collector.clock',
  profiles: everyProfile,
  asks: () => [{ type: 'clock' }],
};
