/**
 * Numbers of `service call iphonesubinfo N` by release, counted in AOSP's IPhoneSubInfo.aidl of that release (a method's
 * number is its place in the file). Makers add methods of their own, so every answer is also checked by its shape.
 */
export interface PhoneTransaction {
  readonly code: number;
  readonly kind: 'imei' | 'imsi' | 'iccid' | 'msisdn';
  readonly method: string;
}

/** A getter whose first argument (`i32 N`) says whose value is wanted: of a slot, counted from 0, or of a subscription by its id. */
interface CardTransaction extends PhoneTransaction {
  readonly names: 'slot' | 'subscription';
}

interface ReleaseTable {
  /** Highest API level the table holds for. */
  readonly upToSdk: number;
  readonly transactions: readonly PhoneTransaction[];
  /** Getters of one slot or card; none where no source tells their numbers. */
  readonly ofCards: readonly CardTransaction[];
}

const t = (code: number, kind: PhoneTransaction['kind'], method: string): PhoneTransaction => ({ code, kind, method });

const imeiOfSlot = (code: number): CardTransaction => ({ ...t(code, 'imei', 'getDeviceIdForPhone'), names: 'slot' });
const ofCard = (code: number, kind: PhoneTransaction['kind'], method: string): CardTransaction => ({
  ...t(code, kind, method),
  names: 'subscription',
});
const imsiOfCard = (code: number): CardTransaction => ofCard(code, 'imsi', 'getSubscriberIdForSubscriber');
const iccidOfCard = (code: number): CardTransaction => ofCard(code, 'iccid', 'getIccSerialNumberForSubscriber');
const numberOfCard = (code: number): CardTransaction => ofCard(code, 'msisdn', 'getLine1NumberForSubscriber');

/** From 11 on: …WithFeature beside each getter of the default card. */
const eleven: readonly PhoneTransaction[] = [
  t(1, 'imei', 'getDeviceId'),
  t(8, 'imsi', 'getSubscriberId'),
  t(12, 'iccid', 'getIccSerialNumber'),
  t(15, 'msisdn', 'getLine1Number'),
  t(19, 'msisdn', 'getMsisdn'),
];
/** 5 to 8: each getter twice, the second for a subscription. */
const five: readonly PhoneTransaction[] = [
  t(1, 'imei', 'getDeviceId'),
  t(7, 'imsi', 'getSubscriberId'),
  t(11, 'iccid', 'getIccSerialNumber'),
  t(13, 'msisdn', 'getLine1Number'),
  t(17, 'msisdn', 'getMsisdn'),
];

export const phoneTransactionTables: readonly ReleaseTable[] = [
  {
    upToSdk: 17, // till 4.2
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(3, 'imsi', 'getSubscriberId'),
      t(4, 'iccid', 'getIccSerialNumber'),
      t(5, 'msisdn', 'getLine1Number'),
    ],
    ofCards: [],
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
    ofCards: [],
  },
  // 5.0: its getters for a card take the id as a long, and their numbers are nowhere told for certain.
  { upToSdk: 21, transactions: five, ofCards: [] },
  { upToSdk: 27, transactions: five, ofCards: [imeiOfSlot(3), imsiOfCard(8), iccidOfCard(12), numberOfCard(14)] },
  {
    upToSdk: 29, // 9 and 10: getGroupIdLevel1 without a subscription is gone
    transactions: [
      t(1, 'imei', 'getDeviceId'),
      t(7, 'imsi', 'getSubscriberId'),
      t(10, 'iccid', 'getIccSerialNumber'),
      t(12, 'msisdn', 'getLine1Number'),
      t(16, 'msisdn', 'getMsisdn'),
    ],
    ofCards: [imeiOfSlot(3), imsiOfCard(8), iccidOfCard(11), numberOfCard(13)],
  },
  { upToSdk: 35, transactions: eleven, ofCards: [imeiOfSlot(4), imsiOfCard(10), iccidOfCard(14), numberOfCard(16)] },
  // Newer files have getGroupIdLevel2 before the ICCID; from which release on is not told: what stands before it is sure.
  { upToSdk: 99, transactions: eleven, ofCards: [imeiOfSlot(4), imsiOfCard(10)] },
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

function tableOf(release: string | null | undefined): ReleaseTable | undefined {
  const sdk = sdkOfRelease(release) ?? 99;
  return phoneTransactionTables.find(({ upToSdk }) => sdk <= upToSdk);
}

/** The table of a release; an unknown release is read as the newest. */
export function phoneTransactionsOf(release: string | null | undefined): readonly PhoneTransaction[] {
  return tableOf(release)?.transactions ?? [];
}

/** The getters of one slot or card on a release, which were there from 5.1 on; an unknown release is read as the newest. */
export function cardTransactionsOf(release: string | null | undefined): readonly CardTransaction[] {
  return tableOf(release)?.ofCards ?? [];
}
