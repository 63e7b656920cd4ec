import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { processes } from '../../../main/acquisition/collectors/processes.ts';
import { judgeOutcome } from '../../../main/parsing/judge-outcome.ts';
import { missingSection, noSectionCode } from '../../../main/parsing/parse-result.ts';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';
import { ofKind, parseFixture, parseText } from './fixture.ts';

const said = (result: ParseResult): string[] =>
  ofKind(result, 'fact').map(({ topic, package: name, name: what, value }) =>
    [topic, ...(name === null ? [] : [name]), what, value].join(' | '),
  );

describe('users', () => {
  it('reads a work profile, its restrictions, and what the organisation set', () => {
    const result = parseFixture('android-14/dumpsys-user.txt', 'dumpsys user');
    expect(said(result)).toEqual([
      'user | Current user | 0',
      'user | 0/name | Owner',
      'user | 0/flags | c13 (PRIMARY, ADMIN, INITIALIZED, FULL, SYSTEM)',
      'user | 0/serialNo | 0',
      'user | 0/isPrimary | true',
      'user | 0/State | RUNNING_UNLOCKED',
      'user | 10/name | Work: a}b',
      'user | 10/flags | 1030 (INITIALIZED, MANAGED_PROFILE, PROFILE)',
      'user | 10/serialNo | 10',
      'user | 10/parentId | 0',
      'user | 10/State | RUNNING_UNLOCKED',
      'policy | 10/Has profile owner | true',
      'user | 10/Restrictions | no_wallpaper',
      'user | 10/Restrictions | no_add_user',
      'policy | Device owner id | -10000',
      'user | Guest restrictions | no_sms',
      'policy | Device managed | false',
      'user | Max users | 4',
    ]);
    expect(result.unparsed).toEqual([{ line: 22, text: 'a line of another release', reason: 'not-a-user-line' }]);
  });

  it('reads `pm list users`', () => {
    expect(said(parseText('Users:\n\tUserInfo{0:Owner:13} running\n', 'pm list users'))).toEqual([
      'user | 0/name | Owner',
      'user | 0/flags | 13 (PRIMARY, ADMIN, INITIALIZED)',
      'user | 0/state | running',
    ]);
  });

  it('takes other words for unparsable', () => {
    expect(parseText('State: x\nhello\n', 'dumpsys user')).toMatchObject({ records: [], unparsable: true });
  });
});

describe('power', () => {
  it('reads the lists of apps that may run during sleep, and nothing that only looks like them', () => {
    const result = parseFixture('android-13/dumpsys-deviceidle.txt', 'dumpsys deviceidle');
    expect(said(result)).toEqual([
      'power | com.android.shell | Whitelist (except idle) system apps | ',
      'power | com.android.email | Removed from whitelist system apps | ',
      'power | com.miui.analytics | Whitelist user apps | ',
      'power | Whitelist user apps | <img src=x>',
      'power | Whitelist all app ids | 2000',
    ]);
    expect(result.unparsed).toEqual([]);
    expect(parseText('Settings:\n  a=1\n', 'dumpsys deviceidle').unparsable).toBe(false);
    expect(parseText('no such thing\n', 'dumpsys deviceidle').unparsable).toBe(true);
  });

  it('reads the battery', () => {
    const text = 'Current Battery Service state:\r\n  USB powered: true\r\n  level: 87\r\n';
    expect(said(parseText(text, 'dumpsys battery'))).toEqual([
      'power | battery/USB powered | true',
      'power | battery/level | 87',
    ]);
    expect(parseText('level: 87\n', 'dumpsys battery').unparsable).toBe(true);
  });
});

