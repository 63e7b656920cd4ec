import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { type ArenaJob, searchArena } from '../../analysis/search/arena-search.ts';
import { buildEngine, type SearchEngine } from '../../analysis/search/layered-search.ts';
import type { FromSearchThread, SearchThreadData } from '../search-thread.ts';

// Searches what the capture worker has collected, arena by arena, and lends the memory back with the matches.
const { patterns, flags } = workerData as SearchThreadData;
const sent = new Int32Array(flags);
let engine: SearchEngine | null = null;

parentPort?.once('message', ({ port }: { readonly port: MessagePort }) => {
  const post = (message: FromSearchThread, lent: ArrayBuffer[]): void => {
    port.postMessage(message, lent);
    Atomics.add(sent, 0, 1);
    Atomics.notify(sent, 0);
  };
  port.on('message', (job: ArenaJob) => {
    try {
      engine ??= buildEngine(patterns);
      const result = searchArena(engine, job);
      post(result, [result.bytes.buffer]);
    } catch (error) {
      post({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }, []);
    }
  });
});
