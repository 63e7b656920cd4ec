import type { Random } from './random.ts';

export type RunId = 'R1' | 'R2' | 'R3' | 'R4' | 'R5' | 'R6a' | 'R6b';

export const stimulusKinds = [
  'sim-inserted',
  'wifi-joined',
  'gps-allowed',
  'cloud-login',
  'messaging-switched-on',
  'contact-created',
  'sms-sent',
  'sms-received',
  'mms-sent',
  'mms-received',
  'call-made',
  'call-taken',
  'browser-opened',
  'messenger-message',
] as const;
export type StimulusKind = (typeof stimulusKinds)[number];

/** One thing done to the handset. `contact` is the index into the unit's contacts, where one is concerned. */
export interface Stimulus {
  readonly kind: StimulusKind;
  /** Gateway clock, UTC. */
  readonly at: string;
  readonly contact: 0 | 1 | 2 | null;
  readonly text: string;
}

/** A known request of the handset to `canary.handsight.test` that must be found, or the run is not fit for absence. */
export interface Canary {
  readonly end: 'begin' | 'end';
  readonly at: string;
  readonly nonce: string;
}

/** One scripted run. All instants are UTC on the gateway's clock; the handset's own clock reads `at + clockSkewMs`. */
export interface WorldRun {
  readonly id: RunId;
  readonly label: 'before' | 'after-kept' | 'after-reset' | 'mi2s-before' | 'mi2s-after';
  readonly handset: 'H1' | 'H2';
  readonly startAt: string;
  readonly bootAt: string;
  readonly endAt: string;
  /** Handset minus gateway. */
  readonly clockSkewMs: number;
  readonly stimuli: readonly Stimulus[];
  readonly canaries: readonly [Canary, Canary];
  /** Is a Mi account logged in at some moment of this run or before it? */
  readonly account: boolean;
  /** The messaging service: started by itself, off, or off until the person switches it on. */
  readonly messaging: 'self-started' | 'off' | 'switched-on';
  /** When the person switched it on; null: no consent act in this run. */
  readonly consentAt: string | null;
}

interface Plan {
  readonly id: RunId;
  readonly label: WorldRun['label'];
  readonly handset: 'H1' | 'H2';
  readonly day: string;
  readonly account: boolean;
  readonly messaging: WorldRun['messaging'];
  readonly contact: 0 | 1 | 2;
}

// The order of the founding case: unpacked, repeated with an account, upgraded in place, upgraded and reset, switched on.
const plans: readonly Plan[] = [
  {
    id: 'R1',
    label: 'before',
    handset: 'H1',
    day: '2014-08-07',
    account: false,
    messaging: 'self-started',
    contact: 0,
  },
  { id: 'R2', label: 'before', handset: 'H1', day: '2014-08-08', account: true, messaging: 'self-started', contact: 1 },
  {
    id: 'R5',
    label: 'after-kept',
    handset: 'H1',
    day: '2014-08-12',
    account: true,
    messaging: 'self-started',
    contact: 2,
  },
  { id: 'R3', label: 'after-reset', handset: 'H1', day: '2014-08-14', account: false, messaging: 'off', contact: 0 },
  {
    id: 'R4',
    label: 'after-reset',
    handset: 'H1',
    day: '2014-08-15',
    account: true,
    messaging: 'switched-on',
    contact: 1,
  },
  {
    id: 'R6a',
    label: 'mi2s-before',
    handset: 'H2',
    day: '2014-08-09',
    account: false,
    messaging: 'self-started',
    contact: 0,
  },
  { id: 'R6b', label: 'mi2s-after', handset: 'H2', day: '2014-08-13', account: false, messaging: 'off', contact: 0 },
];

