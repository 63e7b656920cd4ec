import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'vitest';
import { comeBack, inScene, stateOf } from './fault-matrix/scene.ts';
import { openBench, until } from './handset-bench.ts';

// A server that lets go of a lost handset says «already connected» of it meanwhile: whoever believed that had lost it for good.
test('a handset over TCP is attached whenever it comes back, however far the server is in letting it go', async () => {
  const bench = await openBench();
  const comesAndGoes = (): Promise<void> =>
    inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
      for (let round = 0; round < 10; round += 1) {
        await scene.handset.unplug();
        await until(async () => (await stateOf(scene)) !== 'device', 60_000);
        if (round % 3 > 0) await sleep(Math.random() * 2500);
        await comeBack(scene);
      }
    });
  try {
    await Promise.all(Array.from({ length: 8 }, comesAndGoes));
  } finally {
    await bench.close();
  }
});