describe('what is scheduled', () => {
  it('jobs: whose, which service, under what conditions; and that one is missing from the list', () => {
    const result = parseFixture('android-13/dumpsys-jobscheduler.txt', 'dumpsys jobscheduler');
    expect(said(result)).toEqual([
      'job | com.miui.analytics | com.miui.analytics/.AnalyticsService | #u0a75/2001; PERIODIC: interval=+1h0m0s0ms flex=+15m0s0ms; PERSISTED; Requires: charging=false batteryNotLow=false deviceIdle=false',
      'job | jp.naver.line.android | android/com.android.server.SyncJob | #1000/7',
    ]);
    expect(result.limits).toEqual(['jobs:2-of-3']);
    expect(parseText('x\n', 'dumpsys jobscheduler').unparsable).toBe(true);
    expect(parseText('Registered 0 jobs:\n', 'dumpsys jobscheduler').unparsable).toBe(false);
  });

  it('however much one job, alarm or setting says, all of it is kept', () => {
    const wants = Array.from({ length: 50 }, (_, i) => `    Triggers: content://${i}`);
    const jobs = ['Registered 1 jobs:', '  JOB #1/2: 1a com.example/.Job', ...wants].join('\n');
    expect(ofKind(parseText(jobs, 'dumpsys jobscheduler'), 'fact')[0]?.value).toContain('content://49');
    const alarm = `  RTC #0: Alarm{1a type 0 ${'x '.repeat(1000)}com.example}`;
    expect(ofKind(parseText(alarm, 'dumpsys alarm'), 'fact')).toMatchObject([{ package: 'com.example' }]);
    const apps = Array.from({ length: 900 }, (_, i) => `com.example.a${i}/.Listener`).join(':');
    const settings = parseText(`enabled_notification_listeners=${apps}\n`, 'settings list secure');
    expect(ofKind(settings, 'fact')).toHaveLength(900);
  });

  it('alarms of 4.3, and those of 10 with tags and totals', () => {
    expect(said(parseFixture('android-4.3/dumpsys-alarm.txt', 'dumpsys alarm'))).toEqual([
      'alarm | com.android.mms | RTC_WAKEUP | RTC_WAKEUP; when=+23h41m10s0ms; repeatInterval=86400000; startService',
      'alarm | com.xiaomi.xmsf | ELAPSED_WAKEUP | ELAPSED_WAKEUP; when=+4m12s201ms; repeatInterval=300000; broadcastIntent',
    ]);
    const ten =
      'Current Alarm Manager state:\n    RTC #1: Alarm{9f8 type 1 when 1407384000000 a.b}\n      tag=*alarm*:a.b.DAILY\n      type=1 when=2014-08-08 00:00:00.000\n      window=0 repeatInterval=0 count=0\n  Alarm Stats:\n  u0a39:a.b +75ms running, 2 wakeups:\n';
    expect(said(parseText(ten, 'dumpsys alarm'))).toEqual([
      'alarm | a.b | *alarm*:a.b.DAILY | RTC; when=2014-08-08 00:00:00.000; repeatInterval=0',
      'alarm | a.b | Alarm Stats | +75ms running, 2 wakeups',
    ]);
  });
});

