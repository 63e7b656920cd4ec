import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Versions, permissions, components with their filters, switched-off parts. */
export const packageDetail: Collector = {
  id: 'package-detail',
  titleKey: 'collector.package-detail',
  profiles: fromStandard,
  asks: () => [ask('dumpsys package', { timeoutMs: 180_000 })],
};
