import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Which apps may run while the handset sleeps, and the state of the battery. */
export const power: Collector = {
  id: 'power',
  titleKey: 'collector.power',
  profiles: fromStandard,
  asks: () => [ask('dumpsys deviceidle'), ask('dumpsys battery')],
};
