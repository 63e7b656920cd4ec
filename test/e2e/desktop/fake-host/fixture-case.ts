import type { CaseState } from '../../../../shared/contract/cases.ts';
import type { ConnectedHandset, CaseHandset } from '../../../../shared/model/handset.ts';
import type { Intake } from '../../../../shared/model/intake.ts';
import type { JournalledChange } from '../../../../shared/model/handset-change.ts';
import type { Identifier, IdentifierKind } from '../../../../shared/model/identifier.ts';
import type { CustodyEntry } from '../../../../shared/model/custody.ts';
import type { CaseEvent } from '../../../../shared/model/event.ts';
import type { Acquisition } from '../../../../shared/model/acquisition.ts';
import type { CollectorResult, PlannedCollector } from '../../../../shared/contract/acquisition.ts';
import { createHash } from 'node:crypto';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const labels = ['before', 'after-kept', 'after-reset', 'mi2s-before', 'mi2s-after'] as const;

/** `2014-08-07T10:MM:SS.…` on the scripted day. */
export function at(minutes: number, day = 7): string {
  return new Date(Date.UTC(2014, 7, day, 10, 0, 0) + minutes * 60_000).toISOString().replace('Z', '000Z');
}

export const handsets: CaseHandset[] = [
  { id: 'H1', label: 'Redmi 1S, exhibit 14-081-A', serial: 'a1b2c3d4', role: 'exhibit', addedAt: at(-120) },
  { id: 'H2', label: 'Mi 2S, exhibit 14-081-B', serial: 'f00d5a5a', role: 'exhibit', addedAt: at(-118) },
];

/** What a program that was killed, and a handset that went away, left. */
export const outstandingChanges: readonly JournalledChange[] = [
  {
    id: 'CH2',
    handset: 'H1',
    serial: 'a1b2c3d4',
    act: 'A3',
    command: 'screencap -p /data/local/tmp/handsight-0123456789ab.png',
    reason: 'screenshot',
    undo: [{ type: 'remove-file', path: '/data/local/tmp/handsight-0123456789ab.png' }],
    identity: null,
    begunAt: at(-90),
    ends: [],
  },
  {
    id: 'CH3',
    handset: 'H2',
    serial: 'f00d5a5a',
    act: 'A4',
    command: 'bugreportz -p',
    reason: 'bug-report',
    undo: [{ type: 'remove-named-report' }],
    identity: null,
    begunAt: at(-60),
    ends: [{ endedAt: at(-58), outcome: 'left', why: 'OFFLINE' }],
  },
];

export const liveHandsets: readonly ConnectedHandset[] = [
  {
    serial: 'a1b2c3d4',
    state: 'device',
    rawState: 'device',
    transport: 'usb',
    model: 'HM 1SW',
    product: 'armani',
    transportId: '4',
    advice: 'advice.device',
  },
  {
    serial: '192.168.1.20:5555',
    state: 'unauthorized',
    rawState: 'unauthorized',
    transport: 'tcp',
    model: null,
    product: null,
    transportId: '7',
    advice: 'advice.unauthorized',
  },
];

export const intakes: Intake[] = [
  {
    id: 'IN1',
    handset: 'H1',
    exhibitNumber: 'NCC-2014-7/1',
    seal: 'A 000117, whole',
    receivedFrom: 'complainant 12',
    receivedAt: at(-200),
    state: { lock: 'locked', power: 'on', airplane: 'off', sim: 'present', battery: 61 },
    authority: 'Order of 2014-08-06, examination of the running handset',
    photographs: ['E003'],
    confirmed: ['photographs', 'seal'],
    note: null,
    recordedBy: 'Intake Desk',
    recordedAt: at(-199),
    signed: null,
  },
];

const identifierRows: readonly (readonly [string, IdentifierKind, string, string, readonly string[]])[] = [
  ['I1', 'imei', '490154203237518', 'E004', []],
  ['I1', 'imei', '490154203237518', '*#06#', []],
  ['I2', 'imsi', '466920123456789', 'E005', []],
  ['I3', 'iccid', '8988692000001234567', 'sim-card', []],
  ['I4', 'msisdn', '+886912345678', 'sim-card', []],
  ['I5', 'contact-msisdn', '+886987654321', 'label', ['region-assumed']],
  ['I6', 'android-id', '9774d56d682e549c', 'E006', ['placeholder']],
];
export const identifiers: Identifier[] = identifierRows.map(([id, kind, value, source, warnings]) => ({
  id,
  handset: 'H1',
  kind,
  value,
  original: value,
  source,
  addedAt: at(-100),
  warnings,
}));

export const events: CaseEvent[] = [
  ['stimulus', 2, 'Boot without an account; nobody touches the handset'],
  ['stimulus', 6, 'Contact «Chen» opened'],
  ['stimulus', 9, 'SMS received from the contact'],
  ['consent-act', 31, 'Cloud Messaging switched on in Settings'],
  ['canary', 0, 'control request at the start'],
  ['canary', 58, 'control request at the end'],
  ['usage', 4, 'on the screen: com.android.provision/com.android.provision.Terms'],
].map(([kind, minutes, text], index) => ({
  id: `V${index + 1}`,
  run: index === 3 ? 'R4' : 'R1',
  label: index === 3 ? 'after-reset' : 'before',
  handset: 'H1',
  kind: kind as CaseEvent['kind'],
  at: at(Number(minutes)),
  atHandset: kind === 'usage' ? '2014-08-07T18:04:00.000000+08:00' : null,
  text: String(text),
  source: index > 3 ? 'E009' : 'examiner',
}));

