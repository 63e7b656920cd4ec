import { parentPort } from 'node:worker_threads';
import { createDissector } from '../../dissection/dissector.ts';
import { FlowGate } from '../../dissection/flow-gate.ts';
import { readCaptureBytes } from '../capture-bytes.ts';
import { secretsFor } from '../own-secrets.ts';
import { ExchangeGathering } from '../exchange/gather-exchange.ts';
import { FrameNumbers } from '../exchange/frame-numbers.ts';
import type { ExchangeJob, FromExchangeWorker } from '../exchange/exchange-job.ts';

// Reads an exhibit again for one conversation. Ends with its last packet: how many it has is known from the index.
const port = parentPort;
if (port === null) throw new Error('exchange.worker runs as a worker only');

port.once('message', (job: ExchangeJob) => {
  readOne(job).catch((error: unknown) => {
    // A bug must not look like an empty conversation.
    setImmediate(() => {
      throw error;
    });
  });
});

async function readOne({ paths, exhibits, keyLogs, ownSecrets, flow, places, stop }: ExchangeJob): Promise<void> {
  const flags = new Int32Array(stop);
  const isStopped = (): boolean => Atomics.load(flags, 0) === 1;
  const post = (message: FromExchangeWorker): void => port?.postMessage(message);
  const gate = new FlowGate({ transport: flow.transport, ends: [flow.client, flow.server] });
  const frames = new FrameNumbers(exhibits);
  const gathering = new ExchangeGathering(flow, places, frames);
  const { options } = await secretsFor(paths, keyLogs, {
    known: ownSecrets,
    onProgress: (bytes) => post({ type: 'looked', bytes }),
    cancelled: isStopped,
  });
  const dissector = createDissector(gathering, { gate, horizon: gathering.horizon, ...options });
  const isOver = (): boolean => gathering.full || gathering.isComplete(gate);
  let before = 0;
  for (const [file, path] of paths.entries()) {
    if (isStopped() || isOver()) break;
    if (file > 0) frames.beginFile(dissector.nextFile().framesBefore);
    const read = await readCaptureBytes(path, {
      onBlock: (block) => dissector.push(block),
      onProgress: (bytes) => post({ type: 'progress', bytes: before + bytes }),
      cancelled: () => isStopped() || isOver(),
    });
    before += read.fileBytes;
  }
  const stopped = isStopped() && !isOver();
  dissector.finish();
  post({ type: 'done', ...gathering.finish(stopped) });
}
