import { expect, test } from 'vitest';
import { fileSystemWarnings, judgeFileSystem } from '../../../main/evidence/file-system.ts';
import { isInstant, systemNow } from '../../../main/evidence/instants.ts';

test.each([
  [0x6969, 'file-system-network'],
  [0xff534d42, 'file-system-network'],
  // statfs gives it as a signed number on some platforms.
  [0xff534d42 | 0, 'file-system-network'],
  [0x4d44, 'file-system-fat'],
  [0x2011bab0, 'file-system-fat'],
])('type %i is warned about', (type, code) => {
  expect(judgeFileSystem(type)?.code).toBe(code);
});

test('ext4, tmpfs and what cannot be asked are not', () => {
  expect(judgeFileSystem(0xef53)).toBeNull();
  expect(judgeFileSystem(0x01021994)).toBeNull();
  expect(fileSystemWarnings('/nowhere/at/all')).toEqual([]);
});

test.each([
  ['2014-08-07T10:00:00Z', true],
  ['2014-08-07T10:00:00.123456Z', true],
  ['2014-02-29T10:00:00Z', false],
  ['2014-08-07T24:00:00Z', false],
  ['2014-08-07T10:00:00+08:00', false],
  ['2014-08-07 10:00:00Z', false],
  ['2014-08-07T10:00:00.1234567Z', false],
  ['', false],
])('%s is an instant: %s', (text, expected) => {
  expect(isInstant(text)).toBe(expected);
});

test('the clock writes what it accepts', () => {
  expect(systemNow()).toMatch(/\.\d{6}Z$/);
  expect(isInstant(systemNow())).toBe(true);
});
