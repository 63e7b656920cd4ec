import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { asError } from '../../shared/model/as-error.ts';
import {
  type ArenaJob,
  type ArenaMemory,
  arenaMemory,
  type ArenaResult,
  type ArenaSearch,
} from '../analysis/search/arena-search.ts';
import { StartsKernel } from '../analysis/search/starts-kernel.ts';
import { sortedStarts, type ValueStarts } from '../analysis/search/value-starts.ts';
import type { PackedPatterns } from '../analysis/transforms/pack-patterns.ts';
import { ArenaRing } from './arena-ring.ts';
import { searchLimits } from './heap-limits.ts';
import { workerUrl } from './worker-url.ts';

/** One end of what the thread that fills arenas and the one that searches them share. The port can be given on once. */
export interface SearchLink {
  readonly shared: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Told of a job in which something was found. A bug in the search thread is given on as text: the capture worker throws it. */
export type FromSearchThread = ArenaResult | { readonly failed: string };

/**
 * A thread that searches arenas for another one. It belongs to a third, which hears when it dies (out of memory, a file that cannot
 * be loaded) and then ends the one that waits: that one is blocked and hears nothing. It loads from the beginning, and searches
 * once it is told what for.
 */
export class SearchThread {
  /** For the thread that fills arenas. */
  readonly link: SearchLink;
  readonly #worker: Worker;
  #isEnded = false;

  /** `onFailure` hears of nothing that comes after `end`. */
  constructor(onFailure: (error: Error) => void) {
    const { shared } = new ArenaRing();
    const { port1, port2 } = new MessageChannel();
    this.link = { shared, port: port1 };
    const workerData: SearchLink = { shared, port: port2 };
    this.#worker = new Worker(workerUrl('search'), {
      workerData,
      transferList: [port2],
      resourceLimits: searchLimits,
    });
    const over = (error: Error): void => {
      if (!this.#isEnded) onFailure(error);
    };
    this.#worker.on('error', (error) => over(asError(error)));
    this.#worker.on('exit', (code) => over(new Error(`the search thread ended with ${code}`)));
  }

  /** To be called once. */
  begin(patterns: PackedPatterns): void {
    this.#worker.postMessage(patterns);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#worker.terminate();
  }
}

/** Has arenas searched by a `SearchThread`, while the calling thread fills others; blocked when it waits for a result. */
export class SearchElsewhere implements ArenaSearch {
  readonly #ring: ArenaRing;
  readonly #port: MessagePort;
  readonly #kernel = new StartsKernel();
  /** Filled piece by piece: many small copies into shared memory cost several times as much as one large one. */
  readonly #memory = arenaMemory(this.#kernel.arena);
  #submitted = 0;
  #taken = 0;

  constructor({ shared, port }: SearchLink) {
    this.#ring = new ArenaRing(shared);
    this.#port = port;
  }

  memory(): ArenaMemory {
    return this.#memory;
  }

  valueStarts(length: number): ValueStarts {
    return sortedStarts(this.#kernel.startsIn(length), this.#memory.bytes.subarray(0, length));
  }

  submit(job: ArenaJob): void {
    this.#ring.submit(this.#submitted, job);
    this.#submitted += 1;
  }

  take(): ArenaResult {
    const job = this.#taken;
    this.#ring.waitFor(job);
    this.#taken += 1;
    if (this.#ring.hasFailed()) throw this.#failure();
    if (!this.#ring.isTold(job)) return nothingFound;
    const message = this.#message();
    if (message === null || 'failed' in message) throw new Error('the search thread has told nothing of what it found');
    return message;
  }

  #message(): FromSearchThread | null {
    return (receiveMessageOnPort(this.#port)?.message as FromSearchThread | undefined) ?? null;
  }

  /** What it told before it failed does not count. */
  #failure(): Error {
    for (let message = this.#message(); message !== null; message = this.#message())
      if ('failed' in message) return new Error(`the search thread failed: ${message.failed}`);
    return new Error('the search thread failed');
  }
}

const nothingFound: ArenaResult = { matches: [], caps: [] };
