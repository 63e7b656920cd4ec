import { describe, expect, it } from 'vitest';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import { august2014, ofKind, parseFixture, parseText } from './fixture.ts';

const valuesOf = (result: ReturnType<typeof parseText>): Record<string, string> =>
  Object.fromEntries(ofKind(result, 'property').map(({ name, value }) => [name, value]));

function utf16le(text: string, mark: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return mark ? Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]) : bytes;
}

describe('getprop', () => {
  it('reads CRLF, multi-line values with brackets, empty values, and the identifiers among them', () => {
    const result = parseFixture('android-4.3/getprop.txt', 'getprop');
    expect(valuesOf(result)).toEqual({
      'ro.build.version.release': '4.3',
      'ro.build.version.sdk': '18',
      'ro.miui.ui.version.name': 'V5',
      'persist.sys.timezone': 'Asia/Taipei',
      'ro.serialno': '5e1f00d1',
      'persist.sys.note': 'line one\nline [two]\n\nline three',
      'ro.empty': '',
      'net.hostname': 'android-9774d56d682e549c',
    });
    expect(ofKind(result, 'identifier')).toEqual([
      { kind: 'identifier', identifierKind: 'serial', value: '5e1f00d1', method: 'property ro.serialno' },
      { kind: 'identifier', identifierKind: 'android-id', value: '9774d56d682e549c', method: 'property net.hostname' },
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('reads every property on one line', () => {
    const result = parseText('[a.b]: [1] [c]: [two words] [d]: []', 'getprop');
    expect(valuesOf(result)).toEqual({ 'a.b': '1', c: 'two words', d: '' });
    expect(result.limits).toContain('one-line-dump');
  });

  it.each([
    ['UTF-16LE with a mark', utf16le('[a]: [一]\r\n[b]: [2]\r\n', true)],
    ['UTF-16LE without a mark', utf16le('[a]: [一]\r\n[b]: [2]\r\n', false)],
    ['UTF-16BE', Buffer.from(utf16le('[a]: [一]\r\n[b]: [2]\r\n', true)).swap16()],
  ])('reads %s', (_, bytes) => {
    const result = parseExhibit({ collector: null, command: 'getprop', bytes, context: august2014 });
    expect(valuesOf(result)).toEqual({ a: '一', b: '2' });
    expect(result.limits.some((limit) => limit.startsWith('encoding:utf-16'))).toBe(true);
  });

  it('keeps a value of 26 kB whole, and numbers, dates and nulls as the text they are', () => {
    const long = 'x'.repeat(26 * 1024);
    const result = parseText(`[long]: [${long}]\n[version]: [1.0]\n[agent]: [007]\n[none]: [null]\n`, 'getprop');
    expect(valuesOf(result)).toEqual({ long, version: '1.0', agent: '007', none: 'null' });
  });

  it('says which line it cannot read and goes on', () => {
    const result = parseText('WARNING: linker: unused DT entry\n[a]: [1]\n[cut]: [never closed\n', 'getprop');
    expect(valuesOf(result)).toEqual({ a: '1' });
    expect(result.unparsed).toEqual([
      { line: 1, text: 'WARNING: linker: unused DT entry', reason: 'not-a-property' },
      { line: 3, text: '[cut]: [never closed', reason: 'value-not-closed' },
    ]);
  });

  it.each([
    ['persist.radio.imei', '490154203237518', 'imei', '490154203237518'],
    ['ro.ril.miui.imei0', '490154203237518,490154203237526', 'imei', '490154203237518'],
    ['persist.radio.imei', '490154203237518/01', 'imei', '490154203237518'],
    [
      'persist.vendor.radio.cfu.iccid.0',
      Buffer.from('8988692012345678901').toString('base64'),
      'iccid',
      '8988692012345678901',
    ],
    ['persist.radio.volte.imsi.1', '466920123456789', 'imsi', '466920123456789'],
    ['ro.ril.oem.btmac', '8CBEBE123456', 'bluetooth-mac', '8c:be:be:12:34:56'],
    ['persist.sys.wifi.mac', '8C:BE:BE:12:34:57', 'wifi-mac', '8c:be:be:12:34:57'],
  ])('finds the identifier in [%s]: [%s]', (name, raw, identifierKind, value) => {
    const found = ofKind(parseText(`[${name}]: [${raw}]\n`, 'getprop'), 'identifier');
    expect(found[0]).toMatchObject({ identifierKind, value });
    expect(found[0]?.method).toContain(`property ${name}`);
  });

  it.each([
    ['persist.sys.wifi.mac', '02:00:00:00:00:00'],
    ['ro.serialno', 'unknown'],
    ['persist.radio.imei', 'not a number'],
    ['ro.miui.restrict_imei', '1'],
  ])('takes no identifier from [%s]: [%s]', (name, raw) => {
    expect(ofKind(parseText(`[${name}]: [${raw}]\n`, 'getprop'), 'identifier')).toEqual([]);
  });
});

describe('settings', () => {
  it('reads rows of the content provider whose values hold commas, line breaks and words that look like rows', () => {
    const result = parseFixture(
      'android-4.3/settings-system-rows.txt',
      'content query --uri content://settings/system',
    );
    expect(ofKind(result, 'setting').map(({ namespace, name, value }) => [namespace, name, value])).toEqual([
      ['system', 'mx_used', '1'],
      ['system', 'ringtone', 'content://media/internal/audio/media/12'],
      ['system', 'greeting', 'hello, name=x, value=y\nsecond line\nRow: 7 of a text'],
      ['system', 'empty', ''],
    ]);
    expect(result.unparsedCount).toBe(0);
  });

  it('reads `settings list` with multi-line values and equals signs', () => {
    const result = parseFixture('android-6/settings-secure.txt', 'settings list secure');
    const settings = Object.fromEntries(ofKind(result, 'setting').map(({ name, value }) => [name, value]));
    expect(settings).toEqual({
      android_id: '9774d56d682e549c',
      bluetooth_address: '22:22:22:AA:BB:CC',
      default_input_method: 'com.android.inputmethod.latin/.LatinIME',
      multi: 'first\nsecond line\nthird',
      url: 'https://example.org/?a=b',
      empty: '',
    });
    expect(ofKind(result, 'identifier').map(({ identifierKind, value }) => [identifierKind, value])).toEqual([
      ['android-id', '9774d56d682e549c'],
      ['bluetooth-mac', '22:22:22:aa:bb:cc'],
    ]);
  });

  it('reads one setting, and nothing where it is not set', () => {
    expect(ofKind(parseText('1\n', 'settings get global adb_enabled'), 'setting')).toEqual([
      { kind: 'setting', namespace: 'global', name: 'adb_enabled', value: '1' },
    ]);
    expect(parseText('null\n', 'settings get global adb_enabled').records).toEqual([]);
  });

  it('reads `dumpsys settings`, whose values hold blanks, and leaves other users out with a word', () => {
    const dump = [
      'GLOBAL SETTINGS (user 0)',
      '_id:5 name:device_name pkg:android value:Demo Phone 5 default:Demo Phone 5 defaultSystemSet:true',
      '_id:6 name:plain pkg:android value:7',
      '',
      'SECURE SETTINGS (user 11)',
      '_id:7 name:android_id pkg:android value:9774d56d682e549c',
      '',
    ].join('\n');
    const result = parseText(dump, 'dumpsys settings');
    expect(ofKind(result, 'setting').map(({ name, value }) => [name, value])).toEqual([
      ['device_name', 'Demo Phone 5'],
      ['plain', '7'],
    ]);
    expect(result.limits).toEqual(['other-user:11']);
  });

  it('takes from the dump the table that was asked for, where it was asked for one of the three', () => {
    const dump = [
      'GLOBAL SETTINGS (user 0)',
      '_id:6 name:plain pkg:android value:7',
      '',
      'SECURE SETTINGS (user 0)',
      '_id:7 name:android_id pkg:android value:9774d56d682e549c',
      'SECURE SETTINGS (user 11)',
      '_id:7 name:android_id pkg:android value:aaaaaaaaaaaaaaaa',
      '',
    ].join('\n');
    const of = (collector: string | null) => {
      const bytes = new TextEncoder().encode(dump);
      const result = parseExhibit({ collector, command: 'dumpsys settings', bytes, context: august2014 });
      const names = ofKind(result, 'setting').map(({ namespace, name }) => `${namespace}/${name}`);
      return [names, result.limits, result.unparsed.map(({ reason }) => reason)];
    };
    expect(of('settings-global')).toEqual([['global/plain'], [], []]);
    expect(of('settings-secure')).toEqual([['secure/android_id'], ['other-user:11'], []]);
    // Nothing of the others stands in for it, and that it is not there is said.
    expect(of('settings-system')).toEqual([[], [], ['no-section:SYSTEM SETTINGS']]);
    expect(of('imported')).toEqual([['global/plain', 'secure/android_id'], ['other-user:11'], []]);
  });
});
