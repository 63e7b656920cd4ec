import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What is scheduled without being asked, and which processes ended. */
export const autostart: Collector = {
  id: 'autostart',
  titleKey: 'collector.autostart',
  profiles: fromStandard,
  asks: () => [
    ask('dumpsys jobscheduler', { timeoutMs: 120_000 }),
    ask('dumpsys alarm', { timeoutMs: 120_000 }),
    ask('dumpsys activity exit-info'),
  ],
};
