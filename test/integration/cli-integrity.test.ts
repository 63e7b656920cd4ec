import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Flow } from '../../shared/model/traffic.ts';
import { makeRandom } from '../demo-world/random.ts';
import { makeWorld } from '../demo-world/world.ts';
import { inParallel, jsonLines, openCliBench, treeHashes } from './cli-bench.ts';
import type { CliBench, CliEnd } from './cli-bench.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const seed = 7;
/** Only loopback, as on a workstation without any network. */
const offline = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const mayIsolate =
  process.platform === 'linux' && spawnSync('unshare', ['--net', 'sh', '-c', 'ip link set lo up']).status === 0;

let bench: CliBench;
let directory = '';
let demo: CliEnd;
beforeAll(async () => {
  bench = openCliBench();
  directory = bench.path('seven.handsight');
  demo = await bench.run(
    ['demo', '--out', directory, '--seed', String(seed), '--json'],
    mayIsolate ? { under: offline } : {},
  );
}, 240_000);
afterAll(() => bench.close());

function copy(name: string): string {
  const target = bench.path(name);
  cpSync(directory, target, { recursive: true });
  return target;
}

async function list<T>(command: string): Promise<T[]> {
  return jsonLines((await bench.must([command, directory, '--json'])).stdout) as T[];
}

describe('the demonstration of another seed', () => {
  test('works in a network namespace with only loopback', ({ skip }) => {
    if (!mayIsolate) skip('no right to mount or unshare here: no network namespace can be made');
    expect(demo.code, demo.stderr).toBe(0);
  });

  test('has other identifiers, hosts and times, and the findings follow', async () => {
    expect(demo.code, demo.stderr).toBe(0);
    const values = new Set((await list<Identifier>('identifiers')).map((one) => one.value));
    const [mine, other] = [makeWorld(seed), makeWorld(1)];
    for (const unit of ['H1', 'H2'] as const) {
      for (const kind of ['imei', 'iccid', 'wifiMac', 'androidId'] as const) {
        expect(values, `${unit} ${kind}`).toContain(mine.handsets[unit][kind]);
        expect(values, `${unit} ${kind}`).not.toContain(other.handsets[unit][kind]);
      }
    }
    const flows = await list<Flow>('flows');
    const reached = new Set(flows.map((one) => one.server.address));
    const known = mine.hosts.flatMap((one) => one.addresses).filter((address) => reached.has(address));
    expect(known.length).toBeGreaterThan(5);
    const addresses = new Set(other.hosts.flatMap((one) => one.addresses));
    expect(known.filter((address) => addresses.has(address)).length).toBeLessThan(known.length / 2);
    const starts = new Set(other.runs.map((one) => one.startAt));
    expect(mine.runs.filter((one) => starts.has(one.startAt))).toEqual([]);
    const findings = jsonLines((await bench.must(['findings', directory, '--json'])).stdout);
    expect(findings.length).toBeGreaterThan(40);
  });
});

