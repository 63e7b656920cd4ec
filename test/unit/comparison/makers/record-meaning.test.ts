import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordBody } from '../../../../shared/model/record.ts';
import { compareSnapshots } from '../../../../main/comparison/compare-snapshots.ts';
import { makerOf } from '../../../../main/comparison/makers/maker-of.ts';
import { meaningOf, meaningText } from '../../../../main/comparison/makers/record-meaning.ts';

const property = (name: string, value: string): RecordBody => ({ kind: 'property', name, value });
const setting = (namespace: 'system' | 'secure' | 'global', name: string, value: string): RecordBody => ({
  kind: 'setting',
  namespace,
  name,
  value,
});

describe('whose tables apply', () => {
  it('is decided by properties that only a maker’s own system sets, and says by which', () => {
    expect(makerOf([property('ro.product.manufacturer', 'Xiaomi')])).toEqual({ maker: 'android', reason: null });
    expect(makerOf([property('ro.miui.ui.version.name', 'V5')])).toEqual({
      maker: 'miui',
      reason: { property: 'ro.miui.ui.version.name', value: 'V5' },
    });
    expect(makerOf([property('ro.miui.ui.version.name', 'V816'), property('ro.mi.os.version.name', 'OS2.0')])).toEqual({
      maker: 'miui',
      reason: { property: 'ro.mi.os.version.name', value: 'OS2.0' },
    });
    expect(makerOf([property('ro.build.version.oneui', '60101')])?.maker).toBe('one-ui');
    expect(makerOf([property('ro.build.version.emui', 'EmotionUI_9.1.0')])?.maker).toBe('emui');
    expect(makerOf([property('ro.build.version.oplusrom', 'V13.1.0')])?.maker).toBe('color-os');
    expect(makerOf([property('ro.vivo.os.version', '2.5')])?.maker).toBe('origin-os');
  });

  it('takes an empty property for none, and knows nothing where no property was read', () => {
    expect(makerOf([property('ro.miui.ui.version.name', ' ')])).toEqual({ maker: 'android', reason: null });
    expect(makerOf([setting('global', 'adb_enabled', '1')])).toBeNull();
  });

  it('bounds what it quotes of a hostile value', () => {
    const found = makerOf([property('ro.build.version.emui', 'x'.repeat(10_000))]);
    expect(found?.reason?.value).toHaveLength(120);
  });
});

describe('what a record means', () => {
  const text = (record: RecordBody, lang: 'en' | 'zh-Hant' = 'en'): string | null => {
    const meaning = meaningOf(record, 'miui');
    return meaning === null ? null : meaningText(meaning, lang);
  };

  it('names the setting and what its value says, in both languages', () => {
    expect(text(setting('system', 'mx_used', '1'))).toBe('MIUI Cloud Messaging (network SMS): has been in use');
    expect(text(setting('system', 'mx_used', '1'), 'zh-Hant')).toBe('MIUI 網路簡訊服務：曾啟用');
    expect(text(setting('system', 'mx_used', '7'))).toBe('MIUI Cloud Messaging (network SMS)');
    expect(text(setting('system', 'mx_used', 'toString'))).toBe('MIUI Cloud Messaging (network SMS)');
    expect(text(setting('system', 'nobody_knows', '1'))).toBeNull();
  });

  it('knows app-ops, permissions, packages, components in both ways of writing, and facts of a package', () => {
    const op: RecordBody = {
      kind: 'app-op',
      package: 'a.b',
      op: 'AUTO_START(10008)',
      mode: 'allow',
      lastAccess: null,
    };
    expect(text(op)).toBe('may start by itself (MIUI autostart)');
    expect(meaningOf(op, 'one-ui')).toBeNull();
    const component = (packageName: string, name: string): RecordBody => ({
      kind: 'component',
      package: packageName,
      name,
      type: 'activity',
      enabled: null,
      actions: [],
      bootReceiver: false,
    });
    const page = 'com.miui.permcenter.autostart.AutoStartManagementActivity';
    expect(text(component('com.miui.securitycenter', page))).toContain('autostart');
    expect(text(component('com.miui.permcenter', '.autostart.AutoStartManagementActivity'))).toContain('autostart');
    const fact: RecordBody = {
      kind: 'fact',
      topic: 'job',
      package: 'com.miui.analytics',
      name: 'job/1',
      value: '',
      atHandset: null,
    };
    expect(text(fact)).toBe('MIUI analytics');
    expect(text({ ...fact, package: null })).toBeNull();
  });

  it('is in the comparison, from the maker’s table only', () => {
    const of = (records: readonly RecordBody[]): Parameters<typeof compareSnapshots>[0] =>
      records.map((record) => ({ ...record, label: 'x', handset: 'H1', run: null, exhibit: 'E001' }));
    const meaning = (sign: RecordBody): string | undefined =>
      compareSnapshots(
        of([sign, setting('secure', 'upload_log_pref', '1')]),
        of([sign, setting('secure', 'upload_log_pref', '0')]),
      )[0]?.meaning;
    expect(meaning(property('ro.miui.ui.version.name', 'V11'))).toContain('MIUI user experience programme');
    expect(meaning(property('ro.miui.ui.version.name', 'V11'))).toContain('1 (on) to 0 (off)');
    expect(meaning(property('ro.build.version.oneui', '60101'))).toBe('setting changed from 1 to 0');
  });
});

const real = join(process.env['HANDSIGHT_REAL_DATA'] ?? '../shared/data', 'handset/getprop');

describe.skipIf(!existsSync(real))('the properties of real handsets', () => {
  const maker = (name: string): ReturnType<typeof makerOf> =>
    makerOf(
      [...readFileSync(join(real, name), 'utf8').matchAll(/^\[([^\]]+)\]: \[([^\]]*)\]/gm)].map(
        ([, key = '', value = '']) => property(key, value),
      ),
    );

  it('tell MIUI, HyperOS and a maker without tables of its own', () => {
    expect(maker('mi6-miui-v9-android7.txt')?.reason?.value).toBe('V9');
    expect(maker('xiaomi12spro-hyperos2-android15.txt')).toEqual({
      maker: 'miui',
      reason: { property: 'ro.mi.os.version.name', value: 'OS2.0' },
    });
    expect(maker('nubia-p0110-obric-1.8-android16-unit-a.txt')).toEqual({ maker: 'android', reason: null });
  });
});
