import { readBinaryXml } from './binary-xml.ts';
import type { XmlElement, XmlProblem } from './binary-xml.ts';

/** What a manifest says of its app: as it stands there, null (or empty) where it says nothing of it. */
export interface ApkManifest {
  readonly package: string | null;
  /** Name of the part, where the app's code comes in several. */
  readonly split: string | null;
  readonly versionCode: string | null;
  readonly versionName: string | null;
  readonly minSdk: string | null;
  readonly targetSdk: string | null;
  readonly sharedUserId: string | null;
  readonly debuggable: string | null;
  readonly usesCleartextTraffic: string | null;
  readonly networkSecurityConfig: string | null;
  /** Sorted, each once. */
  readonly permissions: readonly string[];
  /** Components that say `exported="true"`, and those that say nothing of it but have an intent filter. */
  readonly exported: number;
  readonly exportedByFilter: number;
  readonly problems: readonly (XmlProblem | 'permissions')[];
}

/** Numbers of the framework's attributes: AOSP, core/res/res/values/public.xml (today public-final.xml). */
const attribute = {
  name: 0x01010003,
  sharedUserId: 0x0101000b,
  debuggable: 0x0101000f,
  exported: 0x01010010,
  minSdk: 0x0101020c,
  versionCode: 0x0101021b,
  versionName: 0x0101021c,
  targetSdk: 0x01010270,
  usesCleartextTraffic: 0x010104ec,
  networkSecurityConfig: 0x01010527,
  versionCodeMajor: 0x01010576,
} as const;

const components: ReadonlySet<string> = new Set(['activity', 'activity-alias', 'service', 'receiver', 'provider']);
const permissionElements: ReadonlySet<string> = new Set(['uses-permission', 'uses-permission-sdk-23']);
const maxPermissions = 2000;

class ManifestReading {
  readonly root: Map<string, string> = new Map();
  readonly permissions = new Set<string>();
  exported = 0;
  exportedByFilter = 0;
  tooMany = false;
  /** Of the component that is open: whether an intent filter would make it reachable. */
  #openForFilter = false;

  take({ name, depth, attributes }: XmlElement): void {
    const value = (wanted: keyof typeof attribute): string | undefined =>
      attributes.find(({ resource }) => resource === attribute[wanted])?.value;
    const keep = (...wanted: (keyof typeof attribute)[]): void => {
      for (const one of wanted) {
        const found = value(one);
        if (found !== undefined && !this.root.has(one)) this.root.set(one, found);
      }
    };
    if (depth === 0 && name === 'manifest') {
      for (const bare of ['package', 'split']) {
        const found = attributes.find((one) => one.resource === null && one.name === bare);
        if (found !== undefined) this.root.set(bare, found.value);
      }
      keep('versionCode', 'versionName', 'versionCodeMajor', 'sharedUserId');
    } else if (depth === 1 && name === 'uses-sdk') keep('minSdk', 'targetSdk');
    else if (depth === 1 && name === 'application') keep('debuggable', 'usesCleartextTraffic', 'networkSecurityConfig');
    else if (depth === 1 && name !== null && permissionElements.has(name)) this.#takePermission(value('name'));
    else if (depth === 2 && name !== null && components.has(name)) {
      const exported = value('exported');
      if (exported === 'true') this.exported += 1;
      this.#openForFilter = exported === undefined;
    } else if (depth === 3 && name === 'intent-filter' && this.#openForFilter) {
      this.exportedByFilter += 1;
      this.#openForFilter = false;
    }
  }

  #takePermission(name: string | undefined): void {
    if (name === undefined) return;
    if (this.permissions.size < maxPermissions) this.permissions.add(name);
    else this.tooMany = true;
  }
}

/** Reads a compiled AndroidManifest.xml. Does not throw on any bytes; null where it is no compiled XML or has no manifest in it. */
export function readManifest(bytes: Uint8Array): ApkManifest | null {
  const reading = new ManifestReading();
  let isManifest = false;
  const problems = readBinaryXml(bytes, (element) => {
    if (element.depth === 0) isManifest ||= element.name === 'manifest';
    reading.take(element);
  });
  if (!isManifest) return null;
  const { root, permissions, exported, exportedByFilter, tooMany } = reading;
  const said = (name: string): string | null => root.get(name) ?? null;
  return {
    package: said('package'),
    split: said('split'),
    versionCode: versionCodeOf(said('versionCode'), said('versionCodeMajor')),
    versionName: said('versionName'),
    minSdk: said('minSdk'),
    targetSdk: said('targetSdk'),
    sharedUserId: said('sharedUserId'),
    debuggable: said('debuggable'),
    usesCleartextTraffic: said('usesCleartextTraffic'),
    networkSecurityConfig: said('networkSecurityConfig'),
    permissions: [...permissions].sort(),
    exported,
    exportedByFilter,
    problems: tooMany ? [...problems, 'permissions'] : problems,
  };
}

/** The upper 32 bits stand in an attribute of their own (developer.android.com, PackageInfo.getLongVersionCode). */
function versionCodeOf(code: string | null, major: string | null): string | null {
  if (code === null || major === null || !/^-?\d+$/.test(code) || !/^-?\d+$/.test(major)) return code;
  return String((BigInt.asUintN(32, BigInt(major)) << 32n) | BigInt.asUintN(32, BigInt(code)));
}
