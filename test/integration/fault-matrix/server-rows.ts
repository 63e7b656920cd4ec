import { connect } from 'node:net';
import { expect } from 'vitest';
import type { Acquired } from '../../../main/workflow/acquire-snapshot.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { openBench, until, valueOf } from '../handset-bench.ts';
import { expectPullCut, expectPullWhole, expectTwoSegments, sendDatagrams, watching } from './connection-rows.ts';
import { packageList, truncated } from './acquisition-cuts.ts';
import { expectGoneOnWith } from './resume.ts';
import { one } from './rows.ts';
import type { Row } from './rows.ts';
import {
  acquire,
  capture,
  comeBack,
  expectCutAndRepeated,
  expectIntact,
  inScene,
  keptIn,
  stateOf,
  withOwnServer,
} from './scene.ts';
import type { Scene } from './scene.ts';

const rooted = { persona: 'modern-rooted' } as const;

function kill({ bench }: Scene): void {
  const pid = bench.server.pid();
  if (pid !== null) process.kill(pid, 'SIGKILL');
}

/** What `adb kill-server` of another program sends. */
async function killServerOfAnother({ bench }: Scene): Promise<void> {
  const endpoint = bench.server.endpoint();
  if (endpoint === null) return;
  await new Promise<void>((resolve) => {
    const socket = connect(endpoint, () => socket.write('0009host:kill'));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
  });
}

/** Up again by itself, with the handset attached. */
async function serverIsBack(scene: Scene): Promise<void> {
  await until(() => scene.bench.server.endpoint() !== null, 60_000);
  await comeBack(scene);
}

/** Ends the server when the first bytes of the answer to a command are here, which then stands still. */
async function acquisitionEnded(
  scene: Scene,
  end: (scene: Scene) => unknown,
  after: (cut: Result<Acquired>, command: string) => Promise<void>,
): Promise<void> {
  // Not a list of the state check, which would wait for the same answer to its time-out.
  const command = packageList;
  const pid = scene.bench.server.pid();
  const { stdout } = valueOf(await scene.link.run(command));
  scene.handset.addOverride({ match: command, stdout: stdout.subarray(0, 20), hang: true });
  let ending = false;
  const cut = await acquire(scene, {
    onProgress: ({ command: running }) => {
      if (ending || running?.command !== command || running.bytes === 0) return;
      ending = true;
      scene.handset.device.overrides.splice(0);
      void end(scene);
    },
  });
  await serverIsBack(scene);
  expect(scene.bench.server.pid()).not.toBe(pid);
  await after(cut, command);
}

const repeated =
  (scene: Scene) =>
  async (cut: Result<Acquired>, command: string): Promise<void> => {
    expect(await expectCutAndRepeated(scene, cut, command, truncated)).toBe(20);
  };

async function idleEnded(scene: Scene, end: (scene: Scene) => unknown): Promise<void> {
  await watching(scene, async (said) => {
    const events: string[] = [];
    scene.bench.server.onEvent((event) => events.push(event.type));
    await end(scene);
    await until(() => said.includes('lost'), 60_000);
    await until(() => said.includes('resync'), 60_000);
    expect(events.slice(0, 2)).toEqual(['down', 'up']);
    await until(async () => (await stateOf(scene)) === 'device', 60_000);
    expect((await scene.link.run('id')).ok).toBe(true);
  });
}

const killed: Row = {
  fault: 'the adb server is killed',
  cells: {
    acquisition: {
      tries: {
        '': () => withOwnServer(rooted, (scene) => acquisitionEnded(scene, kill, repeated(scene))),
        'and gone on with': () =>
          withOwnServer(rooted, (scene) =>
            acquisitionEnded(scene, kill, (cut, command) => expectGoneOnWith(scene, cut, command)),
          ),
      },
    },
    capture: one(() =>
      withOwnServer(rooted, (scene) =>
        expectTwoSegments(
          scene,
          () => kill(scene),
          () => serverIsBack(scene),
        ),
      ),
    ),
    pull: one(() =>
      withOwnServer(rooted, async (scene) => {
        let ended = false;
        await expectPullCut(
          scene,
          (got) => {
            if (got < 200_000 || ended) return;
            ended = true;
            kill(scene);
          },
          'TRUNCATED',
        );
        await serverIsBack(scene);
        await expectPullWhole(scene);
      }),
    ),
    idle: one(() => withOwnServer(rooted, (scene) => idleEnded(scene, kill))),
  },
};

/** A second server takes the same handset and lets it go again, as Android Studio beside us would over the network. */
async function secondServer(scene: Scene): Promise<() => Promise<void>> {
  const other = await openBench();
  valueOf(await other.directory.attach(scene.handset.address));
  await until(async () => valueOf(await other.directory.list()).some(({ state }) => state === 'device'));
  return async () => {
    await other.directory.detach(scene.handset.address);
    await other.close();
  };
}

const fighting: Row = {
  fault: 'two programs fight for adb',
  cells: {
    acquisition: {
      tries: {
        'another ends our server': () =>
          withOwnServer(rooted, (scene) => acquisitionEnded(scene, killServerOfAnother, repeated(scene))),
        'another holds the handset too': (bench) =>
          inScene(bench, rooted, async (scene) => {
            const letGo = await secondServer(scene);
            expect(valueOf(await acquire(scene)).acquisition.outcome).toBe('complete');
            await letGo();
            const again = valueOf(await acquire(scene));
            expect(again.acquisition).toMatchObject({ outcome: 'complete', detail: null });
            await expectIntact(scene.directory);
          }),
      },
    },
    capture: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        const letGo = await secondServer(scene);
        const stop = new AbortController();
        const events: string[] = [];
        const done = capture(scene, { signal: stop.signal, onEvent: ({ type }) => void events.push(type) });
        await until(() => events.includes('canary'), 60_000);
        await letGo();
        await sendDatagrams(scene.handset, 20);
        stop.abort();
        const { run, gaps } = valueOf(await done);
        expect(run).toMatchObject({ stoppedBy: 'signal', gaps: [], fitForAbsence: true });
        expect(gaps).toEqual([]);
        const [kept] = keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'capture');
        expect(kept?.bytes.includes('fault matrix datagram 19')).toBe(true);
        await expectIntact(scene.directory);
      }),
    ),
    pull: one((bench) =>
      inScene(bench, rooted, async (scene) => {
        scene.handset.device.files.put('/data/local/tmp/big', Buffer.alloc(1_000_000, 7));
        const letGo = await secondServer(scene);
        await expectPullWhole(scene);
        await letGo();
        await expectPullWhole(scene);
      }),
    ),
    idle: one(() => withOwnServer(rooted, (scene) => idleEnded(scene, killServerOfAnother))),
  },
};

export const serverRows: readonly Row[] = [killed, fighting];
