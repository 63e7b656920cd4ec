import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** `cmd` came with 7; a tool of its own with 5 (frameworks/base, cmds/appops). Without `--user` both answer for the current user. */
function byName(sdk: number | null): readonly string[] {
  if (sdk === null) return ['cmd appops get', 'appops get'];
  if (sdk >= 24) return ['cmd appops get'];
  return sdk >= 21 ? ['appops get'] : [];
}

/** What each package may do beside its permissions; on MIUI its autostart too. From 4.3 on. */
export const appOps: Collector = {
  id: 'app-ops',
  titleKey: 'collector.app-ops',
  profiles: fromStandard,
  asks: ({ sdk }) => {
    const perPackage = byName(sdk);
    return [ask('dumpsys appops', perPackage.length === 0 ? {} : { perPackage })];
  },
};
