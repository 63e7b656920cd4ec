import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { jsonLines, openCliBench } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';
import { fixedDevice } from './device-link.ts';
import { openBench } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

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

test('the code of apps is in custody as it lies on the handset, and its signer is a record; standard leaves it where it is', async () => {
  const env = { HANDSIGHT_ADB_SERVER: `127.0.0.1:${bench.server.endpoint()?.port}` };
  const directory = await cli.newCase('code.handsight');
  const handset = await bench.plug('modern-rooted');
  const acquire = async (label: string, ...rest: string[]): Promise<readonly Exhibit[]> => {
    const wish = ['acquire', directory, '--serial', handset.address, '--handset', 'H1', '--label', label, ...rest];
    const end = await cli.run(wish, { env, timeoutMs: 240_000 });
    expect(end.code, end.stderr).toBe(0);
    const { stdout } = await cli.must(['exhibits', directory, '--label', label, '--json']);
    return (jsonLines(stdout) as unknown as Exhibit[]).filter(({ kind }) => kind === 'apk');
  };
  expect(await acquire('standard', '--profile', 'standard')).toEqual([]);
  const apks = await acquire('full', '--profile', 'full');
  const files = fixedDevice('modern-rooted').files;
  const folder = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==';
  expect(apks.map(({ origin, outcome, sha256 }) => [origin.type === 'pull' && origin.path, outcome, sha256])).toEqual(
    ['base', 'split_config.arm64_v8a', 'split_config.zh'].map((name) => {
      const path = `${folder}/${name}.apk`;
      const content = files.stat(path)?.content() ?? Buffer.alloc(0);
      return [path, 'read', createHash('sha256').update(content).digest('hex')];
    }),
  );
  const { stdout } = await cli.must(['records', directory, '--label', 'full', '--json']);
  const facts = jsonLines(stdout).filter((one) => one['topic'] === 'app-code');
  const valueOf = (name: string): unknown => facts.find((one) => one['name'] === name)?.['value'];
  expect(new Set(facts.map((one) => one['package']))).toEqual(new Set(['jp.naver.line.android']));
  expect(valueOf('base/version-name')).toBe('14.5.0');
  expect(valueOf('base/target-sdk')).toBe('33');
  expect(valueOf('base/sha256')).toBe(apks[0]?.sha256);
  expect(valueOf('split/config.zh/sha256')).toBe(apks[2]?.sha256);
  expect(valueOf('base/signer-v3/1/certificate-1/subject')).toMatch(/^jp\.naver /);
  expect(valueOf('base/signer-v3/1/certificate-1/sha256')).toMatch(/^[0-9a-f]{64}$/);
  await cli.must(['verify', directory]);
}, 300_000);
