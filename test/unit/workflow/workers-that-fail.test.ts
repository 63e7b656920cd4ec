import { expect, it, vi } from 'vitest';
import { compilePatterns } from '../../../main/analysis/search/patterns.ts';
import { arenaMemory } from '../../../main/analysis/search/arena-search.ts';
import { ArenaRing } from '../../../main/workflow/arena-ring.ts';
import { readCaptures, WaitingWorker } from '../../../main/workflow/read-captures.ts';
import { SearchThread } from '../../../main/workflow/search-thread.ts';
import type * as WorkerUrls from '../../../main/workflow/worker-url.ts';

const broken = vi.hoisted(() => ({ url: null as URL | null }));
vi.mock('../../../main/workflow/worker-url.ts', async (original) => {
  const real = await original<typeof WorkerUrls>();
  return { workerUrl: (...name: Parameters<typeof real.workerUrl>) => broken.url ?? real.workerUrl(...name) };
});

const arena = { memory: arenaMemory(), length: 64, stretches: 0 };
/** Nothing that a search thread can read. */
const noPatterns = new SharedArrayBuffer(0);

it('a search that failed before anything was handed in does not look like one that found nothing', () => {
  const here = new ArenaRing();
  new ArenaRing(here.shared).fail();
  here.submit(0, arena);
  expect(here.waitFor(0, 1000)).toBe(true);
  expect(here.hasFailed()).toBe(true);
});

it('what a search thread fails of is thrown, whenever the arena was handed in', async () => {
  const thread = new SearchThread().begin(noPatterns);
  thread.submit(arena);
  expect(() => thread.take()).toThrow(/search thread failed/);
  thread.submit(arena);
  expect(() => thread.take()).toThrow(/search thread failed/);
  await thread.end();
});

it('a worker that fails before it is given its capture fails the reading, and nothing else', async () => {
  broken.url = new URL('data:text/javascript,throw new Error("cannot be loaded")');
  const output = { onBatch: vi.fn(), onDone: vi.fn(), onFile: vi.fn(), onProgress: vi.fn() };
  const input = { paths: ['/nowhere'], bytes: 1, keyLogs: [] };
  const signal = new AbortController().signal;
  for (const early of [true, false]) {
    const waiting = new WaitingWorker(false);
    if (early) await vi.waitFor(() => expect(waiting.failure).not.toBeNull(), { timeout: 20_000 });
    await expect(readCaptures([input], compilePatterns([]), 1, output, signal, waiting)).rejects.toThrow(
      'cannot be loaded',
    );
  }
  expect(output.onDone).not.toHaveBeenCalled();
});

it('so does a search thread that cannot be loaded', async () => {
  broken.url = new URL('data:text/javascript,throw new Error("cannot be loaded")');
  const thread = new SearchThread().begin(noPatterns);
  await vi.waitFor(() => expect(thread.dead).not.toBeNull(), { timeout: 20_000 });
  thread.submit(arena);
  expect(() => thread.take()).toThrow('cannot be loaded');
  await thread.end();
});