describe('use and processes', () => {
  it('reads events at their instants, totals of each package, and standby buckets', () => {
    const result = parseFixture('android-13/dumpsys-usagestats.txt', 'dumpsys usagestats');
    expect(
      ofKind(result, 'fact').map(({ topic, package: name, name: what, value, atHandset }) => [
        topic,
        name,
        what,
        value,
        atHandset,
      ]),
    ).toEqual([
      ['usage', 'android', 'KEYGUARD_HIDDEN', 'flags=0x0', '2014-08-07T10:00:01.000000+08:00'],
      [
        'usage',
        'com.android.mms',
        'ACTIVITY_RESUMED',
        'class=com.android.mms.ui.<b>Consent</b> instanceId=7 flags=0x0',
        '2014-08-07T10:00:02.000000+08:00',
      ],
      ['usage', 'com.android.mms', 'ACTIVITY_PAUSED', 'time="7/8/14 10:00" flags=0x0', null],
      [
        'usage',
        'com.android.mms',
        'In-memory daily stats',
        'totalTimeUsed="05:26" lastTimeUsed="2014-08-07 10:00:02" appLaunchCount=3',
        '2014-08-07T10:00:02.000000+08:00',
      ],
      [
        'usage',
        'com.android.email',
        'In-memory daily stats',
        'totalTimeUsed="00:00" lastTimeUsed="1970-01-01 08:00:00" appLaunchCount=0',
        null,
      ],
      ['power', 'com.android.mms', 'bucket', '45 (RESTRICTED)', null],
      ['power', 'com.android.email', 'bucket', '77', null],
      ['usage', 'android', '10/DEVICE_STARTUP', 'flags=0x0', '2014-08-07T10:00:03.000000+08:00'],
    ]);
    expect(result.unparsed.map(({ line, reason }) => [line, reason])).toEqual([[5, 'not-a-date']]);
  });

  it('reads running services', () => {
    const text =
      'ACTIVITY MANAGER SERVICES (dumpsys activity services)\n  User 0 active services:\n  * ServiceRecord{1f2e3d4 u0 com.miui.analytics/.AnalyticsService c:com.miui.analytics}\n    intent={act=x}\n    processName=com.miui.analytics\n    createTime=-22m10s104ms lastActivity=-4m0s12ms\n\n  processName=nobody\n';
    expect(said(parseText(text, 'dumpsys activity services'))).toEqual([
      'service | com.miui.analytics | com.miui.analytics/.AnalyticsService | processName=com.miui.analytics; createTime=-22m10s104ms lastActivity=-4m0s12ms',
    ]);
  });

  it('reads why processes ended', () => {
    const text =
      'ACTIVITY MANAGER PROCESS EXIT INFO (dumpsys activity exit-info)\n  package: com.xiaomi.mipicks\n    Historical Process Exit for uid=10074\n        ApplicationExitInfo #0:\n          timestamp=2024-04-17 02:11:22.118 pid=4410 user=0\n          process=com.xiaomi.mipicks reason=6 (ANR) status=0\n        ApplicationExitInfo #1:\n          timestamp=2024-02-30 02:11:22.118 pid=4411 user=0\n  package: a.b\n        ApplicationExitInfo #0:\n          process=a.b reason=4 (APP CRASH(EXCEPTION)) status=0\n';
    expect(
      ofKind(parseText(text, 'dumpsys activity exit-info'), 'fact').map(
        ({ package: name, name: why, value, atHandset }) => [name, why, value, atHandset],
      ),
    ).toEqual([
      [
        'com.xiaomi.mipicks',
        '6 (ANR)',
        'pid=4410 user=0 process=com.xiaomi.mipicks reason=6 (ANR) status=0',
        '2024-04-17T02:11:22.118000+08:00',
      ],
      ['com.xiaomi.mipicks', 'reason unknown', 'pid=4411 user=0', null],
      ['a.b', '4 (APP CRASH(EXCEPTION)', 'process=a.b reason=4 (APP CRASH(EXCEPTION)) status=0', null],
    ]);
  });
});

