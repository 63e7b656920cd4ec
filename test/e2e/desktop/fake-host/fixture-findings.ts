import type { FindingDetail, IdentifierRecipient } from '../../../../shared/contract/findings.ts';
import type { ClaimVerdict } from '../../../../shared/model/claim.ts';
import type { CheckedComplaint, RunAsTaken } from '../../../../shared/contract/claims.ts';
import type { Change } from '../../../../shared/model/comparison.ts';
import type { Decision, Finding } from '../../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../../shared/model/identifier.ts';
import { at, identifiers, sha256 } from './fixture-case.ts';
import { exhibits, flows, messagesOf } from './fixture-traffic.ts';

interface Row {
  readonly kind: IdentifierKind;
  readonly identifier: string;
  readonly transform: readonly string[];
  readonly found: string;
  readonly label: string;
  readonly run: string;
  readonly inTls?: boolean;
}

const rows: readonly Row[] = (['before', 'after-kept'] as const).flatMap((label) => [
  { kind: 'imei', identifier: 'I1', transform: [], found: '490154203237518', label, run: 'R1' },
  { kind: 'msisdn', identifier: 'I4', transform: ['percent'], found: '%2B886912345678', label, run: 'R1' },
  { kind: 'contact-msisdn', identifier: 'I5', transform: [], found: '+886987654321', label, run: 'R1' },
  {
    kind: 'imei',
    identifier: 'I1',
    transform: ['sha1', 'base64url', 'first-16'],
    found: 'l6IQUjLsyHVvA6Ap',
    label,
    run: 'R1',
  },
  {
    kind: 'iccid',
    identifier: 'I3',
    transform: ['sha1', 'base64url', 'first-16'],
    found: 'OjUVzc6AR2uRKiP2',
    label,
    run: 'R1',
  },
  { kind: 'imsi', identifier: 'I2', transform: ['base64'], found: 'NDY2OTIwMTIzNDU2Nzg5', label, run: 'R2' },
  {
    kind: 'android-id',
    identifier: 'I6',
    transform: ['md5', 'hex'],
    found: '0eaed834a1e6f4b2bf0c024e0013dea1',
    label,
    run: 'R2',
  },
]);

const words: Readonly<Record<string, string>> = {
  imei: 'IMEI',
  msisdn: 'own number',
  'contact-msisdn': 'contact’s number',
  iccid: 'ICCID',
  imsi: 'IMSI',
  'android-id': 'Android id',
};

export const findings: Finding[] = rows.map((row, index) => {
  const how = row.transform.length === 0 ? 'as it is' : row.transform.join(' → ');
  const key = sha256(`finding ${index}`).slice(0, 40);
  const certain = row.transform.length < 3;
  return {
    key,
    number: `F${String(index + 1).padStart(4, '0')}`,
    rule: 'identifier-transmitted',
    ruleVersion: 1,
    severity: row.transform.length === 0 ? 'high' : row.kind === 'android-id' ? 'low' : 'medium',
    confidence: certain ? 'certain' : 'probable',
    statement: `The ${words[row.kind] ?? row.kind} was sent to api.account.xiaomi.com in cleartext HTTP, written ${how}.`,
    label: row.label,
    handset: 'H1',
    run: row.run,
    identifier: { id: row.identifier, kind: row.kind },
    transform: row.transform,
    representation:
      row.transform.length === 0 ? 'plain' : /sha|md5/.test(row.transform[0] ?? '') ? 'pseudonymised' : 'encoded',
    channel: 'cleartext',
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: index * 9,
    frames: [{ exhibit: 'E101', frame: 41 + index }],
    exhibitSha256: sha256('E101'),
    streamOffset: 118 + index * 3,
    filter: `tcp.stream==${index * 9} && frame.number==${41 + index}`,
    field: row.kind === 'imsi' ? 'uri' : 'uri:externalId',
    at: at(3 + index),
    destination: {
      address: '42.62.48.17',
      names: ['api.account.xiaomi.com'],
      country: 'CN',
      asn: 4808,
      holder: 'China Unicom Beijing Province Network',
      sources: [
        { what: 'dns', value: 'api.account.xiaomi.com', dataAt: at(2), note: 'asked 0.4 s before' },
        { what: 'http-host', value: 'api.account.xiaomi.com', dataAt: at(3), note: null },
        {
          what: 'country-database',
          value: 'CN',
          dataAt: '2026-06-17T00:00:00.000000Z',
          note: 'database is 11 years younger than the capture',
        },
      ],
    },
    consent: index < 7 ? 'before-any-act' : 'unknown',
    decision: null,
  };
});

