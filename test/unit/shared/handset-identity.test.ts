import { describe, expect, test } from 'vitest';
import type { HandsetIdentity } from '../../../shared/model/handset-identity.ts';
import {
  identityOf,
  readIdentity,
  readRecognisedNote,
  recogniseHandset,
  recognisedNote,
} from '../../../shared/model/handset-identity.ts';

const fingerprint = 'Xiaomi/armani/armani:4.3/JLS36C/1:user/release-keys';
const identity = (over: Partial<HandsetIdentity> = {}): HandsetIdentity => ({
  hardwareSerial: 'f00dcafe',
  androidId: 'a8d3def1196ee00f',
  fingerprint,
  ...over,
});
const nothing = identity({ hardwareSerial: null, androidId: null, fingerprint: null });
const verdict = (was: HandsetIdentity | null, now: HandsetIdentity, sameSerial: string | null): string =>
  recogniseHandset(was, now, sameSerial).verdict;

describe('what a handset says of itself', () => {
  const said = { hardwareSerial: 'f00dcafe\r\n', bootSerial: null, androidId: 'A8D3DEF1196EE00F\n', fingerprint };

  test('is trimmed, and the boot loader’s serial stands in where there is no other', () => {
    expect(identityOf(said)).toEqual(identity());
    expect(identityOf({ ...said, hardwareSerial: 'unknown', bootSerial: 'cafe0001' }).hardwareSerial).toBe('cafe0001');
  });

  test.each([
    '0123456789ABCDEF',
    '0123456789abcdef',
    '123456789',
    '1234567890',
    'unknown',
    'UNKNOWN',
    'null',
    '00000000',
    'EMULATOR29X2X11X0',
    '',
    'sh: getprop: not found',
    'x'.repeat(101),
  ])('no serial number that tells handsets apart: %s', (serial) => {
    expect(identityOf({ ...said, hardwareSerial: serial }).hardwareSerial).toBeNull();
  });

  test.each(['9774d56d682e549c', 'null', '0000000000000000', 'Error: no such setting', 'a8d3'])(
    'no android_id that does: %s',
    (androidId) => {
      expect(identityOf({ ...said, androidId }).androidId).toBeNull();
    },
  );

  test.each(['unknown', '', 'a/b', `a/b/${'c'.repeat(300)}`])('no fingerprint: %s', (text) => {
    expect(identityOf({ ...said, fingerprint: text }).fingerprint).toBeNull();
  });

  test('is read back from a case, and nothing else is', () => {
    expect(readIdentity(JSON.parse(JSON.stringify(identity())))).toEqual(identity());
    for (const other of [null, 7, 'x', [], {}, { hardwareSerial: 7 }, { hardwareSerial: '0123456789ABCDEF' }])
      expect(readIdentity(other)).toBeNull();
  });
});

describe('whether it is the handset of before', () => {
  test('under another adb serial two sources must agree', () => {
    expect(recogniseHandset(identity(), identity(), null)).toEqual({
      verdict: 'same',
      by: ['hardwareSerial', 'androidId', 'fingerprint'],
    });
    // Upgraded meanwhile.
    expect(verdict(identity(), identity({ fingerprint: fingerprint.replace('4.3', '4.4') }), null)).toBe('same');
    expect(verdict(identity({ androidId: null }), identity(), null)).toBe('same');
    expect(verdict(identity({ hardwareSerial: null }), identity(), null)).toBe('same');
    expect(verdict(identity({ androidId: null, fingerprint: null }), identity(), null)).toBe('unknown');
    expect(verdict(identity({ hardwareSerial: null, androidId: null }), identity(), null)).toBe('unknown');
    expect(verdict(identity(), nothing, null)).toBe('unknown');
  });

  test('one that says otherwise is another one, whatever its adb serial', () => {
    for (const sameSerial of ['f00dcafe', null]) {
      expect(verdict(identity(), identity({ androidId: 'ffffeeee00001111' }), sameSerial)).toBe('other');
      expect(verdict(identity(), identity({ hardwareSerial: 'cafe0001' }), sameSerial)).toBe('other');
    }
  });

  test('under the same adb serial one more source must agree; where nothing was noted, the serial decides', () => {
    expect(verdict(identity({ hardwareSerial: null, androidId: null }), identity(), 'f00dcafe')).toBe('same');
    expect(verdict(identity(), nothing, 'f00dcafe')).toBe('unknown');
    expect(verdict(null, nothing, 'f00dcafe')).toBe('same');
    expect(verdict(null, identity(), 'f00dcafe')).toBe('same');
    expect(verdict(null, identity(), null)).toBe('unknown');
  });
});

test.each([
  '0123456789ABCDEF',
  '0123456789',
  'unknown',
  'emulator-5554',
  '127.0.0.1:5555',
  'phone.lan:5555',
  '[fe80::1]:5555',
])('of a handset listed as %s its build alone says nothing: another of the series may stand there', (serial) => {
  const build = identity({ hardwareSerial: null, androidId: null });
  expect(verdict(build, build, serial)).toBe('unknown');
  expect(verdict(build, build, 'f00dcafe')).toBe('same');
  for (const own of [identity({ hardwareSerial: null }), identity({ androidId: null })])
    expect(verdict(own, own, serial)).toBe('same');
});

test('the note of custody holds no value, and is read again', () => {
  const note = recognisedNote('HC12', ['hardwareSerial', 'fingerprint']);
  expect(note).not.toContain('f00d');
  expect(readRecognisedNote(note)).toEqual({ change: 'HC12', by: ['hardwareSerial', 'fingerprint'] });
  expect(readRecognisedNote('HC12: something else')).toBeNull();
});
