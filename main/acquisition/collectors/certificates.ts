import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

const added = (user: number | '…'): string => `ls /data/misc/user/${user}/cacerts-added`;

/**
 * Certificates that may sign for any server: those that the person or an organisation added (the folder is refused without
 * root, which is then said; where it is not, each is read), by user and profile as the handset listed them; and those of the system: since 14 in an update module (APEX), before in the system partition.
 */
export const certificates: Collector = {
  id: 'certificates',
  titleKey: 'collector.certificates',
  profiles: fromStandard,
  buildsOn: ['users'],
  asks: ({ sdk, users = [] }) => [
    ask(added(0), {
      otherwise: [ask('ls /data/misc/keychain/cacerts-added')],
      eachFile: true,
      alsoFor: [added('…'), 'cat /data/misc/user/…/cacerts-added/…'],
    }),
    ...users.filter((id) => id !== 0).map((id) => ask(added(id), { eachFile: true })),
    ask('ls /system/etc/security/cacerts'),
    ...(sdk === null || sdk >= 30 ? [ask('ls /apex/com.android.conscrypt/cacerts')] : []),
  ],
};
