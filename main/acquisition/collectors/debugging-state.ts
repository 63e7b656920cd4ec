import { ask, everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** USB debugging had to be switched on for all this: the state is part of what was found. */
export const debuggingState: Collector = {
  id: 'debugging-state',
  titleKey: 'collector.debugging-state',
  profiles: everyProfile,
  asks: () => [
    ask('settings get global adb_enabled', { otherwise: [ask('settings get secure adb_enabled')] }),
    ask('settings get global development_settings_enabled'),
    ask('getprop init.svc.adbd'),
  ],
};
