import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CaptureEvent } from '../../../main/capture/capture-types.ts';
import { caseLayout } from '../../../main/evidence/case-layout.ts';
import type { DirectoryEvent } from '../../../main/handset/directory.ts';
import type { SimulatedHandset } from '../../handset-simulator/handset.ts';
import type { Bench } from '../handset-bench.ts';
import { until, valueOf } from '../handset-bench.ts';
import { cutsAtAcquisition } from './acquisition-cuts.ts';
import { cannot, one } from './rows.ts';
import type { Cell, Row } from './rows.ts';
import { acquire, capture, comeBack, expectIntact, inScene, keptIn, stateOf } from './scene.ts';
import type { Scene } from './scene.ts';

/** Numbered datagrams from the handset's loopback address, which is what its tcpdump captures. */
export async function sendDatagrams(handset: SimulatedHandset, count: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, handset.device.loopbackAddress, resolve));
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => socket.send(`fault matrix datagram ${i}`, 47_124, '127.0.0.1', resolve));
  }
  socket.close();
}

/**
 * Whether these words are among the bytes of an exhibit that is still being written. A count of packets would not tell: those of
 * the canary come late and are counted with them.
 */
function hasCome(directory: string, words: string): boolean {
  const incoming = caseLayout.incoming(directory);
  return readdirSync(incoming).some((name) => readFileSync(join(incoming, name)).includes(words));
}

const has = (events: readonly CaptureEvent[], type: CaptureEvent['type'], count = 1): boolean =>
  events.filter((event) => event.type === type).length >= count;

/**
 * A capture during which `harm` is done once packets came and `mend` follows the end of the first segment: two segments, the
 * first never `complete`, the gap in the case, bytes as they came, the second one whole.
 */
export async function expectTwoSegments(
  scene: Scene,
  harm: () => void | Promise<void>,
  mend: () => void | Promise<void>,
): Promise<void> {
  const events: CaptureEvent[] = [];
  const stop = new AbortController();
  const done = capture(scene, { signal: stop.signal, onEvent: (event) => void events.push(event) });
  await until(() => has(events, 'canary'), 60_000);
  await sendDatagrams(scene.handset, 20);
  await until(() => hasCome(scene.directory, 'fault matrix datagram 19'), 60_000);
  await harm();
  await until(() => has(events, 'segment-ended'), 60_000);
  await mend();
  await until(() => has(events, 'listening', 2), 120_000);
  await sendDatagrams(scene.handset, 20);
  stop.abort();
  const { run, gaps } = valueOf(await done);
  expect(run.segments.map(({ segment }) => segment)).toEqual([1, 2]);
  expect(['truncated', 'cut-in-record']).toContain(run.segments[0]?.end);
  expect(run.segments[1]).toMatchObject({ end: 'complete', problem: null });
  expect(run.gaps).toMatchObject([{ afterSegment: 1, resumedAt: expect.any(String) }]);
  expect(run.fitForAbsence).toBe(false);
  expect(gaps.some((gap) => gap.startsWith('gap from '))).toBe(true);
  expect(gaps.some((gap) => gap.startsWith('segment 1: '))).toBe(true);
  const captures = keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'capture');
  expect(captures.map(({ exhibit }) => exhibit.outcome)).toEqual(['interrupted', 'read']);
  expect(captures.map(({ bytes }) => bytes.length)).toEqual(run.segments.map(({ bytes }) => bytes));
  expect(captures[0]?.bytes.includes('fault matrix datagram 0')).toBe(true);
  expect(captures[1]?.bytes.includes('fault matrix datagram 19')).toBe(true);
  await expectIntact(scene.directory);
}

/** A pull of a megabyte that ends early: what came is the file's beginning, hashed, and the next pull is whole. */
export async function expectPullCut(scene: Scene, harm: (gotBytes: number) => void, code: string): Promise<number> {
  const content = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 255));
  scene.handset.device.files.put('/data/local/tmp/big', content, { uid: 2000 });
  const parts: Buffer[] = [];
  let bytes = 0;
  const cut = await scene.link.pull('/data/local/tmp/big', (chunk) => {
    parts.push(Buffer.from(chunk));
    harm((bytes += chunk.length));
  });
  const kept = Buffer.concat(parts);
  expect(cut).toMatchObject({ ok: false, problem: { code } });
  expect(kept.length).toBeLessThanOrEqual(content.length);
  expect(content.subarray(0, kept.length).equals(kept)).toBe(true);
  if (!cut.ok && kept.length > 0) {
    expect(cut.partial).toMatchObject({
      bytes: kept.length,
      sha256: createHash('sha256').update(kept).digest('hex'),
      truncatedAtBytes: null,
    });
  }
  expect(scene.link.journal.at(-1)).toMatchObject({ request: 'RECV /data/local/tmp/big', outcome: code });
  return kept.length;
}

