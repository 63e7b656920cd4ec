import type { RecordBody } from '../../shared/model/record.ts';
import { eachKey, verb } from './sides.ts';
import type { Facts, Unworded } from './sides.ts';
import type { SnapshotIndex } from './snapshot-index.ts';

type Of<K extends RecordBody['kind']> = Extract<RecordBody, { kind: K }>;

const versionOf = (p: Of<'package'>): string =>
  [p.versionName, p.versionCode === null ? null : `(${p.versionCode})`].filter((x) => x !== null).join(' ');

/** How much a package brings along or takes away, so that its thirty permissions need no thirty lines. */
function packageFacts(name: string, side: SnapshotIndex, counts: PackageCounts): Facts {
  const p = side.packages.get(name);
  return {
    aspect: 'presence',
    grantedPermissions: counts.granted.get(name) ?? 0,
    bootReceivers: counts.boot.get(name) ?? 0,
    system: p?.system ?? null,
    installer: p?.installer ?? null,
  };
}

interface PackageCounts {
  readonly granted: ReadonlyMap<string, number>;
  readonly boot: ReadonlyMap<string, number>;
}

function countPerPackage(side: SnapshotIndex): PackageCounts {
  const granted = new Map<string, number>();
  const boot = new Map<string, number>();
  const add = (map: Map<string, number>, name: string): void => void map.set(name, (map.get(name) ?? 0) + 1);
  for (const permission of side.permissions.values()) if (permission.granted) add(granted, permission.package);
  for (const component of side.components.values()) if (component.bootReceiver) add(boot, component.package);
  return { granted, boot };
}

/** Packages that are new, gone, or other than before: one change per aspect (version, state, installer, stopped, path). */
export function comparePackages(a: SnapshotIndex, b: SnapshotIndex, out: Unworded[]): void {
  const counts = { before: countPerPackage(a), after: countPerPackage(b) };
  eachKey(a.packages, b.packages, (subject, before, after) => {
    if (before === undefined || after === undefined) {
      const facts =
        before === undefined ? packageFacts(subject, b, counts.after) : packageFacts(subject, a, counts.before);
      const shown = (p: Of<'package'> | undefined): string | null => (p === undefined ? null : versionOf(p) || p.state);
      out.push({
        kind: 'package',
        change: verb(before, after),
        subject,
        before: shown(before),
        after: shown(after),
        noise: false,
        facts,
      });
      return;
    }
    const aspect = (name: string, x: string | null, y: string | null, noise = false): void => {
      // A side that does not say it (a list without versions) is no change.
      if (x === null || y === null || x === '' || y === '' || x === 'unknown' || y === 'unknown' || x === y) return;
      const facts = { aspect: name, ...(noise ? { noise: 'noise.time' } : {}) };
      out.push({ kind: 'package', change: 'changed', subject, before: x, after: y, noise, facts });
    };
    const stopped = (p: Of<'package'>): string | null => (p.stopped === null ? null : String(p.stopped));
    const sameVersion = versionOf(before) === versionOf(after);
    aspect('version', versionOf(before), versionOf(after));
    aspect('state', before.state, after.state);
    aspect('installer', before.installer, after.installer);
    aspect('stopped', stopped(before), stopped(after));
    aspect('path', before.path, after.path, !sameVersion);
    if (sameVersion) aspect('updated', before.lastUpdateTime, after.lastUpdateTime, true);
  });
}

const grantOf = (p: Of<'permission'> | undefined): string | null =>
  p === undefined ? null : p.granted ? 'granted' : 'not granted';

/** Permissions granted, taken away or newly asked for, of packages that are on both sides. */
export function comparePermissions(
  a: SnapshotIndex,
  b: SnapshotIndex,
  bothHave: (name: string) => boolean,
  out: Unworded[],
): void {
  eachKey(a.permissions, b.permissions, (subject, before, after) => {
    const some = before ?? after;
    if (some === undefined || grantOf(before) === grantOf(after) || !bothHave(some.package)) return;
    const facts = { package: some.package, permission: some.name, scope: (after ?? some).scope };
    out.push({
      kind: 'permission',
      change: verb(before, after),
      subject,
      before: grantOf(before),
      after: grantOf(after),
      noise: false,
      facts,
    });
  });
}

const switchOf = (c: Of<'component'>): string => (c.enabled === null ? 'default' : c.enabled ? 'enabled' : 'disabled');
/** Whether a component runs when the handset starts: it listens, and is not switched off. */
const startsAtBoot = (c: Of<'component'> | undefined): boolean =>
  c !== undefined && c.bootReceiver && c.enabled !== false;

/** Components switched on or off, new or gone, and what no longer (or newly) starts with the handset. */
export function compareComponents(
  a: SnapshotIndex,
  b: SnapshotIndex,
  bothHave: (name: string) => boolean,
  out: Unworded[],
): void {
  eachKey(a.components, b.components, (subject, before, after) => {
    const some = after ?? before;
    if (some === undefined || !bothHave(some.package)) return;
    const boot = startsAtBoot(before) === startsAtBoot(after) ? null : startsAtBoot(before) ? 'lost' : 'gained';
    const facts = { package: some.package, type: some.type, boot };
    if (before === undefined || after === undefined) {
      const shown = (c: Of<'component'> | undefined): string | null => (c === undefined ? null : switchOf(c));
      out.push({
        kind: 'component',
        change: verb(before, after),
        subject,
        before: shown(before),
        after: shown(after),
        noise: false,
        facts,
      });
    } else if (switchOf(before) !== switchOf(after)) {
      out.push({
        kind: 'component',
        change: 'changed',
        subject,
        before: switchOf(before),
        after: switchOf(after),
        noise: false,
        facts: { ...facts, aspect: 'switch' },
      });
    } else if (before.actions.join('\n') !== after.actions.join('\n')) {
      out.push({
        kind: 'component',
        change: 'changed',
        subject,
        before: before.actions.join(', '),
        after: after.actions.join(', '),
        noise: false,
        facts: { ...facts, aspect: 'actions' },
      });
    }
  });
}
