import type { RecordRow } from '../../../../shared/contract/exhibits.ts';
import type { AppRow, AppSection, SnapshotPlace } from '../../../../shared/contract/snapshot.ts';

export const manyApps = 5000;

export const places: readonly SnapshotPlace[] = [
  {
    label: 'before',
    handset: 'H1',
    maker: 'MIUI / HyperOS',
    reason: { property: 'ro.miui.ui.version.name', value: 'V5' },
    settings: 2,
    properties: 0,
    apps: manyApps,
  },
];

const from = { label: 'before', handset: 'H1', run: null, exhibit: 'E012' } as const;
const source = 'https://developer.android.com/reference/android/Manifest.permission#READ_CONTACTS';

export const appAt = (at: number): AppRow => ({
  package: `com.example.app${String(at).padStart(4, '0')}`,
  state: at % 7 === 0 ? 'disabled-user' : 'enabled',
  system: at % 2 === 0,
  versionName: '1.2',
  granted: at % 5,
  permissions: 4 + (at % 5),
  components: at % 40,
  bootReceivers: at % 3,
  appOps: at % 6,
  autostart: at % 4 === 0 ? 'allow' : null,
  jobs: at % 2,
  alarms: at % 3,
  ...(at === 0
    ? { meaning: 'MIUI analytics', meaningSource: 'https://source.example/list', meaningSeenOn: 'MIUI' }
    : {}),
});

export const settingRows: readonly RecordRow[] = [
  {
    ...from,
    id: 1,
    kind: 'setting',
    namespace: 'global',
    name: 'adb_enabled',
    value: '1',
    meaning: 'USB debugging: on',
    meaningSource: 'https://android.googlesource.com/Settings.java',
    meaningSeenOn: 'Android 4.2 and later',
  },
  { ...from, id: 2, kind: 'setting', namespace: 'system', name: 'nobody_knows', value: '<img src=x onerror=alert(1)>' },
];

const codeOf = (name: string): readonly (readonly [string, string])[] => [
  ['base/file', 'base.apk'],
  ['base/package', name],
  ['base/version-name', '1.2'],
  ['base/sha256', '5e'.repeat(32)],
];

export const sectionsOf = (name: string): readonly AppSection[] => [
  {
    name: 'app-code',
    total: 4,
    rows: codeOf(name).map(([about, value], at) => ({
      ...from,
      id: 100 + at,
      kind: 'fact',
      topic: 'app-code',
      package: name,
      name: about,
      value,
      atHandset: null,
    })),
  },
  {
    name: 'permission',
    total: 601,
    rows: [
      {
        ...from,
        id: 3,
        kind: 'permission',
        package: name,
        name: 'android.permission.READ_CONTACTS',
        granted: true,
        scope: 'runtime',
        meaning: 'read the contacts',
        meaningSource: source,
        meaningSeenOn: 'Android 1.0 and later',
      },
    ],
  },
  {
    name: 'app-op',
    total: 1,
    rows: [
      {
        ...from,
        id: 4,
        kind: 'app-op',
        package: name,
        op: 'AUTO_START(10008)',
        mode: 'allow',
        lastAccess: null,
        meaning: 'may start by itself (MIUI autostart)',
        meaningSource: source,
        meaningSeenOn: 'MIUI with Android 4.4 and later',
      },
    ],
  },
];