export async function expectPullWhole({ link }: Scene): Promise<void> {
  const again = valueOf(await link.pull('/data/local/tmp/big', () => undefined));
  expect(again.bytes).toBe(1_000_000);
}

/** What the watch says while `act` runs, as `TYPE STATE`. */
export async function watching(scene: Scene, act: (said: readonly string[]) => Promise<void>): Promise<void> {
  const said: string[] = [];
  const stop = scene.bench.directory.watch((event: DirectoryEvent) => {
    if (!('handset' in event)) said.push(event.type);
    else if (event.handset.serial === scene.handset.address) said.push(`${event.type} ${event.handset.state}`);
  });
  try {
    await until(() => said.includes('present device'));
    await act(said);
  } finally {
    stop();
  }
}

const rooted = { persona: 'modern-rooted' } as const;

/** Of a pull: nothing, inside the first block's header, inside its data, inside a later block. */
const cutsOfAPull: Readonly<Record<string, number>> = {
  'before the first byte': 0,
  'inside the block header': 5,
  'inside the first block': 4000,
  'between two blocks': 65_544,
  'inside a later block': 500_000,
};

function cableAtPull(): Cell {
  const tries = Object.entries(cutsOfAPull).map(([name, afterBytes]) => [
    name,
    (bench: Bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.addFault({ service: 'sync:', afterBytes, action: 'unplug' });
        const kept = await expectPullCut(scene, () => undefined, 'TRUNCATED');
        const headers = 8 * Math.ceil(afterBytes / 65_544);
        expect(kept).toBe(Math.max(0, afterBytes - headers));
        await comeBack(scene);
        await expectPullWhole(scene);
      }),
  ]);
  return { tries: Object.fromEntries(tries) };
}

const cable: Row = {
  fault: 'the cable is pulled at any byte',
  cells: {
    acquisition: { tries: cutsAtAcquisition },
    capture: one((bench) =>
      inScene(bench, rooted, (scene) =>
        expectTwoSegments(
          scene,
          () => scene.handset.unplug(),
          () => comeBack(scene),
        ),
      ),
    ),
    pull: cableAtPull(),
    idle: one((bench) =>
      inScene(bench, rooted, (scene) =>
        watching(scene, async (said) => {
          await scene.handset.unplug();
          await until(() => said.at(-1) === 'changed offline' || said.at(-1)?.startsWith('gone') === true);
          expect(await scene.link.run('id')).toMatchObject({ ok: false, partial: null });
          await comeBack(scene);
          await until(() => said.at(-1) === 'changed device' || said.at(-1) === 'present device');
          expect((await scene.link.run('id')).ok).toBe(true);
        }),
      ),
    ),
  },
};

const reboot: Row = {
  fault: 'the handset reboots',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const rebooting: Promise<void>[] = [];
        const cut = await acquire(scene, {
          onProgress: ({ step }) => {
            if (step === 'settings-secure' && rebooting.length === 0) rebooting.push(scene.handset.reboot());
          },
        });
        await Promise.all(rebooting);
        expect(valueOf(cut).acquisition.outcome).toBe('interrupted');
        expect(valueOf(cut).acquisition.detail).toContain('not reached: ');
        await comeBack(scene);
        expect(valueOf(await acquire(scene)).acquisition.outcome).not.toBe('interrupted');
        const uptimes = keptIn(scene.directory)
          .filter(({ exhibit }) => exhibit.collector === 'clock')
          .map(({ bytes }) => (JSON.parse(bytes.toString()) as { uptimeSeconds: number }).uptimeSeconds);
        // The first measurement is of the boot before, those of the second acquisition are not.
        expect(uptimes).toHaveLength(3);
        expect(uptimes[1]).toBeLessThan(uptimes[0] ?? 0);
        await expectIntact(scene.directory);
      }),
    ),
    capture: one((bench) =>
      inScene(bench, rooted, (scene) =>
        expectTwoSegments(
          scene,
          () => scene.handset.reboot(),
          () => comeBack(scene),
        ),
      ),
    ),
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const rebooting: Promise<void>[] = [];
        await expectPullCut(
          scene,
          (got) => void (got > 200_000 && rebooting.length === 0 && rebooting.push(scene.handset.reboot())),
          'TRUNCATED',
        );
        await Promise.all(rebooting);
        await comeBack(scene);
        await expectPullWhole(scene);
      }),
    ),
    idle: one((bench) =>
      inScene(bench, rooted, (scene) =>
        watching(scene, async (said) => {
          const before = valueOf(await scene.link.clockOffset({ samples: 1 }));
          await scene.handset.reboot();
          await until(() => said.at(-1) === 'changed offline' || said.at(-1)?.startsWith('gone') === true);
          await comeBack(scene);
          const after = valueOf(await scene.link.clockOffset({ samples: 1 }));
          expect(after.uptimeSeconds).toBeLessThan(before.uptimeSeconds ?? 0);
        }),
      ),
    ),
  },
};

