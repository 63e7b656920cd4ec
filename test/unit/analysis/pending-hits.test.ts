import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../../main/dissection/sink.ts';

import { PendingCells } from '../../../main/analysis/search/pending-cells.ts';
import { PendingHits } from '../../../main/analysis/search/pending-hits.ts';
import type { InnerPlace, RawMatch } from '../../../main/analysis/search/raw-match.ts';
import { cut, feed, patternsOf, samples } from './feeding.ts';

const imei = samples[0]?.value ?? '';
const serial = samples[8]?.value ?? '';

interface Place {
  readonly value: number;
  readonly from: number;
  readonly length: number;
  readonly inner: readonly [from: number, length: number] | null;
  /** In what is compressed there. */
  readonly deeper?: readonly [from: number, length: number] | null | undefined;
  readonly span: number;
}

function matchOf({ value, from, length, inner, deeper = null, span }: Place): RawMatch {
  const deep = deeper === null ? null : { from: deeper[0], to: deeper[0] + deeper[1], base: 0, root: 0, deeper: null };
  return {
    value,
    form: null,
    steps: [],
    from,
    to: from + length,
    inner:
      inner === null
        ? null
        : { from: inner[0], to: inner[0] + inner[1], base: from % 2 === 0 ? 0 : 300, root: -(from % 2), deeper: deep },
    span,
    bits: 40,
    before: 'clean',
    after: 'clean',
    undone: false,
    even: null,
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
  deeper: fc.option(fc.tuple(fc.integer({ min: 0, max: 4000 }), range)),
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

  /** Where the nth lies: in the compressed text, and in what is compressed there. */
  it.each<readonly [string, (n: number) => Pick<Place, 'inner' | 'deeper'>]>([
    ['in a compressed value', (n) => ({ inner: [n * 21, 15] })],
    ['in one in another', (n) => ({ inner: [0, 400], deeper: [n * 21, 15] })],
    ['at the same place of many in another', (n) => ({ inner: [n * 60, 50], deeper: [1, 15] })],
  ])('of a value that is repeated without end are not looked through for each repetition: %s', (_, within) => {
    const cells = new PendingCells();
    let looked = 0;
    for (let n = 0; n < 20_000; n++) {
      const match = matchOf({ value: 3, from: 0, length: 500, ...within(n), span: 15 });
      const { inner } = match;
      looked += lookedAt(cells, match, 0, 500);
      cells.add({ match, from: 0, to: 500, origin, places: new Map(inner === null ? [] : [[7, inner]]), rank: n });
    }
    expect(looked).toBeGreaterThan(20_000);
    expect(looked).toBeLessThan(20_000 * 30);
  });

  it('and are found in a compressed value and in one in it are looked for in what they were not found in yet', () => {
    const cells = new PendingCells();
    const many = 2000;
    const hits = Array.from({ length: many }, (_, n) => {
      const match = matchOf({ value: 3, from: n * 21, length: 20, inner: null, span: 15 });
      return { match, from: n * 21, to: n * 21 + 20, origin, places: new Map<number, InnerPlace>(), rank: n };
    });
    for (const hit of hits) cells.add(hit);
    for (const [within, what] of [
      [(n: number) => ({ inner: [n * 21 + 30, 15] as const }), 'in a compressed value'],
      [(n: number) => ({ inner: [0, many * 30] as const, deeper: [n * 21 + 9, 15] as const }), 'in one in it'],
    ] as const) {
      let found = 0;
      let before = 0;
      hits.forEach((hit, n) => {
        const match = matchOf({ value: 3, from: 0, length: many * 30, ...within(n), span: 15 });
        const { told = [], untold = [] } = cells.near(match, 0, many * 30, 7) ?? {};
        // Those before it were found there, and lie elsewhere in it.
        before += told.flat().length + untold.flat().filter((one) => one.rank < n).length;
        if (untold.flat().includes(hit)) found++;
        if (match.inner !== null) hit.places.set(7, match.inner);
        cells.add(hit);
      });
      expect(found, what).toBe(many);
      expect(before, what).toBeLessThan(many * 30);
    }
  });
});

