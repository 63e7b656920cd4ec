import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What runs at this moment. From 8 on `ps` alone lists the shell's own; before, `-A` is taken for a name. */
export const processes: Collector = {
  id: 'processes',
  titleKey: 'collector.processes',
  profiles: fromStandard,
  asks: ({ sdk }) => [ask(sdk !== null && sdk < 26 ? 'ps' : 'ps -A')],
};
