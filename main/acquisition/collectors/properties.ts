import { ask, everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Every system property: build, region, versions. */
export const properties: Collector = {
  id: 'properties',
  titleKey: 'collector.properties',
  profiles: everyProfile,
  asks: () => [ask('getprop', { timeoutMs: 30_000, maxBytes: 16 * 1024 * 1024 })],
};
