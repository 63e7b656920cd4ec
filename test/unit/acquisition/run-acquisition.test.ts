import { describe, expect, it } from 'vitest';
import { collectors, collectorsOf, planAcquisition } from '../../../main/acquisition/plan.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import type { AcquisitionOutcome } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import type { Progress } from '../../../shared/model/acquisition.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';
import type { Answer } from './fake-handset.ts';

const png = Buffer.from('89504e470d0a1a0a0000000049454e44ae426082', 'hex');
const now = (): string => '2014-08-07T04:00:00.000000Z';

const getprop43 = '[ro.build.version.release]: [4.3]\r\n[ro.build.version.sdk]: [18]\r\n';
const getprop14 = '[ro.build.version.release]: [14]\n[ro.build.version.sdk]: [34]\n';

/** What a handset of 4.3 says: no `settings list`, no `cmd`, no `ip`, no crash buffer. */
function old(command: string): Answer | undefined {
  const exact: Record<string, Answer> = {
    getprop: { stdout: getprop43 },
    'date +%s': { stdout: '1407384037\r\n' },
    'date +%s%N': { stdout: '1407384037N\r\n' },
    'cat /proc/uptime': { stdout: '100.00 50.00\r\n' },
    'getprop persist.sys.timezone': { stdout: 'Asia/Taipei\r\n' },
    'pm list packages -f -i': { stdout: 'package:/system/app/Mms.apk=com.android.mms  installer=null\r\n' },
    'service call iphonesubinfo 1': { stdout: "Result: Parcel(00000000 ffffffff '........')\r\n" },
    netcfg: { stdout: 'wlan0    UP  192.168.43.7/24  0x00001043 8c:be:be:12:34:56\r\n' },
    'dumpsys dropbox --print': { stdout: 'Drop box contents: 0 entries\r\n\r\n(No entries found.)\r\n' },
    'dumpsys package': { stdout: "Permission Denial: can't dump PackageManager from pid=1, uid=2000\r\n" },
  };
  if (exact[command]) return exact[command];
  if (command.startsWith('settings ')) return { stdout: 'usage:  settings [--user NUM] get namespace key\r\n' };
  if (command.startsWith('content query --uri content://settings/'))
    return { stdout: 'Row: 0 _id=1, name=a, value=b\r\n' };
  if (command.startsWith('pm list packages -f -'))
    return { stdout: `Error: Unknown option: ${command.split(' ')[4] ?? ''}\r\n` };
  if (command === 'logcat -d -b crash -v threadtime')
    return { stdout: "Unable to open log device '/dev/log/crash': No such file or directory\r\n" };
  if (command.startsWith('logcat')) return { stdout: '08-07 12:00:00.000  1  1 I T: x\r\n' };
  if (command.startsWith('screencap -p /') || command.startsWith('rm /')) return { stdout: '' };
  return undefined;
}

function modern(command: string): Answer | undefined {
  if (command === 'getprop') return { stdout: getprop14 };
  if (command.startsWith('date')) return { stdout: '1707384037123456789\n' };
  if (command === 'screencap -p') return { stdout: png };
  if (command.endsWith('/cacerts-added')) return { stdout: '7ae65fad.0\n' };
  return { stdout: `${command}\n` };
}

const collectorOf = (run: AcquisitionOutcome, id: string): AcquisitionOutcome['results'][number] | undefined =>
  run.results.find(({ collector }) => collector === id);

describe('the plan', () => {
  it('has one list from which the profiles are taken, quick within standard within full', () => {
    const ids = (profile: 'quick' | 'standard' | 'full'): string[] => collectorsOf(profile).map(({ id }) => id);
    expect(new Set(collectors.map(({ id }) => id)).size).toBe(collectors.length);
    expect(ids('standard')).toEqual(expect.arrayContaining(ids('quick')));
    expect(ids('full')).toEqual(expect.arrayContaining(ids('standard')));
    // What only a person's choice asks is in none.
    expect(collectors.map(({ id }) => id).filter((id) => !ids('full').includes(id))).toEqual([
      'message-texts',
      'screen-text',
      'bug-report',
    ]);
  });

  it('only the old way to a screenshot changes the handset', () => {
    const changes = (features: string[]): string[] =>
      planAcquisition('full', { release: '4.3', sdk: 18, features: new Set(features), phoneCalls: [1] })
        .flatMap(({ commands }) => commands)
        .filter(({ effect }) => effect === 'changes')
        .map(({ command }) => command.split(' ')[0] ?? '');
    expect(changes([])).toEqual(['screencap', 'rm']);
    expect(changes(['shell_v2'])).toEqual([]);
  });
});

