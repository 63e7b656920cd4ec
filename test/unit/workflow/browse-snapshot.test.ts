import { describe, expect, it } from 'vitest';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import { appSectionsOf, appsOf, snapshotPlaces, valuesOf } from '../../../main/workflow/browse-snapshot.ts';
import { appSectionRows } from '../../../shared/contract/snapshot.ts';
import type { RecordBody } from '../../../shared/model/record.ts';

const place = { label: 'before', handset: 'H1' };

function caseOf(bodies: readonly RecordBody[]): [CaseReader, IndexReader] {
  const exhibit = {
    id: 'E001',
    label: 'before',
    handset: 'H1',
    collector: 'packages',
    acquisition: 'A1',
    outcome: 'read',
    fault: null,
    origin: { type: 'command', command: 'x', problem: null },
  };
  const records = bodies.map((body, at) => ({
    ...body,
    id: at + 1,
    label: 'before',
    handset: 'H1',
    run: null,
    exhibit: 'E001',
  }));
  const reader = {
    directory: '/case',
    exhibits: () => [exhibit],
    acquisitions: () => [{ id: 'A1' }],
  };
  const index = {
    pointer: { generation: 1, sha256: '', inputs: '' },
    exhibitIds: () => new Set([exhibit.id]),
    faults: () => [],
    records: ({ kind }: { kind?: string }) => records.filter((one) => kind === undefined || one.kind === kind),
  };
  return [reader as unknown as CaseReader, index as unknown as IndexReader];
}

const app = (name: string, more: object = {}): RecordBody => ({
  kind: 'package',
  name,
  state: 'enabled',
  system: true,
  versionName: '1.0',
  versionCode: '1',
  installer: null,
  path: null,
  uid: null,
  firstInstallTime: null,
  lastUpdateTime: null,
  stopped: null,
  ...more,
});
const permission = (name: string, granted: boolean, scope: 'install' | 'requested' = 'install'): RecordBody => ({
  kind: 'permission',
  package: 'com.miui.analytics',
  name: `android.permission.${name}`,
  granted,
  scope,
});
const component = (name: string, bootReceiver: boolean): RecordBody => ({
  kind: 'component',
  package: 'com.miui.analytics',
  name: `com.miui.analytics.${name}`,
  type: 'receiver',
  enabled: null,
  actions: [],
  bootReceiver,
});
const fact = (topic: 'job' | 'alarm' | 'usage' | 'app-code', name: string): RecordBody => ({
  kind: 'fact',
  topic,
  package: 'com.miui.analytics',
  name,
  value: 'v',
  atHandset: null,
});

const bodies: readonly RecordBody[] = [
  { kind: 'property', name: 'ro.miui.ui.version.name', value: 'V11' },
  { kind: 'setting', namespace: 'secure', name: 'upload_log_pref', value: '1' },
  { kind: 'setting', namespace: 'global', name: 'nobody_knows', value: 'x' },
  { kind: 'setting', namespace: 'secure', name: 'upload_log_pref', value: '0' },
  app('com.miui.analytics'),
  app('com.miui.analytics', { state: 'unknown', versionName: null }),
  app('a.b', { state: 'disabled-user', system: false }),
  permission('READ_CONTACTS', true),
  permission('READ_CONTACTS', true, 'requested'),
  permission('CAMERA', false),
  component('Boot', true),
  component('Other', false),
  { kind: 'app-op', package: 'com.miui.analytics', op: 'AUTO_START(10008)', mode: 'ignore', lastAccess: null },
  { kind: 'app-op', package: 'only.in.ops', op: 'CAMERA', mode: 'allow', lastAccess: null },
  fact('job', 'job/1'),
  fact('alarm', 'alarm/1'),
  fact('alarm', 'alarm/2'),
  fact('usage', 'u'),
  fact('app-code', 'base/sha256'),
];

describe('a snapshot by subject', () => {
  const [reader, index] = caseOf(bodies);

  it('says what there is, whose tables apply and why', () => {
    expect(snapshotPlaces(reader, index, 'en')).toEqual([
      {
        ...place,
        maker: 'MIUI / HyperOS',
        reason: { property: 'ro.miui.ui.version.name', value: 'V11' },
        settings: 2,
        properties: 1,
        apps: 3,
      },
    ]);
  });

  it('lists settings by name with the last value and its meaning; the search looks through the meaning too', () => {
    const values = (text: string): string[] =>
      valuesOf(reader, index, place, { kind: 'setting', text }, 'en').flatMap((row) =>
        row.kind === 'setting' ? [`${row.name}=${row.value}: ${row.meaning ?? '-'}`] : [],
      );
    expect(values('')).toEqual([
      'nobody_knows=x: -',
      'upload_log_pref=0: MIUI user experience programme: with it on, Xiaomi’s analytics take part: off',
    ]);
    expect(values('EXPERIENCE')).toHaveLength(1);
    expect(values('no such thing')).toEqual([]);
  });

  it('counts what an app may do once, though list and dump both tell of it', () => {
    expect(appsOf(reader, index, place, '', 'en').map((row) => row.package)).toEqual([
      'a.b',
      'com.miui.analytics',
      'only.in.ops',
    ]);
    expect(appsOf(reader, index, place, 'miui', 'en')).toEqual([
      {
        package: 'com.miui.analytics',
        state: 'enabled',
        system: true,
        versionName: '1.0',
        granted: 1,
        permissions: 2,
        components: 2,
        bootReceivers: 1,
        appOps: 1,
        autostart: 'ignore',
        jobs: 1,
        alarms: 2,
        meaning: 'MIUI analytics',
        meaningSource: expect.stringContaining('https://'),
        meaningSeenOn: expect.any(String),
      },
    ]);
    expect(appsOf(reader, index, place, 'only.in', 'en')[0]?.state).toBeNull();
  });

  it('gives one app’s records by what they are about, with meanings and a search', () => {
    const sections = (text: string): string[] =>
      appSectionsOf(reader, index, place, { package: 'com.miui.analytics', text }, 'zh-Hant').map(
        ({ name, total }) => `${name} ${total}`,
      );
    expect(sections('')).toEqual([
      'package 2',
      'app-code 1',
      'permission 3',
      'component 2',
      'app-op 1',
      'job 1',
      'alarm 2',
      'other 1',
    ]);
    expect(sections('讀取聯絡人')).toEqual(['permission 2']);
    expect(appSectionsOf(reader, index, place, { package: 'no.such', text: '' }, 'en')).toEqual([]);
  });

  it('shows the first rows of a section that is too long, and counts the others', () => {
    const many = Array.from({ length: appSectionRows + 5 }, (_, at) => component(`C${at}`, false));
    const [section] = appSectionsOf(...caseOf(many), place, { package: 'com.miui.analytics', text: '' }, 'en');
    expect([section?.rows.length, section?.total]).toEqual([appSectionRows, appSectionRows + 5]);
  });
});
