import { ask, everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** `settings list` is younger than the tables: older releases answer through the content provider. The dump holds all three. */
function settingsOf(namespace: 'system' | 'secure' | 'global'): Collector {
  return {
    id: `settings-${namespace}`,
    titleKey: `collector.settings-${namespace}`,
    profiles: everyProfile,
    asks: () => [
      ask(`settings list ${namespace}`, {
        otherwise: [ask(`content query --uri content://settings/${namespace}`), ask('dumpsys settings')],
      }),
    ],
  };
}

export const settingsSystem = settingsOf('system');
export const settingsSecure = settingsOf('secure');
export const settingsGlobal = settingsOf('global');