describe('an acquisition of Android 4.3', () => {
  it('falls back where the release has no such command, and calls that no gap', async () => {
    const { link, sent } = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': png } });
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(run.release).toBe('4.3');
    expect(collectorOf(run, 'settings-system')).toMatchObject({ outcome: 'read' });
    expect(
      collectorOf(run, 'settings-system')?.commands.map(({ command, outcome, replaced }) => [
        command,
        outcome,
        replaced,
      ]),
    ).toEqual([
      ['settings list system', 'absent', true],
      ['content query --uri content://settings/system', 'read', false],
    ]);
    expect(
      collectorOf(run, 'packages')
        ?.commands.slice(0, 3)
        .map(({ outcome }) => outcome),
    ).toEqual(['absent', 'absent', 'read']);
    expect(sent).toContain('service call iphonesubinfo 5');
    expect(sent).not.toContain('service call iphonesubinfo 5 s16 com.android.shell');
    expect(collectorOf(run, 'dropbox')?.outcome).toBe('empty');
    expect(collectorOf(run, 'logcat')?.commands.map(({ outcome }) => outcome)).toEqual([
      'read',
      'read',
      'read',
      'read',
      'absent',
    ]);
    // What was refused is a gap; what this release has not is none.
    expect(run.outcome).toBe('complete-with-gaps');
    expect(run.gaps).toEqual([
      { collector: 'package-detail', command: 'dumpsys package', outcome: 'refused', reason: 'permission-denied' },
    ]);
    expect(run.notReached).toEqual([]);
  });

  it('reads the dump of all settings where neither the tool nor the content provider answers', async () => {
    const { link } = fakeHandset(
      (command) => {
        if (command.startsWith('content query'))
          return { stdout: 'Error while accessing provider:settings\r\nPermission denied\r\n' };
        return command === 'dumpsys settings'
          ? { stdout: 'SYSTEM SETTINGS (user 0)\r\n_id:1 name:a value:b\r\n' }
          : old(command);
      },
      { v2: false },
    );
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'quick', now });
    expect(collectorOf(run, 'settings-system')?.commands.map(({ command, outcome }) => [command, outcome])).toEqual([
      ['settings list system', 'absent'],
      ['content query --uri content://settings/system', 'refused'],
      ['dumpsys settings', 'read'],
    ]);
    expect(run.gaps.filter(({ collector }) => collector.startsWith('settings-'))).toEqual([]);
  });

  it('makes an exhibit of every command, raw, and judges only what is held', async () => {
    const { link, sent } = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': png } });
    const evidence = fakeEvidence();
    const judgedOf: string[] = [];
    const watching: typeof knowledge = {
      ...knowledge,
      judge: (command, result) => {
        judgedOf.push(command);
        const times = (what: string): number => evidence.order.filter((one) => one === what).length;
        const isOpen = (name: string): boolean => times(`hold ${name}`) > times(`finish ${name}`);
        // The readings of a state check are one exhibit.
        expect(isOpen(command) || isOpen('handset-state'), command).toBe(true);
        return knowledge.judge(command, result);
      },
    };
    await runAcquisition({ link, evidence, knowledge: watching, profile: 'standard', now });
    expect(judgedOf.length).toBeGreaterThan(20);
    const clock = evidence.stored.filter(({ meta }) => ['clock', 'state-check'].includes(meta.collector));
    const clockCommands = clock.flatMap(
      ({ bytes }) => (JSON.parse(bytes.toString()) as { commands: { command: string }[] }).commands,
    );
    const stored = [
      ...evidence.stored.filter((one) => !clock.includes(one)).map(({ meta }) => meta.command),
      ...clockCommands.map(({ command }) => command),
    ];
    expect([...stored].sort()).toEqual([...sent].sort());
    const getprop = evidence.stored.find(({ meta }) => meta.command === 'getprop');
    expect(getprop?.bytes.toString()).toBe(getprop43);
    expect(getprop?.meta.origin).toMatchObject({
      type: 'command',
      stream: 'merged',
      protocol: 'shell-v1',
      exitStatus: null,
      problem: null,
    });
  });

  it('records the change that a screenshot needs, before it is made and when it is undone', async () => {
    const { link } = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': png } });
    const evidence = fakeEvidence();
    await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(evidence.changes.map(({ state }) => state)).toEqual(['begun', 'made', 'undone']);
    const picture = evidence.stored.find(({ meta }) => meta.kind === 'screenshot');
    expect(picture).toMatchObject({ outcome: 'read', meta: { origin: { type: 'pull' } } });
    expect(picture?.bytes.equals(png)).toBe(true);
    const order = evidence.order.map((line) => line.replace(/[0-9a-f]{12}/, 'X'));
    expect(order.indexOf('begun screencap -p /data/local/tmp/handsight-X.png')).toBeLessThan(
      order.indexOf('hold screencap -p /data/local/tmp/handsight-X.png'),
    );
  });

  it.each([
    ['rm: /x: Permission denied\r\n', 'left', 'permission-denied'],
    ['rm: /x: No such file or directory\r\n', 'undone', null],
  ] as const)('a file of ours that `rm` answers with «%s» is %s (%s)', async (said, state, why) => {
    const { link } = fakeHandset((command) => (command.startsWith('rm /') ? { stdout: said } : old(command)), {
      v2: false,
      files: { '/data/local/tmp/handsight-': png },
    });
    const evidence = fakeEvidence();
    await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(evidence.changes.at(-1)).toMatchObject({ state, why });
  });

  it('tells what came of each collector before the next one is asked', async () => {
    const { link, sent } = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': png } });
    const told: [string, string, number][] = [];
    const onResult = (one: AcquisitionOutcome['results'][number]): void =>
      void told.push([one.collector, one.outcome, sent.length]);
    const run = await runAcquisition({ link, evidence: fakeEvidence(), knowledge, profile: 'standard', now, onResult });
    expect(told.map(([id, outcome]) => [id, outcome])).toEqual(run.results.map((one) => [one.collector, one.outcome]));
    const sentAt = told.map(([, , count]) => count);
    // SIM slots have no getter before 5.1: nothing was sent for them, and that is told.
    expect(told).toContainEqual(['sim-cards', 'absent', expect.any(Number)]);
    expect(new Set(sentAt).size).toBe(sentAt.length - 1);
    expect(told).toContainEqual(['package-detail', 'refused', expect.any(Number)]);
  });

  it('stores the clock’s measurement so that it can be parsed again', async () => {
    const { link } = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': png } });
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'quick', now });
    expect(run.clockAtStart?.zone).toBe('Asia/Taipei');
    expect(run.clockAtEnd).not.toBeNull();
    const clock = evidence.stored.filter(({ meta }) => meta.collector === 'clock');
    expect(clock).toHaveLength(2);
    const context = { collectedAt: now(), handsetClock: null };
    const { records } = parseExhibit({
      collector: 'clock',
      command: clock[0]?.meta.command ?? '',
      bytes: clock[0]?.bytes ?? Buffer.alloc(0),
      context,
    });
    expect(records).toMatchObject([{ kind: 'clock', zone: 'Asia/Taipei', offsetMs: run.clockAtStart?.offsetMs }]);
  });
});

