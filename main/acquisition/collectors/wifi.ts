import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** The Wi-Fi network that the handset is in: its name and the address of its station say where it stands. On all releases. */
export const wifi: Collector = {
  id: 'wifi',
  titleKey: 'collector.wifi',
  profiles: fromStandard,
  asks: () => [ask('dumpsys wifi')],
};
