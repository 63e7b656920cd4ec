import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import type { Acquired } from '../../main/workflow/acquire-snapshot.ts';
import { analyseCase } from '../../main/workflow/analyse.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { withLastIndex } from '../../main/workflow/current-index.ts';
import { undoChanges } from '../../main/workflow/undo-changes.ts';
import { isOutstanding } from '../../shared/model/handset-change.ts';
import { ok } from '../../shared/model/problem.ts';
import { comeBack, expectIntact, inScene } from './fault-matrix/scene.ts';
import type { Scene } from './fault-matrix/scene.ts';
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

const acquire = async ({ handset, handsets, directory }: Scene, notices: string[] = []): Promise<Acquired> =>
  valueOf(
    await acquireSnapshot(
      directory,
      { serial: handset.address, handset: 'H1', label: 'x', run: null, profile: 'own', collectors: ['bug-report'] },
      handsets,
      { ...conduct, notice: (text) => void notices.push(text) },
    ),
  );

const changesOf = ({ directory }: Scene): readonly string[] =>
  valueOf(readCase(directory, (reader) => ok(reader.handsetChanges()))).map(
    (one) => `${one.command.split(' ', 2).join(' ')}: ${one.ends.map(({ outcome, why }) => why ?? outcome).join()}`,
  );

const folders = ['/bugreports', '/data/user_de/0/com.android.shell/files/bugreports'];
const archivesOn = ({ handset }: Scene): readonly string[] =>
  folders.flatMap((folder) => handset.device.files.list(folder) ?? []);

test.each([
  ['pixel-android10', ['bugreportz -p: undone', /^rm \/bugreports\/bugreport-.*\.zip: undone$/]],
  ['modern-rooted', ['bugreportz -s: as-announced']],
  ['founding-before', ['bugreport: as-announced']],
] as const)(
  '%s tells its report, which is cut into the records it holds and leaves no file',
  async (persona, wanted) => {
    await inScene(bench, { persona }, async (scene) => {
      const notices: string[] = [];
      const done = await acquire(scene, notices);
      expect(done.gaps).toEqual([]);
      expect(done.acquisition).toMatchObject({ id: 'A1', outcome: 'complete', profile: 'own' });
      // What stays is said before the change is, and the change before its parts are there.
      expect(notices.findIndex((one) => one.startsWith('A bug report takes minutes'))).toBe(0);
      expect(notices.at(-1)).toContain('were taken in as A2');
      const changes = changesOf(scene);
      expect(changes).toHaveLength(wanted.length);
      for (const [at, one] of wanted.entries()) expect(changes[at]).toMatch(one);
      expect(archivesOn(scene)).toEqual([]);
      const parts = valueOf(readCase(scene.directory, (reader) => ok(reader.exhibits({ acquisition: 'A2' }))));
      const commands = parts.flatMap(({ origin }) => (origin.type === 'command' ? [origin.command] : []));
      expect(commands).toContain('getprop');
      expect(commands.filter((command) => command.startsWith('dumpsys ')).length).toBeGreaterThan(4);
      valueOf(await analyseCase(scene.directory, { workers: 1 }, conduct));
      const ofParts = new Set(parts.map(({ id }) => id));
      const records = valueOf(await withLastIndex(scene.directory, conduct, (_reader, index) => ok(index.records({}))));
      const properties = records.filter((one) => one.kind === 'property');
      const inParts = properties.filter(({ exhibit }) => ofParts.has(exhibit));
      // The same properties that `getprop` itself told beside it.
      expect(inParts.length).toBeGreaterThan(10);
      expect(inParts).toHaveLength(properties.length / 2);
      await expectIntact(scene.directory);
    });
  },
);

test('a cable that is pulled while the archive comes leaves it, says so, and a later start does not touch it', async () => {
  await inScene(bench, { persona: 'pixel-android10' }, async (scene) => {
    scene.handset.addFault({ service: /^sync:/, afterBytes: 2000, action: 'unplug' });
    const done = await acquire(scene);
    expect(done.acquisition.outcome).toBe('interrupted');
    expect(changesOf(scene)).toEqual(['bugreportz -p: report-not-taken']);
    expect(done.gaps.join('\n')).toContain('the archive was not taken in whole, and was not removed');
    expect(archivesOn(scene)).toHaveLength(1);
    await comeBack(scene);
    const [left] = valueOf(await undoChanges(scene.directory, null, scene.handsets, conduct));
    expect(left === undefined ? null : isOutstanding(left)).toBe(true);
    expect(archivesOn(scene)).toHaveLength(1);
    await expectIntact(scene.directory);
  });
});

test('a handset that names a file of another app is neither read there nor changed', async () => {
  await inScene(bench, { persona: 'pixel-android10' }, async (scene) => {
    scene.handset.addOverride({ match: 'bugreportz -p', stdout: 'OK:/bugreports/../data/local/tmp/x.zip\n' });
    const done = await acquire(scene);
    expect(changesOf(scene)).toEqual(['bugreportz -p: report-path-unfit']);
    expect(done.acquisition.outcome).toBe('complete-with-gaps');
    const sent = scene.handset.device.journal;
    expect(sent.some((command) => /^rm |x\.zip/.test(command))).toBe(false);
    await expectIntact(scene.directory);
  });
});

test('endless progress ends when the person stops it: what may be there is said', async () => {
  await inScene(bench, { persona: 'pixel-android10' }, async (scene) => {
    scene.handset.addOverride({ match: 'bugreportz -p', stdout: 'PROGRESS:1/1000\n', hang: true });
    const stop = new AbortController();
    const done = valueOf(
      await acquireSnapshot(
        scene.directory,
        {
          serial: scene.handset.address,
          handset: 'H1',
          label: 'x',
          run: null,
          profile: 'own',
          collectors: ['bug-report'],
        },
        scene.handsets,
        {
          ...conduct,
          signal: stop.signal,
          progress: ({ command }) => {
            if (command?.said === '1/1000') stop.abort();
          },
        },
      ),
    );
    expect(done.acquisition.outcome).toBe('interrupted');
    expect(changesOf(scene)).toEqual(['bugreportz -p: report-unknown']);
    await expectIntact(scene.directory);
  });
});
