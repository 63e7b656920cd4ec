import { fstatSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { LiveSight } from '../../../shared/model/live-sight.ts';
import { compilePatterns } from '../../analysis/search/patterns.ts';
import type { FromLiveWorker, LiveJob, ToLiveWorker } from '../live-job.ts';
import { LiveReading } from '../live-reading.ts';

// Follows the bytes of a running capture on the disk. The drain neither waits for this thread nor knows of it: what has been
// written is read from the file, as fast as it goes.
const port = parentPort;
if (port === null) throw new Error('live.worker runs as a worker only');

/** Read at once: small, so that what arrived last is soon looked at. */
const blockBytes = 1024 * 1024;
/** How often what was read is looked at to its end, whether or not more is there. */
const lookEveryMs = 150;
const pauseMs = 20;

const { identifiers } = workerData as LiveJob;
const fresh: LiveSight[] = [];
const reading = new LiveReading(compilePatterns(identifiers), (sight) => fresh.push(sight));
const files: number[] = [];
let ending = false;
let searchedBytes = 0;
const post = (message: FromLiveWorker): void => port.postMessage(message);

port.on('message', (message: ToLiveWorker) => {
  if (message.type === 'file') files.push(message.descriptor);
  else ending = true;
});

function tell(behindBytes: number): void {
  reading.look();
  if (fresh.length > 0) post({ type: 'sights', sights: fresh.splice(0), dropped: reading.dropped });
  post({ type: 'state', state: { searchedBytes, behindBytes, flows: reading.flows } });
}

/** Reads a file as it grows, until another follows or the capture is over, and then to its end. */
async function follow(file: number): Promise<void> {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  let toldMs = performance.now();
  let position = 0;
  let untold = false;
  reading.beginFile();
  for (;;) {
    const over = ending || files.length > 0;
    const bytes = readSync(file, block, 0, blockBytes, position);
    if (bytes === 0 && over) return;
    if (bytes > 0) {
      reading.push(block.subarray(0, bytes));
      position += bytes;
      searchedBytes += bytes;
      untold = true;
    }
    if (untold && (bytes === 0 || performance.now() - toldMs >= lookEveryMs)) {
      tell(Math.max(0, fstatSync(file).size - position));
      toldMs = performance.now();
      untold = false;
    }
    // Messages are heard between blocks.
    await sleep(bytes === 0 ? pauseMs : 0);
  }
}

async function work(): Promise<void> {
  for (;;) {
    const file = files.shift();
    if (file !== undefined) await follow(file);
    else if (ending) break;
    else await sleep(pauseMs);
  }
  reading.finish();
  tell(0);
  post({ type: 'ended' });
  port?.close();
}

work().catch((error: unknown) => {
  setImmediate(() => {
    throw error;
  });
});
