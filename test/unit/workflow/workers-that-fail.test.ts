import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { arenaMemory } from '../../../main/analysis/search/arena-search.ts';
import { ArenaRing } from '../../../main/workflow/arena-ring.ts';
import { CaptureWorker } from '../../../main/workflow/capture-worker.ts';
import { readCaptures } from '../../../main/workflow/read-captures.ts';
import type { CaptureInput, CaptureOutput } from '../../../main/workflow/read-captures.ts';
import { SearchElsewhere, SearchThread } from '../../../main/workflow/search-thread.ts';
import type * as HeapLimits from '../../../main/workflow/heap-limits.ts';
import type * as WorkerUrls from '../../../main/workflow/worker-url.ts';
import { patternsOf } from '../analysis/feeding.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';

/** What stands in the place of a worker's code, by the worker's name. */
const broken = vi.hoisted(() => new Map<string, string>());
vi.mock('../../../main/workflow/worker-url.ts', async (original) => {
  const real = await original<typeof WorkerUrls>();
  const url = (name: Parameters<typeof real.workerUrl>[0]): URL => {
    const code = broken.get(name);
    return code === undefined ? real.workerUrl(name) : new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  };
  return { workerUrl: url };
});

// So little that running out of it does not take a machine's.
vi.mock('../../../main/workflow/heap-limits.ts', async (original) => {
  const real = await original<typeof HeapLimits>();
  return { ...real, searchLimits: { ...real.searchLimits, maxOldGenerationSizeMb: 32 } };
});

const cannotLoad = 'throw new Error("cannot be loaded")';
/** A search thread that is given its patterns and, once the first arena is handed in and waited for, does what it is told here. */
const onceWaitedFor = (act: string): string => `
import { parentPort, workerData } from 'node:worker_threads';
const control = new Int32Array(workerData.shared, 0, 1);
parentPort.once('message', () => {
  while (Atomics.load(control, 0) === 0) Atomics.wait(control, 0, 0);
  setTimeout(() => { ${act} }, 200);
});`;

const arena = { memory: arenaMemory(), length: 64, stretches: 0 };
/** Nothing that a search thread can read. */
const noPatterns = new SharedArrayBuffer(0);

let folder = '';
/** Said to be so large that another thread searches it, where there is one. */
let input: CaptureInput = { paths: [], bytes: 0, keyLogs: [] };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-workers-'));
  const path = join(folder, 'one.pcap');
  writeFileSync(path, pcap(new Conversation().toServer('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n').packets));
  input = { paths: [path], bytes: 2 ** 30, keyLogs: [] };
});
afterEach(() => broken.clear());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const heard = (): CaptureOutput => ({ onBatch: vi.fn(), onDone: vi.fn(), onFile: vi.fn(), onProgress: vi.fn() });
const never = new AbortController().signal;

/** When the thread that is begun next has ended, and who began it has heard so. */
const endOfNextThread = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('worker', (worker) => worker.once('exit', () => resolve()));
  });

describe('a search in a thread of its own', () => {
  it('that failed before anything was handed in does not look like one that found nothing', () => {
    const here = new ArenaRing();
    new ArenaRing(here.shared).fail();
    here.submit(0, arena);
    here.waitFor(0);
    expect(here.hasFailed()).toBe(true);
  });

  it('throws what it fails of, whenever the arena was handed in', async () => {
    const thread = new SearchThread(vi.fn());
    const search = new SearchElsewhere(thread.link);
    thread.begin(noPatterns);
    for (let round = 0; round < 2; round += 1) {
      search.submit(arena);
      expect(() => search.take()).toThrow(/search thread failed/);
    }
    await thread.end();
  });

  it.each([
    ['cannot be loaded', cannotLoad, /cannot be loaded/],
    ['ends while it is waited for', onceWaitedFor('process.exit(7)'), /the search thread ended with 7/],
    [
      'runs out of memory while it is waited for',
      onceWaitedFor('const kept = []; for (;;) kept.push(new Array(100_000).fill(kept.length));'),
      /memory/,
    ],
  ])('that %s fails the reading, which says why', async (_what, code, why) => {
    broken.set('search', code);
    const output = heard();
    for (const early of [true, false]) {
      const over = endOfNextThread();
      const waiting = new CaptureWorker(true);
      if (early && code === cannotLoad) await over;
      await expect(readCaptures([input], patternsOf(), 2, output, never, waiting)).rejects.toThrow(why);
    }
    expect(output.onDone).not.toHaveBeenCalled();
  });

  it('that never answers does not keep a person from ending the reading', async () => {
    broken.set('search', onceWaitedFor('new BroadcastChannel("handsight-test").postMessage("waited for")'));
    const waitedFor = new BroadcastChannel('handsight-test');
    const stop = new AbortController();
    waitedFor.onmessage = (): void => stop.abort();
    const output = heard();
    await readCaptures([input], patternsOf(), 2, output, stop.signal);
    waitedFor.close();
    expect(stop.signal.aborted).toBe(true);
    expect(output.onDone).not.toHaveBeenCalled();
  });
});

it('a worker that fails before it is given its capture fails the reading, and nothing else', async () => {
  broken.set('capture', cannotLoad);
  const output = heard();
  for (const early of [true, false]) {
    const over = endOfNextThread();
    const waiting = new CaptureWorker(false);
    if (early) await over;
    await expect(readCaptures([input], patternsOf(), 1, output, never, waiting)).rejects.toThrow('cannot be loaded');
  }
  expect(output.onDone).not.toHaveBeenCalled();
});

it('the threads of a capture end with it, not with the last one', async () => {
  const ended = vi.spyOn(CaptureWorker.prototype, 'end');
  const before: number[] = [];
  const output: CaptureOutput = { ...heard(), onDone: () => void before.push(ended.mock.calls.length) };
  await readCaptures([input, input, input, input], patternsOf(), 2, output, never);
  expect(before).toEqual([0, 1, 2, 3]);
  ended.mockRestore();
});

it('the threads of the last capture are taken down while its rows are judged', async () => {
  const output = heard();
  const waiting = new CaptureWorker(false);
  const end = waiting.end.bind(waiting);
  let gone = false;
  vi.spyOn(waiting, 'end').mockImplementation(async () => {
    await setImmediate();
    await end();
    gone = true;
  });
  const { threadsEnded } = await readCaptures([input], patternsOf(), 1, output, never, waiting);
  expect(output.onDone).toHaveBeenCalledOnce();
  expect(gone).toBe(false);
  await threadsEnded;
  expect(gone).toBe(true);
});

it('a reading that is ended while its workers load waits for none of them', async () => {
  broken.set('capture', 'for (;;);');
  const stop = new AbortController();
  const output = heard();
  setTimeout(() => stop.abort(), 200);
  await readCaptures([input], patternsOf(), 2, output, stop.signal);
  expect(output.onDone).not.toHaveBeenCalled();
});
