import { expect } from 'vitest';
import type { Bench } from '../handset-bench.ts';
import { valueOf } from '../handset-bench.ts';
import { expectGoneOnWith } from './resume.ts';
import { acquire, expectCutAndRepeated, inScene } from './scene.ts';
import type { Scene } from './scene.ts';

const rooted = { persona: 'modern-rooted' } as const;

export const truncated = {
  en: 'the connection ended before the answer did',
  zh: '連線在回應完成前中斷',
} as const;
export const packageList = 'pm list packages -f -U -i --show-versioncode';

/** The service's own bytes that still come: none, inside a frame's header, inside the data, all but the exit packet. */
const cutsOfAnAnswer: Readonly<Record<string, number>> = {
  'before the first byte': 0,
  'inside the frame header': 3,
  'in the middle': 1000,
  'at the end of a page': 4101,
};

type Tries = Record<string, (bench: Bench) => Promise<void>>;

function repeated(): Tries {
  const tries = Object.entries(cutsOfAnAnswer).map(([name, afterBytes]) => [
    name,
    (bench: Bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.addFault({ service: `:${packageList}`, afterBytes, action: 'unplug' });
        const kept = await expectCutAndRepeated(scene, await acquire(scene), packageList, truncated);
        expect(kept).toBe(Math.max(0, Math.min(4096, afterBytes - 5)));
      }),
  ]);
  return Object.fromEntries(tries) as Tries;
}

/** Each cut, and then gone on with instead of begun anew. */
function goneOnWith(): Tries {
  const tries = Object.entries(cutsOfAnAnswer).map(([name, afterBytes]) => [
    `${name}, gone on with`,
    (bench: Bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.addFault({ service: `:${packageList}`, afterBytes, action: 'unplug' });
        await expectGoneOnWith(scene, await acquire(scene), packageList);
      }),
  ]);
  return Object.fromEntries(tries) as Tries;
}

/** Behind the whole answer, before its exit packet. Answers with the length of the answer. */
async function cutBeforeExit(scene: Scene): Promise<number> {
  const { stdout } = valueOf(await scene.link.run(packageList));
  const frames = Math.ceil(stdout.length / 4096);
  scene.handset.addFault({ service: `:${packageList}`, afterBytes: stdout.length + 5 * frames, action: 'unplug' });
  return stdout.length;
}

/** All of the answer is kept, and it counts as cut all the same. */
const exitPacketMissing: Tries = {
  'before the exit packet': (bench) =>
    inScene(bench, rooted, async (scene) => {
      const bytes = await cutBeforeExit(scene);
      expect(await expectCutAndRepeated(scene, await acquire(scene), packageList, truncated)).toBe(bytes);
    }),
  'before the exit packet, gone on with': (bench) =>
    inScene(bench, rooted, async (scene) => {
      await cutBeforeExit(scene);
      await expectGoneOnWith(scene, await acquire(scene), packageList);
    }),
};

/** What is tried of a cable that is pulled while an answer comes. */
export const cutsAtAcquisition: Tries = { ...repeated(), ...goneOnWith(), ...exitPacketMissing };
