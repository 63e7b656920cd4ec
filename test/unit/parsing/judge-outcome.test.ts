import { describe, expect, it } from 'vitest';
import { judgeOutcome } from '../../../main/parsing/judge-outcome.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function judge(
  command: string,
  stdout: string,
  more: { stderr?: string; exitCode?: number | null; problem?: string } = {},
): string {
  const run = {
    stdout: bytes(stdout),
    stderr: bytes(more.stderr ?? ''),
    exitCode: more.exitCode ?? null,
    problem: more.problem ?? null,
  };
  const { outcome, reason } = judgeOutcome(command, run);
  return reason === null ? outcome : `${outcome} ${reason}`;
}

describe('judgeOutcome', () => {
  it.each([
    ['getprop', '[a]: [Permission denied]\r\n', 'read'],
    ['settings list system', 'usage:  settings [--user NUM] get namespace key\r\n', 'absent no-such-option'],
    ['settings list global', 'note=usage: Permission denied\n', 'read'],
    ['settings get global adb_enabled', 'null\n', 'empty not-set'],
    ['settings list system', '/system/bin/sh: settings: not found\r\n', 'absent no-such-command'],
    ['cmd package list', '/system/bin/sh: cmd: inaccessible or not found\n', 'absent no-such-command'],
    ['dumpsys appops', "Can't find service: appops\n", 'absent no-such-service'],
    ['service call iphonesubinfo 1', 'service: Service iphonesubinfo does not exist\n', 'absent no-such-service'],
    ['pm list packages -U', 'Error: Unknown option: -U\r\n', 'absent no-such-option'],
    [
      'logcat -d -b crash',
      "Unable to open log device '/dev/log/crash': No such file or directory\r\n",
      'absent no-such-buffer',
    ],
    ['cat /proc/net/tcp', '/system/bin/sh: cat: /proc/net/tcp: Permission denied\r\n', 'refused permission-denied'],
    [
      'dumpsys package',
      "Permission Denial: can't dump PackageManager from pid=1, uid=2000\n",
      'refused permission-denied',
    ],
    [
      'content query --uri content://com.android.contacts/data/phones',
      'Error while accessing provider:com.android.contacts\njava.lang.SecurityException: Permission Denial: opening provider\n',
      'refused security-exception',
    ],
    [
      'content query --uri content://settings/global',
      'Error while accessing provider:settings\njava.lang.IllegalArgumentException: Invalid URI: content://settings/global\n',
      'absent no-such-provider',
    ],
    ['content query --uri content://settings/system', 'No result found.\n', 'empty nothing-there'],
    [
      'dumpsys activity exit-info',
      'Bad activity command, or no activities match: exit-info\n',
      'absent no-such-option',
    ],
    ['dumpsys dropbox --print', '', 'empty nothing-there'],
    ['logcat -d -b main', '08-07 10:00:00.000  1  1 W X: java.lang.SecurityException: Permission Denial\n', 'read'],
  ])('of `%s` saying %j (no exit status): %s', (command, stdout, expected) => {
    expect(judge(command, stdout)).toBe(expected);
  });

  it.each([
    [
      'a status that says it',
      judge('cmd x', '', { stderr: 'cmd: not found\n', exitCode: 127 }),
      'absent no-such-command',
    ],
    ['127 without words', judge('cmd x', '', { exitCode: 127 }), 'absent no-such-command'],
    [
      'an unknown failure, which is not «no data»',
      judge('screencap -p', '', { stderr: 'boom\n', exitCode: 1 }),
      'refused exit-1',
    ],
    [
      'words on standard error beside data',
      judge('dumpsys dropbox', 'Drop box contents: 1 entries\n', { stderr: 'Permission denied\n', exitCode: 0 }),
      'read',
    ],
    [
      'data with a failing status',
      judge('dumpsys netstats detail', 'Active interfaces:\n', { exitCode: 1 }),
      'read exit-1',
    ],
  ])('with an exit status: %s', (_, judged, expected) => {
    expect(judged).toBe(expected);
  });

  it.each([
    ['TIMEOUT', 'timed-out time-limit'],
    ['REFUSED', 'refused refused-by-adb'],
    ['OFFLINE', 'interrupted OFFLINE'],
    ['TRUNCATED', 'interrupted TRUNCATED'],
    ['ABORTED', 'interrupted ABORTED'],
    ['LIMIT', 'read byte-limit'],
  ])('after %s: %s', (problem, expected) => {
    expect(judge('getprop', '[a]: [1]\n', { problem })).toBe(expected);
  });

  it.each([
    ['Result: Parcel(Error: 0xffffffffffffffb6 "Not a data message")\n', 'absent no-such-transaction'],
    ["Result: Parcel(ffffffff 00000000   '........')\n", 'refused security-exception'],
    ["Result: Parcel(00000000 ffffffff   '........')\n", 'empty nothing-there'],
    ["Result: Parcel(00000000 00000001 00000031   '........1...')\n", 'read'],
  ])('of the parcel %j: %s', (stdout, expected) => {
    expect(judge('service call iphonesubinfo 1', stdout)).toBe(expected);
  });

  it('takes a long dump with a warning at its head for what it is', () => {
    expect(judge('dumpsys settings', `Unknown argument: -a; use -h for help\n${'x'.repeat(10_000)}`)).toBe('read');
  });
});
