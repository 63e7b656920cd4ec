import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Hit } from '../../../main/analysis/search/searcher.ts';
import { cut, feed, patternsOf, randomOf } from './feeding.ts';

const imei = '490154203237518';
const set = patternsOf(['I1', 'I4']);
const random = randomOf(9);
const noise = Buffer.from(Array.from({ length: 900_000 }, () => 128 + Math.floor(random() * 127)));
const before = Buffer.from([0, 1, 2, 3, 0x80]);
const behind = Buffer.alloc(20, 0xff);

type Pack = (text: string | Buffer) => Buffer;
type Text = string | Buffer;

const said = (hits: readonly Hit[]): string[] =>
  hits.map(({ form, innerOffset, edges }) => [form ?? 'whole', innerOffset, edges].join('|'));

/** As bytes, and in base64. */
function foundIn(pack: Pack, texts: readonly Text[]): readonly string[][] {
  const packed = Buffer.concat(texts.map(pack));
  return [
    ...[1000, 64].map((size) => said(feed(set, cut(Buffer.concat([before, packed, behind]), size)).hits)),
    said(feed(set, [Buffer.from(`"${packed.toString('base64')}"`)]).hits),
  ];
}

const gzip: Pack = (text) => gzipSync(text);
/** Short ones are stored as they are: what they show as they lie is apart from what goes on with it. */
const storing: Pack = (text) => zstdCompressSync(text);

describe('where one member ends and the next begins', () => {
  it.each<readonly [string, readonly Text[], readonly string[]]>([
    ['a number that goes on there is part of a longer one', [`"a":"${imei}`, '99123","b":1'], ['whole|5|joined']],
    ['also behind a member without text', [`"a":"${imei}`, '', '99123","b":1'], ['whole|5|joined']],
    ['also one that begins there', ['"a":"9912', `${imei}","b":1`], ['whole|0|joined']],
    ['each of two is part of the same run of digits', [imei, imei], ['whole|0|joined', 'whole|0|joined']],
  ])('%s', (_name, texts, expected) => {
    for (const pack of [gzip, storing]) expect(foundIn(pack, texts)).toEqual([expected, expected, expected]);
  });

  it.each<readonly [string, readonly Text[], readonly string[]]>([
    ['one that ends there is whole', [`"a":"${imei}`, '","b":1'], ['whole|5|clean']],
    ['one that begins there is whole', ['"a":"', `${imei}","b":1`], ['whole|0|clean']],
    [
      'another one is found, though it stands at the same place of its own member',
      [`aaaaaaaa${imei.slice(0, 7)}`, `${imei.slice(7)};${imei};`],
      ['whole|8|clean', 'whole|9|clean'],
    ],
    [
      'the part of a number that a member shows is that number',
      [`${'x'.repeat(400)}+886`, '912345678"'],
      ['whole|400|clean'],
    ],
  ])('%s', (_name, texts, expected) => {
    expect(foundIn(gzip, texts)).toEqual([expected, expected, expected]);
  });

  it('the same, however long the next one is', () => {
    const long = (text: string): Buffer => Buffer.concat([Buffer.from(text), noise]);
    const hits = (texts: readonly Text[]): string[] =>
      said(feed(set, cut(Buffer.concat([before, ...texts.map(gzip), behind]), 1448)).hits);
    expect(hits([`"imei":"${imei.slice(0, 14)}`, long('8","b":1')])).toEqual(['whole|8|clean']);
    expect(hits([`"imei":"${imei}`, long('99","b":1')])).toEqual(['whole|8|joined']);
    expect(hits([`"imei":"${imei}`, '', long('99","b":1')])).toEqual(['whole|8|joined']);
  });

  it('frames to be skipped between those of Zstandard in a stream part nothing, wherever they begin', () => {
    const missed: number[] = [];
    for (let length = 0; length < 140; length++)
      for (const skipped of ['502a4d1800000000', '5a2a4d1803000000ffffff', '502a4d1878000000' + '07'.repeat(120)]) {
        const skip = Buffer.from(skipped, 'hex');
        const [first, second] = [`${noise.toString('latin1', 0, length)}${imei.slice(0, 7)}`, `${imei.slice(7)};`];
        const stream = Buffer.concat([before, storing(Buffer.from(first, 'latin1')), skip, storing(second), behind]);
        for (const size of [7, 1000])
          if (
            feed(set, cut(stream, size))
              .hits.map(({ innerOffset }) => innerOffset)
              .join() !== String(length)
          )
            missed.push(length, skip.length, size);
      }
    expect(missed).toEqual([]);
  });

  it('what is encoded and compressed again in the text of both is found as well', () => {
    const inner = gzipSync(`{"imei":"${imei}"}`, { strategy: 4 }).toString('base64').replace(/=+$/, '');
    const text = `{"x":"${inner}","y":1}`;
    for (const at of [8, 20, text.length - 12]) {
      const packed = Buffer.concat([before, gzip(text.slice(0, at)), gzip(text.slice(at)), behind]);
      for (const size of [1000, 30])
        expect(
          feed(set, cut(packed, size)).hits.map((hit) => [...hit.transform, ...hit.memberOffsets, hit.innerOffset]),
          `${at} ${size}`,
        ).toEqual([['gzip', 'base64', 'gzip', 6, 9]]);
    }
  });

  it.each([10, 1500, 4000])('the last of %i values before it still waits for the next member', (many) => {
    const text = `${`imei=${imei}&`.repeat(many)}"a":"${imei}`;
    // So long that what was found is handed on before its end is there.
    const long = Buffer.from(Array.from({ length: 1_600_000 }, () => 128 + Math.floor(random() * 127)));
    for (const [next, edges] of [
      ['99","b":1', 'joined'],
      ['","b":1', 'clean'],
    ] as const) {
      const packed = Buffer.concat([gzip(text), gzip(Buffer.concat([Buffer.from(next), long]))]);
      const { hits, stats } = feed(set, cut(Buffer.concat([before, packed, behind]), 16 * 1024));
      const last = hits.filter(({ innerOffset }) => innerOffset === text.length - imei.length);
      expect(last.map((hit) => hit.edges)).toEqual([edges]);
      expect([hits.length, stats.capsBitten]).toEqual([many + 1, []]);
    }
  });
});
