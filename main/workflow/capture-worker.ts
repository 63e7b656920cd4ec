import { Worker } from 'node:worker_threads';
import { asError } from '../../shared/model/as-error.ts';
import type { CaptureJob, CaptureWorkerData, FromCaptureWorker } from './capture-job.ts';
import { limitHeap, workerLimits } from './heap-limits.ts';
import { SearchThread } from './search-thread.ts';
import { workerUrl } from './worker-url.ts';

const endedWith = (code: number): Error => new Error(`the capture worker ended with ${code}`);

/** Reads one capture, searching it or having it searched in a thread of its own. Both load from the beginning: made early, they wait for its job. */
export class CaptureWorker {
  readonly #worker: Worker;
  readonly #search: SearchThread | null;
  /** Why it cannot read any more: the first that was heard. */
  #failure: Error | null = null;
  #onFailure: ((error: Error) => void) | null = null;

  /** `apart`: a thread of its own searches. */
  constructor(apart: boolean) {
    limitHeap();
    this.#search = apart ? new SearchThread((error) => this.#fail(error)) : null;
    const search = this.#search?.link ?? null;
    const workerData: CaptureWorkerData = { search };
    this.#worker = new Worker(workerUrl('capture'), {
      workerData,
      transferList: search === null ? [] : [search.port],
      resourceLimits: workerLimits,
    });
    this.#worker.on('error', (error) => this.#fail(asError(error)));
    this.#worker.on('exit', (code) => this.#fail(endedWith(code)));
  }

  /** To be called once. `onFailure` hears of a failure that came before as well; nothing that comes after `end` is one. */
  begin(job: CaptureJob, onMessage: (message: FromCaptureWorker) => void, onFailure: (error: Error) => void): void {
    this.#worker.on('message', onMessage);
    this.#onFailure = onFailure;
    if (this.#failure !== null) onFailure(this.#failure);
    this.#search?.begin(job.patterns);
    this.#worker.postMessage(job);
  }

  async end(): Promise<void> {
    this.#onFailure = null;
    await Promise.all([this.#worker.terminate(), this.#search?.end()]);
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#onFailure?.(error);
  }
}
