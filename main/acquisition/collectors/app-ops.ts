import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What each package may do beside its permissions; on MIUI its autostart too. From 4.3 on. */
export const appOps: Collector = {
  id: 'app-ops',
  titleKey: 'collector.app-ops',
  profiles: fromStandard,
  asks: () => [ask('dumpsys appops')],
};