function lookedAt(cells: PendingCells, match: RawMatch, from: number, to: number): number {
  const { told = [], untold = [] } = cells.near(match, from, to, 7) ?? {};
  return [...told, ...untold].reduce((sum, cell) => sum + cell.length, 0);
}

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

describe('UTF-16 of ASCII, which reads in either byte order one byte apart', () => {
  const le = (text: string): Buffer => Buffer.from(text, 'utf16le');
  const be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const int32 = (value: number): Buffer => Buffer.from([value, 0, 0, 0]);
  const json = `{"v":"${imei}"}`;
  const long = `${'lorem ipsum '.repeat(40)}${json}${' dolor sit amet'.repeat(40)}`;
  const marked = (order: (text: string) => Buffer): Buffer => order(`\uFEFF${json}`);
  const cases: [string, Buffer, string, Buffer][] = [
    ['little, behind a mark', marked(le), 'utf-16le', le(imei)],
    ['big, behind a mark', marked(be), 'utf-16be', be(imei)],
    ['little, no mark', le(json), 'utf-16le', le(imei)],
    ['big, no mark', be(json), 'utf-16be', be(imei)],
    ['little, alone', le(imei), 'utf-16le', le(imei)],
    ['big, alone', be(imei), 'utf-16be', be(imei)],
    ['little, behind its length', Buffer.concat([int32(30), le(imei), Buffer.from([9, 9, 9])]), 'utf-16le', le(imei)],
    ['little, as a parcel holds it', Buffer.concat([int32(15), le(`${imei}\0`), int32(7)]), 'utf-16le', le(imei)],
    ['big, behind its length', Buffer.concat([int32(15).swap32(), be(imei), be('\0')]), 'utf-16be', be(imei)],
    ['little, behind another string', le(`name\0${imei}\0`), 'utf-16le', le(imei)],
    ['big, behind another string', be(`name\0${imei}\0`), 'utf-16be', be(imei)],
    ['little, text without end', le(long), 'utf-16le', le(imei)],
    ['big, text without end', be(long), 'utf-16be', be(imei)],
  ];
  const set = patternsOf(['I1']);

  it.each(cases)('%s: order and place, however it is cut', (_, bytes, order, written) => {
    const from = bytes.indexOf(written);
    const expected = [{ transform: [order], from, to: from + written.length }];
    for (const size of [bytes.length, 1, 7, 20]) expect(feed(set, cut(bytes, size)).hits).toMatchObject(expected);
    // Bytes of the same sequence that follow in packets of their own.
    const more = Buffer.concat([bytes, Buffer.from([0xff, ...Buffer.from('\r\n '.repeat(400))])]);
    for (const size of [1, 33, 500]) expect(feed(set, cut(more, size)).hits).toMatchObject(expected);
  });

  it.each(cases)('%s: in what was undone', (_, bytes, order) => {
    const texts: [string, string | Uint8Array][] = [
      ['base64', `{"d":"${bytes.toString('base64')}"}`],
      ['hex', `{"d":"${bytes.toString('hex')}"}`],
      ['gzip', gzipSync(bytes)],
    ];
    for (const [step, text] of texts)
      expect(feed(set, [Buffer.from(text as string)], 'body').hits.map(({ transform }) => transform)).toEqual([
        [order, step],
      ]);
  });

  it('only its offset tells: an even one', () => {
    const bytes = Buffer.from([0xff, 0xff, 0, ...le(imei), 0xff, 0xff]);
    const odd = Buffer.from([0xff, ...bytes]);
    expect(feed(set, [bytes]).hits.map(({ transform }) => transform)).toEqual([['utf-16be']]);
    expect(feed(set, [odd]).hits.map(({ transform }) => transform)).toEqual([['utf-16le']]);
  });
});
