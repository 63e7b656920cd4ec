import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import type { AcquireWish } from '../../main/workflow/acquire-wish.ts';
import { analyseCase } from '../../main/workflow/analyse.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { withLastIndex } from '../../main/workflow/current-index.ts';
import { snapshotOf } from '../../main/workflow/label-snapshot.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { ok } from '../../shared/model/problem.ts';
import { comeBack, expectIntact, inScene, keptIn } from './fault-matrix/scene.ts';
import type { Kept, Scene } from './fault-matrix/scene.ts';
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

const acquire = async ({ handset, handsets, directory }: Scene, wish: Partial<AcquireWish> = {}) =>
  await acquireSnapshot(
    directory,
    { serial: handset.address, handset: 'H1', label: 'x', run: null, profile: 'standard', ...wish },
    handsets,
    conduct,
  );

/** What a snapshot holds of the handset's state, whichever exhibit it was read from; how long ago an app did something goes on. */
async function stateUnder(directory: string, label: string): Promise<readonly string[]> {
  const kinds: ReadonlySet<SnapshotRecord['kind']> = new Set([
    'setting',
    'package',
    'permission',
    'component',
    'app-op',
  ]);
  const rows = await withLastIndex(directory, conduct, (reader, index) =>
    ok(
      snapshotOf(reader, index, { label, handset: 'H1' }).records.flatMap((record) =>
        kinds.has(record.kind) ? [JSON.stringify({ ...record, id: 0, label: '', exhibit: '', lastAccess: null })] : [],
      ),
    ),
  );
  return valueOf(rows).toSorted();
}

test('an acquisition that the cable ended is gone on with: the two together are the snapshot that a whole one is', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    scene.handset.addFault({ service: /:dumpsys package$/, afterBytes: 1000, action: 'unplug' });
    const first = valueOf(await acquire(scene));
    expect(first.acquisition).toMatchObject({ id: 'A1', outcome: 'interrupted' });
    await comeBack(scene);
    const second = valueOf(await acquire(scene, { resume: true }));
    expect(second.acquisition).toMatchObject({ id: 'A2', continues: 'A1', outcome: 'complete' });
    expect(second.gaps).toEqual([]);
    const asked = second.results.map(({ collector }) => collector);
    expect(asked).toContain('package-detail');
    for (const answered of ['packages', 'settings-system', 'logcat', 'app-ops', 'dropbox'])
      expect(asked).not.toContain(answered);
    const whole = valueOf(await acquire(scene, { label: 'whole' }));
    expect(whole.acquisition.outcome).toBe('complete');
    valueOf(await analyseCase(scene.directory, { workers: 1 }, conduct));
    const together = await stateUnder(scene.directory, 'x');
    expect(together.length).toBeGreaterThan(50);
    expect(together).toEqual(await stateUnder(scene.directory, 'whole'));
    const rows = valueOf(readCase(scene.directory, (reader) => ok(reader.acquisitions())));
    expect(rows[0]).toEqual(first.acquisition);
    await expectIntact(scene.directory);
  });
});

test('a handset that was started anew meanwhile is asked everything again, and that is on record', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    scene.handset.addFault({ service: /:pm list packages -s$/, afterBytes: 10, action: 'unplug' });
    expect(valueOf(await acquire(scene, { profile: 'quick' })).acquisition.outcome).toBe('interrupted');
    await scene.handset.reboot();
    await comeBack(scene);
    const again = valueOf(await acquire(scene, { profile: 'quick', resume: true }));
    expect(again.acquisition).toMatchObject({
      id: 'A2',
      insteadOf: { id: 'A1', because: ['boot'] },
      outcome: 'complete',
    });
    expect(again.results.map(({ collector }) => collector)).toContain('settings-system');
    await expectIntact(scene.directory);
  });
});

