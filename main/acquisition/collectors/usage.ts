import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** When which app and screen was used, from 5 on: what a person did around an act of consent. */
export const usage: Collector = {
  id: 'usage',
  titleKey: 'collector.usage',
  profiles: fromStandard,
  asks: () => [ask('dumpsys usagestats', { timeoutMs: 120_000 })],
};
