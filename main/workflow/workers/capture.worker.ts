import { parentPort, workerData } from 'node:worker_threads';
import { readCaptureBytes } from '../capture-bytes.ts';
import type { CaptureBytesRead } from '../capture-bytes.ts';
import { createDissector } from '../../dissection/dissector.ts';
import type { DissectedFlow, DissectedMessage, DissectionSink } from '../../dissection/sink.ts';
import { createSearcher } from '../../analysis/search/searcher.ts';
import { moduleOfKernel } from '../../analysis/search/kernel-module.ts';
import { unpackPatterns } from '../../analysis/transforms/pack-patterns.ts';
import type { Hit } from '../../analysis/search/searcher.ts';
import type { CaptureBatch, CaptureJob, CaptureWorkerData, FromCaptureWorker } from '../capture-job.ts';
import { batchBytes, batchRows, outstandingBatches, toPost } from '../capture-job.ts';
import { secretsFor } from '../own-secrets.ts';
import { SearchElsewhere } from '../search-thread.ts';

/** A message wakes the host: so often is often enough for a bar that moves. */
const progressMs = 100;

// One capture at a time: bytes from the vault → dissection → search, results in batches with back-pressure.
const port = parentPort;
if (port === null) throw new Error('capture.worker runs as a worker only');

const { search } = workerData as CaptureWorkerData;
const elsewhere = search === null ? null : new SearchElsewhere(search);
moduleOfKernel();

port.on('message', (job: CaptureJob) => {
  readOne(job).catch((error: unknown) => {
    // A bug must not look like an empty capture.
    setImmediate(() => {
      throw error;
    });
  });
});

async function readOne(job: CaptureJob): Promise<void> {
  const acknowledged = new Int32Array(job.acknowledged);
  let sent = 0;
  let batch = emptyBatch();
  let rows = 0;
  let sinceFlush = 0;

  const post = (message: FromCaptureWorker): void => port?.postMessage(message);
  const flush = (): void => {
    sinceFlush = 0;
    if (rows === 0) return;
    post({ type: 'batch', batch: toPost(batch) });
    sent += 1;
    batch = emptyBatch();
    rows = 0;
    // The host is slower than we are when it writes: wait, so that memory does not grow.
    for (;;) {
      const seen = Atomics.load(acknowledged, 0);
      if (sent - seen < outstandingBatches) return;
      Atomics.wait(acknowledged, 0, seen);
    }
  };
  const count = (): void => {
    rows += 1;
    if (rows >= batchRows) flush();
  };

  // A flow is told after all its hits: those in bytes that have not been looked at yet are still to come.
  const waiting: { readonly flow: DissectedFlow; readonly handed: number }[] = [];
  const releaseFlows = (searched: number): void => {
    const still = waiting.findIndex(({ handed }) => handed >= searched);
    for (const { flow } of waiting.splice(0, still === -1 ? waiting.length : still)) {
      batch.flows.push(flow);
      count();
    }
  };
  const settle = (): void => {
    searcher.settle();
    releaseFlows(Infinity);
  };
  const foundHit = (hit: Hit): void => {
    batch.hits.push(hit);
    count();
  };
  const searched = (): void => releaseFlows(searcher.horizon.searched);
  const searcher = createSearcher(unpackPatterns(job.patterns), foundHit, searched, elsewhere);
  const sink: DissectionSink = {
    run: searcher.run,
    endSequence: searcher.endSequence,
    message: (message: DissectedMessage) => {
      batch.messages.push(message);
      count();
    },
    flow: (flow: DissectedFlow) => {
      waiting.push({ flow, handed: searcher.horizon.handed });
      if (waiting.length >= batchRows) settle();
    },
  };
  let toldMs = Number.NEGATIVE_INFINITY;
  const tell = (type: 'looked' | 'progress', bytes: number): void => {
    const now = performance.now();
    if (now - toldMs < progressMs) return;
    toldMs = now;
    post({ type, bytes });
  };
  const secrets = await secretsFor(job.paths, job.keyLogs, {
    known: job.ownSecrets,
    onProgress: (bytes) => tell('looked', bytes),
  });
  const dissector = createDissector(sink, { horizon: searcher.horizon, ...secrets.options });
  const reads: CaptureBytesRead[] = [];
  let before = 0;
  for (const path of job.paths) {
    if (reads.length > 0) post({ type: 'file', start: dissector.nextFile() });
    const read = await readCaptureBytes(path, {
      onBlock: (block) => {
        dissector.push(block);
        sinceFlush += block.length;
        if (sinceFlush >= batchBytes) flush();
      },
      onProgress: (bytes) => tell('progress', before + bytes),
      // It is terminated.
      cancelled: () => false,
    });
    before += read.fileBytes;
    reads.push(read);
  }
  post({ type: 'progress', bytes: before });
  const summary = dissector.finish();
  searcher.finish();
  releaseFlows(Infinity);
  flush();
  post({ type: 'done', summary, search: searcher.stats(), reads, ownSecrets: secrets.places });
}

function emptyBatch(): CaptureBatch {
  return { messages: [], flows: [], hits: [] };
}
