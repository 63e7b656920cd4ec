import type { Device } from './device.ts';

/** One installed package, as the persona's files say it. */
export interface PackageData {
  readonly name: string;
  readonly path: string;
  readonly uid: number;
  readonly versionCode: number;
  readonly versionName: string;
  readonly targetSdk: number;
  readonly system: boolean;
  readonly state: 'enabled' | 'disabled' | 'disabled-user';
  readonly installer: string | null;
  readonly firstInstall: string;
  readonly lastUpdate: string;
  /** Name → granted. */
  readonly permissions: Readonly<Record<string, boolean>>;
  /** Component (full class or `.Class`) → actions of its filters. */
  readonly activities: Readonly<Record<string, readonly string[]>>;
  readonly receivers: Readonly<Record<string, readonly string[]>>;
  readonly services: Readonly<Record<string, readonly string[]>>;
  readonly disabledComponents: readonly string[];
  readonly enabledComponents: readonly string[];
  readonly sharedUser: string | null;
  /** Names of the parts beside `base.apk`. */
  readonly splits: readonly string[];
}

const plain = {
  targetSdk: 0,
  system: true,
  state: 'enabled',
  installer: null,
  permissions: {},
  activities: {},
  receivers: {},
  services: {},
  disabledComponents: [],
  enabledComponents: [],
  sharedUser: null,
  splits: [],
} as const;

type Change = Partial<PackageData> | null;

/** Rows `name path uid versionCode versionName` of the many packages nobody looks into. */
function bulk(text: string, built: string, targetSdk: number): PackageData[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', path = '', uid = '0', versionCode = '0', versionName = ''] = line.split(/\s+/);
      return {
        ...plain,
        name,
        path,
        uid: Number(uid),
        versionCode: Number(versionCode),
        versionName,
        targetSdk,
        firstInstall: built,
        lastUpdate: built,
      };
    });
}

/**
 * `packages.txt` (bulk), `packages.json` (in detail) and `packages.changes.json`: fields that differ from the persona that this one
 * extends, null for a package that is gone. Placeholders work in all three.
 */
export function readPackages(device: Device): readonly PackageData[] {
  const built = String(device.values['systemBuiltAt'] ?? '2009-01-01 08:00:00');
  const packages = new Map<string, PackageData>();
  for (const each of bulk(device.text('packages.txt') ?? '', built, device.persona.sdk)) packages.set(each.name, each);
  const detailed = JSON.parse(device.text('packages.json') ?? '[]') as (Partial<PackageData> & { name: string })[];
  const changes = JSON.parse(device.text('packages.changes.json') ?? '{}') as Record<string, Change>;
  const merge = (name: string, change: Partial<PackageData>): void => {
    const base = packages.get(name) ?? {
      ...plain,
      name,
      path: `/system/app/${name}.apk`,
      uid: 10000,
      versionCode: 1,
      versionName: '1',
      targetSdk: device.persona.sdk,
      firstInstall: built,
      lastUpdate: built,
    };
    packages.set(name, { ...base, ...change, permissions: { ...base.permissions, ...change.permissions } });
  };
  for (const each of detailed) merge(each.name, each);
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) packages.delete(name);
    else merge(name, change);
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Where the parts of a package lie: `base.apk` first. */
export function filesOf({
  path,
  splits,
}: PackageData): readonly { readonly path: string; readonly split: string | null }[] {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [{ path, split: null }, ...splits.map((split) => ({ path: `${folder}/split_${split}.apk`, split }))];
}

/** `.Receiver` of `com.x` is `com.x.Receiver`. */
export function fullClass(name: string, component: string): string {
  return component.startsWith('.') ? `${name}${component}` : component;
}
