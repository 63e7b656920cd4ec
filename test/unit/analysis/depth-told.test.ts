import { createHash } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { feed, patternsOf } from './feeding.ts';

const set = patternsOf(['I1']);
const imei = '490154203237518';
const inner = `{"model":"HM 1SW","deviceId":"${imei}","more":"aaaaaaaaaaaa"}`;
const digest = `{"model":"HM 1SW","deviceId":"${createHash('md5').update(imei).digest('hex')}"}`;
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');
const hex = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('hex');
/** In so many layers of base64. */
const under = (layers: number, text: string): string =>
  layers === 0 ? `d=${text};` : under(layers - 1, base64(`{"d":"${text}"}`));

const look = (text: string): [found: string[], depth: number] => {
  const { hits, stats } = feed(set, [Buffer.from(text)]);
  const others = stats.capsBitten.filter(({ cap }) => cap !== 'cap-depth');
  expect(others).toEqual([]);
  return [hits.map(({ transform }) => transform.join('>')), stats.capsBitten[0]?.count ?? 0];
};

it.each([
  ['a digest in text in base64', under(2, base64(digest)), ['md5>hex>base64>base64>base64']],
  ['what is compressed, in base64', under(1, base64(gzipSync(inner))), ['gzip>base64>base64']],
  ['in hex', under(2, hex(digest)), ['md5>hex>hex>base64>base64']],
])('three layers are undone, and nothing is told: %s', (_, text, found) => {
  expect(look(text)).toEqual([found, 0]);
});

it.each([
  ['a digest in text in base64', under(3, base64(digest))],
  ['in hex', under(3, hex(digest))],
  ['text of other letters', under(3, base64(`電話：${digest}`))],
  ['gzip in base64', under(3, base64(gzipSync(inner)))],
  ['zlib in base64', under(3, base64(deflateSync(inner)))],
  ['gzip in hex', under(3, hex(gzipSync(inner)))],
  ['text behind filling', under(3, hex(' '.repeat(400) + digest))],
  ['in a form', `d=${encodeURIComponent(base64(gzipSync(`{"d":"${base64(`${digest}???>>>`)}"}`)))}&b=1`],
])('a fourth layer is told: %s', (_, text) => {
  const [found, depth] = look(text);
  expect(found).toEqual([]);
  expect(depth).toBeGreaterThan(0);
});

it('a value that is found as it is written in the fourth layer is found, and that layer told', () => {
  expect(look(under(3, base64(inner)))).toEqual([['base64>base64>base64>base64'], 1]);
});

it.each([
  ['a digest', under(3, createHash('sha256').update('x').digest('base64'))],
  ['a digest in hex', under(3, createHash('sha256').update('x').digest('hex'))],
  ['filling', under(3, hex('3'.repeat(64)))],
  ['filling of two bytes', under(3, hex('ab'.repeat(32)))],
  ['a long name', under(3, 'com.example.application.SomeVeryLongNameOfSomethingThatHasNone')],
])('what only looks like a fourth layer is not told: %s', (_, text) => {
  expect(look(text)).toEqual([[], 0]);
});

it('escapes that change nothing of a value are no layers of it', () => {
  const text = base64(`\u00ff?\u00ff?{"model":"HM 1SW","deviceId":"89886920012345678905","v":1}`).replaceAll(
    '/',
    '\\/',
  );
  expect(text).toMatch(/\\\/.*==$/);
  expect(look(`GET / HTTP/1.1\r\nHost: h.example\r\nX-Key: ${text}\r\n\r\n`)[1]).toBe(0);
});
