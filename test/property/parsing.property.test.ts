import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeOutcome } from '../../main/parsing/judge-outcome.ts';
import { handsetFormats, parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import { maxRecords, maxUnparsedKept } from '../../main/parsing/parse-result.ts';
import type { ParseContext } from '../../main/parsing/parse-result.ts';
import { handsetInstantToUtc } from '../../main/parsing/handset-time.ts';

const context: ParseContext = {
  collectedAt: '2014-08-07T04:00:00.000000Z',
  handsetClock: { offsetMs: 37_500, boundMs: 20, zone: 'Asia/Taipei' },
  release: '4.3',
};

const commands = [
  'pcapdroid-csv',
  'cat /data/misc/user/0/cacerts-added/fb85d65e.0',
  'clock-offset',
  'clock-offset during the capture',
  'getprop',
  'settings list system',
  'settings --user 10 list secure',
  'settings get secure android_id',
  'content query --uri content://settings/system',
  'dumpsys settings',
  'pm list packages -f',
  'dumpsys package',
  'dumpsys appops',
  'cmd appops get com.example.app',
  'dumpsys dropbox --print',
  'logcat -d -b main -v threadtime',
  'service call iphonesubinfo 1',
  'dumpsys iphonesubinfo',
  'dumpsys isub',
  'dumpsys telephony.registry',
  'dumpsys wifi',
  'dpm list-owners',
  'netcfg',
  'ip addr',
  'cat /sys/class/net/wlan0/address',
  'dumpsys account',
  'dumpsys user',
  'dumpsys deviceidle',
  'dumpsys battery',
  'dumpsys jobscheduler',
  'dumpsys alarm',
  'dumpsys usagestats',
  'dumpsys activity services',
  'dumpsys activity exit-info',
  'cmd package resolve-activity --brief -a android.intent.action.DIAL -d tel:',
  'dumpsys webviewupdate',
  'cmd role get-role-holders android.app.role.SMS',
  'dumpsys device_policy',
  'dumpsys role',
  'dumpsys vpn_management',
  'dumpsys connectivity',
  'ps -A',
  'ls /system/etc/security/cacerts',
  'dumpsys netstats detail',
  'cat /proc/net/tcp6',
  'content query --uri content://sms --projection _id:address:date:type:protocol:service_center',
  "content query --uri content://sms --projection '_id:date:type:hex(address):hex(body)'",
  'content query --uri content://sms --projection _id:date:type:address:body',
  'content query --uri content://com.android.contacts/data/phones --projection display_name:data1',
];

const parse = (command: string, bytes: Uint8Array): ReturnType<typeof parseExhibit> =>
  parseExhibit({ collector: null, command, bytes, context });

/** Pieces that the formats look for, in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      '[a]: [',
      ']\n',
      'Row: 0 ',
      'Wi-Fi is enabled\n',
      'mWifiInfo SSID: a, BSSID: 02:00:00:00:01:00, MAC: ',
      '_id=1, name=',
      '_id=1, date=5, type=1, address=55123, body=x',
      '_id=1, date=5, type=1, hex(address)=4142, hex(body)=F09F9982',
      ', value=',
      'package:',
      '=',
      ' uid:',
      'Packages:\n',
      '  Package [x] (1):\n',
      '    User 0: enabled=',
      'last known state:\n  Phone Id=0\n',
      '    mServiceState={mVoiceRegState=0(IN_SERVICE), mOperatorAlphaLong=',
      ' cellIdentity=CellIdentityLte:{ mCi=',
      'mServiceState=0 0 voice home data home ',
      'User  0: admin=a.b/.C,DeviceOwner',
      '      runtime permissions:\n',
      'Receiver Resolver Table:\n',
      '      a.b.C:\n',
      '        ab12 x/.Y\n',
      '  Uid 1000:\n',
      '    Package x:\n',
      '      OP (allow):\n',
      'MIUIOP(10008): mode=',
      'Drop box contents: ',
      '========================================\n',
      '2014-08-13 10:15:45 data_app_crash (text, 8 bytes)\n',
      '08-07 10:00:00.000  1  1 I T: ',
      'Result: Parcel(',
      '00000000 7fffffff',
      'GLOBAL SETTINGS (user 0)\n',
      '_id:1 name:a pkg:b value:',
      ' default:',
      ' defaultSystemSet:true',
      'MX/',
      'Users:\n',
      'UID stats:\n  ident=[x] uid=1 set=ALL tag=0x0\n',
      '      st=1 rb=2 rp=3 tb=4 tp=5 op=0\n',
      '   0: 0100007F:13AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  2000        0 4410\n',
      '  Whitelist user apps:\n    x.y\n',
      'Current Battery Service state:\n  level: 8\n',
      '  JOB #u0a1/2: ab12 x.y/.Z\n',
      '    Source: uid=1 user=0 pkg=x.y\n',
      '    RTC_WAKEUP #0: Alarm{ab12 type 0 when 1 x.y}\n',
      '      tag=*walarm*:x when=+1s repeatInterval=0\n',
      'user=0\n  In-memory daily stats\n',
      '    time="2020-01-08 15:29:43" type=1 package=x.y class=x.y.Z\n',
      '      package=x.y totalTimeUsed="00:01" lastTimeUsed="2020-13-08 15:30:02"\n',
      '  * ServiceRecord{ab12 u0 x.y/.Z}\n    createTime=-1s\n',
      '  package: x.y\n    ApplicationExitInfo #0:\n',
      '      timestamp=2020-01-08 15:29:43.118 reason=6 (ANR)\n',
      'Current WebView Update Service state\n  Valid package x.y (1) is\n',
      '  UserInfo{0:a:13}',
      '  Enabled Device Admins (User 0):\n',
      '    a.b/.C:\n',
      '      policies: wipe-data\n',
      'VPNs:\n  0: ',
      'USER PID PPID NAME\n',
      'root 1 0 S /init\n',
      '7ae65fad.0\n',
      'Preferred Activities User 0:\n',
      '         mAlways=true\n',
      '    Restrictions:\n',
      '\r',
      '\r\n',
      '\uFEFF',
      '\0',
      '\u202e',
    ),
    fc.string({ maxLength: 12 }),
  ),
  { maxLength: 60 },
);

describe('parsers on arbitrary bytes', () => {
  it('has a command for every format', () => {
    for (const { id, command } of handsetFormats)
      expect(
        commands.some((one) => command.test(one)),
        id,
      ).toBe(true);
  });

  it('never throw, stay within their bounds, and give the same twice', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.uint8Array({ maxLength: 2000 }), (command, bytes) => {
        const result = parse(command, bytes);
        expect(result.records.length).toBeLessThanOrEqual(maxRecords);
        expect(result.unparsed.length).toBeLessThanOrEqual(maxUnparsedKept);
        expect(result.unparsedCount).toBeGreaterThanOrEqual(result.unparsed.length);
        expect(parse(command, bytes)).toEqual(result);
      }),
      { numRuns: 400, seed: 20140807 },
    );
  });

  it('survive every mixture of the words that they look for', () => {
    fc.assert(
      fc.property(fc.constantFrom(...commands), pieces, (command, words) => {
        const bytes = new TextEncoder().encode(words.join(''));
        parse(command, bytes);
        judgeOutcome(command, { stdout: bytes, stderr: bytes, exitCode: null, problem: null });
      }),
      { numRuns: 1500, seed: 20140810 },
    );
  });

  it('lose no property and no setting of what a handset can say', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,30}$/);
    // What cannot be told apart in getprop's own format: an entry inside a value, at the beginning of a line.
    const value = fc.string({ maxLength: 60, unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { minLength: 2, maxLength: 20, selector: ([key]) => key }),
        (entries) => {
          const dump = entries.map(([key, text]) => `[${key}]: [${text}]\r\n`).join('');
          const found = parse('getprop', new TextEncoder().encode(dump)).records.filter(
            ({ kind }) => kind === 'property',
          );
          expect(found.map((record) => (record.kind === 'property' ? [record.name, record.value] : []))).toEqual(
            entries,
          );
          const list = entries.map(([key, text]) => `${key}=${text}\n`).join('');
          const settings = parse('settings list system', new TextEncoder().encode(list)).records.filter(
            ({ kind }) => kind === 'setting',
          );
          expect(settings.map((record) => (record.kind === 'setting' ? [record.name, record.value] : []))).toEqual(
            entries,
          );
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it('turn instants into UTC without throwing', () => {
    fc.assert(
      fc.property(fc.string(), fc.double(), fc.option(fc.string()), (text, offsetMs, zone) => {
        handsetInstantToUtc(text, { offsetMs, boundMs: 0, zone });
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe('parsers on hostile output of a megabyte', () => {
  const size = 1024 * 1024;
  const hostile: readonly (readonly [string, string])[] = [
    ['carriage returns', '\r'.repeat(size)],
    ['blanks', ' '.repeat(size)],
    ['line breaks', `Row: 0 _id=1, name=a, value=b${'\n'.repeat(size)}x`],
    ['one endless word', `    ${'a.'.repeat(size / 2)}`],
    ['a package line of blanks', `package:${' '.repeat(size)}x`],
    ['a log line of blanks', `08-07 10:00:00.000  1  1 I ${' '.repeat(size)}x`],
    ['one property after the other on one line', '[a]: ['.repeat(size / 6)],
    ['a setting of defaults', `GLOBAL SETTINGS (user 0)\n_id:1 name:a pkg:b value:${' default:'.repeat(size / 9)}x`],
    ['a dropbox head of brackets', `2014-08-13 10:15:45 data_app_crash (${') '.repeat(size / 2)}x`],
    ['a package block of lists', `Packages:\n  Package [x] (1):\n    a=[ ${'b=[ '.repeat(size / 4)}`],
    ['a parcel of words', `Result: Parcel(${'00000000 '.repeat(size / 9)}`],
    [
      'an exception of errors',
      `08-07 10:00:00.000  1  1 E AndroidRuntime: FATAL EXCEPTION\n08-07 10:00:00.000  1  1 E AndroidRuntime: ${'Error'.repeat(size / 5)} x`,
    ],
    ['a start of components', `08-07 10:00:00.000  1  1 I ActivityManager: START u0 {${'cmp=a/b '.repeat(size / 8)}`],
    ['an interface of blanks', `wlan0 UP 1.2.3.4/24 0x1${' '.repeat(size)}x`],
  ];

  it.each(hostile)('%s: no format looks at a character more often than a bounded number of times', (_, text) => {
    const bytes = new TextEncoder().encode(text);
    for (const command of commands)
      expect(charactersLookedAt(() => parse(command, bytes)) / size, command).toBeLessThan(looksPerCharacter);
  });

  it('the count sees what grows with the square of the length', () => {
    const squared = (text: string): void => {
      for (let rest = text; rest !== ''; rest = rest.slice(1)) /[xy]$/.test(rest);
    };
    expect(charactersLookedAt(() => squared('a'.repeat(4096))) / 4096).toBeGreaterThan(looksPerCharacter);
  });
});

/** The patterns of one format together pass over such a text six times at most; its square would be a million times. */
const looksPerCharacter = 64;

/**
 * How many characters the patterns that run meanwhile are handed: up to the end of what they find, or all that is left. Every use of
 * a pattern (test, match, replace, split …) goes through `exec` once that is replaced (ECMA-262, RegExpExec). What one pattern does
 * within itself cannot be counted: one that backtracks over a megabyte runs into the limit against hanging.
 */
function charactersLookedAt(work: () => void): number {
  const original = Reflect.get(RegExp.prototype, 'exec');
  let looked = 0;
  RegExp.prototype.exec = function exec(this: RegExp, text: string): RegExpExecArray | null {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = original.call(this, text);
    const end = found === null ? (this.sticky ? from + 1 : text.length) : found.index + found[0].length;
    looked += Math.max(1, end - from);
    return found;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = original;
  }
  return looked;
}