describe('the clock while an acquisition runs', () => {
  /** A handset whose package dump takes until the clock was measured once more, and whose clock is then set by an hour. */
  function slowHandset(measured: () => number): ReturnType<typeof fakeHandset>['link'] {
    const { link } = fakeHandset((command) => {
      const nowMs = Date.now() + (measured() > 1 ? 3_600_000 : 0);
      return command.startsWith('date') ? { stdout: `${nowMs}000000\n` } : modern(command);
    });
    const run: typeof link.run = async (command, options) => {
      const before = measured();
      while (command === 'dumpsys package' && measured() === before) await new Promise((go) => setTimeout(go, 1));
      return link.run(command, options);
    };
    return { ...link, run };
  }

  it('is measured beside a long command, each time with an exhibit, and a clock that was set is said', async () => {
    const evidence = fakeEvidence();
    const told: Progress[] = [];
    const run = await runAcquisition({
      link: slowHandset(() => evidence.stored.filter(({ meta }) => meta.collector === 'clock').length),
      evidence,
      knowledge,
      profile: 'standard',
      clockEveryMs: 1,
      onProgress: (one) => void told.push(one),
    });
    expect(run.outcome).toBe('complete');
    const clocks = evidence.stored.filter(({ meta }) => meta.collector === 'clock');
    expect(clocks.length).toBeGreaterThanOrEqual(3);
    expect(run.clocks).toHaveLength(clocks.length);
    expect(run.clocks[0]).toBe(run.clockAtStart);
    expect(run.clocks.at(-1)).toBe(run.clockAtEnd);
    expect(run.clockSteps).toHaveLength(1);
    expect(Math.abs((run.clockSteps[0]?.stepMs ?? 0) - 3_600_000)).toBeLessThan(60_000);
    // The list of collectors is what was planned: a measurement in between is none of its own.
    expect(run.results.map(({ collector }) => collector)).toEqual([
      ...collectorsOf('standard').map(({ id }) => id),
      'state-check',
      'clock',
    ]);
  });

  it('in between cannot be stored: the acquisition ends with that, as with any other output', async () => {
    const evidence = fakeEvidence();
    let held = 0;
    const link = slowHandset(() => held);
    const full = {
      ...evidence,
      hold: (meta: Parameters<typeof evidence.hold>[0], bytes: Uint8Array) => {
        if (meta.collector === 'clock' && ++held === 2) return Promise.reject(new Error('disk full'));
        return evidence.hold(meta, bytes);
      },
    };
    const run = runAcquisition({ link, evidence: full, knowledge, profile: 'standard', clockEveryMs: 1 });
    await expect(run).rejects.toThrow('disk full');
    // It was the one in between: the dump that waited for it was the last thing asked.
    expect(held).toBe(2);
    expect(evidence.stored.at(-1)?.meta.command).toBe('dumpsys package');
  });
});

