import { captureClockCommand } from '../../../main/parsing/formats/clock.ts';
import { describe, expect, it } from 'vitest';
import { readParcel } from '../../../main/parsing/parcel.ts';
import { cardTransactionsOf, phoneTransactionsOf, sdkOfRelease } from '../../../main/parsing/phone-transactions.ts';
import { august2014, fixtureBytes, ofKind, parseFixture, parseText } from './fixture.ts';

const pairs = (result: ReturnType<typeof parseText>): string[] =>
  ofKind(result, 'identifier').map(({ identifierKind, value }) => `${identifierKind} ${value}`);

describe('service call iphonesubinfo', () => {
  it('reads the parcel of 4.3', () => {
    expect(ofKind(parseFixture('android-4.3/parcel-imei.txt', 'service call iphonesubinfo 1'), 'identifier')).toEqual([
      {
        kind: 'identifier',
        identifierKind: 'imei',
        value: '490154203237518',
        method: 'service call iphonesubinfo 1 (getDeviceId)',
      },
    ]);
  });

  it('does not believe a value that has not the shape of what was asked', () => {
    // An IMEI where the table of 4.3 expects the ICCID.
    const result = parseFixture('android-4.3/parcel-imei.txt', 'service call iphonesubinfo 5');
    expect(result.records).toEqual([]);
    expect(result.unparsed[0]?.reason).toBe('shape-differs');
  });

  it.each([
    ["Result: Parcel(00000000 ffffffff   '........')", { type: 'null' }],
    [
      'Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")',
      { type: 'error', status: -74, message: 'Not a data message' },
    ],
    [
      "Result: Parcel(\n  0x00000000: ffffffff 00000002 006f006e 00000000 '........n.o.....')",
      { type: 'exception', code: -1, message: 'no' },
    ],
    ['Result: Parcel(00000000 7fffffff)', { type: 'malformed' }],
    ['service: Service iphonesubinfo does not exist', { type: 'malformed' }],
  ])('reads %s', (text, expected) => {
    expect(readParcel(text)).toEqual(expected);
  });

  it('counts the getters of a slot or a card per release, as far as a source tells their numbers', () => {
    const codes = (release: string | null): string =>
      cardTransactionsOf(release)
        .map(({ code, kind, names }) => `${code}=${kind}/${names}`)
        .join(' ');
    expect(codes('4.4')).toBe('');
    expect(codes('5.0')).toBe('');
    // IPhoneSubInfo.aidl of 5.1; of 10.0.0_r41; of 11, 12 and 13.
    for (const release of ['5.1', '6.0', '7.1.1', '8.1.0'])
      expect(codes(release)).toBe('3=imei/slot 8=imsi/subscription 12=iccid/subscription 14=msisdn/subscription');
    for (const release of ['9', '10'])
      expect(codes(release)).toBe('3=imei/slot 8=imsi/subscription 11=iccid/subscription 13=msisdn/subscription');
    for (const release of ['11', '12', '13', '14'])
      expect(codes(release)).toBe('4=imei/slot 10=imsi/subscription 14=iccid/subscription 16=msisdn/subscription');
    expect(codes('16')).toBe('4=imei/slot 10=imsi/subscription');
    expect(codes(null)).toBe(codes('16'));
  });

  it('reads a number with a slot named as another getter than the number alone', () => {
    const of = (command: string) =>
      parseFixture('android-4.3/parcel-imei.txt', command, { ...august2014, release: '14' });
    expect(ofKind(of('service call iphonesubinfo 4 i32 1 s16 com.android.shell'), 'identifier')).toMatchObject([
      { identifierKind: 'imei', method: 'service call iphonesubinfo 4 (getDeviceIdForPhone, slot 1)' },
    ]);
    expect(of('service call iphonesubinfo 4 s16 com.android.shell').unparsed[0]?.reason).toBe('transaction-unknown');
    expect(of('service call iphonesubinfo 1 i32 1 s16 com.android.shell').unparsed[0]?.reason).toBe(
      'transaction-unknown',
    );
  });

  it('counts methods per release', () => {
    const codes = (release: string): string =>
      phoneTransactionsOf(release)
        .map(({ code, kind }) => `${code}=${kind}`)
        .join(' ');
    expect(codes('4.1.2')).toBe('1=imei 3=imsi 4=iccid 5=msisdn');
    expect(codes('4.3')).toBe('1=imei 3=imsi 5=iccid 6=msisdn 8=msisdn');
    expect(codes('7.1.1')).toBe('1=imei 7=imsi 11=iccid 13=msisdn 17=msisdn');
    expect(codes('10')).toBe('1=imei 7=imsi 10=iccid 12=msisdn 16=msisdn');
    expect(codes('14')).toBe('1=imei 8=imsi 12=iccid 15=msisdn 19=msisdn');
    expect([sdkOfRelease('4.3'), sdkOfRelease('9'), sdkOfRelease('12'), sdkOfRelease('14'), sdkOfRelease('x')]).toEqual(
      [18, 28, 31, 34, null],
    );
  });
});

