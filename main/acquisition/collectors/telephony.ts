import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What the handset last knew of its mobile network: service, operator, roaming, the cell. On all releases. */
export const telephony: Collector = {
  id: 'telephony',
  titleKey: 'collector.telephony',
  profiles: fromStandard,
  asks: () => [ask('dumpsys telephony.registry')],
};