describe('an acquisition of Android 14', () => {
  it('asks with what the release has, keeps standard error apart, and takes the screen from standard output', async () => {
    const { link, sent } = fakeHandset((command) =>
      command === 'dumpsys appops'
        ? { stdout: 'Current AppOps Service state:\n', stderr: 'a warning\n' }
        : modern(command),
    );
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'full', now });
    expect(sent).toContain('service call iphonesubinfo 8 s16 com.android.shell');
    expect(sent).toContain('logcat -d -b radio -v threadtime -v year -v zone');
    expect(sent.some((command) => command.startsWith('rm '))).toBe(false);
    expect(evidence.changes).toEqual([]);
    expect(
      evidence.stored
        .filter(({ meta }) => meta.command === 'dumpsys appops')
        .map(({ meta, bytes }) => [meta.origin.type === 'command' ? meta.origin.stream : '', bytes.toString()]),
    ).toEqual([
      ['stdout', 'Current AppOps Service state:\n'],
      ['stderr', 'a warning\n'],
    ]);
    expect(run.outcome).toBe('complete');
    expect(evidence.stored.find(({ meta }) => meta.kind === 'screenshot')?.outcome).toBe('read');
  });

  it('says that a picture lacks its end: over standard output and through a file of a full storage', async () => {
    const half = png.subarray(0, 14);
    const over = fakeHandset((command) => (command === 'screencap -p' ? { stdout: half } : modern(command)));
    const first = await runAcquisition({
      link: over.link,
      evidence: fakeEvidence(),
      knowledge,
      profile: 'standard',
      now,
    });
    expect(collectorOf(first, 'screenshot')).toMatchObject({ outcome: 'interrupted', reason: 'picture-cut' });
    expect(first).toMatchObject({ outcome: 'complete-with-gaps', endedBy: null, notReached: [] });
    const through = fakeHandset(old, { v2: false, files: { '/data/local/tmp/handsight-': half } });
    const evidence = fakeEvidence();
    const second = await runAcquisition({ link: through.link, evidence, knowledge, profile: 'standard', now });
    expect(second.gaps).toContainEqual(expect.objectContaining({ collector: 'screenshot', reason: 'picture-cut' }));
    expect(evidence.stored.find(({ meta }) => meta.kind === 'screenshot')?.bytes.equals(half)).toBe(true);
    expect(evidence.changes.map(({ state }) => state)).toEqual(['begun', 'made', 'undone']);
  });

  it('says that what came is no picture', async () => {
    const { link } = fakeHandset((command) =>
      command === 'screencap -p' ? { stdout: 'Error: protected\n' } : modern(command),
    );
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(collectorOf(run, 'screenshot')).toMatchObject({ outcome: 'refused', reason: 'no-picture' });
    expect(evidence.stored.find(({ meta }) => meta.kind === 'screenshot')?.outcome).toBe('refused');
  });
});

