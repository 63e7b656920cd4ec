import type { DataCategory } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { carrier } from './carrier.ts';
import { cell } from './cell.ts';
import { contacts } from './contacts.ts';
import { coordinates } from './coordinates.ts';
import type { CategoryRule, CategorySeed } from './data-category.ts';
import { installedApps } from './installed-apps.ts';
import { modelAndBuild } from './model-and-build.ts';
import { network } from './network.ts';
import { smsText } from './sms-text.ts';
import { usageTimes } from './usage-times.ts';

/** Every category; a new one is its file and one line here (and its name in shared/model/finding.ts). */
export const categories: readonly CategoryRule[] = [
  installedApps,
  carrier,
  modelAndBuild,
  network,
  cell,
  coordinates,
  contacts,
  smsText,
  usageTimes,
];

export function categoryOf(name: DataCategory): CategoryRule | null {
  return categories.find((one) => one.name === name) ?? null;
}

/** What a record gives to be looked for. */
export function categorySeedsOf(record: SnapshotRecord): CategorySeed[] {
  return categories.flatMap(
    ({ name, seedsOf }) => seedsOf?.(record).map((value) => ({ category: name, value, handset: record.handset })) ?? [],
  );
}
