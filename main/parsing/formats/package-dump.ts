import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';
import { systemFromPath } from './package-list.ts';
import { cutSections } from '../package-dump/sections.ts';
import { readBlocks } from '../package-dump/package-blocks.ts';
import type { PackageBlock } from '../package-dump/package-blocks.ts';
import { addPreferredActivities } from '../package-dump/preferred-activities.ts';
import { fullClassName, readResolverTable, tableType } from '../package-dump/resolver-tables.ts';
import type { ResolvedComponent } from '../package-dump/resolver-tables.ts';

type PackageState = 'enabled' | 'disabled' | 'disabled-user' | 'disabled-until-used' | 'uninstalled' | 'unknown';

/** `enabled=N` of a user's line: PackageManager.COMPONENT_ENABLED_STATE_*; 0 = as the manifest says. */
const states: Readonly<Record<string, PackageState>> = {
  '0': 'enabled',
  '1': 'enabled',
  '2': 'disabled',
  '3': 'disabled-user',
  '4': 'disabled-until-used',
};

const bootActions = new Set([
  'android.intent.action.BOOT_COMPLETED',
  'android.intent.action.LOCKED_BOOT_COMPLETED',
  'android.intent.action.QUICKBOOT_POWERON',
]);

/** `dumpsys package` from 4.3 to today: packages, permissions and components of user 0; of others which apps they have. */
export function parsePackageDump({ text }: FormatInput, sink: ParseSink): void {
  const lines = text.split('\n');
  const components = new Map<string, ResolvedComponent>();
  let packages: PackageBlock[] = [];
  const shared = new Map<string, PackageBlock>();
  let sectionsKnown = 0;
  for (const section of cutSections(lines)) {
    const type = tableType(section.title);
    if (type) readResolverTable(section, type, components);
    else if (/^Preferred Activities(?: User \d{1,9})?$/.test(section.title)) addPreferredActivities(section, sink);
    else if (section.title === 'Packages') packages = [...packages, ...readBlocks(section)];
    else if (section.title === 'Shared users') for (const block of readBlocks(section)) shared.set(block.name, block);
    else continue;
    sectionsKnown += 1;
  }
  if (sectionsKnown === 0) noSection(sink, text, 'Packages');
  const otherUsers = new Set(packages.flatMap((block) => [...block.otherUsers.keys()]));
  for (const user of [...otherUsers].slice(0, 20)) sink.limit(`other-user:${user}`);
  for (const block of packages) {
    addPackage(block, sink);
    addOfOtherUsers(block, sink);
    addPermissions(block, block.sharedUser === null ? null : (shared.get(block.sharedUser) ?? null), sink);
  }
  addComponents(packages, components, sink);
}

/** A file path with `.apk`, or the folder that holds `base.apk`, exactly as the dump says it. */
function addPackage(block: PackageBlock, sink: ParseSink): void {
  const path = block.fields.get('codePath') ?? null;
  const flags = block.fields.get('pkgFlags') ?? block.fields.get('flags') ?? null;
  const uid = /^\d{1,9}$/.exec(block.fields.get('userId') ?? block.fields.get('appId') ?? '');
  const user0 = block.user0;
  const installer = block.fields.get('installerPackageName') ?? null;
  const state = user0.get('installed') === 'false' ? 'uninstalled' : (states[user0.get('enabled') ?? ''] ?? 'unknown');
  const stopped = user0.get('stopped');
  sink.add({
    kind: 'package',
    name: block.name,
    state,
    system: flags === null ? systemFromPath(path) : /\bSYSTEM\b/.test(flags),
    versionName: block.fields.get('versionName') ?? null,
    versionCode: block.fields.get('versionCode') ?? null,
    installer: installer === 'null' ? null : installer,
    path,
    uid: uid === null ? null : Number(uid[0]),
    // From 14 on the first installation is said per user.
    firstInstallTime: block.fields.get('firstInstallTime') ?? user0.get('firstInstallTime') ?? null,
    lastUpdateTime: block.fields.get('lastUpdateTime') ?? null,
    stopped: stopped === undefined ? null : stopped === 'true',
  });
}

/** One fact of each further user or profile that has the app; the dump names those that have it not as well. */
function addOfOtherUsers({ name, otherUsers }: PackageBlock, sink: ParseSink): void {
  for (const [user, said] of otherUsers) {
    if (said.get('installed') !== 'true') continue;
    const value = states[said.get('enabled') ?? ''] ?? 'unknown';
    sink.add({ kind: 'fact', topic: 'user', package: name, name: `${user}/app`, value, atHandset: null });
  }
}

/** Packages with a shared user id hold that user's permissions: the dump lists them there only. */
function addPermissions(block: PackageBlock, shared: PackageBlock | null, sink: ParseSink): void {
  const said = new Set<string>();
  for (const scope of ['install', 'runtime'] as const) {
    const all = new Map([...(shared?.[scope] ?? []), ...block[scope]]);
    for (const [name, granted] of all) {
      said.add(name);
      sink.add({ kind: 'permission', package: block.name, name, granted, scope });
    }
  }
  for (const name of block.requested) {
    if (!said.has(name))
      sink.add({ kind: 'permission', package: block.name, name, granted: false, scope: 'requested' });
  }
}

function addComponents(
  packages: readonly PackageBlock[],
  components: Map<string, ResolvedComponent>,
  sink: ParseSink,
): void {
  const enabled = new Map<string, boolean>();
  const owners = new Map<string, string>();
  const note = (block: PackageBlock, names: Set<string>, value: boolean): void => {
    for (const name of names) {
      const id = `${block.name}/${fullClassName(block.name, name)}`;
      enabled.set(id, value);
      owners.set(id, block.name);
    }
  };
  for (const block of packages) {
    note(block, block.disabledComponents, false);
    note(block, block.enabledComponents, true);
  }
  for (const [id, component] of components) {
    const actions = [...component.actions].sort();
    sink.add({
      kind: 'component',
      package: component.package,
      name: component.name,
      type: component.type,
      enabled: enabled.get(id) ?? null,
      actions,
      bootReceiver: component.type === 'receiver' && actions.some((action) => bootActions.has(action)),
    });
  }
  // Switched on or off by name, but without an intent filter: the dump does not say what kind of component it is.
  for (const [id, owner] of owners) {
    if (components.has(id)) continue;
    const name = id.slice(owner.length + 1);
    const value = enabled.get(id) ?? null;
    sink.add({
      kind: 'component',
      package: owner,
      name,
      type: 'unknown',
      enabled: value,
      actions: [],
      bootReceiver: false,
    });
  }
}