describe('faults', () => {
  it('a command that times out stops nothing', async () => {
    const { link } = fakeHandset((command) =>
      command === 'dumpsys package' ? { problem: 'TIMEOUT', stdout: 'Packages:\n' } : modern(command),
    );
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(collectorOf(run, 'package-detail')).toMatchObject({ outcome: 'timed-out', reason: 'time-limit' });
    expect(evidence.stored.find(({ meta }) => meta.command === 'dumpsys package')?.bytes.toString()).toBe(
      'Packages:\n',
    );
    expect(run).toMatchObject({ outcome: 'complete-with-gaps', notReached: [], endedBy: null });
    expect(run.results.at(-1)?.collector).toBe('clock');
  });

  it('a handset that vanishes ends it: the current one interrupted with what came, the rest named', async () => {
    let gone = false;
    const { link } = fakeHandset(
      (command) => {
        if (command === 'pm list packages -s') gone = true;
        return gone ? { problem: 'TRUNCATED', stdout: 'package:com.half\npackage:com.' } : modern(command);
      },
      { present: () => !gone },
    );
    const evidence = fakeEvidence();
    const run = await runAcquisition({ link, evidence, knowledge, profile: 'standard', now });
    expect(run).toMatchObject({ outcome: 'interrupted', endedBy: 'TRUNCATED' });
    expect(run.results.at(-1)).toMatchObject({ collector: 'packages', outcome: 'interrupted', reason: 'TRUNCATED' });
    expect(run.notReached).toEqual([
      'logcat',
      'screenshot',
      'dropbox',
      'app-ops',
      'package-detail',
      'handlers',
      'users',
      'policy',
      'telephony',
      'wifi',
      'certificates',
      'processes',
      'power',
      'usage',
      'traffic-totals',
      'autostart',
      'state-check',
      'clock',
    ]);
    expect(evidence.stored.at(-1)).toMatchObject({ outcome: 'interrupted', fault: 'interrupted:TRUNCATED' });
    expect(evidence.stored.at(-1)?.bytes.toString()).toBe('package:com.half\npackage:com.');
  });

  it('a stream cut short while the handset is still there ends only that command', async () => {
    const { link } = fakeHandset((command) =>
      command === 'dumpsys appops' ? { problem: 'TRUNCATED', stdout: 'Cur' } : modern(command),
    );
    const run = await runAcquisition({ link, evidence: fakeEvidence(), knowledge, profile: 'standard', now });
    expect(collectorOf(run, 'app-ops')).toMatchObject({ outcome: 'interrupted', reason: 'TRUNCATED' });
    expect(run).toMatchObject({ outcome: 'complete-with-gaps', notReached: [] });
  });

  it('a handset that is gone at once gives an interrupted clock and nothing else', async () => {
    const { link } = fakeHandset(() => ({ problem: 'OFFLINE' }), { present: () => false });
    const run = await runAcquisition({ link, evidence: fakeEvidence(), knowledge, profile: 'quick', now });
    expect(run.results.map(({ collector, outcome }) => [collector, outcome])).toEqual([['clock', 'interrupted']]);
    // All others, and state and clock once more at the end.
    expect(run.notReached).toHaveLength(collectorsOf('quick').length + 1);
  });

  it('is cancelled between and during commands', async () => {
    const controller = new AbortController();
    const { link, sent } = fakeHandset((command) => {
      // Not in the check before everything else.
      if (command === 'settings list secure' && sent.includes('settings get global adb_enabled')) controller.abort();
      return controller.signal.aborted ? { problem: 'ABORTED' } : modern(command);
    });
    const evidence = fakeEvidence();
    const run = await runAcquisition({
      link,
      evidence,
      knowledge,
      profile: 'standard',
      signal: controller.signal,
      now,
    });
    expect(run).toMatchObject({ outcome: 'interrupted', endedBy: 'ABORTED' });
    expect(sent.at(-1)).toBe('settings list secure');
    expect(run.notReached[0]).toBe('settings-global');
  });

  it('throws when evidence cannot be stored: nothing is acknowledged that is not on disk', async () => {
    const { link } = fakeHandset(modern);
    const evidence = { ...fakeEvidence(), hold: () => Promise.reject(new Error('disk full')) };
    await expect(runAcquisition({ link, evidence, knowledge, profile: 'quick', now })).rejects.toThrow('disk full');
  });

  it('tells of each collector, and each second of a long command', async () => {
    const seen: Progress[] = [];
    const { link } = fakeHandset((command) =>
      command === 'settings list global' ? { ...modern(command), delayMs: 1300 } : modern(command),
    );
    await runAcquisition({
      link,
      evidence: fakeEvidence(),
      knowledge,
      profile: 'quick',
      now,
      onProgress: (p) => seen.push(p),
    });
    expect(seen.filter(({ note }) => note === null).map(({ step }) => step)).toEqual([
      ...collectorsOf('quick').map(({ id }) => id),
      'state-check',
      'clock',
      'finished',
    ]);
    expect(seen.some(({ step, note }) => step === 'settings-global' && note?.endsWith(' s') === true)).toBe(true);
    expect(seen.at(-1)).toMatchObject({
      done: collectorsOf('quick').length + 2,
      total: collectorsOf('quick').length + 2,
    });
  });
});