describe('other sources of identifiers', () => {
  it('reads the dump, the interfaces, the accounts and the contacts', () => {
    expect(pairs(parseFixture('android-4.3/iphonesubinfo.txt', 'dumpsys iphonesubinfo'))).toEqual([
      'imei 490154203237518',
    ]);
    expect(pairs(parseFixture('android-4.3/netcfg.txt', 'netcfg'))).toEqual(['wifi-mac 8c:be:be:12:34:56']);
    expect(pairs(parseFixture('android-4.3/account.txt', 'dumpsys account'))).toEqual([
      'account 10002000',
      'account demo.person@example.org',
      'email demo.person@example.org',
    ]);
    expect(
      parseFixture('android-4.3/account.txt', 'dumpsys account').records.filter(({ kind }) => kind === 'fact'),
    ).toEqual([
      { kind: 'fact', topic: 'account', package: null, name: 'com.xiaomi', value: '1', atHandset: null },
      { kind: 'fact', topic: 'account', package: null, name: 'com.google', value: '1', atHandset: null },
    ]);
    const contacts = parseFixture(
      'android-4.3/contacts.txt',
      'content query --uri content://com.android.contacts/data/phones --projection display_name:data1',
    );
    expect(pairs(contacts)).toEqual(['contact-msisdn +886912345678', 'contact-name Demo-Yun Lin', 'contact-name 王']);
    // The second row's value holds «, data1=» itself: it cannot be told from a name with a comma.
    expect(contacts.unparsed.map(({ reason }) => reason)).toEqual(['shape-differs', 'shape-differs']);
  });

  it('reads `ip addr` and an address file, but not a placeholder', () => {
    const text =
      '1: lo: <LOOPBACK,UP> mtu 65536\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n23: wlan0: <BROADCAST> mtu 1500\n    link/ether 8c:be:be:12:34:56 brd ff:ff:ff:ff:ff:ff\n';
    expect(pairs(parseText(text, 'ip addr'))).toEqual(['wifi-mac 8c:be:be:12:34:56']);
    expect(pairs(parseText('8c:be:be:12:34:56\n', 'cat /sys/class/net/wlan0/address'))).toEqual([
      'wifi-mac 8c:be:be:12:34:56',
    ]);
    expect(pairs(parseText('02:00:00:00:00:00\n', 'cat /sys/class/net/wlan0/address'))).toEqual([]);
  });

  it('reads the clock’s measurement and leaves unknown commands alone', () => {
    expect(parseText('{"offsetMs":37499.4,"boundMs":0.7,"zone":"Asia/Taipei"}', 'clock-offset').records).toEqual([
      { kind: 'clock', offsetMs: 37499.4, boundMs: 0.7, zone: 'Asia/Taipei' },
    ]);
    expect(parseText('{"commands":[]}', 'clock-offset').unparsable).toBe(true);
    const line = '{"offsetMs":37499.4,"boundMs":0.7,"zone":null,"measuredAt":"2026-01-01T10:00:00.000000Z"}';
    const several = parseText(`${line}\n${line}\n{"offsetMs":1,"boundMs":1}\n{"off`, captureClockCommand);
    const measuredAt = '2026-01-01T10:00:00.000000Z';
    const read = { kind: 'clock', offsetMs: 37499.4, boundMs: 0.7, zone: null, measuredAt };
    expect(several).toMatchObject({ format: 'clock', records: [read, read], unparsedCount: 2 });
    expect(parseText('whatever', 'cat /proc/uptime')).toMatchObject({ format: null, records: [], unparsedCount: 0 });
    expect(fixtureBytes('android-4.3/netcfg.txt').length).toBeGreaterThan(0);
  });
});