describe('default apps and listeners', () => {
  it('reads which app answers, and no answer', () => {
    const command = 'cmd package resolve-activity --brief -a android.intent.action.VIEW -d https://example.org/';
    const answer = 'priority=0 preferredOrder=0 match=0x208000 specificIndex=-1 isDefault=true\r\na.b/.Main\r\n';
    expect(said(parseText(answer, command))).toEqual([
      'default-app | a.b | android.intent.action.VIEW https://example.org/ | a.b/.Main',
    ]);
    expect(parseText('No activity found\n', command)).toMatchObject({ records: [], unparsable: false });
    expect(parseText('hello\n', command).unparsable).toBe(true);
  });

  it('reads the engine of web pages', () => {
    const text =
      'Current WebView Update Service state\n  Multiprocess enabled: true\n  Current WebView package (name, version): (com.android.webview, 123.0)\n  WebView packages:\n    Invalid package com.google.android.webview (versionName: 1), reason: No WebView-library manifest flag\n';
    expect(said(parseText(text, 'dumpsys webviewupdate'))).toEqual([
      'webview | Multiprocess enabled | true',
      'webview | com.android.webview | Current WebView package | 123.0',
      'webview | com.google.android.webview | Invalid package | (versionName: 1), reason: No WebView-library manifest flag',
    ]);
  });

  it('tells one app after the other of settings that name several, and only of those', () => {
    const text =
      'assistant=\nenabled_accessibility_services=a.b/.Eyes:c.d/c.d.Ears:<b>\nenabled_input_methods=x.y/.Keys;1;-9:z.z/.Pen\nenabled_notification_listeners=null\nsms_default_application=com.android.mms\nsomething_else=a.b/.C\n';
    const result = parseText(text, 'settings list secure');
    expect(said(result)).toEqual([
      'listener | a.b | secure/enabled_accessibility_services | a.b/.Eyes',
      'listener | c.d | secure/enabled_accessibility_services | c.d/c.d.Ears',
      'default-app | x.y | secure/enabled_input_methods | x.y/.Keys',
      'default-app | z.z | secure/enabled_input_methods | z.z/.Pen',
      'default-app | com.android.mms | secure/sms_default_application | com.android.mms',
    ]);
    expect(ofKind(result, 'setting')).toHaveLength(6);
    expect(said(parseText('assistant=a.b/.C\n', 'settings list system'))).toEqual([]);
  });
});

