import type { RecordBody, SnapshotRecord } from '../../shared/model/record.ts';

type Of<K extends RecordBody['kind']> = Extract<RecordBody, { kind: K }>;

/** A value with the note that the label held several acquisitions that disagree. */
export interface Seen<T> {
  readonly value: T;
  readonly several: boolean;
}

export interface CrashGroup {
  readonly package: string;
  readonly exception: string;
  count: number;
  readonly instants: Set<string>;
}

/** One label's records, by what they are about: each lookup is one Map access, whatever the size. */
export interface SnapshotIndex {
  readonly properties: Map<string, Seen<string>>;
  readonly settings: Map<string, Seen<string>>;
  readonly packages: Map<string, Of<'package'>>;
  /** `package/permission` → granted. */
  readonly permissions: Map<string, Of<'permission'>>;
  readonly components: Map<string, Of<'component'>>;
  readonly appOps: Map<string, Of<'app-op'>>;
  readonly crashes: Map<string, CrashGroup>;
  /** Kinds that were read at all: nothing can be said to be gone from a side that was never read. */
  readonly kinds: ReadonlySet<string>;
}

function keep(map: Map<string, Seen<string>>, key: string, value: string): void {
  const known = map.get(key);
  map.set(key, { value, several: known !== undefined && (known.several || known.value !== value) });
}

/** A list and a dump tell different halves of one package: what a later record knows is laid over what was known. */
function mergePackage(known: Of<'package'> | undefined, next: Of<'package'>): Of<'package'> {
  if (known === undefined) return next;
  return {
    ...known,
    state: next.state === 'unknown' ? known.state : strongerState(known.state, next.state),
    system: next.system ?? known.system,
    versionName: next.versionName ?? known.versionName,
    versionCode: next.versionCode ?? known.versionCode,
    installer: next.installer ?? known.installer,
    path: next.path ?? known.path,
    uid: next.uid ?? known.uid,
    firstInstallTime: next.firstInstallTime ?? known.firstInstallTime,
    lastUpdateTime: next.lastUpdateTime ?? known.lastUpdateTime,
    stopped: next.stopped ?? known.stopped,
  };
}

/** `pm list packages -d` only says «disabled»; the dump says by whom. */
function strongerState(known: Of<'package'>['state'], next: Of<'package'>['state']): Of<'package'>['state'] {
  const vague = next === 'disabled' && (known === 'disabled-user' || known === 'disabled-until-used');
  return vague ? known : next;
}

function addCrash(crashes: Map<string, CrashGroup>, record: Of<'crash'>): void {
  const name = record.package ?? record.process ?? 'unknown';
  const exception = record.exception ?? record.tag;
  const key = `${name}: ${exception}`;
  const group = crashes.get(key) ?? { package: name, exception, count: 0, instants: new Set<string>() };
  crashes.set(key, group);
  // Dropbox, the crash buffer and the events buffer tell of one crash a second or two apart: one per ten seconds is counted.
  const tens = record.atHandset?.slice(0, 18) ?? `line ${group.count}`;
  if (group.instants.has(tens)) return;
  group.instants.add(tens);
  group.count += 1;
}

/** Lays out one label's records for comparison. Linear; later records (later exhibits) win. */
export function indexSnapshot(records: readonly SnapshotRecord[]): SnapshotIndex {
  const index = {
    properties: new Map<string, Seen<string>>(),
    settings: new Map<string, Seen<string>>(),
    packages: new Map<string, Of<'package'>>(),
    permissions: new Map<string, Of<'permission'>>(),
    components: new Map<string, Of<'component'>>(),
    appOps: new Map<string, Of<'app-op'>>(),
    crashes: new Map<string, CrashGroup>(),
    kinds: new Set<string>(),
  };
  for (const record of records) {
    index.kinds.add(record.kind);
    if (record.kind === 'property') keep(index.properties, record.name, record.value);
    else if (record.kind === 'setting') keep(index.settings, `${record.namespace}/${record.name}`, record.value);
    else if (record.kind === 'package')
      index.packages.set(record.name, mergePackage(index.packages.get(record.name), record));
    else if (record.kind === 'permission') addPermission(index.permissions, record);
    else if (record.kind === 'component') index.components.set(`${record.package}/${record.name}`, record);
    else if (record.kind === 'app-op') index.appOps.set(`${record.package}/${record.op}`, record);
    else if (record.kind === 'crash') addCrash(index.crashes, record);
  }
  return index;
}

/** A permission may be listed for installation and at run time: the run-time word is the one that counts. */
function addPermission(permissions: Map<string, Of<'permission'>>, record: Of<'permission'>): void {
  const key = `${record.package}/${record.name}`;
  const known = permissions.get(key);
  if (known?.scope === 'runtime' && record.scope !== 'runtime') return;
  permissions.set(key, record);
}
