import { expect, test } from 'vitest';
import { printable } from '../../../main/handset/adb-failure.ts';

test.each([
  [
    'error: device unauthorized.\nThis adb server’s $ADB_VENDOR_KEYS is not set\r\n',
    'error: device unauthorized. This adb server’s $ADB_VENDOR_KEYS is not set',
  ],
  ['red\u001b[31m and \u202eback', 'red?[31m and ?back'],
  ['long text', 'long…'],
] as const)('%j is shown on one line', (text, shown) =>
  expect(printable(text, shown === 'long…' ? 4 : 200)).toBe(shown),
);
