import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/**
 * Certificates that may sign for any server: those that the person or an organisation added (the folder is refused without
 * root, which is then said), and those of the system: since 14 in an update module (APEX), before in the system partition.
 */
export const certificates: Collector = {
  id: 'certificates',
  titleKey: 'collector.certificates',
  profiles: fromStandard,
  asks: ({ sdk }) => [
    ask('ls /data/misc/user/0/cacerts-added', { otherwise: [ask('ls /data/misc/keychain/cacerts-added')] }),
    ask('ls /system/etc/security/cacerts'),
    ...(sdk === null || sdk >= 30 ? [ask('ls /apex/com.android.conscrypt/cacerts')] : []),
  ],
};
