import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteRun, Origin } from '../../../main/dissection/sink.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import type { PatternSet } from '../../../main/analysis/search/patterns.ts';
import { SearchThread } from '../../../main/workflow/search-thread.ts';
import { patternsOf, randomOf, samples } from '../analysis/feeding.ts';

const threads: SearchThread[] = [];

afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.end();
});

function threadFor(patterns: PatternSet): SearchThread {
  const thread = new SearchThread(patterns);
  threads.push(thread);
  return thread;
}

/** Many sequences, cut into pieces that take turns, with values planted across the cuts: more than several arenas hold. */
function play(seed: number, set: PatternSet, thread: SearchThread | null): { hits: Hit[]; settled: number } {
  const random = randomOf(seed);
  const hits: Hit[] = [];
  let settled = 0;
  const searcher = createSearcher(
    set,
    (hit) => hits.push(hit),
    () => (settled += 1),
    thread,
  );
  const offsets = new Map<number, number>();
  for (let frame = 1; frame <= 2500; frame++) {
    const sequence = Math.floor(random() * 40);
    const offset = offsets.get(sequence) ?? 0;
    const value = samples[Math.floor(random() * samples.length)]?.value ?? '';
    const filler = Buffer.alloc(200 + Math.floor(random() * 1000), 'q ');
    const text = random() < 0.1 ? Buffer.from(`;imei=${value}&x=`) : filler;
    const place = { flow: sequence, way: 0, layer: 'stream', sequence, offset } as const;
    const run: ByteRun = { ...place, bytes: text, start: 0, end: text.length, decodings: [], opaque: false };
    const at = frame;
    const known = { frames: [at], atUs: at, channel: 'cleartext', message: null, field: null } as const;
    const locate = (from: number): Origin => ({ ...known, streamOffset: from });
    searcher.run(run, { locate });
    offsets.set(sequence, offset + text.length);
    if (random() < 0.01) {
      searcher.endSequence(sequence);
      offsets.delete(sequence);
    }
  }
  searcher.finish();
  return { hits, settled };
}

describe('the search in a thread of its own', () => {
  it('gives the same hits in the same order as the search in the calling thread', () => {
    const set = patternsOf();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const here = play(seed, set, null);
        const apart = play(seed, set, threadFor(set));
        expect(here.hits.length).toBeGreaterThan(50);
        expect(apart.hits).toEqual(here.hits);
        expect(apart.settled).toBeGreaterThan(0);
      }),
      { numRuns: process.env['HANDSIGHT_TIER'] === 'full' ? 40 : 3, seed: 7 },
    );
  });

  it('gives a failure of the search on as an error, and does not wait for ever', () => {
    const broken = { ...patternsOf(), literals: null } as unknown as PatternSet;
    const thread = threadFor(broken);
    thread.submit({ memory: thread.memory(), length: 0, stretches: 0 });
    expect(() => thread.take(true)).toThrow(/search thread failed/);
  });
});
