import { describe, expect, it } from 'vitest';
import { compareSnapshots, comparisonGaps } from '../../../main/comparison/compare-snapshots.ts';
import { meaningOfChange } from '../../../main/comparison/meaning.ts';
import type { Change } from '../../../shared/model/comparison.ts';
import type { RecordBody } from '../../../shared/model/record.ts';
import { component, crash, packageRecord, permission, property, records, setting } from './fixture.ts';

const compare = (before: readonly RecordBody[], after: readonly RecordBody[], lang?: 'en' | 'zh-Hant'): Change[] =>
  compareSnapshots(records('before', before), records('after', after), lang);

const brief = (changes: readonly Change[]): (string | null | boolean)[][] =>
  changes.map(({ kind, change, subject, before, after, noise }) => [kind, change, subject, before, after, noise]);

const appOp = (op: string, mode: Extract<RecordBody, { kind: 'app-op' }>['mode'], pkg = 'com.example'): RecordBody => ({
  kind: 'app-op',
  package: pkg,
  op,
  mode,
  lastAccess: null,
});

describe('values', () => {
  it('finds settings and properties that are new, gone or other; the build apart', () => {
    const changes = compare(
      [
        setting('mx_used', '1'),
        setting('gone', 'x'),
        setting('same', '1'),
        property('ro.build.version.incremental', 'JHCTWBF5.0'),
        property('ro.miui.ui.version.name', 'V5'),
        property('a', '1'),
      ],
      [
        setting('mx_used', '0'),
        setting('new', 'y'),
        setting('same', '1'),
        property('ro.build.version.incremental', 'JHCTWBF9.0'),
        property('ro.miui.ui.version.name', 'V5'),
        property('a', '2'),
      ],
    );
    expect(brief(changes)).toEqual([
      ['build', 'changed', 'ro.build.version.incremental', 'JHCTWBF5.0', 'JHCTWBF9.0', false],
      ['setting', 'removed', 'system/gone', 'x', null, false],
      ['setting', 'changed', 'system/mx_used', '1', '0', false],
      ['setting', 'added', 'system/new', null, 'y', false],
      ['property', 'changed', 'a', '1', '2', false],
    ]);
    expect(changes[2]?.meaning).toBe(
      'MIUI Cloud Messaging (network SMS): setting changed from 1 (has been in use) to 0 (not in use)',
    );
  });

  it('marks what changes by itself, with the reason', () => {
    const changes = compare(
      [setting('boot_count', '3', 'global'), property('ro.runtime.firstboot', '1'), setting('screen_brightness', '10')],
      [setting('boot_count', '4', 'global'), property('ro.runtime.firstboot', '2'), setting('screen_brightness', '20')],
    );
    expect(changes.map(({ noise }) => noise)).toEqual([true, true, true]);
    expect(changes.map(({ meaning }) => meaning)[0]).toContain('changes by itself (a counter)');
  });

  it('takes the last of several acquisitions under one label, and says so', () => {
    const changes = compare([setting('a', '1'), setting('a', '2')], [setting('a', '3')]);
    expect(brief(changes)).toEqual([['setting', 'changed', 'system/a', '2', '3', false]]);
    expect(changes[0]?.meaning).toContain('several acquisitions');
  });

  it('words the same change in both languages from its own fields', () => {
    const [change] = compare([setting('mx_used', '1')], [setting('mx_used', '0')], 'zh-Hant');
    expect(change?.meaning).toBe('MIUI 網路簡訊服務: 設定由 1 (曾啟用) 改為 0 (未啟用)');
    if (change) expect(meaningOfChange(change, 'en')).toContain('MIUI Cloud Messaging');
  });
});

