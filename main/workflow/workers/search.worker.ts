import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { asError } from '../../../shared/model/as-error.ts';
import { arenaBytes, searchArena } from '../../analysis/search/arena-search.ts';
import { type PackedPatterns, unpackPatterns } from '../../analysis/transforms/pack-patterns.ts';
import { moduleOfKernel } from '../../analysis/search/kernel-module.ts';
import { buildEngine } from '../../analysis/search/layered-search.ts';
import { ArenaRing } from '../arena-ring.ts';
import type { FromSearchThread, SearchLink } from '../search-thread.ts';

// Searches what the capture worker has collected, arena by arena, until it is terminated.
const { shared, port } = workerData as SearchLink;
// While the patterns are still being made.
moduleOfKernel();

/** What node:zlib has done with is let go of between two events: without any it would be kept until the end. */
const jobsBetweenEvents = 64;

async function searchAll(patterns: PackedPatterns): Promise<void> {
  const ring = new ArenaRing(shared);
  const post = (message: FromSearchThread): void => port.postMessage(message);
  let job = 0;
  try {
    // While the first arena is being filled.
    const engine = buildEngine(unpackPatterns(patterns));
    // Decoders and text readers take no shared memory; the kernel looks at the copy where it lies.
    const bytes = engine.kernel?.arena ?? new Uint8Array(arenaBytes);
    for (;;) {
      const { memory: given, length, stretches } = ring.awaitJob(job);
      bytes.set(given.bytes.subarray(0, length));
      const result = searchArena(engine, { memory: { bytes, table: given.table }, length, stretches });
      const found = result.matches.length > 0 || result.caps.length > 0;
      if (found) post(result);
      ring.answer(job, found);
      job += 1;
      if (job % jobsBetweenEvents === 0) await setImmediate();
    }
  } catch (error) {
    post({ failed: asError(error).stack ?? String(error) });
    // Whatever is handed in, before or later: an arena that was not searched must not look like one that holds nothing.
    ring.fail();
  }
}

parentPort?.once('message', (patterns: PackedPatterns) => void searchAll(patterns));
