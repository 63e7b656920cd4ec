import type { HostTask } from '../../shared/contract/tasks.ts';
import type { Topic } from '../../shared/contract/window.ts';
import { fail, type Result } from '../../shared/model/problem.ts';
import type { Language } from '../../shared/contract/operation.ts';
import type { FromHost, HostValue, ToHost } from '../workflow/host/host-protocol.ts';
import type { AskHost } from './ports.ts';

/** The part of a worker thread that we use; a test puts something else here. */
export interface HostThread {
  readonly post: (message: ToHost) => void;
  readonly onMessage: (listener: (message: FromHost) => void) => void;
  /** Called once when the thread is gone, with the reason. */
  readonly onGone: (listener: (reason: string) => void) => void;
  readonly terminate: () => Promise<void>;
}

export interface HostConnectionOptions {
  readonly start: () => HostThread;
  readonly language: () => Language;
  readonly printPdf: (html: string, pdf: string) => Promise<Result<null>>;
  readonly onChanged: (topic: Topic, directory: string | null) => void;
  readonly onTask: (task: HostTask) => void;
  /** A new thread stands in for one that died: open cases are to be opened again. */
  readonly onRestarted: () => void;
  readonly now: () => Date;
}

export interface HostConnection {
  readonly ask: AskHost;
  /** Tasks that have not ended. */
  readonly running: () => readonly HostTask[];
  /** Ends tasks safely, then the thread; gives up waiting after `timeoutMs`. */
  readonly stop: (timeoutMs: number) => Promise<void>;
}

const hasEnded = (task: HostTask): boolean => task.status !== 'running' && task.status !== 'stopping';

/** Talks to the workflow host: numbered requests, and what it says by itself. Starts the thread at the first request. */
export function createHostConnection(options: HostConnectionOptions): HostConnection {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const running = new Map<string, HostTask>();
  let thread: HostThread | null = null;
  let startedBefore = false;
  let stopped = false;
  let nextId = 1;

  function gone(reason: string): void {
    thread = null;
    const problem = fail('internal', {}, reason);
    for (const answer of waiting.values()) answer(problem);
    waiting.clear();
    for (const task of running.values()) {
      options.onTask({ ...task, status: 'failed', endedAt: options.now().toISOString(), problem: problem.problem });
    }
    running.clear();
  }

  function receive(from: HostThread, message: FromHost): void {
    switch (message.type) {
      case 'reply':
        waiting.get(message.id)?.(message.result);
        waiting.delete(message.id);
        break;
      case 'changed':
        options.onChanged(message.topic, message.directory);
        break;
      case 'task':
        if (hasEnded(message.task)) running.delete(message.task.task);
        else running.set(message.task.task, message.task);
        options.onTask(message.task);
        break;
      case 'print-pdf':
        void options
          .printPdf(message.html, message.pdf)
          .then((result) => from.post({ type: 'printed', id: message.id, result }));
        break;
    }
  }

  function connected(): HostThread {
    if (thread !== null) return thread;
    const started = options.start();
    thread = started;
    started.onMessage((message) => receive(started, message));
    started.onGone((reason) => {
      if (thread === started) gone(reason);
    });
    if (startedBefore) options.onRestarted();
    startedBefore = true;
    return started;
  }

  const ask: AskHost = async (method, input, actor) => {
    if (stopped) return fail('interrupted');
    const id = nextId;
    nextId += 1;
    const host = connected();
    return new Promise((resolve) => {
      // The host's reply to a method has that method's type: HostHandlers holds it to that.
      waiting.set(id, (result) => resolve(result as Result<HostValue<typeof method>>));
      host.post({ type: 'request', id, method, input, actor, language: options.language() });
    });
  };

  return {
    ask,
    running: () => [...running.values()],
    async stop(timeoutMs) {
      const host = thread;
      if (host === null) {
        stopped = true;
        return;
      }
      const asked = ask('host.stop', {}, null);
      stopped = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([asked, late]);
      clearTimeout(timer);
      await host.terminate();
    },
  };
}
