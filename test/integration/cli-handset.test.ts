import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectedHandset } from '../../shared/model/handset.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { jsonLines, openCliBench, treeHashes } from './cli-bench.ts';
import type { CliBench, CliEnd } from './cli-bench.ts';
import { openBench } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let cli: CliBench;
let bench: Bench;
let env: Record<string, string> = {};
beforeAll(async () => {
  cli = openCliBench();
  bench = await openBench();
  // The commands use the running adb server that the handsets are plugged into.
  env = { HANDSIGHT_ADB_SERVER: `127.0.0.1:${bench.server.endpoint()?.port}` };
});
afterAll(async () => {
  await bench.close();
  cli.close();
});

const acquire = (directory: string, handset: SimulatedHandset, label: string): string[] => [
  'acquire',
  directory,
  '--serial',
  handset.address,
  '--handset',
  'H1',
  '--label',
  label,
  '--profile',
  'quick',
];

async function exhibits(directory: string, label: string): Promise<Exhibit[]> {
  const { stdout } = await cli.must(['exhibits', directory, '--label', label, '--json']);
  return jsonLines(stdout) as unknown as Exhibit[];
}

/** What a person is told: one line a gap, in both languages. */
function gapLines(end: CliEnd): string[] {
  return end.stderr.split('\n').filter((line) => line !== '' && !/\d+\/\d+ /.test(line));
}

describe('devices', () => {
  test('lists what adb sees, each with what to do about it; and attaches', async () => {
    const handset = await bench.plug('modern-locked');
    const { stdout } = await cli.must(['devices', '--json'], { env });
    const listed = jsonLines(stdout) as unknown as ConnectedHandset[];
    const found = listed.find((one) => one.serial === handset.address);
    expect(found).toMatchObject({ state: 'device', transport: 'tcp' });
    expect(found?.advice).not.toBe('');
    const chinese = await cli.must(['devices', '--lang', 'zh-Hant'], { env });
    expect(chinese.stdout).toMatch(/可以採集|就緒/);
    await cli.must(['devices', 'disconnect', handset.address], { env });
    const connected = await cli.must(['devices', 'connect', handset.address, '--json'], { env });
    expect(jsonLines(connected.stdout)).toMatchObject([{ serial: handset.address, state: 'device' }]);
  });

  test('with no handset at all says so on standard error, and how to get one', async () => {
    const { stdout, stderr } = await cli.must(['devices', '--json']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/USB/);
  });
});

describe('acquire ends', () => {
  test('0 when everything was read, was empty or does not exist on this release', async () => {
    const directory = await cli.newCase('whole.handsight');
    const handset = await bench.plug('modern-rooted');
    const end = await cli.run([...acquire(directory, handset, 'before'), '--json'], { env });
    expect(end.code, end.stderr).toBe(0);
    const [acquired] = jsonLines(end.stdout) as { acquisition: { outcome: string }; gaps: unknown[] }[];
    expect(acquired).toMatchObject({ acquisition: { outcome: 'complete' }, gaps: [] });
    // What nobody confirmed before the cable is said before the handset is asked.
    const lines = end.stderr.split('\n');
    const said = lines.findIndex((line) => line.includes('no intake of H1 is recorded'));
    expect(said).toBeGreaterThan(-1);
    expect(said).toBeLessThan(lines.findIndex((line) => line.includes('collectors')));
    expect((await exhibits(directory, 'before')).length).toBeGreaterThan(5);
    await cli.must(['verify', directory]);
  });

  test('4 when something was refused or gave no answer in time: each is listed, the rest is there', async () => {
    const directory = await cli.newCase('refused.handsight');
    const handset = await bench.plug('modern-locked', {
      overrides: [
        {
          match: /settings list secure|content:\/\/settings\/secure/,
          stderr: "java.lang.SecurityException: Permission Denial: get/set setting for user <b>'\u001b[31m\n",
          exitCode: 255,
        },
      ],
    });
    const end = await cli.run(acquire(directory, handset, 'before'), { env });
    expect(end.code, end.stderr).toBe(4);
    expect(gapLines(end).join('\n')).toMatch(/Settings \(secure\).*settings list secure.*refused/);
    expect(end.stderr + end.stdout).not.toContain('\u001b');
    const kept = await exhibits(directory, 'before');
    expect(kept.filter((one) => one.outcome === 'refused').length).toBeGreaterThan(0);
    expect(kept.filter((one) => one.outcome === 'read').length).toBeGreaterThan(5);
    const chinese = await cli.run([...acquire(directory, handset, 'again'), '--lang', 'zh-Hant'], { env });
    expect(chinese.code).toBe(4);
    expect(gapLines(chinese).join('\n')).toMatch(/設定.*settings list secure.*拒/);
    expect(gapLines(chinese).join('\n')).not.toMatch(/refused|permission/i);
    await cli.must(['verify', directory]);
  });

  test('4 when the cable is pulled: what came is there, the interruption is recorded, the next attempt works', async () => {
    const directory = await cli.newCase('pulled.handsight');
    const handset = await bench.plug('modern-rooted');
    // Settings are read before everything else too, in the check of the handset's state.
    handset.addFault({ service: /pm list packages -f /, afterBytes: 40, action: 'unplug' });
    const end = await cli.run(acquire(directory, handset, 'before'), { env });
    expect(end.code, end.stderr).toBe(4);
    expect(gapLines(end).length).toBeGreaterThan(0);
    const kept = await exhibits(directory, 'before');
    expect(kept.filter((one) => one.outcome === 'interrupted').length).toBeGreaterThan(0);
    expect(kept.some((one) => one.collector === 'properties' && one.outcome === 'read')).toBe(true);
    await handset.replug();
    await cli.must(['devices', 'connect', handset.address], { env });
    const next = await cli.run(acquire(directory, handset, 'again'), { env });
    expect(next.code, next.stderr).toBe(0);
    await cli.must(['verify', directory]);
  });

  test('1 when the handset is not there or does not trust us: the case is as it was', async () => {
    const directory = await cli.newCase('away.handsight');
    const before = treeHashes(directory);
    const gone = await bench.plug('modern-locked');
    await gone.close();
    const end = await cli.run(acquire(directory, gone, 'before'), { env });
    expect(end, end.stderr).toMatchObject({ code: 1, stdout: '' });
    expect(treeHashes(directory)).toEqual(before);
  });

  test('130 on Ctrl-C: the exhibits so far stay and the end is recorded', async () => {
    const directory = await cli.newCase('stopped.handsight');
    const handset = await bench.plug('modern-rooted', {
      overrides: [{ match: 'pm list packages -3', hang: true }],
    });
    const running = cli.start(acquire(directory, handset, 'before'), { env });
    const deadline = performance.now() + 30_000;
    while (!/packages/i.test(running.said()) && performance.now() < deadline) await sleep(10);
    running.child.kill('SIGINT');
    const end = await running.end;
    expect(end.code, end.stderr).toBe(130);
    const kept = await exhibits(directory, 'before');
    expect(kept.some((one) => one.collector === 'properties' && one.outcome === 'read')).toBe(true);
    await cli.must(['verify', directory]);
  });
});

