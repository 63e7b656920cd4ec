import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ask } from '../../../main/acquisition/collector.ts';
import type { Collector } from '../../../main/acquisition/collector.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { fakeEvidence } from '../../unit/acquisition/fake-handset.ts';
import type { Bench } from '../handset-bench.ts';
import { until, valueOf } from '../handset-bench.ts';
import { expectPullWhole, sendDatagrams } from './connection-rows.ts';
import { endlessCapture } from './flood.ts';
import { cannot, one } from './rows.ts';
import type { Row } from './rows.ts';
import { acquire, capture, commandOf, comeBack, expectIntact, inScene, keptIn, stateOf } from './scene.ts';
import type { Scene } from './scene.ts';

const rooted = { persona: 'modern-rooted' } as const;
const old = { persona: 'founding-before' } as const;

const handsetFull: Row = {
  fault: 'the storage of the handset is full',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, old, async (scene) => {
        // Before Android 7 a screenshot goes through a file: half of it fits.
        scene.handset.device.freeBytes = 300;
        const { acquisition, gaps } = valueOf(await acquire(scene, { profile: 'standard' }));
        expect(acquisition.outcome).toBe('complete-with-gaps');
        expect(acquisition.detail).toContain("the picture lacks its end; the handset's storage may be full");
        expect(gaps.some((gap) => gap.includes('畫面檔缺少結尾'))).toBe(true);
        const shot = keptIn(scene.directory).find(({ exhibit }) => exhibit.kind === 'screenshot');
        expect(shot).toMatchObject({ exhibit: { outcome: 'interrupted', bytes: 300 } });
        expect(scene.handset.device.files.list('/data/local/tmp')).toEqual([]);
        scene.handset.device.freeBytes = Number.POSITIVE_INFINITY;
        expect(valueOf(await acquire(scene, { profile: 'standard' })).acquisition.outcome).toBe('complete');
        await expectIntact(scene.directory);
      }),
    ),
    capture: cannot('tcpdump writes to its standard output: nothing is stored on the handset'),
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        // Reading needs no room; what is written to it is refused with the handset's own words.
        scene.handset.device.freeBytes = 0;
        expect(await scene.link.push('/data/local/tmp/new', Buffer.alloc(10))).toMatchObject({
          ok: false,
          problem: { code: 'REMOTE', detail: 'write failed: No space left on device' },
        });
        scene.handset.device.files.put('/data/local/tmp/big', Buffer.alloc(1_000_000, 7));
        await expectPullWhole(scene);
        scene.handset.device.freeBytes = Number.POSITIVE_INFINITY;
        expect(valueOf(await scene.link.push('/data/local/tmp/new', Buffer.alloc(10))).bytes).toBe(10);
      }),
    ),
    idle: cannot('nothing is written to a handset that only lies there'),
  },
};

/** A disk of eight megabytes that the test fills and empties. Needs the right to mount. */
async function onSmallDisk(
  bench: Bench,
  act: (scene: Scene, disk: { fill(): void; empty(): void }) => Promise<void>,
): Promise<void> {
  const disk = fs.mkdtempSync(join(bench.folder, 'disk-'));
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status).toBe(0);
  const ballast = join(disk, 'ballast');
  try {
    await inScene(bench, { ...rooted, place: disk }, (scene) =>
      act(scene, {
        fill: () => {
          try {
            for (;;) fs.appendFileSync(ballast, Buffer.alloc(4096));
          } catch {
            // Full to the last page.
          }
        },
        empty: () => fs.rmSync(ballast),
      }),
    );
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
}

const workstationFull: Row = {
  fault: 'the disk of the workstation is full',
  cells: {
    acquisition: one((bench) =>
      onSmallDisk(bench, async (scene, disk) => {
        let filled = false;
        const refused = await acquire(scene, {
          onProgress: ({ step }) => {
            if (step !== 'settings-secure' || filled) return;
            filled = true;
            disk.fill();
          },
        });
        expect(refused).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
        expect(await stateOf(scene)).toBe('device');
        const kept = keptIn(scene.directory);
        expect(kept.find((stored) => commandOf(stored) === 'getprop')?.exhibit.outcome).toBe('read');
        disk.empty();
        expect(valueOf(await acquire(scene)).acquisition).toMatchObject({ id: 'A2', outcome: 'complete' });
        expect(keptIn(scene.directory).slice(0, kept.length)).toEqual(kept);
        await expectIntact(scene.directory);
      }),
    ),
    capture: one((bench) =>
      onSmallDisk(bench, async (scene, disk) => {
        const events: string[] = [];
        const refused = capture(scene, { onEvent: ({ type }) => void events.push(type) });
        await until(() => events.includes('canary') && events.includes('position'), 60_000);
        disk.fill();
        for (let round = 0; round < 50 && !events.includes('segment-ended'); round += 1) {
          await sendDatagrams(scene.handset, 200);
          if (scene.handset.device.processes.size === 0) break;
        }
        expect(await refused).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
        // tcpdump does not go on running on the handset.
        await until(() => scene.handset.device.processes.size === 0);
        disk.empty();
        const again = valueOf(await capture(scene, { seconds: 1 }));
        expect(again.run.segments).toMatchObject([{ end: 'complete' }]);
        const captures = keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'capture');
        expect(captures.map(({ exhibit }) => exhibit.outcome)).toEqual(['interrupted', 'read']);
        // Both hold the head of a capture file: what had been stored before the disk was full is there.
        for (const { bytes } of captures) expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
        await expectIntact(scene.directory);
      }),
    ),
    pull: one((bench) =>
      onSmallDisk(bench, async (scene, disk) => {
        scene.handset.device.files.put('/data/local/tmp/big', Buffer.alloc(1_000_000, 7));
        const target = fs.openSync(join(scene.directory, '..', 'pulled'), 'w');
        disk.fill();
        const pulling = scene.link.pull('/data/local/tmp/big', (chunk) => void fs.writeSync(target, chunk));
        await expect(pulling).rejects.toThrow(/ENOSPC/);
        // The stream is closed, so that the handset does not send the rest to nobody.
        expect(scene.link.journal.at(-1)).toMatchObject({ request: 'RECV /data/local/tmp/big', outcome: 'ABORTED' });
        disk.empty();
        await expectPullWhole(scene);
        fs.closeSync(target);
      }),
    ),
    idle: cannot('a handset that only lies there is listed, and nothing is stored of it'),
  },
};