test('code that came whole before a restart is not pulled again; the state of the handset is asked anew', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const own = { profile: 'own', collectors: ['app-code', 'power'] } as const;
    const folder = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==';
    const { files } = scene.handset.device;
    const first = files.stat(`${folder}/base.apk`)?.content().length ?? 0;
    // Within the second file: three answers to «stat» (72 bytes each), the first file in its blocks, and a little more.
    scene.handset.addFault({ service: 'sync:', afterBytes: 3 * 72 + first + 100, action: 'unplug' });
    expect(valueOf(await acquire(scene, own)).acquisition.outcome).toBe('interrupted');
    await scene.handset.reboot();
    await comeBack(scene);
    const again = valueOf(await acquire(scene, { ...own, resume: true }));
    expect(again.acquisition).toMatchObject({
      id: 'A2',
      insteadOf: { id: 'A1', because: ['boot'] },
      outcome: 'complete',
    });
    expect(again.results.map(({ collector }) => collector)).toEqual(expect.arrayContaining(['power', 'app-code']));
    const pulls = again.results.flatMap(({ commands }) =>
      commands.flatMap(({ command, takenOver }) => (command.startsWith('pull ') ? [takenOver ?? null] : [])),
    );
    expect(pulls).toEqual(['A1', null, null]);
    const exhibits = valueOf(readCase(scene.directory, (reader) => ok(reader.exhibits())));
    const whole = exhibits.filter(({ kind, outcome }) => kind === 'apk' && outcome === 'read');
    expect(whole.map(({ acquisition }) => acquisition)).toEqual(['A1', 'A2', 'A2']);
    await expectIntact(scene.directory);
  });
});

test('a file that the handset says otherwise of after a restart is pulled again', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const own = { profile: 'own', collectors: ['app-code'] } as const;
    const path = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==/base.apk';
    const { files } = scene.handset.device;
    const content = files.stat(path)?.content() ?? Buffer.alloc(0);
    scene.handset.addFault({ service: 'sync:', afterBytes: 3 * 72 + content.length + 100, action: 'unplug' });
    expect(valueOf(await acquire(scene, own)).acquisition.outcome).toBe('interrupted');
    await scene.handset.reboot();
    files.put(path, content);
    await comeBack(scene);
    const again = valueOf(await acquire(scene, { ...own, resume: true }));
    const taken = again.results.flatMap(({ commands }) => commands.filter((one) => one.takenOver !== undefined));
    expect(taken).toEqual([]);
    await expectIntact(scene.directory);
  });
});

test('a file of code that was cut in the middle: its part stays by itself, it is pulled again from its beginning, and both are said', async () => {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const own = { profile: 'own', collectors: ['app-code'] } as const;
    const path = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==/base.apk';
    const content = scene.handset.device.files.stat(path)?.content() ?? Buffer.alloc(0);
    const half = Math.floor(content.length / 2);
    // Behind three answers to «stat» (72 bytes each) and the header of the first block.
    scene.handset.addFault({ service: 'sync:', afterBytes: 3 * 72 + 8 + half, action: 'unplug' });
    const cut = valueOf(await acquire(scene, own));
    expect(cut.acquisition.outcome).toBe('interrupted');
    const told = `pull ${path}: interrupted (the connection ended before the answer did); what came of the file stays as it is, and going on pulls it again from its beginning`;
    expect(cut.gaps.filter((gap) => gap.includes('base.apk'))).toEqual([expect.stringContaining(told)]);
    expect(cut.acquisition.detail).toContain(told);
    const code = (): readonly Kept[] => keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'apk');
    const [part, ...others] = code();
    expect(others).toEqual([]);
    expect(part?.exhibit).toMatchObject({ acquisition: 'A1', outcome: 'interrupted', fault: 'TRUNCATED', bytes: half });
    expect(part?.bytes.equals(content.subarray(0, half))).toBe(true);

    await comeBack(scene);
    const again = valueOf(await acquire(scene, { ...own, resume: true }));
    expect(again.acquisition).toMatchObject({ id: 'A2', continues: 'A1', outcome: 'complete' });
    const pulls = again.results.flatMap(({ commands }) =>
      commands.filter(({ command }) => command.startsWith('pull ')),
    );
    expect(pulls.map(({ takenOver }) => takenOver ?? null)).toEqual([null, null, null]);
    const [kept, whole] = code();
    expect(kept).toEqual(part);
    expect(whole?.exhibit).toMatchObject({ acquisition: 'A2', outcome: 'read', origin: { type: 'pull', path } });
    expect(whole?.bytes.equals(content)).toBe(true);
    await expectIntact(scene.directory);
  });
});
