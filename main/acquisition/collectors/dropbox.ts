import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Crashes and hangs that the system kept, over several boots. */
export const dropbox: Collector = {
  id: 'dropbox',
  titleKey: 'collector.dropbox',
  profiles: fromStandard,
  asks: () => [ask('dumpsys dropbox --print', { timeoutMs: 120_000 })],
};
