import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Visibility } from '../../../shared/model/comparison.ts';
import type { RecordBody, SnapshotRecord } from '../../../shared/model/record.ts';

export function records(label: string, bodies: readonly RecordBody[], exhibit = 'E001'): SnapshotRecord[] {
  return bodies.map((body) => ({ ...body, label, handset: 'H1', run: null, exhibit }));
}

export const setting = (
  name: string,
  value: string,
  namespace: 'system' | 'secure' | 'global' = 'system',
): RecordBody => ({
  kind: 'setting',
  namespace,
  name,
  value,
});

export const property = (name: string, value: string): RecordBody => ({ kind: 'property', name, value });

export function packageRecord(name: string, more: Partial<Extract<RecordBody, { kind: 'package' }>> = {}): RecordBody {
  return {
    kind: 'package',
    name,
    state: 'enabled',
    system: false,
    versionName: '1.0',
    versionCode: '1',
    installer: null,
    path: null,
    uid: null,
    firstInstallTime: null,
    lastUpdateTime: null,
    stopped: false,
    ...more,
  };
}

export const permission = (pkg: string, name: string, granted = true): RecordBody => ({
  kind: 'permission',
  package: pkg,
  name,
  granted,
  scope: 'install',
});

export function component(
  pkg: string,
  name: string,
  more: Partial<Extract<RecordBody, { kind: 'component' }>> = {},
): RecordBody {
  return {
    kind: 'component',
    package: pkg,
    name,
    type: 'receiver',
    enabled: null,
    actions: ['android.intent.action.BOOT_COMPLETED'],
    bootReceiver: true,
    ...more,
  };
}

export const crash = (pkg: string, exception: string, atHandset: string): RecordBody => ({
  kind: 'crash',
  package: pkg,
  process: pkg,
  tag: 'system_app_crash',
  atHandset,
  exception,
  summary: exception,
});

let nextFinding = 1;

export interface Sent {
  readonly kind?: string;
  readonly id?: string;
  readonly label?: string;
  readonly run?: string | null;
  readonly channel?: Finding['channel'];
  readonly representation?: Finding['representation'];
  readonly consent?: Finding['consent'];
  readonly recipient?: string;
  readonly at?: string;
  readonly direction?: Finding['direction'];
  readonly decision?: Finding['decision'];
  readonly confidence?: Finding['confidence'];
}

/** A finding of a transmitted identifier: what matters to comparison, the rest filled in. */
export function finding(sent: Sent = {}): Finding {
  const number = `F${String(nextFinding++).padStart(4, '0')}`;
  const kind = (sent.kind ?? 'imei') as NonNullable<Finding['identifier']>['kind'];
  return {
    key: number.toLowerCase(),
    number,
    rule: 'identifier-transmitted',
    ruleVersion: 1,
    severity: 'high',
    confidence: sent.confidence ?? 'certain',
    statement: '',
    label: sent.label ?? 'before',
    handset: 'H1',
    run: sent.run === undefined ? 'R1' : sent.run,
    identifier: { id: sent.id ?? `I-${kind}`, kind },
    transform: [],
    representation: sent.representation ?? 'plain',
    channel: sent.channel ?? 'cleartext',
    contentKnownBy: 'wire',
    direction: sent.direction ?? 'to-server',
    flow: 1,
    frames: [],
    exhibitSha256: '0'.repeat(64),
    streamOffset: 0,
    filter: null,
    field: null,
    at: sent.at ?? '2014-08-07T02:00:00.000000Z',
    destination: {
      address: '192.0.2.1',
      names: [sent.recipient ?? 'api.account.xiaomi.com'],
      country: null,
      asn: null,
      holder: null,
      sources: [],
    },
    consent: sent.consent ?? 'before-any-act',
    decision: sent.decision ?? null,
  };
}

export function visibility(label: string, more: Partial<Visibility> = {}): Visibility {
  return {
    label,
    captures: ['E010'],
    minutes: 21.04,
    payloadBytes: 1000,
    readableBytes: 873,
    readablePercent: 87.3,
    canaries: 'both',
    gaps: [],
    ...more,
  };
}

export function event(
  kind: CaseEvent['kind'],
  text: string,
  label: string,
  run: string | null,
  at = '2014-08-07T01:59:00.000000Z',
): CaseEvent {
  return { id: 'V1', run, label, handset: 'H1', kind, at, atHandset: null, text, source: 'examiner' };
}
