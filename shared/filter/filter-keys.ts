import { identifierKinds } from '../model/identifier.ts';

/** What a filter may ask a conversation, a message or a hit for. */
export const filterKeys = [
  'host',
  'client',
  'port',
  'country',
  'app',
  'application',
  'transport',
  'channel',
  'exhibit',
  'label',
  'run',
  'handset',
  'flow',
  'kind',
  'uri',
  'identifier',
  'representation',
  'severity',
  'confidence',
  'rule',
  'phase',
  'time',
  'has',
] as const;
export type FilterKey = (typeof filterKeys)[number];

/** Of whom a term speaks: the conversation, one message of it, one hit in it, or the row's own instant. */
export const levelOf: Readonly<Record<FilterKey, 'flow' | 'message' | 'hit' | 'instant'>> = {
  host: 'flow',
  client: 'flow',
  port: 'flow',
  country: 'flow',
  app: 'flow',
  application: 'flow',
  transport: 'flow',
  channel: 'flow',
  exhibit: 'flow',
  label: 'flow',
  run: 'flow',
  handset: 'flow',
  flow: 'flow',
  kind: 'message',
  uri: 'message',
  identifier: 'hit',
  representation: 'hit',
  severity: 'hit',
  confidence: 'hit',
  rule: 'hit',
  phase: 'instant',
  time: 'instant',
  has: 'flow',
};

export const phases = ['before-consent', 'after-consent', 'unknown'] as const;
export type Phase = (typeof phases)[number];

/** Keys with a closed list of values. `identifier` also takes the id of one (`I3`). */
export const filterChoices: Readonly<Partial<Record<FilterKey, readonly string[]>>> = {
  transport: ['tcp', 'udp', 'sctp', 'icmp', 'other'],
  channel: ['cleartext', 'tls', 'dtls', 'quic', 'unknown'],
  identifier: identifierKinds,
  representation: ['plain', 'encoded', 'pseudonymised', 'encrypted'],
  severity: ['info', 'low', 'medium', 'high'],
  confidence: ['certain', 'probable', 'possible'],
  phase: phases,
  has: ['hits', 'messages'],
};
