import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { program } from './cli-bench.ts';
import { until, openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';
import { acquire, comeBack, expectIntact, inScene, keptIn, stateOf, withOwnServer } from './fault-matrix/scene.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe('a handset that lies', () => {
  test('names with ../, markup, escapes and bidi marks: a whole acquisition stays in its case, and the report shows text', async () => {
    const place = join(bench.folder, 'place');
    mkdirSync(place);
    await inScene(bench, { persona: 'hostile', place }, async (scene) => {
      const acquired = valueOf(await acquire(scene, { profile: 'standard' }));
      expect(acquired.acquisition.outcome).toBe('complete-with-gaps');
      const [folder = '', ...others] = readdirSync(place);
      expect(others).toEqual([]);
      expect(join(place, folder)).toBe(scene.directory);
      expect(existsSync('/tmp/handsight-escaped')).toBe(false);
      const kept = keptIn(scene.directory);
      for (const { exhibit } of kept) expect(exhibit.originalName).toMatch(/^[\w.-]+$/);
      expect(kept.find(({ exhibit }) => exhibit.collector === 'properties')?.bytes.includes('<svg onload=')).toBe(true);
      await expectIntact(scene.directory);
      const report = join(bench.folder, 'report.html');
      // As the examiner copies it from what the handset shows: the report masks values, not where they were read.
      const [value, source] = ['"><svg onload=alert(1)>', 'shown as <svg onload=alert(2)>'];
      const serial = ['--handset', 'H1', '--kind', 'custom', '--value', value, '--source', source];
      for (const args of [
        ['identifier', 'add', scene.directory, ...serial],
        ['analyse', scene.directory],
        ['report', scene.directory, '--edition', 'full', '--format', 'html', '--out', report],
      ]) {
        const run = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
        expect([0, 4], `${args[0] ?? ''}: ${run.stderr}`).toContain(run.status);
        // What a terminal would obey is not printed either.
        expect(run.stdout + run.stderr).not.toMatch(/\u001b\]0;|\u202e/);
      }
      const html = readFileSync(report, 'utf8');
      expect(html).toContain('shown as &#60;svg onload=alert(2)&#62;');
      expect(html).not.toMatch(/<script>alert|<img src=x|<svg onload|\u001b|\u202e/);
      expect(readdirSync(place)).toEqual([folder]);
    });
  });

  test('a listing with names that lead out, show markup or say nothing: unsafe ones are told apart, the rest are data', async () => {
    await inScene(bench, { persona: 'hostile' }, async ({ link }) => {
      const listing = valueOf(await link.readDir('/data/local/tmp/names'));
      expect(listing.unsafeNames.map(String)).toEqual(['../../../../etc/passwd', 'a/b', '']);
      expect(listing).toMatchObject({ count: 6 + 1, unsafeCount: 3 });
      expect(listing.entries.map(({ name }) => name)).toContain('good.txt');
    });
  });

  test('a size that lies: what came counts, not what was said', async () => {
    await inScene(bench, { persona: 'hostile' }, async ({ link, handset }) => {
      handset.device.files.put('/data/local/tmp/lie', Buffer.alloc(1000, 7), { sizeBytes: 2 ** 52 });
      expect(valueOf(await link.stat('/data/local/tmp/lie')).sizeBytes).toBe(2 ** 52);
      expect(valueOf(await link.pull('/data/local/tmp/lie', () => undefined)).bytes).toBe(1000);
    });
  });
});

describe('a connection that nobody asked for', () => {
  test('ends the adb server; it is back by itself each time, with the handset, and the next acquisition is whole', async () => {
    await withOwnServer({ persona: 'hostile' }, async (scene) => {
      for (let round = 0; round < 2; round += 1) {
        const pid = scene.bench.server.pid();
        const down = new Promise<void>((resolve) =>
          scene.bench.server.onEvent(({ type }) => {
            if (type === 'down') resolve();
          }),
        );
        let opened = false;
        const cut = acquire(scene, {
          onProgress: ({ step }) => {
            if (step !== 'settings-secure' || opened) return;
            opened = true;
            void scene.handset.openRogue('tcp:9');
          },
        });
        await down;
        expect(valueOf(await cut).acquisition.outcome).toBe('interrupted');
        await until(() => scene.bench.server.endpoint() !== null, 60_000);
        expect(scene.bench.server.pid()).not.toBe(pid);
        await comeBack(scene);
        expect(await stateOf(scene)).toBe('device');
      }
      expect(valueOf(await acquire(scene)).acquisition).toMatchObject({ id: 'A3', outcome: 'complete-with-gaps' });
      await expectIntact(scene.directory);
    });
  });

  test('another handset at the same server goes on once the server is back', async () => {
    await withOwnServer({ persona: 'hostile' }, async (scene) => {
      const other = await scene.bench.plug('modern-rooted');
      const link = await scene.bench.link(other);
      const pid = scene.bench.server.pid();
      void scene.handset.openRogue('tcp:9');
      await until(() => scene.bench.server.pid() !== pid && scene.bench.server.endpoint() !== null, 60_000);
      await until(async () => (await link.run('echo well')).ok, 60_000);
      link.close();
    });
  });
});
