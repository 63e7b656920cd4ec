import { describe, expect, test } from 'vitest';
import { parseDeviceLine, parseDeviceList } from '../../../main/handset/device-list.ts';
import { differences, keyBySerial, parseHandsetAddress } from '../../../main/handset/directory.ts';
import { parseServerAddress } from '../../../main/handset/running-server.ts';

describe('the list of handsets', () => {
  test.each([
    ['0123456789ABCDEF       device usb:1-1 product:armani model:HM_1SW device:armani transport_id:3', 'device', 'usb'],
    ['127.0.0.1:41233        offline transport_id:1', 'offline', 'tcp'],
    ['emulator-5554          unauthorized transport_id:2', 'unauthorized', 'emulator'],
    ['abc                    authorizing transport_id:2', 'authorizing', 'usb'],
    ['abc                    recovery product:x model:y device:z transport_id:9', 'recovery', 'usb'],
    ['abc                    sideload transport_id:9', 'sideload', 'usb'],
    ['abc                    bootloader', 'bootloader', 'usb'],
    ['abc                    connecting transport_id:9', 'offline', 'usb'],
    ['abc                    hasOwnProperty transport_id:9', 'unknown', 'usb'],
    ['abc                    host transport_id:9', 'unknown', 'usb'],
    ['adb-0A1B-xyz._adb-tls-connect._tcp device product:a model:b device:c transport_id:5', 'device', 'tcp'],
  ])('%s', (line, state, transport) => {
    expect(parseDeviceLine(line)).toMatchObject({ state, transport, advice: `advice.${state}` });
  });

  test('«no permissions» keeps every word and the USB path does not end up in it', () => {
    const raw =
      'no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html]';
    expect(parseDeviceLine(`????????????           ${raw} usb:1-1.2 transport_id:4`)).toMatchObject({
      serial: '????????????',
      state: 'no-permissions',
      rawState: raw,
      transportId: '4',
    });
    expect(parseDeviceLine('(no serial number)     no permissions; see [x] 3-1.4')).toMatchObject({
      serial: '(no serial number)',
      state: 'no-permissions',
      rawState: 'no permissions; see [x]',
    });
  });

  test('values stay text and hostile ones are printable', () => {
    const handset = parseDeviceLine(
      '007 device product:1.0 model:\u202e\u001b[2Jx device:null transport_id:20000000000000000001',
    );
    expect(handset).toMatchObject({ serial: '007', product: '1.0', transportId: '20000000000000000001' });
    expect(handset?.model).toBe('?[2Jx');
  });

  test('empty and foreign lines are skipped, the number of handsets is bounded', () => {
    expect(parseDeviceList('\n\nx\n')).toEqual([]);
    expect(parseDeviceList('s device\n'.repeat(1000))).toHaveLength(256);
  });

  test('differences name what is gone, present, changed', () => {
    const list = (text: string) => keyBySerial(parseDeviceList(text));
    const events = differences(
      list('a device transport_id:1\nb device transport_id:2\nc offline transport_id:3'),
      list('b device transport_id:2\nc device transport_id:3\nd device transport_id:4'),
    );
    expect(
      events.map((e) => (e.type === 'resync' || e.type === 'lost' ? e.type : `${e.type} ${e.handset.serial}`)),
    ).toEqual(['gone a', 'changed c', 'present d']);
  });

  test('two handsets with one serial are two', () => {
    expect(keyBySerial(parseDeviceList('a device transport_id:1\na offline transport_id:2')).size).toBe(2);
  });
});

describe('addresses', () => {
  test.each([
    ['127.0.0.1:5555', '127.0.0.1:5555'],
    [' phone.lab ', 'phone.lab:5555'],
    ['[fe80::1]:40001', '[fe80::1]:40001'],
  ])('%s', (text, address) => expect(parseHandsetAddress(text)).toEqual({ ok: true, value: address }));

  test.each(['', 'a b:1', 'x:0', 'x:65536', 'x:1;host:kill', '-s:5', 'x:1\n', '::1:5555', 'a:b:1'])(
    'refuses %j',
    (text) => {
      const result = parseHandsetAddress(text);
      if (text === 'x:1\n') expect(result).toEqual({ ok: true, value: 'x:1' });
      else expect(result).toMatchObject({ ok: false, problem: { code: 'value-invalid' } });
    },
  );

  test('of a running server', () => {
    expect(parseServerAddress('10.0.0.2:5037')).toEqual({ ok: true, value: { host: '10.0.0.2', port: 5037 } });
    expect(parseServerAddress('[::1]:5038')).toEqual({ ok: true, value: { host: '::1', port: 5038 } });
    expect(parseServerAddress('5039')).toEqual({ ok: true, value: { host: '127.0.0.1', port: 5039 } });
    for (const wrong of ['', 'host', 'host:', 'host:0', 'host:99999', 'a b:1'])
      expect(parseServerAddress(wrong)).toMatchObject({ ok: false, problem: { code: 'value-invalid' } });
  });
});
