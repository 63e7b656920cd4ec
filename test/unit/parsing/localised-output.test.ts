import { describe, expect, it } from 'vitest';
import { judgeOutcome } from '../../../main/parsing/judge-outcome.ts';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';

const context = {
  collectedAt: '2026-01-01T00:00:00.000000Z',
  handsetClock: { offsetMs: 0, boundMs: 20, zone: 'Asia/Taipei' },
};
const parse = (command: string, text: string): ParseResult =>
  parseExhibit({ collector: null, command, bytes: Buffer.from(text), context, stream: 'merged' });

const sms = 'content query --uri content://sms --projection _id:address:date:type:protocol:service_center';
const phones = 'content query --uri content://com.android.contacts/data/phones --projection display_name:data1';
const link = 'cmd package resolve-activity --brief -a android.intent.action.VIEW -d http://example.com';
const services = [
  'account',
  'activity exit-info',
  'activity services',
  'alarm',
  'appops',
  'battery',
  'connectivity',
  'device_policy',
  'deviceidle',
  'dropbox --print',
  'iphonesubinfo',
  'isub',
  'jobscheduler',
  'netstats detail',
  'package',
  'role',
  'settings',
  'telephony.registry',
  'usagestats',
  'user',
  'vpn_management',
  'webviewupdate',
  'wifi',
];
/** One command of each kind that the old shell may answer with words of another language: it tells no exit status. */
const commands = [
  'clock-offset',
  'getprop',
  'settings list system',
  'content query --uri content://settings/system',
  sms,
  phones,
  'pm list packages -f',
  'cmd appops get com.example.app',
  'cmd role get-role-holders android.app.role.SMS',
  link,
  'netcfg',
  'ip addr',
  'cat /sys/class/net/wlan0/address',
  'cat /proc/net/tcp',
  'ps -A',
  'dpm list-owners',
  'ls /system/etc/security/cacerts',
  'logcat -d -b main -v threadtime',
  'service call iphonesubinfo 1',
  ...services.map((service) => `dumpsys ${service}`),
];

describe('words of another language', () => {
  const refusals = ['/system/bin/sh: 權限不足', 'Доступ запрещён', 'ls: x: Toegang geweigerd'];

  it.each(commands)('%s: a refusal that nobody knows is not read as data: unparsable, each line kept', (command) => {
    for (const said of refusals) {
      const run = { stdout: Buffer.from(`${said}\r\n`), stderr: new Uint8Array(), exitCode: null, problem: null };
      // Without an exit status only words could tell, and these are no known ones.
      expect(judgeOutcome(command, run)).toEqual({ outcome: 'read', reason: null, said: null });
      const result = parse(command, `${said}\r\n`);
      expect(result, said).toMatchObject({ records: [], unparsable: true });
      expect(result.unparsed.map(({ text }) => text).join(' '), said).toContain(said);
    }
  });

  it('of a shell that tells the exit status, nothing on standard output is a refusal in any language', () => {
    const stderr = Buffer.from('ls: /data/misc/user/0/cacerts-added: 權限不足\n');
    const run = { stdout: new Uint8Array(), stderr, exitCode: 1, problem: null };
    const judged = judgeOutcome('ls /data/misc/user/0/cacerts-added', run);
    expect(judged).toMatchObject({ outcome: 'refused', reason: 'exit-1', said: stderr.toString('utf8').trim() });
  });

  it('of one setting are its value, as it was printed: any text may be one; an identifier they are not', () => {
    for (const value of refusals)
      expect(parse('settings get secure android_id', `${value}\n`).records).toEqual([
        { kind: 'setting', namespace: 'secure', name: 'android_id', value },
      ]);
  });
});

describe('what a handset writes in its own language', () => {
  it('the range of a period decides nothing: events beside it are the same in each', () => {
    const event = 'time="2020-10-11 07:43:12" type=MOVE_TO_FOREGROUND package=com.example.app class=a.B flags=0x0';
    const dump = (range: string): string => `user=0\n  Last 24 hour events (timeRange="${range}" )\n    ${event}\n`;
    const english = parse('dumpsys usagestats', dump('10/10/2020, 7:43 AM – 10/11/2020, 7:43 AM'));
    expect(english.records).toHaveLength(1);
    expect(english.records[0]).toMatchObject({ topic: 'usage', atHandset: '2020-10-11T07:43:12.000000+08:00' });
    for (const range of ['2020/10/10 上午7:43 – 2020/10/11 上午7:43', '10.10.2020, 07:43 – 11.10.2020, 07:43'])
      expect(parse('dumpsys usagestats', dump(range)).records).toEqual(english.records);
  });

  it('an instant in words is kept in the value and told as no date; none is made of it', () => {
    const line = 'time="2015年1月5日 下午3:12" type=MOVE_TO_FOREGROUND package=com.example.app class=a.B';
    const { records, unparsed } = parse('dumpsys usagestats', `user=0\n  ${line}\n`);
    expect(records).toMatchObject([{ atHandset: null, value: 'time="2015年1月5日 下午3:12" class=a.B' }]);
    expect(unparsed).toMatchObject([{ line: 2, reason: 'not-a-date' }]);
  });

  it('names that people see, of users or of a carrier, are values', () => {
    const { records } = parse('pm list users', 'Users:\n\tUserInfo{0:機主:13} running\n\tUserInfo{10:Профиль:30}\n');
    expect(records).toContainEqual(expect.objectContaining({ name: '0/name', value: '機主' }));
    expect(records).toContainEqual(expect.objectContaining({ name: '10/name', value: 'Профиль' }));
  });
});
