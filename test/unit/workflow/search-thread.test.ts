import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteRun, Origin } from '../../../main/dissection/sink.ts';
import { createSearcher, type Hit, type SearchStats } from '../../../main/analysis/search/searcher.ts';
import type { PatternSet } from '../../../main/analysis/search/patterns.ts';
import { packPatterns, type PackedPatterns } from '../../../main/analysis/transforms/pack-patterns.ts';
import { SearchElsewhere, SearchThread } from '../../../main/workflow/search-thread.ts';
import { patternsOf, randomOf, samples } from '../analysis/feeding.ts';

const threads: SearchThread[] = [];
const failures: Error[] = [];

afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.end();
  expect(failures).toEqual([]);
});

function searchElsewhere(patterns: PackedPatterns): SearchElsewhere {
  const thread = new SearchThread((error) => failures.push(error));
  threads.push(thread);
  thread.begin(patterns);
  return new SearchElsewhere(thread.link);
}

const threadFor = (patterns: PatternSet): SearchElsewhere => searchElsewhere(packPatterns(patterns));

interface Played {
  readonly hits: readonly Hit[];
  /** After which packet how many collections had been searched. */
  readonly searched: readonly (readonly [frame: number, collections: number])[];
  readonly stats: SearchStats;
}

/** Many sequences, cut into pieces that take turns, with values planted across the cuts: more than several arenas hold. */
function play(seed: number, set: PatternSet, thread: SearchElsewhere | null, sequences = 40): Played {
  const random = randomOf(seed);
  const hits: Hit[] = [];
  const searched: (readonly [number, number])[] = [];
  let now = 0;
  const searcher = createSearcher(
    set,
    (hit) => hits.push(hit),
    () => searched.push([now, searcher.horizon.searched]),
    thread,
  );
  const offsets = new Map<number, number>();
  for (let frame = 1; frame <= 2500; frame++) {
    now = frame;
    const sequence = Math.floor(random() * sequences);
    const offset = offsets.get(sequence) ?? 0;
    const value = samples[Math.floor(random() * samples.length)]?.value ?? '';
    const bytes = pieceOf(random, value, offset === 0);
    const place = { flow: sequence, way: 0, layer: 'stream', sequence, offset } as const;
    const run: ByteRun = { ...place, bytes, start: 0, end: bytes.length, decodings: [], opaque: false };
    const known = { frames: [frame], atUs: frame, channel: 'cleartext', field: null } as const;
    // What is known of an origin depends on when it is asked for: the message is told when it is whole.
    searcher.run(run, { locate: (from): Origin => ({ ...known, streamOffset: from, message: now }) });
    offsets.set(sequence, offset + bytes.length);
    if (random() < 0.05) {
      searcher.endSequence(sequence);
      offsets.delete(sequence);
    }
  }
  searcher.finish();
  return { hits, searched, stats: searcher.stats() };
}

/** A value in clear, filler, or at a sequence's beginning often a compressed value of which the end is missing. */
function pieceOf(random: () => number, value: string, begins: boolean): Uint8Array {
  const packed = gzipSync(JSON.stringify({ imei: value, pad: random() }));
  if (begins && random() < 0.5) return packed.subarray(0, 20 + Math.floor(random() * packed.length));
  if (random() < 0.1) return Buffer.from(`;imei=${value}&x=`);
  return Buffer.alloc(200 + Math.floor(random() * 1000), 'q ');
}

describe('the search in a thread of its own', () => {
  it('gives the same hits in the same order as the search in the calling thread', () => {
    const set = patternsOf();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const here = play(seed, set, null);
        expect(here.hits.length).toBeGreaterThan(50);
        expect(here.searched.length).toBeGreaterThan(4);
        expect(play(seed, set, threadFor(set))).toEqual(here);
      }),
      { numRuns: process.env['HANDSIGHT_TIER'] === 'full' ? 40 : 3, seed: 7 },
    );
  });

  it('gives the same where more compressed values come at once than are collected', () => {
    const set = patternsOf();
    const here = play(11, set, null, 2000);
    expect(here.stats.capsBitten.map(({ cap }) => cap)).toContain('cap-collecting');
    expect(play(11, set, threadFor(set), 2000)).toEqual(here);
  });

  it('gives a failure of the search on as an error, and does not wait for ever', () => {
    const thread = searchElsewhere(packPatterns(patternsOf()).slice(0, 1000));
    thread.submit({ memory: thread.memory(), length: 0, stretches: 0 });
    expect(() => thread.take()).toThrow(/search thread failed/);
  });
});
