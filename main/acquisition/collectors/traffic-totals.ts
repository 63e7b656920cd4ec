import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Bytes per app since long, and the sockets open now: what a capture's visibility is measured against. */
export const trafficTotals: Collector = {
  id: 'traffic-totals',
  titleKey: 'collector.traffic-totals',
  profiles: fromStandard,
  asks: () => [
    ask('dumpsys netstats detail'),
    ...['tcp', 'tcp6', 'udp', 'udp6'].map((table) => ask(`cat /proc/net/${table}`)),
  ],
};
