// Runs by Node itself in a thread: if it hangs, the test that waits can still say in which batch.
import { parentPort, workerData } from 'node:worker_threads';
import { keyLogOfTalks } from './corpus.ts';
import { Dice } from './dice.ts';
import { fileCorpus, fuzzedFile } from './files.ts';
import { fuzzedCapture } from './packets.ts';
import { noteReach } from './reach.ts';
import { watch } from './watch.ts';

export interface FuzzJob {
  readonly what: 'packets' | 'files';
  readonly seeds: readonly number[];
  readonly perSeed: number;
  /** Also tell in which files of main/dissection functions were called; slower. */
  readonly reach?: boolean;
}

export type FuzzWord =
  | { readonly type: 'begin'; readonly seed: number }
  | { readonly type: 'broken'; readonly seed: number; readonly error: string }
  | { readonly type: 'done'; readonly figures: FuzzFigures };

export interface FuzzFigures {
  readonly packets: number;
  readonly messages: number;
  readonly conversations: number;
  readonly decodedBytes: number;
  readonly faults: readonly string[];
  /** Bytes outside the heap that were held after a batch, at most: a leak grows with the batches. */
  readonly heldBytes: number;
  /** Files below main/dissection; empty where it was not asked for. */
  readonly reached: readonly string[];
}

/** Decoded bytes of one batch: bombs are bounded by the caps of content codings, whatever the mutations made of them. */
const MAX_DECODED = 256 * 1024 * 1024;

const job = workerData as FuzzJob;
const say = (word: FuzzWord): void => parentPort?.postMessage(word);
const corpus = job.what === 'files' ? fileCorpus() : [];
const faults = new Set<string>();
const sum = { packets: 0, messages: 0, conversations: 0, decodedBytes: 0, heldBytes: 0 };

function look(dice: Dice, bytes: Buffer, captured: number | null): void {
  const most = dice.pick([7, 500, 65_536, 1 << 22]);
  const keys = dice.once(2) ? { keyLog: keyLogOfTalks() } : {};
  const seen = watch(bytes, () => 1 + dice.below(most), keys);
  if (captured !== null && seen.wireBytes > captured)
    throw new Error(`${seen.wireBytes} bytes of ${captured} captured`);
  if (seen.decodedBytes > MAX_DECODED) throw new Error(`${seen.decodedBytes} bytes decoded of ${bytes.length}`);
  if (captured !== null && seen.summary.packets !== job.perSeed) throw new Error(`${seen.summary.packets} packets`);
  sum.packets += seen.summary.packets;
  sum.messages += seen.messages;
  sum.conversations += seen.flows;
  sum.decodedBytes += seen.decodedBytes;
  for (const { code } of seen.summary.faults) faults.add(code);
}

const endReach = job.reach === true ? await noteReach('/main/dissection/') : null;
for (const seed of job.seeds) {
  say({ type: 'begin', seed });
  const dice = new Dice(seed);
  try {
    if (job.what === 'packets') {
      const { bytes, captured } = fuzzedCapture(dice, job.perSeed);
      look(dice, bytes, captured);
    } else {
      for (let n = 0; n < job.perSeed; n++) look(dice, fuzzedFile(dice, corpus), null);
    }
  } catch (error) {
    say({ type: 'broken', seed, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    break;
  }
  sum.heldBytes = Math.max(sum.heldBytes, process.memoryUsage().arrayBuffers);
}
say({ type: 'done', figures: { ...sum, faults: [...faults].sort(), reached: (await endReach?.()) ?? [] } });
