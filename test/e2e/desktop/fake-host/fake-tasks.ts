import type { FromHost } from '../../../../main/workflow/host/host-protocol.ts';
import type { HostTask, Started, TaskItem, TaskKind, TaskStatus } from '../../../../shared/contract/tasks.ts';
import { collectorResults, sha256 } from './fixture-case.ts';

const steps = 12;

function itemsAt(kind: TaskKind, done: number): readonly TaskItem[] {
  if (kind !== 'acquisition') return [];
  return collectorResults.map((result, index) => ({
    id: result.collector,
    titleKey: result.titleKey,
    title: result.title,
    state: index < done ? result.outcome : index === done ? 'running' : 'waiting',
    detail: index < done ? result.reason : null,
  }));
}

function resultOf(task: HostTask, directory: string): HostTask['result'] {
  switch (task.kind) {
    case 'demonstration':
      return { kind: 'demonstration', directory };
    case 'acquisition':
      return { kind: 'acquisition', acquisition: 'A1' };
    case 'capture':
      return { kind: 'capture', exhibits: ['E104'], end: 'complete' };
    case 'import':
      return { kind: 'import', exhibits: ['E105'], packets: 5120 };
    case 'analysis':
      return { kind: 'analysis', generation: 4, findings: 14, newFindings: 0 };
    case 'verification':
      return {
        kind: 'verification',
        ok: true,
        checks: 1409,
        failed: 0,
        head: sha256('head'),
        firstFailure: null,
        failures: [],
      };
    case 'search':
      return {
        kind: 'search',
        text: task.title,
        hits: Array.from({ length: 40 }, (_, index) => ({
          exhibit: 'E101',
          where: index % 3 === 0 ? 'body' : 'bytes',
          offset: 2118 + index * 977,
          form: index % 5 === 0 ? 'utf-16le' : 'plain',
          context: `GET /pass/user@id?type=MXPH&externalId=${task.title}&sid=mixin HTTP/1.1`,
          frame: 41 + index,
        })),
        truncated: false,
        exhibitsSearched: 127,
        bytesSearched: 14_250_000,
      };
    case 'report':
      return {
        kind: 'report',
        fileName: '2014-081-full-en.pdf',
        bytes: 812_000,
        sha256: sha256('report'),
        format: 'pdf',
      };
  }
}

/** Tasks that move by a timer; `FAKE_HOST_STEP_MS` sets its pace, 0 stands still. */
export function createFakeTasks(say: (message: FromHost) => void) {
  const tasks = new Map<string, HostTask>();
  const timers = new Map<string, NodeJS.Timeout>();
  const stepMs = Number(process.env['FAKE_HOST_STEP_MS'] ?? '120');

  function put(task: HostTask): void {
    tasks.set(task.task, task);
    say({ type: 'task', task });
  }

  function end(id: string, status: TaskStatus): void {
    const task = tasks.get(id);
    if (task === undefined || task.endedAt !== null) return;
    clearInterval(timers.get(id));
    const result = status === 'done' ? resultOf(task, task.about?.directory ?? '') : null;
    put({ ...task, status, endedAt: new Date().toISOString(), result, items: itemsAt(task.kind, 99) });
  }

  function step(id: string, done: number): void {
    const task = tasks.get(id);
    if (task === undefined) return;
    put({
      ...task,
      items: itemsAt(task.kind, done),
      counts: task.kind === 'capture' ? { packets: done * 311, dropped: null, bytes: done * 182_000, segments: 1 } : {},
      progress: {
        task: task.kind,
        step: `step ${done}`,
        done,
        total: task.kind === 'capture' ? null : steps,
        unit: 'steps',
        note: null,
      },
    });
  }

  return {
    list: (): readonly HostTask[] => [...tasks.values()].reverse(),
    cancel: (id: string): void => end(id, 'cancelled'),
    finish: (id: string): void => end(id, 'done'),
    stop: (): void => {
      for (const id of tasks.keys()) end(id, 'cancelled');
    },
    start(kind: TaskKind, directory: string, title: string): Started {
      const id = `T${tasks.size + 1}`;
      let done = 3;
      put({
        task: id,
        kind,
        title,
        startedAt: new Date().toISOString(),
        endedAt: null,
        status: 'running',
        progress: null,
        items: itemsAt(kind, 0),
        counts: {},
        problem: null,
        gaps: [],
        result: null,
        about: { directory },
      });
      step(id, done);
      if (stepMs > 0) {
        timers.set(
          id,
          setInterval(() => {
            done += 1;
            if (done > steps && kind !== 'capture') end(id, 'done');
            else step(id, done);
          }, stepMs),
        );
      }
      return { task: id };
    },
  };
}
