import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../main/dissection/sink.ts';
import type { RawMatch } from '../../../main/analysis/search/layered-search.ts';
import { PendingCells } from '../../../main/analysis/search/pending-cells.ts';
import { PendingHits } from '../../../main/analysis/search/pending-hits.ts';
import { cut, feed, patternsOf, samples } from './feeding.ts';

const imei = samples[0]?.value ?? '';
const serial = samples[8]?.value ?? '';

interface Place {
  readonly value: number;
  readonly from: number;
  readonly length: number;
  readonly inner: readonly [from: number, length: number] | null;
  readonly span: number;
}

function matchOf({ value, from, length, inner, span }: Place): RawMatch {
  return {
    value,
    form: null,
    steps: [],
    from,
    to: from + length,
    inner: inner === null ? null : { from: inner[0], to: inner[0] + inner[1] },
    span,
    bits: 40,
    before: 'clean',
    after: 'clean',
    undone: false,
    wholeField: false,
    context: { bytes: new Uint8Array(0), start: 0, end: 0 },
    name: null,
    segment: null,
  };
}

const origin: Origin = { frames: [1], streamOffset: 0, atUs: 0, channel: 'cleartext', message: null, field: null };

/** What is pending of the values 0 and 1 after so many merges, wherever it stands. */
function pendingAfter(places: readonly Place[]): unknown[] {
  const pending = new PendingHits();
  for (const one of places) pending.merge(matchOf(one), 0, -1, () => origin);
  return pending
    .takeUpTo(Infinity)
    .filter(({ match }) => match.value < 2)
    .map(({ from, to, match }) => JSON.stringify([match.value, from, to, match.inner, match.span]))
    .toSorted();
}

/** Of another value each: they only make the pending ones too many to be looked through one by one. */
const others = Array.from({ length: 40 }, (_, n): Place => ({
  value: 100 + n,
  from: 50 * n,
  length: 400,
  inner: null,
  span: 1,
}));

const range = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
  fc.integer({ min: 15_000, max: 40_000 }),
);
const place: fc.Arbitrary<Place> = fc.record({
  value: fc.integer({ min: 0, max: 1 }),
  from: fc.integer({ min: 0, max: 3000 }),
  length: range,
  inner: fc.option(fc.tuple(fc.integer({ min: 0, max: 4000 }), range)),
  span: fc.integer({ min: 1, max: 4 }),
});

describe('hits that are not final', () => {
  it('are merged by cells as they are one by one', () => {
    fc.assert(
      fc.property(fc.array(place, { maxLength: 32 }), (alone) => {
        expect(pendingAfter([...others, ...alone])).toEqual(pendingAfter(alone));
      }),
      { numRuns: 500, seed: 20140812 },
    );
  });

  it('of a value that is repeated without end are not looked through for each repetition', () => {
    const cells = new PendingCells();
    let looked = 0;
    for (let n = 0; n < 20_000; n++) {
      const match = matchOf({ value: 3, from: 0, length: 500, inner: [n * 21, 15], span: 15 });
      looked += (cells.near(match, 0, 500) ?? [[]]).reduce((sum, cell) => sum + cell.length, 0);
      cells.add({ match, from: 0, to: 500, origin, rank: n });
    }
    expect(looked).toBeGreaterThan(20_000);
    expect(looked).toBeLessThan(20_000 * 30);
  });
});

describe('a few bytes that inflate to a value repeated without end', () => {
  it.each([
    ['as they are', (bytes: Uint8Array) => bytes],
    ['in base64', (bytes: Uint8Array) => Buffer.from(`x="${Buffer.from(bytes).toString('base64')}"`)],
  ])('give so many hits, say so, and hide no other value: %s', (_, write) => {
    const text = `${`imei=${imei}&`.repeat(30_000)}sn=${serial}&`;
    const { hits, stats } = feed(patternsOf(), cut(write(gzipSync(text)), 1400));
    expect(hits.filter(({ kind }) => kind === 'serial')).toHaveLength(1);
    const many = hits.filter(({ kind }) => kind === 'imei').length;
    expect(many).toBeGreaterThan(1000);
    expect(many).toBeLessThan(20_000);
    expect(stats.capsBitten.map(({ cap }) => cap)).toContain('cap-hits');
  });
});
