import { fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What the screen shows. Before 7 it goes through a file that is removed again: a change, announced and recorded. */
export const screenshot: Collector = {
  id: 'screenshot',
  titleKey: 'collector.screenshot',
  profiles: fromStandard,
  asks: () => [{ type: 'screenshot' }],
};
