import { Worker } from 'node:worker_threads';
import type { ExchangeState } from '../../../shared/contract/exchange.ts';
import { asError } from '../../../shared/model/as-error.ts';
import type { NumberedFinding } from '../../evidence/case-types.ts';
import { workerLimits } from '../heap-limits.ts';
import { workerUrl } from '../worker-url.ts';
import type { ExchangeJob, FindingPlace, FromExchangeWorker, GatheredExchange } from './exchange-job.ts';

/** Where the findings of a conversation lie; those without a place in its bytes (a service at work) are left out. */
export function placesOf(findings: readonly NumberedFinding[]): FindingPlace[] {
  return findings.flatMap((finding): FindingPlace[] => {
    const { key, number, direction, streamOffset, bodyOffset, context, frames } = finding;
    const [first] = frames;
    if (streamOffset === null || context === null || first === undefined) return [];
    const bytes = Buffer.from(context.base64, 'base64').subarray(context.matchStart, context.matchEnd);
    return [
      {
        key,
        number,
        way: direction === 'to-server' ? 0 : direction === 'to-client' ? 1 : null,
        streamOffset,
        bodyOffset: bodyOffset ?? null,
        decodings: finding.decodings ?? [],
        firstFrame: first,
        bytes: Uint8Array.from(bytes),
      },
    ];
  });
}

/** One conversation being read again from its exhibit, in a thread of its own. */
export class ExchangeReading {
  /** Null while it is being read. */
  gathered: GatheredExchange | null = null;
  readonly #bytesTotal: number;
  readonly #markable: number;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  readonly #done: Promise<void>;
  #bytesRead = 0;
  #isLooking = false;
  #failure: Error | null = null;

  constructor(job: Omit<ExchangeJob, 'stop'>, bytesTotal: number) {
    this.#bytesTotal = bytesTotal;
    this.#markable = job.places.length;
    this.#worker = new Worker(workerUrl('exchange'), { resourceLimits: workerLimits });
    this.#done = new Promise((resolve) => {
      const over = (error: Error | null): void => {
        this.#failure ??= error;
        resolve();
      };
      this.#worker.on('message', (message: FromExchangeWorker) => {
        this.#isLooking = message.type === 'looked';
        if (message.type !== 'done') this.#bytesRead = message.bytes;
        else {
          this.gathered = message;
          over(null);
        }
      });
      this.#worker.on('error', (error) => over(asError(error)));
      this.#worker.on('exit', () => over(this.gathered === null ? new Error('the exchange worker ended early') : null));
    });
    this.#worker.postMessage({ ...job, stop: this.#stop.buffer } satisfies ExchangeJob);
  }

  /** Waits until it is read, at most so long. Throws what the reading threw. */
  async wait(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#done, late]);
    clearTimeout(timer);
    if (this.gathered === null && this.#failure !== null) throw this.#failure;
  }

  state(): ExchangeState {
    const { gathered } = this;
    return {
      status: gathered === null ? 'reading' : 'ready',
      looking: this.#isLooking,
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      parts: gathered?.parts.length ?? 0,
      contentBytes: gathered?.contentBytes ?? 0,
      heldBytes: gathered?.heldBytes ?? 0,
      limits: gathered?.limits ?? [],
      marked: gathered?.marked ?? [],
      markable: this.#markable,
    };
  }

  /** What has been read by then is given. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Nobody wants it any more. */
  async end(): Promise<void> {
    this.stop();
    await this.#worker.terminate();
  }
}