describe('what went over the network', () => {
  it('sums the bytes of each app, neither of its tags nor of the device', () => {
    const ident = 'ident=[{type=1, wifiNetworkKey="uid=7 set=ALL tag=0x0", defaultNetwork=true}]';
    const text = `Dev stats:\n  History since boot:\n  ${ident} uid=-1 set=ALL tag=0x0\n      st=1 rb=999 rp=1 tb=999 tp=1 op=0\nUID stats:\n  Pending bytes: 0\n  ${ident} uid=10075 set=DEFAULT tag=0x0\n    NetworkStatsHistory: bucketDuration=7200\n      st=1 rb=20110 rp=88 tb=61220 tp=104 op=0\n      st=2 rb=5 rp=1 tb=7 tp=1 op=0\n  ${ident} uid=10075 set=FOREGROUND tag=0x0\n      bucketStart=1 activeTime=2 rxBytes=100 rxPackets=1 txBytes=200 txPackets=1 operations=0\n  ${ident} uid=10075 set=DEFAULT tag=0x7f\n      st=1 rb=5000 rp=1 tb=5000 tp=1 op=0\n  ident=[broken]\nUID tag stats:\n  ${ident} uid=10075 set=DEFAULT tag=0x0\n      st=1 rb=5000 rp=1 tb=5000 tp=1 op=0\n`;
    const result = parseText(text, 'dumpsys netstats detail');
    expect(said(result)).toEqual(['traffic | uid 10075 | rxBytes=20215 txBytes=61427']);
    expect(result.unparsed.map(({ reason }) => reason)).toEqual(['not-a-uid']);
    expect(parseText('x\n', 'dumpsys netstats detail').unparsable).toBe(true);
  });

  it('reads sockets with their ends and their app', () => {
    const rest = '00000000:00000000 00:00000000 00000000';
    const four = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\r\n   0: 0100007F:13AD 00000000:0000 0A ${rest}  2000        0 4410 1\r\n   1: 072BA8C0:A10E 04030201:01BB 01 ${rest} 10075        0 4411 1\r\n  <b>: what\r\n`;
    const result = parseText(four, 'cat /proc/net/tcp');
    expect(said(result)).toEqual([
      'socket | uid 2000/tcp | 127.0.0.1:5037 - 0.0.0.0:0 LISTEN',
      'socket | uid 10075/tcp | 192.168.43.7:41230 - 1.2.3.4:443 ESTABLISHED',
    ]);
    expect(result.unparsed.map(({ line }) => line)).toEqual([4]);
    // 2001:db8::1 and the address of a partner that speaks IPv4.
    const six = `   0: B80D0120000000000000000001000000:1F90 0000000000000000FFFF000004030201:0050 08 ${rest} 10075        0 1 1\n`;
    expect(said(parseText(six, 'cat /proc/net/tcp6'))).toEqual([
      'socket | uid 10075/tcp6 | [2001:db8::1]:8080 - [::ffff:1.2.3.4]:80 CLOSE_WAIT',
    ]);
  });
});

describe('device policy', () => {
  it('reads owners and administrators with what they may do, not the apps that are named elsewhere', () => {
    const result = parseFixture('android-10/dumpsys-device_policy.txt', 'dumpsys device_policy');
    expect(said(result)).toEqual([
      'policy | com.example.mdm | Device Owner | com.example.mdm/com.example.mdm.Receiver',
      'policy | com.example.work | Profile Owner (User 10) | com.example.work/com.example.work.Admin',
      'policy | com.example.mdm | Enabled Device Admins (User 0) | com.example.mdm/.Receiver; policies: wipe-data, force-lock',
      'policy | com.android.email | Enabled Device Admins (User 0) | com.android.email/.SecurityPolicy$PolicyAdmin',
      'policy | com.example.work | Enabled Device Admins (User 10) | com.example.work/.Admin; policies: limit-password',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('of a handset that nobody manages gives nothing, and another text is told', () => {
    const nobody = parseText('Current Device Policy Manager state:\n  Immutable state:\n', 'dumpsys device_policy');
    expect([nobody.records, nobody.unparsable]).toEqual([[], false]);
    expect(parseText('something else\n', 'dumpsys device_policy').unparsable).toBe(true);
  });
});

describe('the way of traffic', () => {
  it('reads who may build a VPN for each user', () => {
    const result = parseText('VPNs:\r\n  0: [Legacy VPN]\r\n  10: org.example.vpn\r\n', 'dumpsys vpn_management');
    expect(said(result)).toEqual([
      'network | VPNs/0 | [Legacy VPN]',
      'network | org.example.vpn | VPNs/10 | org.example.vpn',
    ]);
    expect(parseText('<b>\n', 'dumpsys vpn_management').unparsable).toBe(true);
  });

  it('takes it from settings that lead it elsewhere, not from empty ones', () => {
    const text =
      'http_proxy=10.0.0.1:8080\nprivate_dns_mode=hostname\nprivate_dns_specifier=\nglobal_http_proxy_host=null\n';
    expect(said(parseText(text, 'settings list global'))).toEqual([
      'network | global/http_proxy | 10.0.0.1:8080',
      'network | global/private_dns_mode | hostname',
    ]);
    expect(said(parseText('always_on_vpn_app=org.example.vpn\n', 'settings list secure'))).toEqual([
      'network | org.example.vpn | secure/always_on_vpn_app | org.example.vpn',
    ]);
  });
});

describe('apps that are the default', () => {
  const command = 'cmd role get-role-holders android.app.role.SMS';

  it('holds each role', () => {
    expect(said(parseText('com.example.sms\n', command))).toEqual([
      'default-app | com.example.sms | android.app.role.SMS | com.example.sms',
    ]);
    expect(parseText('', command)).toMatchObject({ records: [], unparsable: false });
    expect(parseText('a b\n', command).unparsable).toBe(true);
  });

  it('`dumpsys role`: of each user the holders of each role, one or several', () => {
    const text =
      'ROLE MANAGER STATE (dumpsys role):\n{\n  user_states=[\n    {\n      user_id=0\n      version=1\n      roles=[\n' +
      '        {\n          name=android.app.role.DIALER\n        }\n' +
      '        {\n          name=android.app.role.SMS\n          holders=com.example.sms\n        }\n      ]\n    }\n' +
      '    {\n      user_id=10\n      roles=[\n        {\n          name=android.app.role.CALL_COMPANION_APP\n' +
      '          holders=[\n            com.example.a\n            <b>\n            com.example.c\n          ]\n        }\n      ]\n    }\n  ]\n}\n';
    const result = parseText(text, 'dumpsys role');
    expect(said(result)).toEqual([
      'default-app | com.example.sms | android.app.role.SMS | com.example.sms',
      'default-app | com.example.a | 10/android.app.role.CALL_COMPANION_APP | com.example.a',
      'default-app | com.example.c | 10/android.app.role.CALL_COMPANION_APP | com.example.c',
    ]);
    expect(result.unparsed).toMatchObject([{ text: '<b>', reason: 'not-a-package' }]);
  });

  it('are those chosen for good among the preferred activities, each once', () => {
    const one = (hash: string, always: boolean): string =>
      `        ${hash} com.example.sms/.Compose\n         mMatch=0x200000 mAlways=${always}\n          Action: "android.intent.action.SENDTO"\n          Category: "android.intent.category.DEFAULT"\n          Scheme: "sms"\n`;
    const dump = `Packages:\n\nPreferred Activities User 0:\n  Schemes:\n      sms:\n${one('ab12', true)}${one('cd34', true)}${one('ef56', false)}\nOther:\n`;
    expect(said(parseText(dump, 'dumpsys package'))).toEqual([
      'default-app | com.example.sms | Preferred Activities User 0/android.intent.action.SENDTO sms | com.example.sms/.Compose',
    ]);
    expect(said(parseText(dump.replaceAll('mAlways=true', 'mAlways=false'), 'dumpsys package'))).toEqual([]);
  });
});

describe('running processes', () => {
  it('are read in the form of toolbox, whose heading lacks the state, and of toybox', () => {
    const toolbox =
      'USER     PID   PPID  VSIZE  RSS     WCHAN    PC         NAME\r\nroot      1     0     340    196   c00c4b84 00011a24 S /init\r\nu0_a27    977   67    462792 24452 ffffffff b6e2cc9c S com.android.exchange\r\n';
    expect(said(parseText(toolbox, 'ps'))).toEqual([
      'process | /init | USER=root PID=1 PPID=0',
      'process | com.android.exchange | com.android.exchange | USER=u0_a27 PID=977 PPID=67',
    ]);
    const toybox =
      'USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\nroot             2     0       0      0 kthreadd            0 S [kthreadd]\nu0_a75        4310   812 15930448  98210 do_epoll_wait      0 S com.example.app:push\nshell 5 4 1 1 0 0 R sh -c x\nbroken\n';
    const result = parseText(toybox, 'ps -A');
    expect(said(result)).toEqual([
      'process | [kthreadd] | USER=root PID=2 PPID=0',
      'process | com.example.app | com.example.app:push | USER=u0_a75 PID=4310 PPID=812',
      'process | sh -c x | USER=shell PID=5 PPID=4',
    ]);
    expect(result.unparsed).toEqual([{ line: 5, text: 'broken', reason: 'not-a-process' }]);
  });

  it('are asked for as the release wants it', () => {
    const asked = (sdk: number | null): unknown =>
      processes
        .asks({ release: null, sdk, features: new Set(), phoneCalls: [] })
        .map((step) => 'command' in step && step.command);
    expect([asked(25), asked(26), asked(null)]).toEqual([['ps'], ['ps -A'], ['ps -A']]);
  });
});

describe('trusted certificates', () => {
  it('are listed by the hash of their subject, with the store that holds them', () => {
    const result = parseText('7ae65fad.0\r\n00673b5b.0  04f60c28.1\r\n../x\r\n', 'ls /data/misc/user/0/cacerts-added');
    expect(said(result)).toEqual([
      'certificate | /data/misc/user/0/cacerts-added | 7ae65fad.0',
      'certificate | /data/misc/user/0/cacerts-added | 00673b5b.0',
      'certificate | /data/misc/user/0/cacerts-added | 04f60c28.1',
    ]);
    expect(result.unparsed).toEqual([{ line: 3, text: '../x', reason: 'not-a-certificate' }]);
  });

  it('that the person added are refused without root, and that is said', () => {
    const said = new TextEncoder().encode('ls: /data/misc/user/0/cacerts-added: Permission denied\n');
    const run = { stdout: new Uint8Array(), stderr: said, exitCode: 1, problem: null };
    expect(judgeOutcome('ls /data/misc/user/0/cacerts-added', run)).toMatchObject({
      outcome: 'refused',
      reason: 'permission-denied',
    });
  });
});

describe('a certificate that the person added', () => {
  const file = '/data/misc/user/0/cacerts-added/fb85d65e.0';
  const der = readFileSync(`test/personas/modern-rooted/fs${file}`);
  const context = { collectedAt: '2026-01-01T00:00:00.000000Z', handsetClock: null };
  const parse = (bytes: Uint8Array) =>
    parseExhibit({ collector: 'certificates', command: `cat ${file}`, bytes, context });
  // As openssl x509 tells them of the same file.
  const told = [
    `certificate | ${file} subject | C=TW, O=Synthetic demonstration, CN=Interception test CA`,
    `certificate | ${file} issuer | C=TW, O=Synthetic demonstration, CN=Interception test CA`,
    `certificate | ${file} valid from | 2026-11-29T22:56:15Z`,
    `certificate | ${file} valid to | 2036-11-26T22:56:15Z`,
    `certificate | ${file} SHA-256 | 6a6b4c40536cb39cf5a398dc6c82897a2dde62713eccdc88ae228cfccb97f3b8`,
  ];

  it('is named with who issued it, till when, and its hash; bytes that are no text say nothing of themselves', () => {
    const result = parse(der);
    expect(said(result)).toEqual(told);
    expect(result).toMatchObject({ format: 'certificate-file', limits: [], unparsed: [], unparsable: false });
  });

  it('is read as PEM too, and where a terminal made CR LF of each LF', () => {
    const base64 = der.toString('base64').replaceAll(/(.{64})/g, '$1\r\n');
    const pem = `-----BEGIN CERTIFICATE-----\r\n${base64}\r\n-----END CERTIFICATE-----\r\n`;
    expect(said(parse(Buffer.from(pem)))).toEqual(told);
    const terminal = Buffer.from(der.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    expect(terminal.length).toBeGreaterThan(der.length);
    expect(said(parse(terminal))).toEqual(told);
  });

  it('that is none, cut or too long, gives nothing and is told', () => {
    for (const bytes of [der.subarray(0, 500), Buffer.from('no certificate'), Buffer.alloc(300 * 1024, 0x30)])
      expect(parse(bytes)).toMatchObject({
        records: [],
        unparsable: true,
        unparsed: [{ reason: 'not-a-certificate' }],
      });
    expect(parse(Buffer.alloc(0))).toMatchObject({ records: [], unparsable: false });
  });
});

describe('a text that lacks the part which its format reads', () => {
  const lacking = [
    ['dumpsys user', 'Users'],
    ['dumpsys alarm', 'Current Alarm Manager state'],
    ['dumpsys deviceidle', 'Settings'],
    ['dumpsys activity services', 'ACTIVITY MANAGER SERVICES'],
    ['dumpsys activity exit-info', 'ACTIVITY MANAGER PROCESS EXIT INFO'],
    ['dumpsys device_policy', 'Current Device Policy Manager state'],
    ['dumpsys account', 'Accounts'],
    ['dumpsys webviewupdate', 'Current WebView Update Service state'],
    ['dumpsys package', 'Packages'],
    ['dumpsys netstats detail', 'UID stats'],
    ['dumpsys jobscheduler', 'Registered jobs'],
    ['dumpsys usagestats', 'user'],
    ['dumpsys vpn_management', 'VPNs'],
    ['dumpsys connectivity', 'Active default network'],
    ['dumpsys role', 'ROLE MANAGER STATE'],
    ['dumpsys settings', 'SYSTEM SETTINGS'],
  ] as const;

  it.each(lacking)('%s names it', (command, section) => {
    const result = parseText('nothing that anybody knows\n', command);
    expect([missingSection(result), result.unparsed[0]?.reason, result.unparsable]).toEqual([
      section,
      noSectionCode(section),
      true,
    ]);
    // Silence is no missing part.
    expect(missingSection(parseText('\n', command))).toBeNull();
  });
});
