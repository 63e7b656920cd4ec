import { ask, fullOnly } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What runs or is scheduled without being asked: kept raw. */
export const autostart: Collector = {
  id: 'autostart',
  titleKey: 'collector.autostart',
  profiles: fullOnly,
  asks: () => [
    ask('dumpsys jobscheduler', { timeoutMs: 120_000 }),
    ask('dumpsys alarm', { timeoutMs: 120_000 }),
    ask('dumpsys activity services', { timeoutMs: 120_000 }),
    ask('dumpsys activity exit-info'),
  ],
};
