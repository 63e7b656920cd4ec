import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareSnapshots } from '../../main/comparison/compare-snapshots.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import type { ParseResult } from '../../main/parsing/parse-result.ts';
import type { RecordBody, SnapshotRecord } from '../../shared/model/record.ts';

const data = resolve(process.env['HANDSIGHT_REAL_DATA'] ?? '../shared/data', 'handset');
const present = existsSync(data);
const getprops = present ? readdirSync(join(data, 'getprop')).map((name) => join('getprop', name)) : [];
const title = present ? 'real handset output' : `real handset output (skipped: no ${data}; set HANDSIGHT_REAL_DATA)`;

function parse(file: string, command: string, release = '10'): ParseResult {
  const context = { collectedAt: '2020-01-08T15:32:00.000000Z', handsetClock: null, release };
  return parseExhibit({ collector: null, command, bytes: readFileSync(join(data, file)), context });
}

function of<K extends RecordBody['kind']>(result: ParseResult, kind: K): Extract<RecordBody, { kind: K }>[] {
  return result.records.filter((record): record is Extract<RecordBody, { kind: K }> => record.kind === kind);
}

/** A count that shares nothing with our parsers. */
function awk(program: string, file: string): number {
  return Number(
    execFileSync('awk', [program, join(data, file)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).trim(),
  );
}

function awkLines(program: string, file: string): string[] {
  return execFileSync('awk', [program, join(data, file)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
    .split('\n')
    .filter((line) => line !== '');
}

describe.skipIf(!present)(title, () => {
  it.each([...getprops, join('pixel-android10', 'getprop.txt')])(
    '%s: as many properties as awk counts, values whole',
    (file) => {
      const result = parse(file, 'getprop');
      expect(of(result, 'property')).toHaveLength(awk('/^\\[/{n++} END{print n+0}', file));
      expect(result.unparsedCount).toBe(0);
      // Written back in getprop's own form it is the file again, byte for byte: nothing was lost.
      const again = of(result, 'property').map(({ name, value }) => `[${name}]: [${value}]`);
      const original = readFileSync(join(data, file), 'utf8').trimEnd();
      expect(`${again.join('\n')}`).toBe(original);
    },
  );

  it('settings of user 0: as many as awk counts, name by name', () => {
    const file = 'pixel-android10/dumpsys-settings.txt';
    const program =
      '/SETTINGS \\(user/{p=($0 ~ /^(GLOBAL|SECURE|SYSTEM) SETTINGS \\(user 0\\)/); next} p && /^_id:/{sub(/^.* name:/,""); sub(/ .*/,""); print}';
    const result = parse(file, 'dumpsys settings');
    const names = of(result, 'setting').map(({ name }) => name);
    const nulls = awk(
      '/SETTINGS \\(user/{p=($0 ~ /^(GLOBAL|SECURE|SYSTEM) SETTINGS \\(user 0\\)/); next} p && /^_id:/ && / value:null( |$)/{n++} END{print n+0}',
      file,
    );
    const expected = awkLines(program, file);
    expect(names.length).toBe(expected.length - nulls);
    expect(expected).toEqual(expect.arrayContaining(names));
    expect(result.unparsedCount).toBe(0);
  });

  it('packages, permissions and boot receivers of Android 10: as awk counts them', () => {
    const file = 'pixel-android10/dumpsys-package.txt';
    const result = parse(file, 'dumpsys package');
    const inPackages = '/^[A-Z]/{p=($0 ~ /^Packages:/)} p && ';
    expect(of(result, 'package')).toHaveLength(awk(`${inPackages}/^  Package \\[/{n++} END{print n+0}`, file));
    expect(of(result, 'package').filter(({ system }) => system === true)).toHaveLength(
      awk(`${inPackages}/^    pkgFlags=\\[ .*SYSTEM/{n++} END{print n+0}`, file),
    );
    const ownPackages = new Set(of(result, 'package').map(({ name }) => name));
    expect(ownPackages.size).toBe(of(result, 'package').length);
    // Run-time permissions of user 0 of packages without a shared user id.
    const runtime = awk(
      `${inPackages}/^  Package \\[/{u=-1;s=0;r=0} p && /^    sharedUser=/{s=1} p && /^    User /{u=$2+0;r=0} p && /^      [a-zA-Z]/{r=0} p && /^      runtime permissions:/{r=1} p && r && u==0 && !s && /^        [^ ]+: granted=/{n++} END{print n+0}`,
      file,
    );
    const shared = new Set(
      awkLines(`${inPackages}/^  Package \\[/{x=$2} p && /^    sharedUser=/{gsub(/[\\[\\]]/,"",x); print x}`, file),
    );
    expect(shared.size).toBeGreaterThan(0);
    expect(
      of(result, 'permission').filter(({ scope, package: name }) => scope === 'runtime' && !shared.has(name)),
    ).toHaveLength(runtime);
    const boot = awkLines(
      '/^[A-Z]/{p=($0 ~ /^Receiver Resolver/)} p && /^      [^ ]/{b=($1 ~ /^android\\.intent\\.action\\.(LOCKED_)?BOOT_COMPLETED:$/ || $1 ~ /^android\\.intent\\.action\\.QUICKBOOT_POWERON:$/)} p && b && /^        [0-9a-f]/{print $2}',
      file,
    );
    expect(of(result, 'component').filter(({ bootReceiver }) => bootReceiver)).toHaveLength(new Set(boot).size);
    expect(result.unparsedCount).toBe(0);
    expect(result.limits).toEqual(['other-user:11']);
    // Which apps the second user has.
    const ofSecond = of(result, 'fact').filter(({ topic, name }) => topic === 'user' && name === '11/app');
    expect(ofSecond.length).toBeGreaterThan(100);
    expect(ofSecond).toHaveLength(awk(`${inPackages}/^    User 11:.* installed=true/{n++} END{print n+0}`, file));
    // Apps chosen for good, each once, whichever lists of the section name it.
    const preferred = new Set(
      awkLines(
        '/^[^ ]/{p=($0 ~ /^Preferred Activities User/); u=$4+0} p && /^        [0-9a-f]/{c=$2} p && /^          Action: /{gsub(/"/,"",$2); a=$2} p && /^          Scheme: /{gsub(/"/,"",$2); print u "/" a " " $2 " " c} p && /^          Category: "android.intent.category.HOME"/{print u "/" a " android.intent.category.HOME " c}',
        file,
      ),
    );
    const chosen = of(result, 'fact')
      .filter(({ topic }) => topic !== 'user')
      .map(({ name, value }) => `${name.replace('Preferred Activities User ', '')} ${value}`);
    expect(chosen.filter((one) => !/^\d+\/android\.intent\.action\.DIAL com/.test(one)).sort()).toEqual(
      [...preferred].sort(),
    );
    expect(preferred.size).toBe(12);
  });

  it('app-ops and crashes: as awk counts them', () => {
    const ops = 'pixel-android10/dumpsys-appops.txt';
    expect(of(parse(ops, 'dumpsys appops'), 'app-op')).toHaveLength(
      awk('/^  Uid /{p=1} p && (/^      [A-Z_]+ \\(/ || /^      [A-Z_]+: mode=/){n++} END{print n+0}', ops),
    );
    const box = 'pixel-android10/dumpsys-dropbox.txt';
    expect(of(parse(box, 'dumpsys dropbox'), 'crash')).toHaveLength(
      awk('/^20[0-9][0-9]-.* (system|data)_app_(crash|anr|native_crash) \\(/{n++} END{print n+0}', box),
    );
  });

  it('the state of Wi-Fi: off, and no network', () => {
    const { records, unparsedCount } = parse('pixel-android10/dumpsys-wifi.txt', 'dumpsys wifi');
    expect(unparsedCount).toBe(0);
    expect(records).toMatchObject([{ kind: 'fact', name: 'Wi-Fi', value: 'disabled' }]);
  });

  it('the mobile network of a handset without a card: as awk finds it', () => {
    const file = 'pixel-android10/dumpsys-telephony.registry.txt';
    const found = new Map(
      of(parse(file, 'dumpsys telephony.registry'), 'fact').map(({ name, value }) => [name, value]),
    );
    // One phone; no operator, no network and no cell (`mCellLocation=Bundle[{cid=-1`, `cellIdentity=null`).
    expect(awk('/^  Phone Id=/{n++} END{print n+0}', file)).toBe(1);
    expect(awk('/^    mServiceState=.*mVoiceRegState=1\\(OUT_OF_SERVICE\\)/{n++} END{print n+0}', file)).toBe(1);
    expect([...found]).toEqual([
      ['phone 0/voice service', 'OUT_OF_SERVICE'],
      ['phone 0/data service', 'OUT_OF_SERVICE'],
      ['phone 0/roaming', 'NOT_ROAMING'],
      ['phone 0/technology', 'Unknown'],
      ['phone 0/mobile data switched on', 'false'],
    ]);
  });

  it('users and their restrictions: as awk counts them', () => {
    const file = 'pixel-android10/dumpsys-user.txt';
    const result = parse(file, 'dumpsys user');
    const named = (name: RegExp): string[] =>
      of(result, 'fact').flatMap((fact) => (name.test(fact.name) ? [fact.value] : []));
    expect(named(/^\d+\/name$/)).toEqual(['null', 'User2']);
    expect(named(/^\d+\/name$/)).toHaveLength(awk('/^  UserInfo[{]/{n++} END{print n+0}', file));
    expect(named(/restrictions$/i)).toEqual(
      awkLines(
        '/estrictions:$/{r=1; next} r && /^ +[a-z_]+$/{if ($1 != "none" && $1 != "null") print $1; next} {r=0}',
        file,
      ),
    );
    expect(named(/restrictions$/i)).toHaveLength(8);
    expect(
      of(result, 'fact')
        .filter(({ topic }) => topic === 'policy')
        .map(({ name, value }) => `${name}=${value}`),
    ).toEqual([
      '0/Has profile owner=false',
      '11/Has profile owner=false',
      'Device owner id=-10000',
      'Device managed=false',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('sleep lists, jobs, alarms, use and WebView: as awk counts them', () => {
    const file = (name: string): string => `pixel-android10/dumpsys-${name}.txt`;
    const facts = (name: string): ReturnType<typeof of<'fact'>> => {
      const result = parse(file(name), `dumpsys ${name}`);
      expect(result.unparsed, name).toEqual([]);
      return of(result, 'fact');
    };
    const idle = facts('deviceidle');
    expect(idle.map((fact) => fact.package ?? fact.value)).toEqual(
      awkLines('/^  [^ ]/{p=/^  Whitelist .*:$/} p && /^    /{print $1}', file('deviceidle')),
    );
    expect(idle).toHaveLength(26);
    const jobs = facts('jobscheduler');
    expect(jobs.map(({ name }) => name)).toEqual(awkLines('/^  JOB #/{print $4}', file('jobscheduler')));
    // The dump says itself how many there are.
    expect(jobs).toHaveLength(awk('/^Registered/{print $2}', file('jobscheduler')));
    expect(jobs.filter(({ value }) => value.includes('PERIODIC'))).toHaveLength(
      awk('/^      PERIODIC/{n++} END{print n+0}', file('jobscheduler')),
    );
    const alarms = facts('alarm');
    expect(alarms.filter(({ name }) => name !== 'Alarm Stats').map(({ name }) => name)).toEqual(
      awkLines('/^ +(RTC|ELAPSED)(_WAKEUP)? #/{a=1} a && /^ +tag=/{sub(/^ +tag=/,""); print; a=0}', file('alarm')),
    );
    expect(alarms.filter(({ name }) => name === 'Alarm Stats')).toHaveLength(
      awk('/^  Alarm Stats:/{p=1} p && /^  [^ ].* wakeups:$/{n++} END{print n+0}', file('alarm')),
    );
    const used = facts('usagestats');
    expect(used.filter(({ topic, name }) => topic === 'usage' && !name.endsWith(' stats'))).toHaveLength(
      awk('/^ +time="/{n++} END{print n+0}', file('usagestats')),
    );
    expect(used.find(({ name }) => name === 'KEYGUARD_HIDDEN')?.atHandset).toBe('2020-01-08T15:30:02.000000');
    expect(used.filter(({ name }) => name.endsWith(' stats'))).toHaveLength(
      awk('/ totalTimeUsed=/{n++} END{print n+0}', file('usagestats')),
    );
    expect(used.filter(({ topic }) => topic === 'power')).toHaveLength(
      awk('/ bucket=[0-9]/{n++} END{print n+0}', file('usagestats')),
    );
    expect(facts('webviewupdate').filter((fact) => fact.package === 'com.android.webview')).toHaveLength(
      awk('/com.android.webview/{n++} END{print n+0}', file('webviewupdate')),
    );
    // No card and no Wi-Fi: one line of the two prints of a bug report says so.
    expect(facts('connectivity').map(({ name, value }) => [name, value])).toEqual([['Active default network', 'none']]);
    // Counted nothing yet: an empty list, not an unreadable one.
    expect(facts('netstats')).toEqual([]);
    expect(facts('settings').map(({ name }) => name)).toEqual([
      'secure/default_input_method',
      'secure/enabled_notification_assistant',
      'secure/enabled_notification_listeners',
      'secure/enabled_input_methods',
    ]);
  });

  it('every file of the folder goes through every command that could have made it, without a throw', () => {
    for (const file of readdirSync(join(data, 'pixel-android10'))) {
      const command = file.startsWith('dumpsys-') ? `dumpsys ${file.slice(8, -4)}` : 'getprop';
      expect(() => parse(join('pixel-android10', file), command)).not.toThrow();
    }
  });

  it.each([
    ['1.0-android15', '1.1-android15'],
    ['1.1-android15', '1.8-android16'],
  ])(
    'one nubia before and after a real upgrade (%s → %s): exactly the difference that the two files have',
    (from, to) => {
      const name = (build: string): string => join('getprop', `nubia-p0110-obric-${build}-unit-a.txt`);
      const records = (build: string, label: string): SnapshotRecord[] =>
        parse(name(build), 'getprop').records.map((record) => ({
          ...record,
          label,
          handset: 'H1',
          run: null,
          exhibit: 'E001',
        }));
      const changes = compareSnapshots(records(from, 'before'), records(to, 'after'));
      // The same difference by awk: names with another value, names that are new, names that are gone. Multi-line values are joined.
      const joined = (build: string): Map<string, string> =>
        new Map(
          awkLines('/^\\[/{if(v!="")print v; v=$0; next} {v=v "\\001" $0} END{print v}', name(build)).map((line) => {
            const at = line.indexOf(']: [');
            return [line.slice(1, at), line.slice(at + 4)];
          }),
        );
      const [a, b] = [joined(from), joined(to)];
      const expected = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key)).sort();
      expect(changes.map(({ subject }) => subject).sort()).toEqual(expected);
      expect(changes.some(({ kind, subject }) => kind === 'build' && subject === 'ro.build.version.incremental')).toBe(
        true,
      );
      // The upgrade is not drowned: what changes by itself is marked, and is not most of it.
      expect(changes.filter(({ noise }) => noise).length).toBeGreaterThan(0);
      expect(changes.filter(({ kind, noise }) => kind === 'build' && noise)).toEqual([]);
      process.stdout.write(
        `nubia ${from} → ${to}: ${changes.length} changes, ${changes.filter(({ noise }) => noise).length} of them noise\n`,
      );
    },
  );
});
