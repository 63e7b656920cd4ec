import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ArenaJob, ArenaResult, ArenaSearch } from '../analysis/search/arena-search.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { workerLimits, workerUrl } from './worker-url.ts';

/** What the search thread is started with. `flags[0]` counts the results it has sent. */
export interface SearchThreadData {
  readonly patterns: PatternSet;
  readonly flags: SharedArrayBuffer;
}

/** A bug in the search thread is given on as text: the capture worker throws it. */
export type FromSearchThread = ArenaResult | { readonly failed: string };

/** A thread that died without a word (out of memory) is noticed after so long; one arena takes milliseconds. */
const silenceMs = 300_000;

/** Searches arenas in a thread of its own, while the calling one dissects. The caller is blocked when it waits for a result. */
export class SearchThread implements ArenaSearch {
  readonly capacity = 4;
  readonly #flags = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  readonly #port;
  #taken = 0;

  constructor(patterns: PatternSet) {
    const data: SearchThreadData = { patterns, flags: this.#flags.buffer };
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(workerUrl('search'), { workerData: data, resourceLimits: workerLimits });
    this.#worker.postMessage({ port: port2 }, [port2]);
    // While the search is waited for no event is heard: what it throws comes as a message.
    this.#worker.on('error', () => undefined);
  }

  submit(job: ArenaJob): void {
    this.#port.postMessage(job, [job.bytes.buffer, job.table.buffer]);
  }

  take(wait: boolean): ArenaResult | null {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) {
        const message: FromSearchThread = received.message;
        this.#taken += 1;
        if ('failed' in message) throw new Error(`the search thread failed: ${message.failed}`);
        return message;
      }
      if (!wait) return null;
      if (Atomics.wait(this.#flags, 0, this.#taken, silenceMs) === 'timed-out')
        throw new Error(`the search thread has been silent for ${silenceMs / 1000} s`);
    }
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }
}
