import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cut, feed, patternsOf } from './feeding.ts';
import { lz4Frame } from './lz4-frames.ts';

const imei = '490154203237518';
const set = patternsOf(['I1']);
const json = `{"imei":"${imei}"}`;

type Layer = (content: string | Uint8Array) => Uint8Array;
/** What it holds lies in it as it is. */
const stored: Layer = (content) => gzipSync(content, { level: 0 });
/** With the fixed codes of deflate: nothing lies in it as it is. */
const gzip: Layer = (content) => gzipSync(content, { strategy: 4 });
const zlib: Layer = (content) => deflateSync(content, { strategy: 4 });
const base64: Layer = (content) => Buffer.from(`{"d":"${Buffer.from(content).toString('base64')}"}`);
const under = (content: string | Uint8Array, ...layers: readonly Layer[]): Uint8Array =>
  layers.reduce<Uint8Array>((inner, layer) => layer(inner), Buffer.from(content));

const placesIn = (bytes: Uint8Array, size: number, layer: 'body' | 'stream'): string[] =>
  feed(set, cut(bytes, size), layer).hits.map(({ transform, innerOffset, memberOffsets }) =>
    [transform.join('>'), ...memberOffsets, innerOffset ?? 'plain'].join('|'),
  );

/** Cut as packets cut it, or whole: as a body. */
const expectPlaces = (bytes: Uint8Array, expected: readonly string[]): void => {
  for (const size of [bytes.length, 40, 11]) expect(placesIn(bytes, size, 'body'), `${size}`).toEqual(expected);
};

describe('each occurrence is told once', () => {
  it.each<readonly [string, Uint8Array, readonly string[]]>([
    ['a stored value', under(json, stored), ['|plain']],
    ['a stored value in a compressed one', under(json, stored, gzip), ['gzip|24']],
    ['a stored value in stored ones', under(json, stored, stored, stored), ['|plain']],
    ['a stored value in base64', under(json, stored, base64), ['base64|plain']],
    ['a stored value in a compressed one in base64', under(json, stored, gzip, base64), ['gzip>base64|24']],
    ['base64 of a stored value in a compressed one', under(json, stored, base64, gzip), ['base64>gzip|38']],
    ['base64 of a stored value in a stored one', under(json, stored, base64, stored), ['base64|plain']],
    ['base64 in stored and stored', under(json, base64, stored, base64, stored), ['base64>base64|plain']],
    ['a literal of LZ4 in a compressed value', under(lz4Frame(json), gzip), ['gzip|22']],
  ])('%s', (_name, bytes, expected) => {
    expectPlaces(bytes, expected);
  });
});

describe('two of them are two, however often the compressed value that they lie in is compressed', () => {
  const two = `${json},${json}`;
  it.each<readonly [string, Uint8Array, readonly string[]]>([
    ['in a compressed value', under(two, gzip), ['gzip|9', 'gzip|36']],
    ['in a stored one', under(two, stored), ['|plain', '|plain']],
    ['in one in another', under(two, gzip, zlib), ['gzip>zlib|0|9', 'gzip>zlib|0|36']],
    ['in one in another in base64', under(two, gzip, zlib, base64), ['gzip>zlib>base64|0|9', 'gzip>zlib>base64|0|36']],
    [
      'at the same places of two members in one',
      under(Buffer.concat([zlib(json), zlib(json)]), gzip),
      [`zlib>gzip|0|9`, `zlib>gzip|${zlib(json).length}|9`],
    ],
    [
      'at the same places of two values in one',
      under(Buffer.concat([base64(gzip(json)), Buffer.from(','), base64(gzip(json))]), zlib),
      ['gzip>base64>zlib|6|9', `gzip>base64>zlib|${base64(gzip(json)).length + 7}|9`],
    ],
    ['as literals of LZ4', under(lz4Frame(two), gzip), ['gzip|22', 'gzip|49']],
  ])('%s', (_name, bytes, expected) => {
    expectPlaces(bytes, expected);
  });
});
