import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Which app opens a web address, and which engine shows web pages inside the others. */
export const handlers: Collector = {
  id: 'handlers',
  titleKey: 'collector.handlers',
  profiles: fromStandard,
  asks: () => [
    ask('cmd package resolve-activity --brief -a android.intent.action.VIEW -d https://example.org/'),
    ask('dumpsys webviewupdate'),
  ],
};
