import { expect, it } from 'vitest';
import { arenaBytes } from '../../../main/analysis/search/arena-search.ts';
import { cut, feed, patternsOf, randomOf } from './feeding.ts';

const imei = '490154203237518';
const set = patternsOf(['I1']);
const random = randomOf(17);
const filling = (length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const writings: readonly (readonly [string, (text: string) => string])[] = [
  ['base64 of base64 of base64', (text) => base64(base64(base64(text)))],
  ['base64 of a text with base64 of base64', (text) => base64(`{"data":"${base64(base64(text))}"}`)],
  ['base64 of base64 of hex', (text) => base64(base64(Buffer.from(text).toString('hex')))],
];

it.each(writings)('%s that goes on behind what is searched at once is found at each place, once', (_, write) => {
  for (let lead = 0; lead < 12; lead++) {
    const text = `${filling(3000 + lead)}"imei":"${imei}",${filling(3000)}"imei":"${imei}"`;
    const value = Buffer.from(write(text));
    for (const part of [0.1, 0.3, 0.45]) {
      const before = arenaBytes - 4 - Math.floor(value.length * part);
      const bytes = Buffer.concat([Buffer.alloc(before, ' '), value, Buffer.from(' and so on')]);
      expect(
        feed(set, [bytes]).hits.map((hit) => hit.transform.length),
        `${lead} ${part}`,
      ).toEqual([3, 3]);
    }
  }
  const long = Buffer.from(write(`${filling(400_000)}"imei":"${imei}"`));
  expect(feed(set, cut(Buffer.concat([Buffer.from('d='), long, Buffer.from(';')]), 1448)).hits).toHaveLength(1);
});
