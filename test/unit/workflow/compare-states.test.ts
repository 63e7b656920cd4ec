import { describe, expect, test } from 'vitest';
import { compareStates } from '../../../main/workflow/compare-states.ts';
import type { StateReading } from '../../../main/acquisition/run-state-check.ts';
import { gap, wordGap } from '../../../main/workflow/gaps.ts';
import { comparedNote, readComparedNote } from '../../../shared/model/handset-comparison.ts';

const reading = (of: string, command: string, text: string | null): StateReading => ({
  of,
  command,
  startedAt: '2014-08-07T04:00:00.000000Z',
  text,
  lacks: text === null ? 'LIMIT' : null,
});
const settings = (text: string | null): StateReading => reading('settings-global', 'settings list global', text);

describe('a handset before and after an acquisition', () => {
  test('is the same when it says the same, in another order too', () => {
    const before = [settings('adb_enabled=1\nx=2\n'), reading('packages', 'pm list packages', 'package:a.b\n')];
    const after = [settings('x=2\nadb_enabled=1\n'), reading('packages', 'pm list packages', 'package:a.b\n')];
    expect(compareStates(before, after)).toEqual({
      compared: ['settings-global', 'packages'],
      notCompared: [],
      because: {},
      differences: [],
    });
  });

  test('differs by name; what counts up by itself is told apart', () => {
    const before = [
      settings('boot_count=4\nhttp_proxy=\ngone=1\n'),
      reading('packages', 'pm list packages', 'package:a.b\n'),
      reading('properties', 'getprop', '[sys.usb.state]: [mtp]\n[ro.x]: [1]\n'),
      reading('temporary-files', 'ls -l /data/local/tmp', 'total 0\n'),
    ];
    const after = [
      settings('boot_count=5\nhttp_proxy=10.0.0.1:1\n'),
      reading('packages', 'pm list packages', 'package:a.b\npackage:c.d\n'),
      reading('properties', 'getprop', '[sys.usb.state]: [mtp,adb]\n[ro.x]: [1]\n'),
      reading('temporary-files', 'ls -l /data/local/tmp', 'total 4\n-rw-rw---- shell shell 2 handsight-1.png\n'),
    ];
    expect(compareStates(before, after).differences).toEqual([
      { of: 'settings-global', subject: 'global/boot_count', before: '4', after: '5', byItself: 'noise.counter' },
      { of: 'settings-global', subject: 'global/gone', before: '1', after: null, byItself: null },
      { of: 'settings-global', subject: 'global/http_proxy', before: '', after: '10.0.0.1:1', byItself: null },
      { of: 'packages', subject: 'c.d', before: null, after: '', byItself: null },
      { of: 'properties', subject: 'sys.usb.state', before: 'mtp', after: 'mtp,adb', byItself: 'noise.boot' },
      {
        of: 'temporary-files',
        subject: '-rw-rw---- shell shell 2 handsight-1.png',
        before: null,
        after: '',
        byItself: null,
      },
    ]);
  });

  test('is not said to be the same where one side was not answered', () => {
    expect(compareStates([settings('a=1\n')], [settings(null)])).toEqual({
      compared: [],
      notCompared: ['settings-global'],
      because: { 'settings-global': 'LIMIT' },
      differences: [],
    });
    expect(compareStates([settings('a=1\n')], [])).toMatchObject({ notCompared: ['settings-global'], because: {} });
  });
});

test('custody’s sum of it is read again', () => {
  const sum = { subject: 'A1', lists: 6, differences: 2, counters: 3 };
  expect(readComparedNote(comparedNote(sum))).toEqual(sum);
  expect(readComparedNote('A1: SHA-256 00')).toBeNull();
});

test('why a list was not compared is told in words, and a list without a reason stands alone', () => {
  const one = gap('handset-not-compared', { lists: 'temporary-files (LIMIT), packages (TIMEOUT), properties' });
  expect(wordGap('en', one)).toBe(
    'not compared before and after the acquisition: temporary files (cut at the limit), list of apps (no answer in time), system properties',
  );
  expect(wordGap('zh-Hant', one)).toBe(
    '未能做採集前後比較：暫存檔（達上限而截斷）、應用程式清單（逾時未回應）、系統屬性',
  );
});
