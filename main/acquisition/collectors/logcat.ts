import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

const buffers = ['main', 'system', 'events', 'radio', 'crash'] as const;

/** The logs, one buffer at a time so that a missing one does not hide the others. Year and zone are printed from 7 on. */
export const logcat: Collector = {
  id: 'logcat',
  titleKey: 'collector.logcat',
  profiles: fromStandard,
  asks: ({ sdk }) => {
    const format = sdk !== null && sdk >= 24 ? '-v threadtime -v year -v zone' : '-v threadtime';
    return buffers.map((buffer) => ask(`logcat -d -b ${buffer} ${format}`, { timeoutMs: 120_000 }));
  },
};