const locked: Row = {
  fault: 'the screen is locked',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        // A protected screen: screencap says so and gives no picture.
        scene.handset.addOverride({ match: 'screencap -p', stderr: 'Failed to take screenshot\n', exitCode: 1 });
        const { acquisition, gaps } = valueOf(await acquire(scene, { profile: 'standard' }));
        expect(acquisition.outcome).toBe('complete-with-gaps');
        expect(acquisition.detail).toMatch(/screenshot: screencap -p: refused/i);
        expect(gaps.some((gap) => gap.includes('screencap -p'))).toBe(true);
        const shot = keptIn(scene.directory).find(({ exhibit }) => exhibit.kind === 'screenshot');
        expect(shot?.exhibit.outcome).toBe('refused');
        const { device } = scene.handset;
        device.overrides.splice(0);
        expect(valueOf(await acquire(scene, { profile: 'standard' })).acquisition.outcome).toBe('complete');
        const kept = keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'screenshot');
        expect(kept.map(({ exhibit }) => exhibit.outcome)).toEqual(['refused', 'read']);
        await expectIntact(scene.directory);
      }),
    ),
    capture: cannot(
      'tcpdump reads the interfaces in the kernel: whether the screen is locked makes no difference to it',
    ),
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        // Before the first unlock a file under encryption cannot be opened: ENOKEY (kernel, filesystems/fscrypt).
        scene.handset.device.files.put('/data/local/tmp/sealed', Buffer.from('x'), { sealed: true });
        const refused = await scene.link.pull('/data/local/tmp/sealed', () => undefined);
        expect(refused).toMatchObject({
          ok: false,
          partial: null,
          problem: { code: 'REFUSED', detail: 'open failed: Required key not available' },
        });
        scene.handset.device.files.put('/data/local/tmp/sealed', Buffer.from('x'));
        expect(valueOf(await scene.link.pull('/data/local/tmp/sealed', () => undefined)).bytes).toBe(1);
      }),
    ),
    idle: cannot('the state adb lists does not depend on the lock; the key prompt that waits for it is the next row'),
  },
};

const prompting = { persona: 'modern-locked' } as const;

/** The key is asked for again and nobody answers; then somebody does. */
async function expectAskedAgain(scene: Scene, seen: () => boolean = () => true): Promise<void> {
  await scene.bench.directory.attach(scene.handset.address);
  await until(async () => (await stateOf(scene)) === 'unauthorized');
  await until(seen);
  expect(await acquire(scene)).toMatchObject({ ok: false, problem: { code: 'UNAUTHORIZED' } });
  scene.handset.authorise();
  await until(async () => (await stateOf(scene)) === 'device');
}

const authorisation: Row = {
  fault: 'the authorisation expires or is revoked',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, prompting, async (scene) => {
        scene.handset.answerPrompts(false);
        let revoked = false;
        const cut = await acquire(scene, {
          onProgress: ({ step }) => {
            if (step !== 'settings-secure' || revoked) return;
            revoked = true;
            scene.handset.revoke();
          },
        });
        expect(valueOf(cut).acquisition.outcome).toBe('interrupted');
        const kept = keptIn(scene.directory);
        expect(kept.find(({ exhibit }) => exhibit.collector === 'properties')?.exhibit.outcome).toBe('read');
        await expectAskedAgain(scene);
        // The attempt that was refused left no trace of an acquisition that never began.
        expect(keptIn(scene.directory)).toHaveLength(kept.length);
        expect(valueOf(await acquire(scene)).acquisition).toMatchObject({ id: 'A2', outcome: 'complete-with-gaps' });
        await expectIntact(scene.directory);
      }),
    ),
    capture: cannot('a capture needs root, and an adbd that runs as root with the key prompt off asks nobody'),
    pull: one((bench) =>
      inScene(bench, prompting, async (scene) => {
        scene.handset.answerPrompts(false);
        let revoked = false;
        await expectPullCut(
          scene,
          (got) => {
            if (got < 200_000 || revoked) return;
            revoked = true;
            scene.handset.revoke();
          },
          'TRUNCATED',
        );
        await expectAskedAgain(scene);
        await expectPullWhole(scene);
      }),
    ),
    idle: one((bench) =>
      inScene(bench, prompting, (scene) =>
        watching(scene, async (said) => {
          scene.handset.answerPrompts(false);
          scene.handset.revoke();
          await until(() => said.at(-1) !== 'present device');
          await expectAskedAgain(scene, () => said.some((text) => text.endsWith(' unauthorized')));
          await until(() => said.at(-1) === 'changed device');
          expect((await scene.link.run('id')).ok).toBe(true);
        }),
      ),
    ),
  },
};

export const connectionRows: readonly Row[] = [cable, reboot, locked, authorisation];