const clockSteps: Row = {
  fault: 'the clock of the handset is set',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        let stepped = false;
        const { acquisition, gaps } = valueOf(
          await acquire(scene, {
            onProgress: ({ step }) => {
              if (step !== 'packages' || stepped) return;
              stepped = true;
              scene.handset.device.stepClock(3_600_000);
            },
          }),
        );
        expect(acquisition.detail).toMatch(/the handset’s clock was set by 3(599|600)\.\d+ s between /);
        expect(gaps.some((gap) => /^手機時鐘在 .* 之間被調整了 3(599|600)\.\d+ 秒/.test(gap))).toBe(true);
        const offsets = keptIn(scene.directory)
          .filter(({ exhibit }) => exhibit.collector === 'clock')
          .map(({ bytes }) => (JSON.parse(bytes.toString()) as { offsetMs: number }).offsetMs);
        expect(offsets).toHaveLength(2);
        expect(Math.round(((offsets[1] ?? 0) - (offsets[0] ?? 0)) / 60_000)).toBe(60);
        const again = valueOf(await acquire(scene));
        expect(again.acquisition).toMatchObject({ outcome: 'complete', detail: null });
        await expectIntact(scene.directory);
      }),
    ),
    capture: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const events: string[] = [];
        const stop = new AbortController();
        const done = capture(scene, { signal: stop.signal, onEvent: ({ type }) => void events.push(type) });
        await until(() => events.includes('canary'), 60_000);
        scene.handset.device.stepClock(-600_000);
        stop.abort();
        const { run, gaps } = valueOf(await done);
        expect(run.segments).toMatchObject([{ end: 'complete' }]);
        expect(run.clockStepsMs.map((ms) => Math.round(ms / 60_000))).toEqual([-10]);
        expect(gaps).toEqual([expect.stringContaining('the handset’s clock was set by -600 s during the capture')]);
        const again = valueOf(await capture(scene, { seconds: 1 }));
        expect(again.run.clockStepsMs).toEqual([]);
        await expectIntact(scene.directory);
      }),
    ),
    pull: cannot('a pull carries no time of the handset but the file’s own, which stays what it is'),
    idle: cannot('the handset’s clock is asked by an acquisition or a capture only'),
  },
};

const endless: Row = {
  fault: 'an answer never ends',
  cells: {
    acquisition: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        // The properties have a limit of 16 MB; the others after them are asked all the same.
        scene.handset.addOverride({ match: 'getprop', stdout: `[a]: [${'b'.repeat(30_000)}]\n`, endless: true });
        const { acquisition, gaps } = valueOf(await acquire(scene));
        expect(acquisition.outcome).toBe('complete-with-gaps');
        expect(acquisition.detail).toMatch(/getprop: .*cut at the limit/);
        expect(gaps.some((gap) => gap.includes('達上限而截斷'))).toBe(true);
        const kept = keptIn(scene.directory).find((stored) => commandOf(stored) === 'getprop');
        expect(kept?.exhibit).toMatchObject({ bytes: 16 * 1024 * 1024, fault: `byte-limit:${16 * 1024 * 1024}` });
        scene.handset.device.overrides.splice(0);
        expect(valueOf(await acquire(scene)).acquisition.outcome).toBe('complete');
        await expectIntact(scene.directory);
      }),
    ),
    capture: endlessCapture,
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const block = Buffer.alloc(65_536, 7);
        scene.handset.device.files.put('/data/local/tmp/endless', Buffer.alloc(0), {
          part: () => block,
          sizeBytes: 10,
        });
        expect(valueOf(await scene.link.stat('/data/local/tmp/endless')).sizeBytes).toBe(10);
        let got = 0;
        const limit = { maxBytes: 5_000_000 };
        const pulled = await scene.link.pull('/data/local/tmp/endless', (chunk) => void (got += chunk.length), limit);
        expect(valueOf(pulled)).toMatchObject({ bytes: 5_000_000, truncatedAtBytes: 5_000_000 });
        expect(got).toBe(5_000_000);
        expect((await scene.link.run('id')).ok).toBe(true);
      }),
    ),
    idle: cannot(
      'a handset that is asked nothing answers nothing; what the adb server lists is capped at 64 KB by its protocol',
    ),
  },
};