const decisions = new Map<string, Decision[]>();

export function decide(key: string, decision: Decision): Finding | null {
  const index = findings.findIndex((finding) => finding.key === key);
  const finding = findings[index];
  if (finding === undefined) return null;
  const decided = { ...finding, decision };
  findings[index] = decided;
  decisions.set(key, [decision, ...(decisions.get(key) ?? [])]);
  return decided;
}

export function findingDetail(finding: Finding): FindingDetail {
  const row = rows[findings.findIndex((entry) => entry.key === finding.key)];
  const found = row?.found ?? '';
  const head = 'GET /pass/user@id?type=MXPH&externalId=';
  const text = `${head}${found}&sid=mixin HTTP/1.1\r\nHost: api.account.xiaomi.com\r\nUser-Agent: MIUI/V5 (HM1SW)\r\nConnection: close\r\n\r\n`;
  const flow = flows[finding.flow ?? 0] ?? null;
  // The first rests on a capture whose clock was measured.
  const clocks =
    finding.key === findings[0]?.key
      ? { atWorkstation: '2014-08-07T10:02:22.500000Z', atWorkstationBoundMs: 7 }
      : { atWorkstation: null };
  return {
    finding: { ...finding, ...clocks },
    identifier: identifiers.find((entry) => entry.id === finding.identifier?.id) ?? null,
    context: {
      base64: Buffer.from(text).toString('base64'),
      matchStart: head.length,
      matchEnd: head.length + found.length,
    },
    bodyOffset: null,
    exhibit: exhibits[100] ?? null,
    flow,
    message: flow === null ? null : (messagesOf(flow)[0] ?? null),
    decisions: decisions.get(finding.key) ?? [],
  };
}

export function recipients(): readonly IdentifierRecipient[] {
  return findings.map((finding) => ({
    label: finding.label,
    identifierKind: finding.identifier?.kind ?? 'custom',
    recipient: 'api.account.xiaomi.com',
    country: 'CN',
    channel: finding.channel,
    representation: finding.representation,
    findings: 1 + ((finding.streamOffset ?? 0) % 5),
    firstKey: finding.key,
    firstNumber: finding.number,
  }));
}

export const changes: readonly Change[] = [
  {
    kind: 'build',
    change: 'changed',
    subject: 'ro.build.version.incremental',
    before: 'JHBCNBD16.0',
    after: 'JHBCNBF40.0',
    meaning: 'another system build',
    noise: false,
  },
  {
    kind: 'traffic',
    change: 'removed',
    subject: 'IMEI → api.account.xiaomi.com (cleartext, plain)',
    before: '12 findings',
    after: 'not observed',
    meaning: 'not observed, 72 minutes, 54 % readable',
    noise: false,
  },
  {
    kind: 'setting',
    change: 'changed',
    subject: 'system/mx_used',
    before: '1',
    after: '0',
    meaning: 'network SMS was used before and is not used now',
    noise: false,
  },
  {
    kind: 'permission',
    change: 'removed',
    subject: 'jp.naver.line.android/android.permission.READ_CONTACTS',
    before: 'granted',
    after: 'not granted',
    meaning: 'the messenger can no longer read contacts',
    noise: false,
  },
  {
    kind: 'component',
    change: 'changed',
    subject: 'com.xiaomi.mms.transaction.MxActivateService',
    before: 'enabled',
    after: 'disabled',
    meaning: 'the component starts no longer by itself',
    noise: false,
  },
  {
    kind: 'crash',
    change: 'added',
    subject: 'com.android.browser',
    before: null,
    after: '4 crashes',
    meaning: 'java.lang.NullPointerException on start',
    noise: false,
  },
  ...Array.from({ length: 24 }, (_, index): Change => ({
    kind: 'package',
    change: index % 4 === 0 ? 'added' : 'changed',
    subject: `com.miui.part${index}`,
    before: index % 4 === 0 ? null : `5.${index}`,
    after: `5.${index + 2}`,
    meaning: index % 4 === 0 ? 'installed by the upgrade' : 'another version',
    noise: false,
  })),
  ...Array.from({ length: 12 }, (_, index): Change => ({
    kind: 'property',
    change: 'changed',
    subject: `net.counter.${index}`,
    before: String(index),
    after: String(index + 40),
    meaning: 'a counter',
    noise: true,
  })),
];

