import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines, openCliBench } from './cli-bench.ts';
import type { CliBench, CliEnd } from './cli-bench.ts';
import { fixedDevice } from './device-link.ts';
import { openBench, until, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';

let cli: CliBench;
let bench: Bench;
beforeAll(async () => {
  cli = openCliBench();
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
  cli.close();
});

const always = ['clock', 'state-check', 'properties'];
const folder = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==';
const parts = ['base', 'split_config.arm64_v8a', 'split_config.zh'].map((name) => `${folder}/${name}.apk`);

async function run(args: readonly string[]): Promise<CliEnd> {
  const env = { HANDSIGHT_ADB_SERVER: `127.0.0.1:${bench.server.endpoint()?.port}` };
  return await cli.run([...args], { env, timeoutMs: 240_000 });
}

async function comeBack(handset: SimulatedHandset): Promise<void> {
  await handset.replug();
  await until(async () => (await bench.directory.attach(handset.address)).ok);
  const isThere = async (): Promise<boolean> =>
    valueOf(await bench.directory.list()).some(({ serial, state }) => serial === handset.address && state === 'device');
  await until(isThere, 60_000);
}

/** The exhibits of apps' code: path, acquisition, outcome. */
async function codeIn(directory: string): Promise<readonly (readonly unknown[])[]> {
  const { stdout } = await cli.must(['exhibits', directory, '--json']);
  return jsonLines(stdout)
    .filter((one) => one['kind'] === 'apk')
    .map((one) => [(one['origin'] as { readonly path: string }).path, one['acquisition'], one['outcome']]);
}

test('an own selection is planned, asked, cut off by the cable and gone on with: what is whole is taken over, not pulled again', async () => {
  const directory = await cli.newCase('resumed.handsight');
  const handset = await bench.plug('modern-rooted');
  const planned = await run(['plan', '--serial', handset.address, '--collectors', 'app-code', '--json']);
  expect(planned.code, planned.stderr).toBe(0);
  expect(new Set(jsonLines(planned.stdout).map((one) => one['collector']))).toEqual(new Set([...always, 'app-code']));

  const wish = ['acquire', directory, '--serial', handset.address, '--handset', 'H1', '--label', 'x'];
  const code = [...wish, '--collectors', 'app-code', '--json'];
  // In the second file: three answers to «stat» (72 bytes each), the first file in its blocks, and a little more.
  const first =
    fixedDevice('modern-rooted')
      .files.stat(parts[0] ?? '')
      ?.content().length ?? 0;
  handset.addFault({ service: 'sync:', afterBytes: 3 * 72 + first + 100, action: 'unplug' });
  const cut = await run(code);
  expect(cut.code, cut.stderr).toBe(4);
  expect((await codeIn(directory)).map(([, of, outcome]) => [of, outcome])).toEqual([
    ['A1', 'read'],
    ['A1', 'interrupted'],
  ]);

  await comeBack(handset);
  const again = await run([...code, '--resume']);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toContain('1 part of apps’ code');
  expect(again.stderr).toContain('came whole in A1');
  expect(again.stderr).toMatch(/left\)?$/m);
  const [told] = jsonLines(again.stdout);
  const results = told?.['results'] as readonly {
    readonly collector: string;
    readonly commands: readonly { readonly command: string; readonly takenOver?: string }[];
  }[];
  const pulls = results
    .flatMap(({ commands }) => commands)
    .filter(({ command }) => command.startsWith('pull '))
    .map(({ command, takenOver }) => [command.slice('pull '.length), takenOver ?? null]);
  expect(pulls).toEqual([
    [parts[0], 'A1'],
    [parts[1], null],
    [parts[2], null],
  ]);
  // Of the two acquisitions together each part is there once, whole.
  const whole = (await codeIn(directory)).filter(([, , outcome]) => outcome === 'read');
  expect(whole).toEqual([
    [parts[0], 'A1', 'read'],
    [parts[1], 'A2', 'read'],
    [parts[2], 'A2', 'read'],
  ]);
  const list = jsonLines((await cli.must(['exhibits', directory, '--json'])).stdout).find(
    (one) => one['originalName'] === 'app-code-taken-over.json',
  );
  expect(list).toMatchObject({ acquisition: 'A2', collector: 'app-code', outcome: 'read' });

  // And the app is as one that was acquired at once: the comparison finds no difference in its code.
  const atOnce = await run(code.map((one) => (one === 'x' ? 'whole' : one)));
  expect(atOnce.code, atOnce.stderr).toBe(0);
  await cli.must(['analyse', directory]);
  const { stdout } = await cli.must(['compare', directory, 'x', 'whole', '--json']);
  expect(jsonLines(stdout).filter((one) => JSON.stringify(one).includes('app-code'))).toEqual([]);
  await cli.must(['verify', directory]);
}, 600_000);

test('a handset that was started anew meanwhile is asked everything again, and the command line says why', async () => {
  const directory = await cli.newCase('anew.handsight');
  const handset = await bench.plug('modern-rooted');
  const wish = ['acquire', directory, '--serial', handset.address, '--handset', 'H1', '--label', 'x'];
  handset.addFault({ service: /:pm list packages -s$/, afterBytes: 10, action: 'unplug' });
  const cut = await run([...wish, '--collectors', 'packages']);
  expect(cut.code, cut.stderr).toBe(4);
  await handset.reboot();
  await comeBack(handset);
  const again = await run([...wish, '--collectors', 'packages', '--resume', '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toContain('A1 was cut off and is not gone on with');
  expect(again.stderr).toContain('the handset was started anew since');
  const [told] = jsonLines(again.stdout);
  expect(told).toMatchObject({ acquisition: { id: 'A2', insteadOf: { id: 'A1', because: ['boot'] } } });
  await cli.must(['verify', directory]);
}, 600_000);
