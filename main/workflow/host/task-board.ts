import type { HostTask, Started, TaskItem, TaskKind, TaskLive, TaskResult } from '../../../shared/contract/tasks.ts';
import type { Progress } from '../../../shared/model/acquisition.ts';
import type { Problem, Result } from '../../../shared/model/problem.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { BothLanguages, Conduct } from '../conduct.ts';
import { nowAt } from '../conduct.ts';

type HostTaskResult = TaskResult<{ readonly directory: string }>;

/** What a task came to. */
export interface TaskEnd {
  readonly result: HostTaskResult | null;
  readonly gaps: readonly string[];
}

/** What a running task may tell. */
export interface TaskVoice {
  items(items: readonly TaskItem[]): void;
  counts(counts: Readonly<Record<string, number | null>>): void;
  live(live: TaskLive): void;
  notices(notices: readonly BothLanguages[]): void;
}

export interface TaskWish {
  readonly kind: TaskKind;
  readonly title: string;
  readonly directory: string | null;
  readonly actor: string | null;
  readonly lang: Conduct['lang'];
  /** Stopping is the orderly end of this kind of task (a capture), not a cancellation. */
  readonly stopsInOrder?: boolean;
}

/** Shown at most so often while a task moves. */
const tellEveryMs = 100;
/** Ended tasks that are remembered. */
const maxEnded = 100;

interface Entry {
  task: HostTask;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  toldMs: number;
  /** Tells the newest state when nothing follows it. */
  later: NodeJS.Timeout | null;
}

/** Everything that takes longer than a moment: outlives the page that started it, can be cancelled, says how it ended. */
export class TaskBoard {
  readonly #entries = new Map<string, Entry>();
  readonly #tell: (task: HostTask) => void;
  #next = 1;

  constructor(tell: (task: HostTask) => void) {
    this.#tell = tell;
  }

  start(wish: TaskWish, run: (conduct: Conduct, voice: TaskVoice) => Promise<Result<TaskEnd>>): Started {
    const id = `T${this.#next}`;
    this.#next += 1;
    const abort = new AbortController();
    const conduct: Conduct = {
      actor: wish.actor,
      lang: wish.lang,
      signal: abort.signal,
      progress: (progress: Progress) => this.#update(id, { progress }),
    };
    const voice: TaskVoice = {
      items: (items) => this.#update(id, { items }),
      counts: (counts) => this.#update(id, { counts }),
      live: (live) => this.#update(id, { live }),
      notices: (notices) => this.#update(id, { notices }),
    };
    const task: HostTask = {
      task: id,
      kind: wish.kind,
      title: wish.title,
      startedAt: nowAt(),
      endedAt: null,
      status: 'running',
      progress: null,
      items: [],
      counts: {},
      problem: null,
      gaps: [],
      result: null,
      about: wish.directory === null ? null : { directory: wish.directory },
    };
    // Started on the next turn, so that the caller knows the id before anything is told of it.
    const done = Promise.resolve().then(() => this.#run(id, wish, run, conduct, voice));
    this.#entries.set(id, { task, abort, done, toldMs: 0, later: null });
    this.#tell(task);
    return { task: id };
  }

  list(): readonly HostTask[] {
    return [...this.#entries.values()].map((entry) => entry.task).reverse();
  }

  runsIn(directory: string): boolean {
    return [...this.#entries.values()].some(({ task }) => task.about?.directory === directory && task.endedAt === null);
  }

  /** Asks a task to end; ended and unknown ones are left alone. */
  stop(id: string): Result<null> {
    const entry = this.#entries.get(id);
    if (entry !== undefined && entry.task.endedAt === null) {
      this.#put(entry, { status: 'stopping' });
      entry.abort.abort();
    }
    return ok(null);
  }

  async stopAll(): Promise<void> {
    for (const id of this.#entries.keys()) this.stop(id);
    await Promise.all([...this.#entries.values()].map((entry) => entry.done));
  }

  async #run(
    id: string,
    wish: TaskWish,
    run: (conduct: Conduct, voice: TaskVoice) => Promise<Result<TaskEnd>>,
    conduct: Conduct,
    voice: TaskVoice,
  ): Promise<void> {
    let end: Result<TaskEnd>;
    try {
      end = await run(conduct, voice);
    } catch (error) {
      // A bug: said as one, with everything that was stored still there.
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      const problem: Problem = { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
      end = { ok: false, problem };
    }
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const cancelled = conduct.signal.aborted && wish.stopsInOrder !== true;
    if (end.ok) {
      const status = cancelled ? 'cancelled' : end.value.gaps.length > 0 ? 'done-with-gaps' : 'done';
      this.#put(entry, { status, endedAt: nowAt(), gaps: end.value.gaps, result: end.value.result });
    } else {
      this.#put(entry, { status: cancelled ? 'cancelled' : 'failed', endedAt: nowAt(), problem: end.problem });
    }
    this.#forgetOld();
  }

  #update(id: string, change: Partial<HostTask>): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.task.endedAt !== null) return;
    entry.task = { ...entry.task, ...change };
    const waitMs = entry.toldMs + tellEveryMs - performance.now();
    if (waitMs <= 0) return this.#tellNow(entry);
    entry.later ??= setTimeout(() => this.#tellNow(entry), waitMs);
  }

  #tellNow(entry: Entry): void {
    if (entry.later !== null) clearTimeout(entry.later);
    entry.later = null;
    entry.toldMs = performance.now();
    this.#tell(entry.task);
  }

  #put(entry: Entry, change: Partial<HostTask>): void {
    entry.task = { ...entry.task, ...change };
    this.#tellNow(entry);
  }

  #forgetOld(): void {
    const ended = [...this.#entries].filter(([, entry]) => entry.task.endedAt !== null);
    for (const [id] of ended.slice(0, Math.max(0, ended.length - maxEnded))) this.#entries.delete(id);
  }
}
