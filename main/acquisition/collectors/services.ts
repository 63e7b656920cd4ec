import { ask, fullOnly } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** The services that run at this moment: long on a phone with many apps, and another minute later. */
export const services: Collector = {
  id: 'services',
  titleKey: 'collector.services',
  profiles: fullOnly,
  asks: () => [ask('dumpsys activity services', { timeoutMs: 120_000 })],
};
