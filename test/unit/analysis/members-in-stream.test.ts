import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Hit } from '../../../main/analysis/search/searcher.ts';
import { cut, feed, patternsOf, randomOf } from './feeding.ts';
import { lz4Frame } from './lz4-frames.ts';

const imei = '490154203237518';
const set = patternsOf(['I1']);
const random = randomOf(3);
const filling = (length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
const before = Buffer.from([0, 1, 2, 3, 0x80]);
const behind = Buffer.alloc(20, 0xff);

type Pack = (text: string) => Buffer;
const packers: readonly (readonly [step: string, pack: Pack])[] = [
  ['gzip', (text) => gzipSync(text)],
  ['zstd', (text) => zstdCompressSync(text)],
  ['lz4', (text) => lz4Frame(text, 3)],
];

const said = (hits: readonly Hit[]): string[] =>
  hits.map(({ transform, from, to, innerOffset, edges }) =>
    [transform.join('>'), from, to, innerOffset, edges].join('|'),
  );

describe.each(packers)('members of %s, one behind the other in a stream of no known protocol', (step, pack) => {
  const [first, second] = [`${filling(2000)}"imei":"${imei.slice(0, 7)}`, `${imei.slice(7)}","x":1,${filling(3000)}`];
  const members = [pack(first), pack(second)] as const;
  const stream = Buffer.concat([before, ...members, behind]);
  const expected = [`${step}|5|${5 + members[0].length + members[1].length}|2008|clean`];

  it('are one text: what is cut across two is found once, with the place and the packets of both', () => {
    for (const size of [stream.length, 1448, 700, 64, 7]) {
      const { hits } = feed(set, cut(stream, size));
      expect(said(hits), `pieces of ${size}`).toEqual(expected);
      const frames = hits[0]?.origin.frames ?? [];
      const last = Math.ceil((stream.length - behind.length) / size);
      expect(frames, `pieces of ${size}`).toEqual(
        Array.from({ length: last }, (_, i) => i + 1).filter((f) => f * size > 5),
      );
    }
  });

  it('of several small ones too, and as the body of a message', () => {
    const parts = [`{"imei":"${imei.slice(0, 4)}`, imei.slice(4, 8), '', imei.slice(8, 11), `${imei.slice(11)}"}`].map(
      pack,
    );
    const whole = Buffer.concat(parts);
    for (const size of [whole.length, 30])
      expect(said(feed(set, cut(whole, size), 'body').hits), `pieces of ${size}`).toEqual([
        `${step}|0|${whole.length}|9|clean`,
      ]);
  });

  it('that do not lie directly behind each other are two texts', () => {
    const apart = Buffer.concat([before, members[0], Buffer.from([0]), members[1], behind]);
    expect(feed(set, [apart]).hits).toEqual([]);
  });

  it('what lies whole in one of them is found once, with the place of that one', () => {
    const whole = [pack(`{"imei":"${imei}"}`), pack(`"imei":"${imei}"`)] as const;
    const at = 5 + whole[0].length;
    const [one, other, ...more] = feed(set, cut(Buffer.concat([before, ...whole, behind]), 50)).hits;
    expect(more).toEqual([]);
    expect([(one?.to ?? 0) <= at, (other?.from ?? 0) >= at]).toEqual([true, true]);
  });

  it('the last one may be cut short', () => {
    const short = stream.subarray(0, stream.length - behind.length - 300);
    // Of a block of Zstandard that is not whole nothing comes.
    const found = step === 'zstd' ? [] : [[5, short.length]];
    expect(feed(set, cut(short, 500)).hits.map(({ from, to }) => [from, to])).toEqual(found);
  });
});

it('of different kinds, and streams of zlib, are texts of their own', () => {
  const [a, b] = [imei.slice(0, 7), `${imei.slice(7)},${filling(100)}`];
  for (const pair of [
    [gzipSync(a), zstdCompressSync(b)],
    [deflateSync(a), deflateSync(b)],
  ])
    expect(feed(set, [Buffer.concat([before, ...pair, behind])]).hits).toEqual([]);
});
