import { androidAppOps } from './android-app-ops.ts';
import { androidNetworkSettings } from './android-network-settings.ts';
import { androidPermissions } from './android-permissions.ts';
import { androidProperties } from './android-properties.ts';
import { androidSettings } from './android-settings.ts';
import { colorOs } from './color-os.ts';
import { emui } from './emui.ts';
import { miui } from './miui.ts';
import { oneUi } from './one-ui.ts';
import { originOs } from './origin-os.ts';
import type { MakerId, MakerRule } from './rule.ts';

/** The table of each maker. No subject stands in two of them (tested), so that a subject's meaning does not hang on the order. */
export const makerTables: Readonly<Record<MakerId, readonly MakerRule[]>> = {
  android: [
    ...androidSettings,
    ...androidNetworkSettings,
    ...androidProperties,
    ...androidPermissions,
    ...androidAppOps,
  ],
  miui,
  'one-ui': oneUi,
  emui,
  'color-os': colorOs,
  'origin-os': originOs,
};

interface Found {
  readonly maker: MakerId;
  readonly rule: MakerRule;
}

const bySubject: ReadonlyMap<string, Found> = new Map(
  (Object.entries(makerTables) as [MakerId, readonly MakerRule[]][]).flatMap(([maker, rules]) =>
    rules.map((rule): [string, Found] => [rule.subject, { maker, rule }]),
  ),
);

/**
 * The rule of a subject, from the maker's own table or Android's. `maker` null: not known, so that any maker's table may speak.
 */
export function ruleOf(subject: string, maker: MakerId | null): Found | null {
  const found = bySubject.get(subject);
  if (found === undefined) return null;
  return maker === null || found.maker === 'android' || found.maker === maker ? found : null;
}