const texts: Record<StimulusKind, string> = {
  'sim-inserted': 'SIM card in',
  'wifi-joined': 'joined the Wi-Fi of the workstation',
  'gps-allowed': 'GPS allowed',
  'cloud-login': 'Mi Cloud logged in',
  'messaging-switched-on': 'the messaging service switched on by hand in the settings',
  'contact-created': 'contact created',
  'sms-sent': 'SMS sent to the contact',
  'sms-received': 'SMS received',
  'mms-sent': 'MMS sent to the contact',
  'mms-received': 'MMS received',
  'call-made': 'call made to the contact',
  'call-taken': 'call taken',
  'browser-opened': 'browser opened',
  'messenger-message': 'message sent to the handset by the messenger',
};
const aboutContact = new Set<StimulusKind>(['contact-created', 'sms-sent', 'mms-sent', 'call-made', 'call-taken']);

function orderOf(random: Random, plan: Plan): StimulusKind[] {
  const first: StimulusKind[] = ['sim-inserted', ...random.shuffle<StimulusKind>(['wifi-joined', 'gps-allowed'])];
  if (plan.handset === 'H2')
    return [...first, ...random.shuffle<StimulusKind>(['browser-opened', 'messenger-message'])];
  const given: StimulusKind[] = ['sms-received', 'mms-received', 'call-taken'];
  const logins: StimulusKind[] = [];
  // R5 keeps the account of R2 (upgraded without a reset): nobody logs in again.
  if (plan.account && plan.id !== 'R5') logins.push('cloud-login');
  if (plan.messaging === 'switched-on') logins.push('messaging-switched-on');
  const withContact = random.shuffle<StimulusKind>(['sms-sent', 'mms-sent', 'call-made', ...given]);
  // The contact is made before it is used; what comes from outside may come earlier.
  const earlier = given.includes(withContact[0] ?? 'sms-sent') ? withContact.splice(0, 1) : [];
  return [...first, ...logins, ...earlier, 'contact-created', ...withContact];
}

const iso = (us: number): string =>
  `${new Date(Math.floor(us / 1000)).toISOString().slice(0, 19)}.${String(us % 1_000_000).padStart(6, '0')}Z`;

function drawRun(random: Random, plan: Plan, baseSkewMs: number): WorldRun {
  // Between 09:00 and 15:00 in Taipei (UTC+8).
  const start = Date.parse(`${plan.day}T01:00:00Z`) * 1000 + random.between(0, 6 * 3600) * 1_000_000;
  const step = (low: number, high: number): number => random.between(low * 1_000_000, high * 1_000_000);
  const bootUs = start + step(8, 20);
  let at = bootUs + step(35, 50);
  const stimuli: Stimulus[] = [];
  let joinedUs = at;
  for (const kind of orderOf(random, plan)) {
    if (kind === 'wifi-joined') joinedUs = at;
    stimuli.push({ kind, at: iso(at), contact: aboutContact.has(kind) ? plan.contact : null, text: texts[kind] });
    at += step(45, 150);
  }
  const last = at + step(20, 60);
  return {
    id: plan.id,
    label: plan.label,
    handset: plan.handset,
    startAt: iso(start),
    bootAt: iso(bootUs),
    endAt: iso(last + step(5, 12)),
    clockSkewMs: baseSkewMs + random.between(-180, 180),
    stimuli,
    canaries: [
      { end: 'begin', at: iso(joinedUs + step(2, 4)), nonce: random.hex(16) },
      { end: 'end', at: iso(last), nonce: random.hex(16) },
    ],
    account: plan.account,
    messaging: plan.messaging,
    consentAt: stimuli.find(({ kind }) => kind === 'messaging-switched-on')?.at ?? null,
  };
}

/** The scripted days of August 2014. The founding handset's clock runs ahead of the gateway's by 20 to 60 s and wanders a little from run to run. */
export function drawRuns(random: Random): WorldRun[] {
  const skews = { H1: random.between(20_000, 60_000), H2: random.between(-25_000, -5_000) };
  return plans.map((plan) => drawRun(random, plan, skews[plan.handset]));
}
