import type { RecordBody } from '../../../shared/model/record.ts';
import type { MakerId } from './rule.ts';

/** Whose tables apply to a handset, and which property says so; `reason` null: none of the makers' properties is there. */
export interface MakerFound {
  readonly maker: MakerId;
  readonly reason: { readonly property: string; readonly value: string } | null;
}

/**
 * Properties that only a maker's own system sets; the first that has a value decides. Brand and manufacturer do not: they stay when
 * another system is put on the handset. Sources: the rows of these properties in the makers' tables.
 */
const signs: readonly (readonly [property: string, maker: MakerId])[] = [
  ['ro.mi.os.version.name', 'miui'],
  ['ro.miui.ui.version.name', 'miui'],
  ['ro.build.version.oneui', 'one-ui'],
  ['hw_sc.build.platform.version', 'emui'],
  ['ro.build.version.emui', 'emui'],
  ['msc.config.magic.version', 'emui'],
  ['ro.build.version.magic', 'emui'],
  ['ro.build.version.realmeui', 'color-os'],
  ['ro.build.version.oplusrom', 'color-os'],
  ['ro.build.version.oplusrom.display', 'color-os'],
  ['ro.build.version.opporom', 'color-os'],
  ['ro.oxygen.version', 'color-os'],
  ['ro.vivo.os.build.display.id', 'origin-os'],
  ['ro.vivo.os.version', 'origin-os'],
  // Samsung's firmware before One UI.
  ['ro.build.PDA', 'one-ui'],
];

/** Names of the properties that `makerOf` looks at. */
export const makerSigns: ReadonlySet<string> = new Set(signs.map(([property]) => property));

const longestShown = 120;

/** Decides by the handset's properties; null where none were read. Of several acquisitions the last that names a property counts. */
export function makerOf(records: Iterable<RecordBody>): MakerFound | null {
  const values = new Map<string, string>();
  let some = false;
  for (const record of records) {
    if (record.kind !== 'property') continue;
    some = true;
    if (makerSigns.has(record.name)) values.set(record.name, record.value.trim());
  }
  if (!some) return null;
  for (const [property, maker] of signs) {
    const value = values.get(property) ?? '';
    if (value !== '') return { maker, reason: { property, value: value.slice(0, longestShown) } };
  }
  return { maker: 'android', reason: null };
}
