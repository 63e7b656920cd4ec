import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cut, feed, feedText, patternsOf, randomOf } from './feeding.ts';
import { zipEntry, zipFile, type ZipPart } from './zip-files.ts';

const set = patternsOf(['I1']);
const imei = '490154203237518';
const json = `{"model":"HM 1SW","deviceId":"${imei}"}`;
const random = randomOf(5);
/** Text that does not become much shorter. */
const filling = (length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');

const stored: ZipPart = { name: 'mimetype', content: 'application/zip', stored: true };
const packed: ZipPart = { name: 'a.json', content: json, described: true };
const later: ZipPart = { name: 'b.json', content: filling(100) + json };

const lines = (text: string): string => text.replaceAll(/.{76}/g, (line) => `${line}\r\n`);
const layers: readonly (readonly [where: string, under: string, write: (file: Buffer) => string])[] = [
  ['hex', 'hex', (file) => `d=${file.toString('hex')};`],
  ['base64', 'base64', (file) => `{"d":"${file.toString('base64')}"}`],
  ['lines of base64', 'base64', (file) => `: a\r\n\r\n${lines(file.toString('base64'))}\r\n.`],
  ['gzip in base64', 'gzip>base64', (file) => `{"d":"${gzipSync(file).toString('base64')}"}`],
];

const stepsOf = (text: string | Buffer): string[] => feedText(text, set).map((hit) => hit.transform.join('>'));

describe.each(layers)('a ZIP file in %s', (_, under, write) => {
  it.each<readonly [string, readonly ZipPart[], number]>([
    ['a stored entry first', [stored, packed, later], 2],
    ['a directory first', [{ name: 'logs/', content: '', stored: true }, packed], 1],
    ['a stored entry between', [packed, stored, { ...stored, content: filling(3000) }, later], 2],
    ['a stored entry with its sizes behind it', [{ ...stored, described: true }, packed], 1],
    ['an encrypted entry first', [{ content: 'secret', encrypted: true }, packed], 1],
    ['an entry that is damaged', [{ content: new Uint8Array(40).fill(255), deflated: true }, packed], 1],
  ])('%s: every other one is undone', (__, parts, found) => {
    expect(stepsOf(write(zipFile(parts)))).toEqual(Array.from({ length: found }, () => `zip>${under}`));
  });

  it('what is compressed in a stored entry is undone too', () => {
    const inner: ZipPart = { name: 'log.gz', content: gzipSync(json), stored: true };
    expect(stepsOf(write(zipFile([stored, inner])))).toEqual([`gzip>${under}`]);
    expect(stepsOf(write(zipFile([{ ...stored, content: zipFile([packed]) }])))).toEqual([`zip>${under}`]);
  });

  it('a stored entry is found as it lies, once', () => {
    expect(stepsOf(write(zipFile([stored, { content: json, stored: true }])))).toEqual([under]);
  });
});

it('each has the place of its own entry', () => {
  const file = zipFile([stored, packed, later]);
  const text = `d=${file.toString('hex')};`;
  const entries = [packed, later].map((part) => zipEntry(part));
  expect(feedText(text, set).map(({ from, to }) => [from, to])).toEqual(
    entries.map((entry) => [2 + file.indexOf(entry) * 2, 2 + (file.indexOf(entry) + entry.length) * 2]),
  );
});

it.each(layers)('%s: found once wherever the bytes end that are searched at once', (_, under, write) => {
  const value = Buffer.from(write(zipFile([stored, { ...packed, content: filling(3000) + json }, stored, later])));
  const arena = 256 * 1024;
  for (const part of [0.02, 0.3, 0.9]) {
    const before = arena - 516 - Math.floor(value.length * part);
    const bytes = Buffer.concat([Buffer.alloc(before, ' '), value, Buffer.alloc(arena, ' ')]);
    const { hits, stats } = feed(set, [bytes]);
    expect(
      hits.map((hit) => hit.transform.join('>')),
      String(part),
    ).toEqual([`zip>${under}`, `zip>${under}`]);
    expect(stats.capsBitten).toEqual([]);
  }
  expect(feed(set, cut(value, 400)).hits).toHaveLength(2);
});

it('entries without end are told, and not all undone', () => {
  const none = zipEntry({ content: '' });
  const many = Array.from({ length: 60_000 }, (_, i) => (i % 2 === 0 ? none : zipEntry(stored)));
  const { hits, stats } = feed(set, [gzipSync(Buffer.concat([...many, zipEntry(packed)]))], 'body');
  expect(hits).toEqual([]);
  expect(stats.capsBitten.map(({ cap }) => cap)).toContain('cap-inflate');
});
