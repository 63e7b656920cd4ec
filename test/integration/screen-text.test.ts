import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { ok } from '../../shared/model/problem.ts';
import { expectIntact, inScene } from './fault-matrix/scene.ts';
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

test.each(['modern-locked', 'founding-before'])(
  '%s: the text of the screen is in custody, and nothing of ours stays on the handset',
  async (persona) => {
    await inScene(bench, { persona }, async ({ handset, handsets, directory }) => {
      const notices: string[] = [];
      const done = valueOf(
        await acquireSnapshot(
          directory,
          {
            serial: handset.address,
            handset: 'H1',
            label: 'x',
            run: null,
            profile: 'own',
            collectors: ['screen-text'],
          },
          handsets,
          { ...conduct, notice: (text) => void notices.push(text) },
        ),
      );
      expect(done.acquisition).toMatchObject({ outcome: 'complete', profile: 'own' });
      expect(notices[0]).toContain('suspends accessibility services');
      // The announcement stays on a screen: that it was taken back is said after it.
      const [begun, undone] = ['about to be changed: uiautomator dump ', 'was taken back: uiautomator dump '].map(
        (words) => notices.findIndex((one) => one.includes(words)),
      );
      expect(begun).toBeGreaterThan(0);
      expect(undone).toBeGreaterThan(begun ?? 0);
      const tree = handset.device.text('window.xml');
      const held = valueOf(
        readCase(directory, (reader) => {
          const one = reader.exhibits().find(({ originalName }) => originalName === 'screen-text.xml');
          return one === undefined ? ok(null) : reader.readExhibit(one.id, 1_000_000);
        }),
      );
      expect(tree).not.toBeNull();
      expect(held === null ? null : Buffer.from(held).toString('utf8')).toBe(tree);
      expect(handset.device.files.list('/data/local/tmp') ?? []).toEqual([]);
      const changes = valueOf(readCase(directory, (reader) => ok(reader.handsetChanges())));
      expect(changes.map(({ reason, ends }) => [reason, ends.map(({ outcome }) => outcome)])).toContainEqual([
        'screen-text',
        ['undone'],
      ]);
      await expectIntact(directory);
    });
  },
);
