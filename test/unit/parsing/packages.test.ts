import { describe, expect, it } from 'vitest';
import { ofKind, parseFixture, parseText } from './fixture.ts';

describe('pm list packages', () => {
  it('reads the old form with two blanks before the installer', () => {
    const found = ofKind(parseFixture('android-4.3/pm-list.txt', 'pm list packages -f -i'), 'package');
    expect(found.map(({ name, path, installer, system, state }) => [name, path, installer, system, state])).toEqual([
      ['android', '/system/framework/framework-res.apk', null, true, 'unknown'],
      ['com.android.mms', '/system/app/Mms.apk', null, true, 'unknown'],
      ['jp.naver.line.android', '/data/app/jp.naver.line.android-1.apk', 'com.xiaomi.market', null, 'unknown'],
    ]);
  });

  it('reads the new form, whose paths hold equals signs', () => {
    const found = ofKind(
      parseFixture('android-8/pm-list.txt', 'pm list packages -f -U -i --show-versioncode'),
      'package',
    );
    expect(found[0]).toMatchObject({
      name: 'com.example.app',
      path: '/data/app/com.example.app-Zm9v==/base.apk',
      versionCode: '4100012',
      installer: 'com.android.vending',
      uid: 10123,
    });
    expect(found[1]).toMatchObject({ name: 'com.vendor.radio', system: true, installer: null, uid: 1001 });
  });

  it.each([
    ['pm list packages -d', 'disabled', null],
    ['pm list packages -e', 'enabled', null],
    ['pm list packages -s', 'unknown', true],
    ['pm list packages -3', 'unknown', false],
  ])('takes state and origin from the flags of `%s`', (command, state, system) => {
    expect(ofKind(parseText('package:com.example.app\n', command), 'package')[0]).toMatchObject({ state, system });
  });

  it('says what is no package', () => {
    const result = parseText('package:com.example.app\nError: something\n', 'pm list packages');
    expect(result.records).toHaveLength(1);
    expect(result.unparsed).toEqual([{ line: 2, text: 'Error: something', reason: 'not-a-package' }]);
  });
});

