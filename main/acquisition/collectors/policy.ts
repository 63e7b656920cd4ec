import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

const settingsOf = (user: number | '…'): string => `settings --user ${user} list secure`;

/**
 * Who manages the handset or a profile on it, which app may build a virtual private network (VPN), and by which way traffic goes now. Of
 * each further user or profile its settings: what listens and answers in it, and whether a VPN is always on. The list came with 6.
 */
export const policy: Collector = {
  id: 'policy',
  titleKey: 'collector.policy',
  profiles: fromStandard,
  buildsOn: ['users'],
  asks: ({ sdk, users = [] }) => [
    ask('dumpsys device_policy', sdk === null || sdk >= 23 ? { alsoFor: [settingsOf('…')] } : {}),
    // Known to the tool since 12 (DevicePolicyManagerServiceShellCommand; cmds/dpm of 11 has it not).
    ...(sdk === null || sdk >= 31 ? [ask('dpm list-owners')] : []),
    // A service of its own since 12.
    ...(sdk === null || sdk >= 31 ? [ask('dumpsys vpn_management')] : []),
    // The networks of the moment with their private DNS and proxy; before 12 the only place that tells of a VPN's network.
    ask('dumpsys connectivity'),
    ...(sdk === null || sdk >= 23 ? users.filter((id) => id !== 0).map((id) => ask(settingsOf(id))) : []),
  ],
};
