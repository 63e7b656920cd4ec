/**
 * Numbers of `service call iphonesubinfo N` by release, counted in AOSP's IPhoneSubInfo.aidl of that release (a method's
 * number is its place in the file). Makers add methods of their own, so every answer is also checked by its shape.
 */
export interface PhoneTransaction {
  readonly code: number;
  readonly kind: 'imei' | 'imsi' | 'iccid' | 'msisdn';
  readonly method: string;
}

interface ReleaseTable {
  /** Highest API level the table holds for. */
  readonly upToSdk: number;
  readonly transactions: readonly PhoneTransaction[];
}

const t = (code: number, kind: PhoneTransaction['kind'], method: string): PhoneTransaction => ({ code, kind, method });

export const phoneTransactionTables: readonly ReleaseTable[] = [
  {
    upToSdk: 17, // till 4.2
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(3, 'imsi', 'getSubscriberId'),
      t(4, 'iccid', 'getIccSerialNumber'),
      t(5, 'msisdn', 'getLine1Number'),
    ],
  },
  {
    upToSdk: 20, // 4.3 and 4.4: getGroupIdLevel1 came in before the ICCID
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(3, 'imsi', 'getSubscriberId'),
      t(5, 'iccid', 'getIccSerialNumber'),
      t(6, 'msisdn', 'getLine1Number'),
      t(8, 'msisdn', 'getMsisdn'),
    ],
  },
  {
    upToSdk: 27, // 5 to 8: each method twice, the second with a subscription
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(7, 'imsi', 'getSubscriberId'),
      t(11, 'iccid', 'getIccSerialNumber'),
      t(13, 'msisdn', 'getLine1Number'),
      t(17, 'msisdn', 'getMsisdn'),
    ],
  },
  {
    upToSdk: 29, // 9 and 10: getGroupIdLevel1 without a subscription is gone
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(7, 'imsi', 'getSubscriberId'),
      t(10, 'iccid', 'getIccSerialNumber'),
      t(12, 'msisdn', 'getLine1Number'),
      t(16, 'msisdn', 'getMsisdn'),
    ],
  },
  {
    upToSdk: 99, // from 11: …WithFeature beside each
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(8, 'imsi', 'getSubscriberId'),
      t(12, 'iccid', 'getIccSerialNumber'),
      t(15, 'msisdn', 'getLine1Number'),
      t(19, 'msisdn', 'getMsisdn'),
    ],
  },
];

/** API level of a release as `ro.build.version.release` names it; null for a name we do not know. */
export function sdkOfRelease(release: string | null | undefined): number | null {
  const match = /^(\d+)(?:\.(\d+))?/.exec(release ?? '');
  if (match === null) return null;
  const major = Number(match[1]);
  const minor = Number(match[2] ?? '0');
  if (major < 4) return 10;
  if (major === 4) return [14, 16, 17, 18, 19][minor] ?? 19;
  if (major === 5) return minor === 0 ? 21 : 22;
  if (major === 7) return minor === 0 ? 24 : 25;
  if (major === 8) return minor === 0 ? 26 : 27;
  return major === 6 ? 23 : major <= 11 ? major + 19 : major === 12 ? 31 : major + 20;
}

/** The table of a release; an unknown release is read as the newest. */
export function phoneTransactionsOf(release: string | null | undefined): readonly PhoneTransaction[] {
  const sdk = sdkOfRelease(release) ?? 99;
  return (phoneTransactionTables.find(({ upToSdk }) => sdk <= upToSdk) ?? { transactions: [] }).transactions;
}
