import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import {
  type ArenaJob,
  type ArenaMemory,
  arenaMemory,
  type ArenaResult,
  type ArenaSearch,
} from '../analysis/search/arena-search.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { ArenaRing } from './arena-ring.ts';
import { workerLimits } from './heap-limits.ts';
import { workerUrl } from './worker-url.ts';

/** What the search thread is started with. */
export interface SearchThreadData {
  readonly patterns: PatternSet;
  readonly shared: SharedArrayBuffer;
}

/** Told of a job in which something was found. A bug in the search thread is given on as text: the capture worker throws it. */
export type FromSearchThread = ArenaResult | { readonly failed: string };

/** A thread that died without a word (out of memory) is noticed after so long; one arena takes milliseconds. */
const silenceMs = 300_000;

/** Searches arenas in a thread of its own, while the calling one dissects. The caller is blocked when it waits for a result. */
export class SearchThread implements ArenaSearch {
  readonly #ring = new ArenaRing();
  /** Filled piece by piece: many small copies into shared memory cost several times as much as one large one. */
  readonly #memory = arenaMemory();
  readonly #worker: Worker;
  readonly #port;
  #submitted = 0;
  #taken = 0;

  constructor(patterns: PatternSet) {
    const data: SearchThreadData = { patterns, shared: this.#ring.shared };
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(workerUrl('search'), { workerData: data, resourceLimits: workerLimits });
    this.#worker.postMessage({ port: port2 }, [port2]);
    // While the search is waited for no event is heard: what it throws comes as a message.
    this.#worker.on('error', () => undefined);
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
    while (!this.#ring.isSearched(job)) {
      if (!this.#ring.waitFor(job, silenceMs))
        throw new Error(`the search thread has been silent for ${silenceMs / 1000} s`);
    }
    this.#taken += 1;
    if (!this.#ring.isTold(job)) return nothingFound;
    const message: FromSearchThread | undefined = receiveMessageOnPort(this.#port)?.message;
    if (message === undefined) throw new Error('the search thread has told nothing of what it found');
    if ('failed' in message) throw new Error(`the search thread failed: ${message.failed}`);
    return message;
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}

const nothingFound: ArenaResult = { matches: [], caps: [] };