describe('packages', () => {
  it('lays a list and a dump of one package over each other', () => {
    const listed = packageRecord('com.x', {
      state: 'unknown',
      versionName: null,
      versionCode: null,
      stopped: null,
      system: null,
      path: '/data/app/x.apk',
    });
    expect(
      compare(
        [listed, packageRecord('com.x', { path: '/data/app/x.apk' })],
        [packageRecord('com.x', { path: '/data/app/x.apk' }), listed],
      ),
    ).toEqual([]);
  });

  it('finds versions, states and installers; a side that does not say is no change', () => {
    const changes = compare(
      [
        packageRecord('com.x', { installer: 'a' }),
        packageRecord('com.y', { versionName: null, versionCode: null, state: 'unknown' }),
      ],
      [
        packageRecord('com.x', { versionName: '2.0', versionCode: '2', state: 'disabled-user', installer: 'b' }),
        packageRecord('com.y'),
      ],
    );
    expect(changes.map(({ subject, before, after, facts }) => [subject, facts?.['aspect'], before, after])).toEqual([
      ['com.x', 'version', '1.0 (1)', '2.0 (2)'],
      ['com.x', 'state', 'enabled', 'disabled-user'],
      ['com.x', 'installer', 'a', 'b'],
    ]);
  });

  it('counts what a new package brings instead of listing it', () => {
    const changes = compare(
      [packageRecord('com.x'), permission('com.x', 'android.permission.INTERNET'), component('com.x', 'com.x.Boot')],
      [
        packageRecord('com.x'),
        permission('com.x', 'android.permission.INTERNET'),
        component('com.x', 'com.x.Boot'),
        packageRecord('com.new'),
        permission('com.new', 'android.permission.CAMERA'),
        permission('com.new', 'android.permission.INTERNET'),
        component('com.new', 'com.new.Boot'),
      ],
    );
    expect(brief(changes)).toEqual([['package', 'added', 'com.new', null, '1.0 (1)', false]]);
    expect(changes[0]?.meaning).toBe(
      'package is new, version 1.0 (1); 1 of its receivers answer to the start of the handset; it holds 2 granted permissions',
    );
  });

  it('finds lost and gained permissions, in plain words', () => {
    const changes = compare(
      [
        packageRecord('com.x'),
        permission('com.x', 'android.permission.READ_CONTACTS'),
        permission('com.x', 'android.permission.CAMERA', false),
      ],
      [packageRecord('com.x'), permission('com.x', 'android.permission.CAMERA')],
    );
    expect(changes.map(({ subject, before, after, meaning }) => [subject, before, after, meaning])).toEqual([
      ['com.x/android.permission.CAMERA', 'not granted', 'granted', 'may now use the camera'],
      ['com.x/android.permission.READ_CONTACTS', 'granted', null, 'may no longer read the contacts'],
    ]);
  });

  it('finds components switched off and what no longer starts with the handset', () => {
    const changes = compare(
      [
        packageRecord('com.x'),
        component('com.x', 'com.x.Boot'),
        component('com.x', 'com.x.Other', { actions: ['A'], bootReceiver: false }),
      ],
      [
        packageRecord('com.x'),
        component('com.x', 'com.x.Boot', { enabled: false }),
        component('com.x', 'com.x.Other', { actions: ['B'], bootReceiver: false }),
      ],
    );
    expect(
      changes.map(({ subject, before, after, meaning, facts }) => [subject, before, after, meaning, facts?.['boot']]),
    ).toEqual([
      [
        'com.x/com.x.Boot',
        'default',
        'disabled',
        'event receiver was switched off; starts no longer with the handset',
        'lost',
      ],
      ['com.x/com.x.Other', 'A', 'B', 'event receiver answers to other events than before', null],
    ]);
  });
});

describe('app-ops and crashes', () => {
  it('finds modes; an op that is merely newly listed at its default is noise, MIUI’s own are not', () => {
    const changes = compare(
      [appOp('AUTO_START(10008)', 'allow'), appOp('READ_CONTACTS', 'allow')],
      [
        appOp('AUTO_START(10008)', 'ignore'),
        appOp('READ_CONTACTS', 'deny'),
        appOp('CAMERA', 'allow'),
        appOp('BACKGROUND_START_ACTIVITY(10021)', 'allow'),
      ],
    );
    expect(changes.map(({ subject, before, after, noise }) => [subject, before, after, noise])).toEqual([
      ['com.example/AUTO_START(10008)', 'allow', 'ignore', false],
      ['com.example/BACKGROUND_START_ACTIVITY(10021)', null, 'allow', false],
      ['com.example/CAMERA', null, 'allow', true],
      ['com.example/READ_CONTACTS', 'allow', 'deny', false],
    ]);
    expect(changes[0]?.meaning).toBe('may start by itself (MIUI autostart): allow became ignore');
  });

  it('counts one crash once though three logs tell of it', () => {
    const npe = 'java.lang.NullPointerException';
    const changes = compare(
      [packageRecord('com.android.browser')],
      [
        packageRecord('com.android.browser'),
        crash('com.android.browser', npe, '2014-08-13T10:15:45.000000+08:00'),
        crash('com.android.browser', npe, '2014-08-13T10:15:44.930000+08:00'),
        crash('com.android.browser', npe, '2014-08-13T10:17:02.000000+08:00'),
      ],
    );
    expect(brief(changes)).toEqual([['crash', 'added', `com.android.browser: ${npe}`, null, '2', false]]);
    expect(changes[0]?.meaning).toContain('2× recorded; not recorded before');
  });
});

describe('what was not read on one side', () => {
  it('is a gap, never «removed»', () => {
    const before = records('before', [setting('a', '1'), permission('com.x', 'p')]);
    const after = records('after', [setting('a', '1')]);
    expect(compareSnapshots(before, after)).toEqual([]);
    expect(comparisonGaps(before, after)).toEqual([{ kind: 'permission', missing: 'after' }]);
  });

  it('is a gap for each namespace of settings by itself', () => {
    const before = records('before', [setting('a', '1'), setting('android_id', 'x', 'secure')]);
    const after = records('after', [setting('a', '2'), setting('adb_enabled', '1', 'global')]);
    expect(brief(compareSnapshots(before, after))).toEqual([['setting', 'changed', 'system/a', '1', '2', false]]);
    expect(comparisonGaps(before, after)).toEqual([
      { kind: 'setting', part: 'global', missing: 'before' },
      { kind: 'setting', part: 'secure', missing: 'after' },
    ]);
  });

  it('says of a crash neither that it is new nor that it is gone', () => {
    const one = [crash('com.x', 'E', '2014-08-13T10:15:45.000000+08:00')];
    const [added] = compareSnapshots([], records('after', one), 'en', { before: false, after: true });
    expect(added?.meaning).toContain('whether it did before is not known');
    expect(compareSnapshots(records('before', one), [], 'en', { before: true, after: false })).toEqual([]);
  });

  // Nothing that compares each with each comes to an end here: 10,000,000,000 pairs.
  it('comes to an end on 100,000 records a side', () => {
    const many = (version: number): RecordBody[] =>
      Array.from({ length: 100_000 }, (_, i) => setting(`name.${i}`, String(i % 10 === 0 ? i + version : i)));
    expect(compare(many(0), many(1))).toHaveLength(10_000);
  });
});
