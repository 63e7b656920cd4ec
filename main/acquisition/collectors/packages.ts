import { ask, everyProfile } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Installed packages; each release takes fewer flags than the next, and Samsung wants the user named. */
export const packages: Collector = {
  id: 'packages',
  titleKey: 'collector.packages',
  profiles: everyProfile,
  asks: () => [
    ask('pm list packages -f -U -i --show-versioncode', {
      otherwise: [
        ask('pm list packages -f -i -U'),
        ask('pm list packages -f -i'),
        ask('pm list packages -f'),
        ask('pm list packages -f --user 0'),
        ask('pm list packages'),
      ],
    }),
    ask('pm list packages -d', { otherwise: [ask('pm list packages -d --user 0')] }),
    ask('pm list packages -s', { otherwise: [ask('pm list packages -s --user 0')] }),
    ask('pm list packages -3', { otherwise: [ask('pm list packages -3 --user 0')] }),
  ],
};
