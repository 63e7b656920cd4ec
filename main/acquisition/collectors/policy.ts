import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Who manages the handset or a profile on it, which app may build a virtual private network (VPN), and by which way traffic goes now. */
export const policy: Collector = {
  id: 'policy',
  titleKey: 'collector.policy',
  profiles: fromStandard,
  asks: ({ sdk }) => [
    ask('dumpsys device_policy'),
    // Known to the tool since 12 (DevicePolicyManagerServiceShellCommand; cmds/dpm of 11 has it not).
    ...(sdk === null || sdk >= 31 ? [ask('dpm list-owners')] : []),
    // A service of its own since 12.
    ...(sdk === null || sdk >= 31 ? [ask('dumpsys vpn_management')] : []),
    // The networks of the moment with their private DNS and proxy; before 12 the only place that tells of a VPN's network.
    ask('dumpsys connectivity'),
  ],
};
