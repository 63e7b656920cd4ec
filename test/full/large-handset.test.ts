import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCase } from '../../main/evidence/open-case.ts';
import { firstFailure, verifyCase } from '../../main/evidence/verify.ts';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import type { Acquired } from '../../main/workflow/acquire-snapshot.ts';
import type { AcquireWish } from '../../main/workflow/acquire-wish.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { StateComparison } from '../../main/workflow/compare-states.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import type { Handsets } from '../../main/workflow/handset-session.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { ok } from '../../shared/model/problem.ts';
import { openBench, until, valueOf } from '../integration/handset-bench.ts';
import type { Bench } from '../integration/handset-bench.ts';
import { appPath } from './handset-child.ts';
import { growthDuring, sparseHash, startHandsets } from './handset-children.ts';

/** Just over what 32 bits can count. */
const appBytes = 4 * 1024 ** 3 + 12_345;
const temporaryFiles = 200_000;
/** Far less than the file and than the files of the folder as objects would take. */
const allowedGrowth = 200 * 1024 * 1024;

/** Of the folder, which every acquisition with the comparison of states tells; beside it nothing lacks. */
const said = 'not compared before and after the acquisition: temporary files (cut at the limit)';

let bench: Bench;
let session: Handsets;
let handset: Awaited<ReturnType<typeof startHandsets>>;
beforeAll(async () => {
  bench = await openBench();
  handset = await startHandsets({ persona: 'modern-rooted', handsets: 1, appBytes, temporaryFiles });
  valueOf(await bench.directory.attach(handset.addresses[0] ?? ''));
  await until(async () => valueOf(await bench.directory.list()).some(({ state }) => state === 'device'));
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the server is down');
  session = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en', running: endpoint }));
});
afterAll(async () => {
  handset.end();
  await bench.close();
});

/** A whole acquisition of it into a new case, how far this process grew by it, and the case's exhibits. */
async function acquireLarge(
  name: string,
  wish: Pick<AcquireWish, 'profile' | 'collectors'>,
): Promise<{
  readonly directory: string;
  readonly acquired: Acquired;
  readonly exhibits: readonly Exhibit[];
  readonly growth: number;
}> {
  const directory = join(bench.folder, `${name}.handsight`);
  const writer = valueOf(createCase(directory, { number: '1', title: name, examiner: 'Lin', synthetic: true }));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
  const done: Acquired[] = [];
  const serial = handset.addresses[0] ?? '';
  const growth = await growthDuring(async () => {
    const conduct = {
      actor: null,
      lang: 'en',
      signal: new AbortController().signal,
      progress: () => undefined,
    } as const;
    const whole = { serial, handset: 'H1', label: 'x', run: null, ...wish };
    done.push(valueOf(await acquireSnapshot(directory, whole, session, conduct)));
    expect(firstFailure(valueOf(await verifyCase(directory)))).toBeNull();
  });
  const [acquired] = done;
  if (acquired === undefined) throw new Error('nothing was acquired');
  const exhibits = valueOf(readCase(directory, (reader) => ok(reader.exhibits())));
  return { directory, acquired, exhibits, growth };
}

test('the code of an app of more than 4 GB comes whole into custody and is never held', async () => {
  const { acquired, exhibits, growth } = await acquireLarge('code', { profile: 'own', collectors: ['app-code'] });
  expect(acquired.acquisition).toMatchObject({ outcome: 'complete-with-gaps', detail: said });
  const apks = exhibits.filter(({ kind }) => kind === 'apk');
  expect(apks).toHaveLength(3);
  const large = apks.find(({ origin }) => origin.type === 'pull' && origin.path === appPath);
  expect(large).toMatchObject({ outcome: 'read', bytes: appBytes, sha256: sparseHash(appBytes), fault: null });
  expect(growth).toBeLessThan(allowedGrowth);
});

test('a folder of 200,000 files is too long to be compared: it is cut, never held, and said to be so with its reason', async () => {
  const { directory, acquired, exhibits, growth } = await acquireLarge('files', { profile: 'standard' });
  expect(acquired.gaps).toEqual([said]);
  expect(acquired.acquisition).toMatchObject({ outcome: 'complete-with-gaps', detail: said });
  const jsonOf = (id: string): unknown =>
    JSON.parse(valueOf(readCase(directory, (reader) => reader.readExhibit(id))).toString('utf8'));
  const [comparison] = exhibits.filter(({ originalName }) => originalName === 'handset-before-after.json');
  const compared = jsonOf(comparison?.id ?? '') as StateComparison;
  expect(compared).toMatchObject({ notCompared: ['temporary-files'], because: { 'temporary-files': 'LIMIT' } });
  expect(compared.compared).toHaveLength(5);
  const states = exhibits.filter(({ originalName }) => originalName === 'handset-state.json');
  expect(states).toHaveLength(2);
  for (const { id } of states) {
    const { commands } = jsonOf(id) as {
      readonly commands: readonly { of: string; truncatedAtBytes: number | null }[];
    };
    const cut = commands.filter(({ truncatedAtBytes }) => truncatedAtBytes !== null);
    expect(cut).toMatchObject([{ of: 'temporary-files', truncatedAtBytes: 4 * 1024 * 1024 }]);
  }
  expect(growth).toBeLessThan(allowedGrowth);
});
