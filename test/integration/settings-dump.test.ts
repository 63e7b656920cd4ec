import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { analyseCase } from '../../main/workflow/analyse.ts';
import { withLastIndex } from '../../main/workflow/current-index.ts';
import { ok } from '../../shared/model/problem.ts';
import { acquire, commandOf, expectIntact, inScene, keptIn } from './fault-matrix/scene.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};

const dump = ['system', 'secure', 'global']
  .flatMap((table, n) => [
    `${table.toUpperCase()} SETTINGS (user 0)`,
    `_id:${n + 1} name:of_${table} pkg:android value:${n} default:${n} defaultSystemSet:true`,
    '',
  ])
  .join('\n');

test('a handset that prints its settings in the dump only: the dump is kept for each table, and each row is there once', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const missing = { stderr: '/system/bin/sh: inaccessible or not found\n', exitCode: 127 };
    scene.handset.addOverride({ match: /^settings list /, ...missing });
    scene.handset.addOverride({ match: /^content query --uri content:\/\/settings\//, ...missing });
    scene.handset.addOverride({ match: 'dumpsys settings', stdout: dump });
    valueOf(await acquire(scene));
    const dumps = keptIn(scene.directory).filter((one) => commandOf(one) === 'dumpsys settings');
    expect(dumps.map(({ exhibit }) => exhibit.collector)).toEqual([
      'settings-system',
      'settings-secure',
      'settings-global',
    ]);
    for (const { bytes } of dumps) expect(bytes.toString()).toBe(dump);
    valueOf(await analyseCase(scene.directory, { workers: 1 }, conduct));
    const rows = await withLastIndex(scene.directory, conduct, (_reader, index) =>
      ok(
        index.records({ label: 'x' }).flatMap((one) =>
          // Some settings are asked for by name as well.
          one.kind === 'setting' && dumps.some(({ exhibit }) => exhibit.id === one.exhibit)
            ? [[one.exhibit, one.namespace, one.name, one.value]]
            : [],
        ),
      ),
    );
    expect(valueOf(rows)).toEqual(
      dumps.map(({ exhibit }, n) => {
        const table = exhibit.collector?.slice('settings-'.length);
        return [exhibit.id, table, `of_${table}`, String(n)];
      }),
    );
    await expectIntact(scene.directory);
  });
});