export const runsAsTaken: readonly RunAsTaken[] = [
  {
    label: 'before',
    run: 'R1 (before)',
    build: 'old build',
    reset: '–',
    service: 'service not switched on by hand',
    basis: 'the build date',
  },
  {
    label: 'after-kept',
    run: 'R5 (after-kept)',
    build: 'new build',
    reset: 'not reset',
    service: 'service not switched on by hand',
    basis: 'the build date, the android id',
  },
];

export const claims: readonly ClaimVerdict[] = [
  {
    claim: 'C2',
    verdict: 'refuted',
    why: 'Identifiers were sent before any consent act was recorded.',
    for: [],
    against: findings.slice(0, 7).map((finding) => finding.number),
    missing: [],
    text: 'We do not upload or store private information without the permission of users.',
    source: 'Vendor’s statement',
    statedAt: '2014-08-10',
  },
  {
    claim: 'C3',
    verdict: 'confirmed',
    why: 'The service started after a cold boot that nobody followed up by a touch.',
    for: ['F0001', 'F0004', 'E103'],
    against: [],
    missing: [],
    text: 'Cloud Messaging starts by itself at power-on.',
    source: 'Vendor’s statement (admitted)',
    statedAt: '2014-08-10',
  },
  {
    claim: 'C6',
    verdict: 'partly',
    why: 'Off by default after a factory reset; still on where the upgrade kept the data.',
    for: ['E103'],
    against: ['F0008', 'F0009'],
    missing: [],
    text: 'Since the 10 August OTA the service is opt-in for new or factory-reset users.',
    source: 'Vendor’s statement',
    statedAt: '2014-08-10',
  },
  {
    claim: 'C5',
    verdict: 'not-testable',
    why: 'What a server stores cannot be seen from the handset.',
    for: [],
    against: [],
    missing: ['an inspection of the server'],
    text: 'Contacts are never stored.',
    source: 'Vendor’s statement',
    statedAt: '2014-08-10',
  },
  {
    claim: 'C7',
    verdict: 'not-enough-evidence',
    why: 'The content inside TLS was not readable in any run of this case.',
    for: [],
    against: [],
    missing: ['key log or interception for run R4'],
    text: 'Since the OTA the phone number is encrypted.',
    source: 'Vendor’s statement',
    statedAt: '2014-08-10',
  },
];

export const complaints: CheckedComplaint[] = [
  {
    complaint: {
      id: 'K1',
      handset: 'H2',
      text: 'After the upgrade the browser closes as soon as it is opened, and LINE cannot find my friends any more.',
      receivedAt: at(0, 20),
      from: 'Owner of exhibit 14-081-B',
      package: 'com.android.browser',
      labelBefore: 'mi2s-before',
      labelAfter: 'mi2s-after',
    },
    check: {
      verdict: 'confirmed',
      why: 'The browser crashes on start after the upgrade and did not before.',
      observations: [
        { text: 'com.android.browser: 4 crashes under mi2s-after, none under mi2s-before.', references: ['E088'] },
        { text: 'jp.naver.line.android lost READ_CONTACTS.', references: ['E091', 'F0006'] },
      ],
    },
  },
];
