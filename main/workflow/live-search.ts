import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { LiveSight, LiveState } from '../../shared/model/live-sight.ts';
import type { PatternSource } from '../analysis/search/patterns.ts';
import type { FromLiveWorker, LiveJob, ToLiveWorker } from './live-job.ts';
import { workerLimits } from './heap-limits.ts';
import { workerUrl } from './worker-url.ts';

/** What a search of a running capture tells. All of it is provisional. */
export interface LiveOutput {
  readonly onSights: (sights: readonly LiveSight[], dropped: number) => void;
  readonly onState: (state: LiveState) => void;
  /** The search ended of a fault of its own; the capture goes on without it. */
  readonly onFailure: (detail: string) => void;
}

/** After the last byte the search may go on for so long before the capture is closed without it. */
const catchUpMs = 2000;

/** Searches a capture while it runs, in a thread of its own that follows the file: nothing in the capture waits for it. */
export class LiveSearch {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  /** Opened here and closed here, when the worker is gone: nobody reads from them then. */
  readonly #files: number[] = [];
  #over = false;

  constructor(identifiers: readonly PatternSource[], output: LiveOutput) {
    const workerData: LiveJob = { identifiers };
    this.#worker = new Worker(workerUrl('live'), { workerData, resourceLimits: workerLimits });
    const fail = (detail: string): void => {
      if (!this.#over) output.onFailure(detail);
      this.#over = true;
    };
    this.#ended = new Promise((resolve) => {
      this.#worker.on('message', (message: FromLiveWorker) => {
        if (message.type === 'sights') output.onSights(message.sights, message.dropped);
        else if (message.type === 'state') output.onState(message.state);
        else this.#over = true;
      });
      this.#worker.on('error', (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
      this.#worker.on('exit', (code) => {
        fail(`the live search ended with ${code}`);
        for (const file of this.#files) closeSync(file);
        resolve();
      });
    });
  }

  /** The bytes now arrive in this file. It may be moved or removed afterwards: it is open. */
  begin(path: string): void {
    if (this.#over) return;
    const descriptor = openSync(path, 'r');
    this.#files.push(descriptor);
    this.#post({ type: 'file', descriptor });
  }

  /** Looks at what is left, for a moment, and ends. */
  async end(): Promise<void> {
    this.#post({ type: 'end' });
    const late = setTimeout(() => {
      this.#over = true;
      void this.#worker.terminate();
    }, catchUpMs);
    await this.#ended;
    clearTimeout(late);
  }

  #post(message: ToLiveWorker): void {
    if (!this.#over) this.#worker.postMessage(message);
  }
}