/** `timeoutMs` null: the usual time. */
const askingOnly = (id: string, command: string, timeoutMs: number | null): Collector => ({
  id,
  titleKey: `collector.${id}`,
  profiles: ['quick'],
  asks: () => [ask(command, timeoutMs === null ? {} : { timeoutMs })],
});

const mute: Row = {
  fault: 'the handset stays attached and says nothing',
  cells: {
    acquisition: {
      tries: {
        'each command has its time': (bench) =>
          inScene(bench, rooted, async (scene) => {
            scene.handset.addOverride({ match: 'settings list system', stdout: 'first=1\n', hang: true });
            const evidence = fakeEvidence();
            // Long enough for the first bytes to come, however busy the workstation is.
            const only = [
              askingOnly('settings-system', 'settings list system', 5000),
              askingOnly('properties', 'getprop', null),
            ];
            const run = await runAcquisition({ link: scene.link, evidence, knowledge, profile: 'quick', only });
            expect(run).toMatchObject({ outcome: 'complete-with-gaps', endedBy: null, notReached: [] });
            expect(run.gaps).toMatchObject([{ command: 'settings list system', outcome: 'timed-out' }]);
            expect(evidence.stored.map(({ bytes, outcome }) => [outcome, bytes.length > 0])).toEqual([
              ['timed-out', true],
              ['read', true],
            ]);
          }),
        'and the person may stop it': (bench) =>
          inScene(bench, rooted, async (scene) => {
            const stop = new AbortController();
            scene.handset.addFault({ service: ':settings list secure', afterBytes: 4, action: 'mute' });
            const stopped = acquire(scene, {
              signal: stop.signal,
              onProgress: ({ command }) => {
                if (command?.command === 'settings list secure' && command.silentSeconds > 0) stop.abort();
              },
            });
            const { acquisition, gaps } = valueOf(await stopped);
            expect(acquisition).toMatchObject({ outcome: 'interrupted' });
            expect(acquisition.detail).toContain('the acquisition ended early: stopped by the person');
            expect(gaps.join('\n')).toContain('由人員中止');
            expect(await stateOf(scene)).toBe('device');
            await scene.handset.unplug();
            scene.handset.mute(false);
            await comeBack(scene);
            expect(valueOf(await acquire(scene)).acquisition.outcome).toBe('complete');
            await expectIntact(scene.directory);
          }),
      },
    },
    capture: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const events: string[] = [];
        const stop = new AbortController();
        const done = capture(scene, { signal: stop.signal, onEvent: ({ type }) => void events.push(type) });
        await until(() => events.includes('canary'), 60_000);
        scene.handset.mute(true);
        stop.abort();
        const { run, gaps } = valueOf(await done);
        expect(run.segments[0]?.end).not.toBe('complete');
        expect(run.fitForAbsence).toBe(false);
        expect(gaps.some((gap) => gap.startsWith('control request (at the end): not found'))).toBe(true);
        await scene.handset.unplug();
        scene.handset.mute(false);
        await comeBack(scene);
        expect(valueOf(await capture(scene, { seconds: 1 })).run.segments).toMatchObject([{ end: 'complete' }]);
        await expectIntact(scene.directory);
      }),
    ),
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.device.files.put('/data/local/tmp/big', Buffer.alloc(1_000_000, 7));
        scene.handset.addFault({ service: 'sync:', afterBytes: 300_000, action: 'mute' });
        let got = 0;
        const stuck = await scene.link.pull('/data/local/tmp/big', (chunk) => void (got += chunk.length), {
          idleTimeoutMs: 500,
        });
        expect(stuck).toMatchObject({ ok: false, problem: { code: 'TIMEOUT' }, partial: { bytes: got } });
        expect(got).toBeGreaterThan(200_000);
        await scene.handset.unplug();
        scene.handset.mute(false);
        await comeBack(scene);
        await expectPullWhole(scene);
      }),
    ),
    idle: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.mute(true);
        // adb still lists it: only a question shows that it is mute.
        expect(await stateOf(scene)).toBe('device');
        expect(await scene.link.run('id', { timeoutMs: 500 })).toMatchObject({
          ok: false,
          problem: { code: 'TIMEOUT' },
          partial: null,
        });
        await scene.handset.unplug();
        scene.handset.mute(false);
        await comeBack(scene);
        expect((await scene.link.run('id')).ok).toBe(true);
      }),
    ),
  },
};

export const limitRows: readonly Row[] = [handsetFull, workstationFull, clockSteps, mute];
/** By themselves: what has no end leaves little of the workstation to the tests beside it. */
export const endlessRows: readonly Row[] = [endless];
