import type { IdentifierKind } from './identifier.ts';

/** Ways by which an identifier gets into a case; how each can be wrong stands in the catalogues. */
export const identifierMethods = [
  'label',
  'dialled',
  'sim-card',
  'typed',
  'telephony-service',
  'telephony-slot',
  'telephony-dump',
  'card-list',
  'property',
  'setting',
  'network-interface',
  'wifi-state',
  'accounts',
  'contacts',
  'handset',
] as const;
export type IdentifierMethod = (typeof identifierMethods)[number];

export const sourceConfidences = ['high', 'medium', 'low'] as const;
export type SourceConfidence = (typeof sourceConfidences)[number];

interface MethodRow {
  readonly confidence: SourceConfidence;
  /** Kinds for which the same way is worth more or less. */
  readonly byKind?: Readonly<Partial<Record<IdentifierKind, SourceConfidence>>>;
  /** Where the judgement comes from; null where it rests on the person or on the exhibit itself. */
  readonly source: string | null;
}

/** The operator or the user writes it on the card: it may be old, wrong or empty. */
const ownNumber = { msisdn: 'low' } as const;
/** Since Android 10 the address on a network is a random one unless that is switched off. */
const interfaceAddress = { 'wifi-mac': 'medium' } as const;

const rows: Readonly<Record<IdentifierMethod, MethodRow>> = {
  label: {
    confidence: 'medium',
    source: 'https://brainscape.com/flashcards/week-3-mobile-device-components-imei-oth-16783317/packs/22293819',
  },
  dialled: { confidence: 'high', source: '3GPP TS 22.030' },
  'sim-card': { confidence: 'high', source: 'ITU-T E.118' },
  typed: { confidence: 'low', source: null },
  'telephony-service': {
    confidence: 'high',
    byKind: ownNumber,
    source: 'https://developer.android.com/reference/android/telephony/TelephonyManager',
  },
  'telephony-slot': {
    confidence: 'high',
    byKind: ownNumber,
    source: 'https://developer.android.com/reference/android/telephony/TelephonyManager',
  },
  'card-list': {
    confidence: 'high',
    byKind: ownNumber,
    source: 'https://developer.android.com/reference/android/telephony/SubscriptionInfo',
  },
  'telephony-dump': {
    confidence: 'high',
    byKind: ownNumber,
    source: 'https://developer.android.com/reference/android/telephony/TelephonyManager',
  },
  property: {
    confidence: 'medium',
    byKind: ownNumber,
    source: 'https://source.android.com/docs/core/architecture/configuration/add-system-properties',
  },
  setting: { confidence: 'medium', source: 'https://developer.android.com/reference/android/provider/Settings' },
  'network-interface': {
    confidence: 'high',
    byKind: interfaceAddress,
    source: 'https://source.android.com/docs/core/connect/wifi-mac-randomization',
  },
  'wifi-state': { confidence: 'high', source: 'https://developer.android.com/reference/android/net/wifi/WifiInfo' },
  accounts: { confidence: 'medium', source: 'https://developer.android.com/reference/android/accounts/Account' },
  contacts: { confidence: 'medium', source: 'https://developer.android.com/guide/topics/providers/contacts-provider' },
  handset: { confidence: 'medium', source: null },
};

/** Commands that read identifiers; the first that fits names the way. */
const commands: readonly (readonly [RegExp, IdentifierMethod])[] = [
  [/\bservice call iphonesubinfo \d+ i32 \d/, 'telephony-slot'],
  [/\bservice call iphonesubinfo\b/, 'telephony-service'],
  [/\bdumpsys isub\b/, 'card-list'],
  [/\bdumpsys iphonesubinfo\b/, 'telephony-dump'],
  [/\bdumpsys wifi\b/, 'wifi-state'],
  [/\bgetprop\b/, 'property'],
  [/\bsettings (?:--user \d+ )?(?:list|get)\b|\bdumpsys settings\b|content:\/\/settings\//, 'setting'],
  [/\bnetcfg\b|\bip (?:addr|link)\b|\/sys\/class\/net\//, 'network-interface'],
  [/\bdumpsys account\b/, 'accounts'],
  [/content:\/\/com\.android\.contacts\//, 'contacts'],
];

const typed: Readonly<Record<string, IdentifierMethod>> = {
  label: 'label',
  '*#06#': 'dialled',
  'sim-card': 'sim-card',
};

/** By which way a source was had. `command`: of the exhibit that the source names; null where it names none. */
export function identifierMethodOf(source: string, command: string | null): IdentifierMethod {
  if (!/^E\d{3,}$/.test(source)) return Object.hasOwn(typed, source) ? (typed[source] ?? 'typed') : 'typed';
  if (command === null) return 'handset';
  return commands.find(([pattern]) => pattern.test(command))?.[1] ?? 'handset';
}

/** How far a value had in this way can be relied on. */
export function sourceConfidenceOf(method: IdentifierMethod, kind: IdentifierKind): SourceConfidence {
  const { confidence, byKind } = rows[method];
  return byKind?.[kind] ?? confidence;
}

/** Where the judgement of a way comes from; null where it rests on the person or on the exhibit itself. */
export function methodReference(method: IdentifierMethod): string | null {
  return rows[method].source;
}
