import { asError } from '../../shared/model/as-error.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { packPatterns, type PackedPatterns } from '../analysis/transforms/pack-patterns.ts';
import type { FileStart } from '../dissection/sink.ts';
import type { CaptureBatch, CaptureDone, FromCaptureWorker } from './capture-job.ts';
import { fromPost } from './capture-job.ts';
import { CaptureWorker } from './capture-worker.ts';
import { limitHeap } from './heap-limits.ts';
import type { SecretsPlaces } from './own-secrets-note.ts';

export interface CaptureInput {
  /** One file, or several that are one capture, in time order. */
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Files of the key logs that belong to it. */
  readonly keyLogs: readonly string[];
  /** Where each file holds secrets, as far as it is known; what is not is looked for. */
  readonly ownSecrets?: readonly SecretsPlaces[];
}

/** `own-secrets`: the capture whose turn it is is looked through for the keys that it holds, before it is read. */
export type CaptureStep = 'own-secrets' | 'captures';

export interface CaptureOutput {
  /** Called in the order of the inputs: input 1 only after input 0 is done. Rows of one input keep their order. */
  readonly onBatch: (input: number, batch: CaptureBatch) => void;
  readonly onDone: (input: number, done: CaptureDone) => void;
  /** The next file of an input begins; told before any row of it. */
  readonly onFile: (input: number, start: FileStart) => void;
  /** File bytes so far, over all inputs: looked through for secrets, or read. In each step they only grow. */
  readonly onProgress: (bytes: number, step: CaptureStep) => void;
}

/** A thread more is worth its start for captures from this size. */
const largeBytes = 8 * 1024 * 1024;

/** With more workers than captures, a large one gets two: one dissects, one searches. */
export function searchesApart(bytes: number, captures: number, workers: number): boolean {
  return captures < workers && bytes >= largeBytes;
}

/**
 * Reads captures in workers. What comes out is the same with one worker and with several:
 * later captures are read ahead, but their rows wait for their turn (bounded by outstanding batches).
 * `waiting` reads the first of them, and searches apart as `searchesApart` says of that. Rejects when a worker dies of a bug
 * or runs out of memory; resolves early when aborted, whatever the workers do. What it resolves with says when the last threads are
 * gone: to take them down takes some fiftieth of a second, in which the calling thread can go on.
 */
export async function readCaptures(
  inputs: readonly CaptureInput[],
  patterns: PatternSet,
  workers: number,
  output: CaptureOutput,
  signal: AbortSignal,
  waiting: CaptureWorker | null = null,
): Promise<{ readonly threadsEnded: Promise<void> }> {
  const apart = (input: CaptureInput): boolean => searchesApart(input.bytes, inputs.length, workers);
  const packed = packPatterns(patterns);
  const readers = inputs.map((input) => new CaptureReader(input, packed, apart(input), output, () => report()));
  let turn: CaptureReader | undefined;
  const report = (): void => {
    const step = turn?.isLooking === true ? 'own-secrets' : 'captures';
    const bytes = readers.map((reader) => (step === 'captures' ? reader.bytesRead : reader.bytesLooked));
    output.onProgress(
      bytes.reduce((sum, one) => sum + one, 0),
      step,
    );
  };
  const stop = (): void => readers.forEach((reader) => reader.cancel());
  const endAll = async (): Promise<void> => {
    await Promise.all(readers.map((reader) => reader.end()));
  };
  signal.addEventListener('abort', stop);
  try {
    let next = 0;
    const startMore = (turn: number): void => {
      while (next < readers.length && next < turn + Math.max(1, workers)) {
        readers[next]?.start(next === 0 ? waiting : null);
        next += 1;
      }
    };
    for (const [index, reader] of readers.entries()) {
      if (signal.aborted) break;
      turn = reader;
      startMore(index);
      await reader.deliver(index);
      // Its threads would stay until the last capture is read.
      if (index < readers.length - 1) await reader.end();
    }
    return { threadsEnded: endAll() };
  } catch (error) {
    await endAll();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** One worker reading one capture; its batches are held until it is this capture's turn. */
class CaptureReader {
  bytesRead = 0;
  /** All as soon as anything else is told: short looks tell nothing, and what is no pcapng needs none. */
  bytesLooked = 0;
  isLooking = false;
  readonly #input: CaptureInput;
  readonly #patterns: PackedPatterns;
  readonly #searchesApart: boolean;
  readonly #output: CaptureOutput;
  readonly #onProgress: () => void;
  readonly #acknowledged = new Int32Array(new SharedArrayBuffer(4));
  readonly #held: FromCaptureWorker[] = [];
  #worker: CaptureWorker | null = null;
  #turn: number | null = null;
  #finish: ((error: Error | null) => void) | null = null;
  #ended: Error | 'done' | null = null;

  constructor(
    input: CaptureInput,
    patterns: PackedPatterns,
    searchesApart: boolean,
    output: CaptureOutput,
    onProgress: () => void,
  ) {
    this.#input = input;
    this.#patterns = patterns;
    this.#searchesApart = searchesApart;
    this.#output = output;
    this.#onProgress = onProgress;
  }

  start(waiting: CaptureWorker | null): void {
    const { paths, keyLogs, ownSecrets = [] } = this.#input;
    this.#worker = waiting ?? new CaptureWorker(this.#searchesApart);
    this.#worker.begin(
      { paths, keyLogs, ownSecrets, patterns: this.#patterns, acknowledged: this.#acknowledged.buffer },
      (message) => this.#take(message),
      (error) => this.#over(error),
    );
  }

  /** It is this capture's turn: hand on what was held, then everything as it comes. */
  async deliver(turn: number): Promise<void> {
    this.#turn = turn;
    for (const message of this.#held.splice(0)) this.#handOn(turn, message);
    if (this.#ended === 'done') return;
    if (this.#ended !== null) throw this.#ended;
    await new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error === null ? resolve() : reject(error));
    });
  }

  cancel(): void {
    this.#over(null);
  }

  async end(): Promise<void> {
    this.#ended ??= 'done';
    await this.#worker?.end();
  }

  #take(message: FromCaptureWorker): void {
    if (this.#ended !== null) return;
    this.isLooking = message.type === 'looked';
    this.bytesLooked = message.type === 'looked' ? Math.min(message.bytes, this.#input.bytes) : this.#input.bytes;
    if (message.type === 'looked') {
      this.#onProgress();
      return;
    }
    if (message.type === 'progress') {
      this.bytesRead = message.bytes;
      this.#onProgress();
      return;
    }
    if (this.#turn === null) this.#held.push(message);
    else this.#handOn(this.#turn, message);
  }

  #handOn(turn: number, message: FromCaptureWorker): void {
    try {
      if (message.type === 'batch') {
        this.#output.onBatch(turn, fromPost(message.batch));
        limitHeap();
        Atomics.add(this.#acknowledged, 0, 1);
        Atomics.notify(this.#acknowledged, 0);
      } else if (message.type === 'file') {
        this.#output.onFile(turn, message.start);
      } else if (message.type === 'done') {
        const { summary, search, reads, ownSecrets } = message;
        this.#output.onDone(turn, { summary, search, reads, ownSecrets });
        this.#over(null);
      }
    } catch (error) {
      this.#over(asError(error));
    }
  }

  #over(error: Error | null): void {
    if (this.#ended !== null) return;
    this.#ended = error ?? 'done';
    this.#finish?.(error);
  }
}
