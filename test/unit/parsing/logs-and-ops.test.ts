import { describe, expect, it } from 'vitest';
import { handsetInstantToUtc, zoneOffsetMinutes } from '../../../main/parsing/handset-time.ts';
import { findSilentSms } from '../../../main/parsing/silent-sms.ts';
import { august2014, ofKind, parseFixture, parseText } from './fixture.ts';

describe('app-ops', () => {
  it('reads the numbers of 4.3 and names MIUI’s own', () => {
    const result = parseFixture('android-4.3/dumpsys-appops.txt', 'dumpsys appops');
    expect(
      ofKind(result, 'app-op').map(({ package: name, op, mode, lastAccess }) => [name, op, mode, lastAccess]),
    ).toEqual([
      ['com.android.mms', 'READ_CONTACTS', 'allow', '+1m35s200ms'],
      ['com.android.mms', 'SEND_SMS', 'ignore', null],
      ['com.android.mms', 'AUTO_START(10008)', 'allow', null],
      ['com.android.mms', 'MIUIOP(10077)', 'ask', null],
    ]);
  });

  it('reads the words of 11 with attribution tags, and the modes of a whole uid', () => {
    const result = parseFixture('android-11/dumpsys-appops.txt', 'dumpsys appops');
    expect(
      ofKind(result, 'app-op').map(({ package: name, op, mode, lastAccess }) => [name, op, mode, lastAccess]),
    ).toEqual([
      ['uid:1000', 'LEGACY_STORAGE', 'ignore', null],
      ['android', 'READ_CONTACTS', 'allow', '2021-05-06 07:08:09.100'],
      ['android', 'MONITOR_LOCATION', 'allow', null],
      ['android', 'BACKGROUND_START_ACTIVITY(10021)', 'ignore', null],
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('takes words without a single owner for unparsable, a bare heading for empty', () => {
    const garbage = parseText('A'.repeat(500), 'dumpsys appops');
    expect(garbage).toMatchObject({ records: [], unparsable: true, unparsedCount: 1 });
    expect(parseText('Current AppOps Service state:\n', 'dumpsys appops').unparsable).toBe(false);
  });

  it('reads `cmd appops get`', () => {
    const text =
      'Uid mode: COARSE_LOCATION: ignore\nMIUIOP(10008): ignore; rejectTime=+2h ago\nCAMERA: allow; time=+3m1s ago\n';
    const result = parseText(text, 'cmd appops get com.example.app');
    expect(
      ofKind(result, 'app-op').map(({ package: name, op, mode, lastAccess }) => [name, op, mode, lastAccess]),
    ).toEqual([
      ['uid-of:com.example.app', 'COARSE_LOCATION', 'ignore', null],
      ['com.example.app', 'AUTO_START(10008)', 'ignore', null],
      ['com.example.app', 'CAMERA', 'allow', '+3m1s'],
    ]);
  });

  it('tells what is the uid’s from what is the app’s by what comes again, and says where it cannot', () => {
    const read = (text: string): { readonly ops: string[]; readonly limits: readonly string[] } => {
      const result = parseText(text, 'appops get a.b');
      return {
        ops: ofKind(result, 'app-op').map((one) => `${one.package} ${one.op} ${one.mode}`),
        limits: result.limits,
      };
    };
    const uid = 'Uid mode: COARSE_LOCATION: foreground\r\nFINE_LOCATION: foreground\r\nCAMERA: ignore\r\n';
    expect(read(`${uid}FINE_LOCATION: allow\r\nTOAST_WINDOW: allow\r\n`)).toEqual({
      ops: [
        'uid-of:a.b COARSE_LOCATION foreground',
        'uid-of:a.b FINE_LOCATION foreground',
        'a.b CAMERA ignore',
        'a.b FINE_LOCATION allow',
        'a.b TOAST_WINDOW allow',
      ],
      limits: ['uid-modes-not-told-apart'],
    });
    expect(read('Uid mode: CAMERA: ignore\n').limits).toEqual([]);
    expect(read('CAMERA: allow\n')).toEqual({ ops: ['a.b CAMERA allow'], limits: [] });
  });

  it('reads an op that goes on, and a mode without a name', () => {
    const text =
      'VIBRATE: allow; time=+5s ago (running)\nCAMERA: allow (running)\nWIFI_SCAN: mode=4; time=+1d ago\nno op\n';
    const result = parseText(text, 'appops get --user 0 a.b');
    expect(ofKind(result, 'app-op').map(({ op, mode, lastAccess }) => [op, mode, lastAccess])).toEqual([
      ['VIBRATE', 'allow', '+5s'],
      ['CAMERA', 'allow', null],
      ['WIFI_SCAN', 'foreground', '+1d'],
    ]);
    expect(result.unparsed).toEqual([{ line: 4, text: 'no op', reason: 'not-an-app-op' }]);
  });
});

describe('dropbox', () => {
  it('reads crashes and hangs, not starts; a lost entry is kept and said', () => {
    const result = parseFixture('android-4.3/dropbox.txt', 'dumpsys dropbox --print');
    expect(ofKind(result, 'crash')).toEqual([
      {
        kind: 'crash',
        package: 'com.android.browser',
        process: 'com.android.browser',
        tag: 'system_app_crash',
        atHandset: '2014-08-13T10:15:45.000000+08:00',
        exception: 'java.lang.NullPointerException',
        summary: 'java.lang.NullPointerException: synthetic demonstration',
      },
      {
        kind: 'crash',
        package: 'jp.naver.line.android',
        process: 'jp.naver.line.android:push',
        tag: 'data_app_anr',
        atHandset: '2014-08-13T10:16:01.000000+08:00',
        exception: null,
        summary: '----- pid 1200 at 2014-08-13 10:16:01 -----',
      },
      {
        kind: 'crash',
        package: null,
        process: null,
        tag: 'data_app_crash',
        atHandset: '2014-08-13T10:17:00.000000+08:00',
        exception: null,
        summary: 'data_app_crash',
      },
    ]);
    expect(result.limits).toEqual(['dropbox-contents-lost']);
  });

  it('says when entries are missing', () => {
    expect(parseText('Drop box contents: 5 entries\n', 'dumpsys dropbox --print').limits).toEqual([
      'dropbox-entries:0-of-5',
    ]);
  });
});

describe('logcat', () => {
  it('takes the year from the handset’s clock, says so, and knows last year', () => {
    const result = parseFixture('android-4.3/logcat-main.txt', 'logcat -d -b main -v threadtime');
    const logs = ofKind(result, 'log');
    expect(logs[0]).toEqual({
      kind: 'log',
      buffer: 'main',
      atHandset: '2014-08-07T10:00:24.355000+08:00',
      yearAssumed: true,
      pid: 1310,
      priority: 'D',
      tag: 'MmsApp',
      message: 'enableMx enable=true manually=false',
    });
    expect(logs.at(-1)).toMatchObject({ atHandset: '2013-12-31T23:59:59.999000+08:00', tag: 'LastYear' });
    expect(logs.find(({ tag }) => tag === 'Empty')).toMatchObject({ message: '' });
    expect(result.limits).toEqual(['year-assumed:2014']);
    expect(result.unparsed).toEqual([{ line: 10, text: 'this is not a line of the log', reason: 'not-a-log-line' }]);
  });

  it('finds consent acts, canaries and the service’s own start', () => {
    const result = parseFixture('android-4.3/logcat-main.txt', 'logcat -d -b main -v threadtime');
    expect(
      ofKind(result, 'event').map(({ eventKind, text, atHandset }) => [eventKind, text, atHandset.slice(11, 19)]),
    ).toEqual([
      ['note', 'network messaging started without an act of the person', '10:00:24'],
      ['canary', 'canary request sent, nonce 0011223344556677', '10:01:00'],
      ['consent-act', 'network messaging switched on by the person (pref_key_enable_mx=true)', '10:02:00'],
    ]);
  });

  it('does not take a preference that a program set by itself for a consent act', () => {
    const text = '08-07 10:00:00.000  1  1 I MxSettings: pref_key_enable_mx=true (default)\n';
    expect(ofKind(parseText(text, 'logcat -d -b main'), 'event').map(({ eventKind }) => eventKind)).toEqual(['note']);
  });

  it('names the process of a crash on 4.3 by the start of its pid', () => {
    const result = parseFixture('android-4.3/logcat-main.txt', 'logcat -d -b main -v threadtime');
    expect(ofKind(result, 'crash')).toMatchObject([
      { package: 'com.android.browser', exception: 'java.lang.NullPointerException', tag: 'logcat:FATAL EXCEPTION' },
    ]);
  });

  it('reads year, zone, uid and microseconds of 7 and later, several buffers, and am_crash', () => {
    const result = parseFixture('android-8/logcat.txt', 'logcat -d -b all -v threadtime -v year -v zone -v uid', {
      collectedAt: '2018-03-05T00:00:00.000000Z',
      handsetClock: null,
    });
    const logs = ofKind(result, 'log');
    expect(logs[0]).toMatchObject({
      buffer: 'main',
      atHandset: '2018-03-04T05:06:07.123456+08:00',
      yearAssumed: false,
      pid: 2001,
    });
    expect(logs[1]).toMatchObject({ tag: 'Odd', message: 'tag: with: colons' });
    expect(logs.at(-1)).toMatchObject({ buffer: 'events', tag: 'am_crash' });
    expect(
      ofKind(result, 'crash').map(({ package: name, process, exception, tag }) => [name, process, exception, tag]),
    ).toEqual([
      ['com.example.app', 'com.example.app:remote', 'java.lang.IllegalStateException', 'am_crash'],
      ['com.example.app', 'com.example.app:remote', 'java.lang.IllegalStateException', 'logcat:FATAL EXCEPTION'],
    ]);
    expect(result.limits).toEqual([]);
  });

  it('finds the silent SMS in the radio log', () => {
    const result = parseFixture('android-4.3/logcat-radio.txt', 'logcat -d -b radio -v threadtime');
    expect(ofKind(result, 'silent-sms')).toEqual([
      {
        kind: 'silent-sms',
        atHandset: '2014-08-07T10:00:31.420000+08:00',
        destination: '106901234567',
        text: 'MX/l6IQUjLsyHVvA6Ap/OjUVzc6AR2uRKiP2/deadbeef',
      },
    ]);
  });

  it('finds it inside a PDU too', () => {
    // SMS-SUBMIT without validity period to 106901234567, 8-bit data.
    const text = 'MX/l6IQUjLsyHVvA6Ap/OjUVzc6AR2uRKiP2/deadbeef';
    const body = Buffer.from(text, 'latin1');
    const pdu = Buffer.concat([
      Buffer.from([0x00, 0x01, 0x00, 12, 0x81, 0x01, 0x96, 0x10, 0x32, 0x54, 0x76, 0x00, 0x04, body.length]),
      body,
    ]).toString('hex');
    expect(findSilentSms(`[0046]> SEND_SMS pdu=${pdu}`)).toEqual({ text, destination: '106901234567' });
    expect(findSilentSms('[0047]> SEND_SMS MX/short/x/y')).toBeNull();
  });
});

describe('handset time', () => {
  it.each([
    ['+0800', 480],
    ['Asia/Taipei', 480],
    ['GMT-03:30', -210],
    ['UTC', 0],
    ['CST', null],
    ['Nowhere/Land', null],
  ])('knows the zone %s', (zone, minutes) => {
    expect(zoneOffsetMinutes(zone, Date.UTC(2014, 7, 7))).toBe(minutes);
  });

  it('turns a handset instant into the workstation’s, offset taken off', () => {
    expect(handsetInstantToUtc('2014-08-07T10:00:31.420123+08:00', august2014.handsetClock)).toBe(
      '2014-08-07T01:59:53.920123Z',
    );
    expect(handsetInstantToUtc('2014-08-07T10:00:31.420123', august2014.handsetClock)).toBe(
      '2014-08-07T01:59:53.920123Z',
    );
    expect(handsetInstantToUtc('2014-08-07T10:00:31', null)).toBeNull();
    expect(handsetInstantToUtc('yesterday', august2014.handsetClock)).toBeNull();
  });
});