describe('the same findings, whatever the surroundings', () => {
  const surroundings: readonly { name: string; workers: string; env: Record<string, string> }[] = [
    { name: 'samoa', workers: '1', env: { TZ: 'Pacific/Apia', LANG: 'C', LC_ALL: 'C' } },
    { name: 'new-york', workers: '4', env: { TZ: 'America/New_York', LANG: 'zh_TW.UTF-8', LC_ALL: 'zh_TW.UTF-8' } },
    { name: 'kathmandu', workers: '2', env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } },
  ];

  test('after deleting the index, under other zones and languages, with one worker and several', async () => {
    const queries = ['findings', 'flows', 'messages', 'records', 'events'];
    const say = async (folder: string, env: Record<string, string>): Promise<string[]> => {
      const said: string[] = [];
      for (const query of queries) said.push((await bench.must([query, folder, '--json'], { env })).stdout);
      return said;
    };
    const before = await say(directory, {});
    await inParallel(surroundings, async ({ name, workers, env }) => {
      const folder = copy(`${name}.handsight`);
      for (const file of readdirSync(folder)) if (file.startsWith('index')) rmSync(join(folder, file));
      await bench.must(['analyse', folder, '--workers', workers], { env });
      const after = await say(folder, env);
      for (const [at, query] of queries.entries()) expect(after[at] === before[at], `${name} ${query}`).toBe(true);
      await bench.must(['verify', folder], { env });
      rmSync(folder, { recursive: true });
    });
  });

  test('the index is not asked for: a query builds it, and says the same', async () => {
    const folder = copy('without-index.handsight');
    for (const file of readdirSync(folder)) if (file.startsWith('index')) rmSync(join(folder, file));
    await bench.must(['verify', folder]);
    const again = await bench.must(['findings', folder, '--json']);
    expect(again.stdout).toBe((await bench.must(['findings', directory, '--json'])).stdout);
  });
});

describe('one flipped byte is found and named', () => {
  const random = makeRandom(20140807, 'flipped bytes');
  const times = full ? 12 : 2;

  /** Flips one bit of a file at a place drawn from its middle, header and end included. */
  function flip(file: string): string {
    const bytes = readFileSync(file);
    const at = random.between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
    const { mode } = statSync(file);
    chmodSync(file, 0o600);
    writeFileSync(file, bytes);
    chmodSync(file, mode & 0o777);
    return `${file} byte ${at}`;
  }

  async function expectNamed(folder: string, place: string, names: string | RegExp): Promise<void> {
    const before = treeHashes(folder);
    const { code, stdout, stderr } = await bench.run(['verify', folder, '--json']);
    expect(code, `${place}: ${stdout.slice(-300)}${stderr}`).toBe(3);
    const lines = jsonLines(stdout);
    const first = lines.find((line) => line['ok'] === false);
    const summary = lines.at(-1);
    expect(summary, place).toMatchObject({ summary: true, ok: false });
    expect(String(summary?.['firstFailure']), place).toContain(String(first?.['subject']));
    expect(String(summary?.['firstFailure']), place).toMatch(names);
    expect(treeHashes(folder), place).toEqual(before);
    rmSync(folder, { recursive: true });
  }

  test('in an exhibit', async () => {
    const filled = (await list<Exhibit>('exhibits')).filter((one) => one.bytes > 0);
    for (let n = 0; n < times; n += 1) {
      const exhibit = filled[random.between(0, filled.length - 1)];
      if (exhibit === undefined) throw new Error('no exhibits');
      const folder = copy(`exhibit-${n}.handsight`);
      const twins = filled.filter((one) => one.sha256 === exhibit.sha256).map((one) => one.id);
      const place = flip(join(folder, 'exhibits', exhibit.sha256.slice(0, 2), exhibit.sha256));
      await expectNamed(folder, place, new RegExp(`exhibit (${twins.join('|')})\\b`));
    }
  });

  test('in case.sqlite', async () => {
    for (let n = 0; n < times * 2; n += 1) {
      const folder = copy(`case-${n}.handsight`);
      await expectNamed(folder, flip(join(folder, 'case.sqlite')), /\S/);
    }
  });

  test('in the index', async () => {
    for (let n = 0; n < times; n += 1) {
      const folder = copy(`index-${n}.handsight`);
      const name = readdirSync(folder).find((file) => /^index-\d+\.sqlite$/.test(file)) ?? '';
      await expectNamed(folder, flip(join(folder, name)), /^index index-\d+\.sqlite/);
    }
  });

  test('a head that is not in the chain: exit 3', async () => {
    const { code, stderr, stdout } = await bench.run(['verify', directory, '--head', 'a'.repeat(64)]);
    expect(code, stdout + stderr).toBe(3);
    expect(stdout).toMatch(/FAIL {2}custody/);
  });
});
