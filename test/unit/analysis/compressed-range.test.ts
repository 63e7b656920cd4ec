import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { arenaBytes } from '../../../main/analysis/search/arena-search.ts';
import { feed, patternsOf } from './feeding.ts';

const mac = '64:09:80:1a:2b:3c';
const set = patternsOf(['I7']);

describe('a compressed value is told with every packet that carries it, its check sum too', () => {
  const packers: readonly (readonly [string, (text: string) => Buffer])[] = [
    ['gzip', (text) => gzipSync(text)],
    ['zlib', (text) => deflateSync(text)],
  ];

  it.each(packers)('%s in base64, cut anywhere', (_name, pack) => {
    const value = pack(mac).toString('base64').replace(/=+$/, '');
    const text = Buffer.from(`{"v":"${value}"}`);
    const begin = 6;
    for (let at = begin + 1; at < begin + value.length; at += 1) {
      const { hits } = feed(set, [text.subarray(0, at), text.subarray(at)]);
      expect(
        hits.map(({ origin }) => origin.frames),
        `cut at ${at - begin} of ${value.length}`,
      ).toEqual([[1, 2]]);
    }
  });

  it('gzip in base64 that lies where a search ends, cut anywhere', () => {
    const value = gzipSync(mac).toString('base64').replace(/=+$/, '');
    const words = Buffer.from('lorem ipsum dolor sit amet, so it goes. '.repeat(7000));
    // Four bytes stand before the first sequence in an arena.
    for (const before of [1, 20, value.length - 3, value.length + 5]) {
      const begin = arenaBytes - 4 - before;
      const text = Buffer.concat([words.subarray(0, begin - 6), Buffer.from(`{"v":"${value}"} and so it goes on`)]);
      for (let at = 1; at < value.length; at += 1) {
        const { hits } = feed(set, [text.subarray(0, begin + at), text.subarray(begin + at)]);
        expect(
          hits.map(({ origin }) => origin.frames),
          `begins ${before} before the end, cut at ${at} of ${value.length}`,
        ).toEqual([[1, 2]]);
      }
    }
  });

  it.each(packers)('%s as a body, cut anywhere', (_name, pack) => {
    const body = pack(mac);
    for (let at = 1; at < body.length; at += 1) {
      const { hits } = feed(set, [body.subarray(0, at), body.subarray(at)], 'body');
      expect(
        hits.map(({ origin }) => origin.frames),
        `cut at ${at} of ${body.length}`,
      ).toEqual([[1, 2]]);
    }
  });
});
