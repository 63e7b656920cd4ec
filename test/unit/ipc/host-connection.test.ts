import { expect, test } from 'vitest';
import { createHostConnection, type HostThread } from '../../../main/ipc/host-connection.ts';
import type { FromHost, ToHost } from '../../../main/workflow/host/host-protocol.ts';
import type { HostTask } from '../../../shared/contract/tasks.ts';
import { ok } from '../../../shared/model/problem.ts';

interface FakeThread extends HostThread {
  readonly posted: ToHost[];
  readonly say: (message: FromHost) => void;
  readonly die: (reason: string) => void;
}

function fakeThread(): FakeThread {
  const posted: ToHost[] = [];
  let say: (message: FromHost) => void = () => undefined;
  let gone: (reason: string) => void = () => undefined;
  return {
    posted,
    say: (message) => say(message),
    die: (reason) => gone(reason),
    post: (message) => posted.push(message),
    onMessage: (listener) => {
      say = listener;
    },
    onGone: (listener) => {
      gone = listener;
    },
    terminate: () => Promise.resolve(),
  };
}

const runningTask: HostTask = {
  task: 'T1',
  kind: 'capture',
  title: '',
  startedAt: '2014-08-07T10:00:00Z',
  endedAt: null,
  status: 'running',
  progress: null,
  items: [],
  counts: {},
  problem: null,
  gaps: [],
  result: null,
  about: null,
};

function connection() {
  const threads: FakeThread[] = [];
  const tasks: HostTask[] = [];
  const restarts: number[] = [];
  const made = createHostConnection({
    start: () => {
      const thread = fakeThread();
      threads.push(thread);
      return thread;
    },
    language: () => 'zh-Hant',
    printPdf: () => Promise.resolve(ok(null)),
    onChanged: () => undefined,
    onTask: (task) => tasks.push(task),
    onRestarted: () => restarts.push(threads.length),
    now: () => new Date('2014-08-07T10:05:00Z'),
  });
  return { made, threads, tasks, restarts };
}

test('replies find their requests, whatever their order', async () => {
  const { made, threads } = connection();
  const first = made.ask('host.about', {}, null);
  const second = made.ask('tasks.list', {}, 'Wu');
  const [thread] = threads;
  expect(thread?.posted).toMatchObject([
    { type: 'request', id: 1, method: 'host.about', actor: null, language: 'zh-Hant' },
    { type: 'request', id: 2, method: 'tasks.list', actor: 'Wu' },
  ]);
  thread?.say({ type: 'reply', id: 2, result: ok([]) });
  thread?.say({ type: 'reply', id: 1, result: ok({ version: '0.1.0', programHash: 'x' }) });
  expect(await second).toEqual(ok([]));
  expect(await first).toEqual(ok({ version: '0.1.0', programHash: 'x' }));
  expect(threads.length).toBe(1);
});

test('a host that dies answers what waits, fails what ran, and is started again', async () => {
  const { made, threads, tasks, restarts } = connection();
  const waiting = made.ask('host.about', {}, null);
  threads[0]?.say({ type: 'task', task: runningTask });
  expect(made.running()).toHaveLength(1);
  threads[0]?.die('out of memory');
  expect(await waiting).toMatchObject({ ok: false, problem: { code: 'internal', detail: 'out of memory' } });
  expect(tasks.at(-1)).toMatchObject({ task: 'T1', status: 'failed', endedAt: '2014-08-07T10:05:00.000Z' });
  expect(made.running()).toEqual([]);
  const again = made.ask('tasks.list', {}, null);
  expect(restarts).toEqual([2]);
  threads[1]?.say({ type: 'reply', id: 2, result: ok([]) });
  expect(await again).toEqual(ok([]));
});

test('printing is asked of the shell and answered to the thread that asked', async () => {
  const { made, threads } = connection();
  void made.ask('host.about', {}, null);
  threads[0]?.say({ type: 'print-pdf', id: 9, html: '/r/a.html', pdf: '/r/a.pdf' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(threads[0]?.posted.at(-1)).toEqual({ type: 'printed', id: 9, result: ok(null) });
});

test('stopping asks the host first, gives up in time, and takes no more requests', async () => {
  const { made, threads } = connection();
  void made.ask('host.about', {}, null);
  await made.stop(20);
  expect(threads[0]?.posted.at(-1)).toMatchObject({ type: 'request', method: 'host.stop' });
  expect(await made.ask('host.about', {}, null)).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
});