describe('dumpsys package', () => {
  const old = parseFixture('android-4.3/dumpsys-package.txt', 'dumpsys package');

  it('reads packages of Android 4.3', () => {
    expect(ofKind(old, 'package')).toEqual([
      {
        kind: 'package',
        name: 'com.android.mms',
        state: 'enabled',
        system: true,
        versionName: '4.3-JHCTWBF5.0 beta',
        versionCode: '180',
        installer: null,
        path: '/system/app/Mms.apk',
        uid: 10013,
        firstInstallTime: '2014-06-16 21:12:44',
        lastUpdateTime: '2014-06-17 08:00:00',
        stopped: false,
      },
      {
        kind: 'package',
        name: 'jp.naver.line.android',
        state: 'disabled-user',
        system: false,
        versionName: '4.5.4',
        versionCode: '142',
        installer: 'com.xiaomi.market',
        path: '/data/app/jp.naver.line.android-1.apk',
        uid: 10071,
        firstInstallTime: '2014-08-01 10:00:00',
        lastUpdateTime: '2014-08-01 10:00:00',
        stopped: true,
      },
    ]);
  });

  it('gives a package the permissions of its shared user too', () => {
    const granted = ofKind(old, 'permission').map((p) => `${p.package} ${p.name} ${p.scope} ${p.granted}`);
    expect(granted).toEqual([
      'com.android.mms android.permission.READ_CONTACTS install true',
      'com.android.mms android.permission.READ_SMS install true',
      'com.android.mms android.permission.INTERNET install true',
      'jp.naver.line.android android.permission.READ_CONTACTS install true',
    ]);
  });

  it('reads components, what starts with the handset, and what is switched off', () => {
    const components = new Map(ofKind(old, 'component').map((c) => [c.name, c]));
    expect(components.get('com.xiaomi.mms.transaction.MxActivationConnectivityReceiver')).toEqual({
      kind: 'component',
      package: 'com.android.mms',
      name: 'com.xiaomi.mms.transaction.MxActivationConnectivityReceiver',
      type: 'receiver',
      enabled: false,
      actions: ['android.intent.action.BOOT_COMPLETED', 'android.net.conn.CONNECTIVITY_CHANGE'],
      bootReceiver: true,
    });
    expect(components.get('com.android.mms.transaction.SmsReceiver')).toMatchObject({
      enabled: null,
      bootReceiver: true,
    });
    // A key under «Schemes» is no action.
    expect(components.get('com.android.mms.transaction.PackageReceiver')).toMatchObject({
      actions: [],
      bootReceiver: false,
    });
    expect(components.get('com.xiaomi.mms.transaction.MxActivateService')).toMatchObject({
      type: 'service',
      enabled: true,
    });
    expect(components.get('com.xiaomi.mms.ui.HiddenActivity')).toMatchObject({ type: 'unknown', enabled: false });
    expect(old.unparsed).toEqual([]);
  });

  it('reads the filters of Android 5 and does not take hidden system packages for installed ones', () => {
    const result = parseFixture('android-5/dumpsys-package.txt', 'dumpsys package');
    expect(ofKind(result, 'package').map((p) => [p.name, p.versionName, p.versionCode, p.state])).toEqual([
      ['com.android.mms', '5.0.2', '21', 'disabled'],
    ]);
    expect(ofKind(result, 'component').map((c) => [c.name, c.actions])).toEqual([
      ['com.android.mms.transaction.PushReceiver', ['android.provider.Telephony.WAP_PUSH_RECEIVED']],
      ['com.android.vending.PackageMonitor', ['android.intent.action.PACKAGE_ADDED']],
    ]);
  });

  it('tells requested, installed and run-time permissions of Android 6 apart, for user 0', () => {
    const result = parseFixture('android-6/dumpsys-package.txt', 'dumpsys package');
    expect(ofKind(result, 'permission').map((p) => [p.name, p.scope, p.granted])).toEqual([
      ['android.permission.INTERNET', 'install', true],
      ['android.permission.CAMERA', 'runtime', false],
      ['android.permission.RECORD_AUDIO', 'requested', false],
    ]);
    expect(ofKind(result, 'package')[0]).toMatchObject({ state: 'enabled', stopped: false });
    expect(result.limits).toEqual(['other-user:10']);
    expect(ofKind(result, 'fact')).toEqual([]);
  });

  it('tells which apps a further user or profile has, and in what state', () => {
    const block = (name: string, user: string): string =>
      `  Package [${name}] (1a2b):\n    User 0: installed=true enabled=0\n    User 999: ${user}\n`;
    const text = `Packages:\n${block('a.clone', 'installed=true hidden=false enabled=3')}${block('a.only', 'installed=false enabled=0')}${block('a.odd', '')}`;
    const result = parseText(text, 'dumpsys package');
    expect(
      ofKind(result, 'fact').map(({ topic, package: name, name: what, value }) => [topic, name, what, value]),
    ).toEqual([['user', 'a.clone', '999/app', 'disabled-user']]);
    expect(result.limits).toEqual(['other-user:999']);
  });

  it('reads Android 14: first installation per user, appId, paths with equals signs', () => {
    const result = parseFixture('android-14/dumpsys-package.txt', 'dumpsys package');
    expect(ofKind(result, 'package')[0]).toMatchObject({
      uid: 10080,
      path: '/data/app/~~abc==/com.example.app-xyz==',
      versionName: '7.0 (release candidate)',
      versionCode: '700',
      installer: 'com.android.vending',
      firstInstallTime: '2024-01-01 00:00:00',
      lastUpdateTime: '2024-02-03 04:05:06',
    });
    expect(ofKind(result, 'permission').map((p) => [p.name, p.scope, p.granted])).toEqual([
      ['android.permission.QUERY_ALL_PACKAGES', 'install', true],
      ['android.permission.POST_NOTIFICATIONS', 'runtime', true],
    ]);
    expect(ofKind(result, 'component')[0]).toMatchObject({ name: 'com.example.app.Boot', bootReceiver: true });
  });

  it('says when a dump has none of the sections it knows', () => {
    const result = parseText('nothing of the kind\n', 'dumpsys package');
    expect(result.unparsable).toBe(true);
    expect(result.unparsed[0]?.reason).toBe('no-section:Packages');
  });
});