const collectorIds = [
  'properties',
  'settings-system',
  'settings-secure',
  'settings-global',
  'packages',
  'package-detail',
  'app-ops',
  'autostart',
  'dropbox',
  'logcat',
  'identifiers',
  'clock',
  'screenshot',
];
const commandOf: Readonly<Record<string, string>> = {
  properties: 'getprop',
  'settings-system': 'settings list system',
  'settings-secure': 'settings list secure',
  'settings-global': 'settings list global',
  packages: 'pm list packages -f -U -i --show-versioncode',
  'package-detail': 'dumpsys package',
  'app-ops': 'dumpsys appops',
  autostart: 'dumpsys alarm',
  dropbox: 'dumpsys dropbox --print',
  logcat: 'logcat -d -b radio -v threadtime',
  identifiers: 'service call iphonesubinfo 1',
  clock: 'date +%s',
  screenshot: 'screencap -p /data/local/tmp/handsight.png',
};

export const plannedCollectors: readonly PlannedCollector[] = collectorIds.map((id) => ({
  id,
  titleKey: `collector.${id}`,
  title: id,
  commands: [{ command: commandOf[id] ?? id, effect: id === 'screenshot' ? 'changes' : 'reads' }],
  from: ['logcat', 'screenshot', 'dropbox', 'app-ops', 'package-detail'].includes(id) ? 'standard' : 'quick',
  always: id === 'clock' || id === 'properties',
  buildsOn: id === 'app-ops' ? ['logcat'] : [],
}));

export const collectorResults: readonly CollectorResult[] = collectorIds.map((id, index) => ({
  collector: id,
  titleKey: `collector.${id}`,
  title: id,
  outcome: id === 'settings-global' ? 'absent' : id === 'app-ops' ? 'refused' : id === 'dropbox' ? 'empty' : 'read',
  exhibits: [`E${String(index * 2 + 1).padStart(3, '0')}`, `E${String(index * 2 + 2).padStart(3, '0')}`],
  bytes: id === 'dropbox' ? 0 : 1200 * (index + 3) ** 2,
  records: id === 'dropbox' || id === 'app-ops' ? 0 : 37 * (index + 1),
  reason:
    id === 'settings-global'
      ? 'this release has no such namespace'
      : id === 'app-ops'
        ? 'Permission Denial: can’t dump appops'
        : null,
}));

export const acquisitions: Acquisition[] = labels.map((label, index) => ({
  id: `A${index + 1}`,
  handset: index < 3 ? 'H1' : 'H2',
  label,
  run: index < 3 ? (['R1', 'R5', 'R3'][index] ?? null) : null,
  profile: 'standard',
  serial: index < 3 ? 'a1b2c3d4' : 'f00d5a5a',
  startedAt: at(60 + index * 20, 7 + index),
  endedAt: at(62 + index * 20, 7 + index),
  outcome: index === 1 ? 'interrupted' : index === 4 ? 'complete' : 'complete-with-gaps',
  detail: null,
}));

const actions = [
  'case-created',
  'handset-added',
  'identifier-added',
  'acquisition-started',
  'exhibit-added',
  'exhibit-added',
  'exhibit-added',
  'acquisition-ended',
  'event-added',
  'finding-numbered',
  'decision-made',
];
export const custody: CustodyEntry[] = Array.from({ length: 640 }, (_, index) => {
  const seq = index + 1;
  return {
    seq,
    at: at(-130 + index * 3),
    actor: index % 9 === 4 ? 'Wu Mei-ling' : 'Lin Chia-hao',
    action: actions[index === 0 ? 0 : 1 + (index % (actions.length - 1))] ?? 'exhibit-added',
    subject: `exhibit/${seq}`,
    note: index % 7 === 0 ? null : `E${String(seq).padStart(3, '0')} getprop`,
    rowHash: sha256(`row ${seq}`),
    previousHash: sha256(`entry ${seq - 1}`),
    hash: sha256(`entry ${seq}`),
  };
});

export function caseState(directory: string, findings: number, decisions: number): CaseState {
  return {
    summary: {
      directory,
      formatVersion: 1,
      number: '2014-081',
      title: 'Network SMS of Redmi 1S and Mi 2S',
      examiner: 'Lin Chia-hao',
      createdAt: at(-130),
      synthetic: true,
      counts: {
        handsets: handsets.length,
        identifiers: 6,
        exhibits: 127,
        events: events.length,
        complaints: 1,
        decisions,
        custody: custody.length,
      },
      labels,
      head: sha256(`entry ${custody.length}`),
      writer: null,
      indexGeneration: 3,
    },
    mode: 'writer',
    readerBecause: null,
    runs: ['R1', 'R2', 'R3', 'R4', 'R5'],
    analysed: true,
    findings,
  };
}