describe('capture', () => {
  const capture = (directory: string, handset: SimulatedHandset, ...more: string[]): string[] => [
    'capture',
    directory,
    '--serial',
    handset.address,
    '--handset',
    'H1',
    '--label',
    'live',
    '--method',
    'tcpdump',
    ...more,
  ];

  test('for some seconds, and until Ctrl-C: both are orderly ends', async () => {
    const directory = await cli.newCase('live.handsight');
    const handset = await bench.plug('modern-rooted');
    const timed = await cli.run(capture(directory, handset, '--seconds', '2', '--json'), { env });
    expect(timed.code, timed.stderr).toBe(0);
    expect(timed.stderr.match(/no intake of H1 is recorded/g)).toHaveLength(1);
    const running = cli.start(capture(directory, handset), { env });
    const deadline = performance.now() + 30_000;
    while (!/tcpdump [1-9]/.test(running.said()) && performance.now() < deadline) await sleep(20);
    running.child.kill('SIGINT');
    const stopped = await running.end;
    expect(stopped.code, stopped.stderr).toBe(0);
    const kept = (await exhibits(directory, 'live')).filter((one) => one.kind === 'capture');
    expect(kept.map((one) => one.outcome)).toEqual(['read', 'read']);
    expect(kept.every((one) => (one.packets ?? 0) > 0)).toBe(true);
    await cli.must(['verify', directory]);
  });

  test('of an unrooted handset: exit 1 with why, the case as it was', async () => {
    const directory = await cli.newCase('unrooted.handsight');
    const handset = await bench.plug('modern-locked');
    const before = treeHashes(directory);
    const end = await cli.run(capture(directory, handset, '--seconds', '2'), { env });
    expect(end, end.stderr).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(/refused/);
    // Nothing is written, so nothing is said to be.
    expect(end.stderr).not.toMatch(/recorded|kept/);
    expect(treeHashes(directory)).toEqual(before);
  });
});

describe('without a working adb', () => {
  test('adb is not installed: exit 1, says how to get it', async () => {
    for (const args of [['devices'], ['demo', '--out', cli.path('never.handsight')]]) {
      const end = await cli.run(args, { env: { PATH: cli.folder, ANDROID_HOME: '', ANDROID_SDK_ROOT: '' } });
      expect(end, end.stderr).toMatchObject({ code: 1, stdout: '' });
      expect(end.stderr).toMatch(/apt-get install adb/);
      expect(end.stderr).not.toMatch(/About/);
    }
    expect(existsSync(cli.path('never.handsight'))).toBe(false);
  });

  test('the named server is not there, or is something else: exit 1, one line', async () => {
    const other: Server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      for (const named of ['127.0.0.1:1', `127.0.0.1:${port}`, 'nonsense']) {
        const end = await cli.run(['devices'], { env: { HANDSIGHT_ADB_SERVER: named } });
        expect(end.code, `${named}: ${end.stderr}`).toBe(1);
        expect(end.stderr.trim().split('\n'), named).toHaveLength(1);
      }
    } finally {
      other.close();
    }
  });
});
