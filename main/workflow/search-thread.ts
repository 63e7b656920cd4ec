import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import {
  type ArenaJob,
  type ArenaMemory,
  arenaMemory,
  type ArenaResult,
  type ArenaSearch,
} from '../analysis/search/arena-search.ts';
import type { PackedPatterns } from '../analysis/transforms/pack-patterns.ts';
import { ArenaRing } from './arena-ring.ts';
import { searchLimits } from './heap-limits.ts';
import { workerUrl } from './worker-url.ts';

/** What the search thread is started with. */
export interface SearchThreadData {
  readonly shared: SharedArrayBuffer;
}

/** What lets it begin. */
export interface SearchThreadStart {
  readonly port: MessagePort;
  readonly patterns: PackedPatterns;
}

/** Told of a job in which something was found. A bug in the search thread is given on as text: the capture worker throws it. */
export type FromSearchThread = ArenaResult | { readonly failed: string };

/** A thread that died without a word (out of memory) is noticed after so long; one arena takes milliseconds. */
const silenceMs = 300_000;

/**
 * Searches arenas in a thread of its own, while the calling one dissects. The caller is blocked when it waits for a result.
 * It loads from the beginning, and searches once it is told what for.
 */
export class SearchThread implements ArenaSearch {
  readonly #ring = new ArenaRing();
  /** Filled piece by piece: many small copies into shared memory cost several times as much as one large one. */
  readonly #memory = arenaMemory();
  readonly #worker: Worker;
  readonly #channel = new MessageChannel();
  #submitted = 0;
  #taken = 0;
  /** It died before it was waited for: loading failed, or there was no room for it. */
  #dead: Error | null = null;

  constructor() {
    const data: SearchThreadData = { shared: this.#ring.shared };
    this.#worker = new Worker(workerUrl('search'), { workerData: data, resourceLimits: searchLimits });
    // While the search is waited for no event is heard: what it throws then comes as a message.
    this.#worker.on('error', (error) => (this.#dead ??= error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => (this.#dead ??= new Error(`the search thread ended with ${code}`)));
  }

  /** Why it cannot search, where that was heard; not of what it fails of while it searches. */
  get dead(): Error | null {
    return this.#dead;
  }

  /** To be called once, before the first job. */
  begin(patterns: PackedPatterns): this {
    const start: SearchThreadStart = { port: this.#channel.port2, patterns };
    this.#worker.postMessage(start, [start.port]);
    return this;
  }

  memory(): ArenaMemory {
    return this.#memory;
  }

  submit(job: ArenaJob): void {
    this.#ring.submit(this.#submitted, job);
    this.#submitted += 1;
  }

  take(): ArenaResult {
    const job = this.#taken;
    if (this.#dead !== null) throw this.#dead;
    while (!this.#ring.isSearched(job)) {
      if (!this.#ring.waitFor(job, silenceMs))
        throw new Error(`the search thread has been silent for ${silenceMs / 1000} s`);
    }
    this.#taken += 1;
    if (this.#ring.hasFailed()) throw this.#failure();
    if (!this.#ring.isTold(job)) return nothingFound;
    const message = this.#message();
    if (message === null || 'failed' in message) throw new Error('the search thread has told nothing of what it found');
    return message;
  }

  #message(): FromSearchThread | null {
    return (receiveMessageOnPort(this.#channel.port1)?.message as FromSearchThread | undefined) ?? null;
  }

  /** What it told before it failed does not count. */
  #failure(): Error {
    for (let message = this.#message(); message !== null; message = this.#message())
      if ('failed' in message) return new Error(`the search thread failed: ${message.failed}`);
    return new Error('the search thread failed');
  }

  async end(): Promise<void> {
    this.#channel.port1.close();
    await this.#worker.terminate();
  }
}

const nothingFound: ArenaResult = { matches: [], caps: [] };
