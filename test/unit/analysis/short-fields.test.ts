import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { confidenceOf } from '../../../main/analysis/search/confidence.ts';
import { nameAgrees } from '../../../main/analysis/search/surroundings.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { shortFieldRows } from '../../../main/analysis/transforms/short-fields.ts';
import { cut, feed, feedText } from './feeding.ts';

const set = compilePatterns([
  { id: 'I1', handset: 'H1', kind: 'ssid', value: 'home' },
  { id: 'I2', handset: 'H1', kind: 'account', value: 'amy7' },
  { id: 'I3', handset: 'H1', kind: 'contact-name', value: '媽媽' },
  { id: 'I4', handset: 'H1', kind: 'contact-name', value: 'Li W' },
  { id: 'I5', handset: 'H1', kind: 'cell-id', value: '40712' },
  { id: 'I6', handset: 'H2', kind: 'ssid', value: 'Ñu' },
  { id: 'I7', handset: 'H1', kind: 'serial', value: 'a1b2' },
]);
const found = (text: string | Uint8Array): string[] =>
  feedText(text, set).map(({ owners, transform }) => [owners[0]?.id, ...transform].join(' '));

describe('a listed value of a few bytes is found in a field named like it', () => {
  it.each([
    ['{"ssid":"home"}', ['I1']],
    ['{"SSID" : "HOME", "x":1}', ['I1']],
    ['{"wifiSsid": "home"}', ['I1']],
    ['{\\"ssid\\":\\"home\\"}', ['I1']],
    ['GET /a?ssid=home&b=1 HTTP/1.1\r\n', ['I1']],
    ['a=1&wifi=home', ['I1']],
    ['X-Wifi-Ssid: home\r\n', ['I1']],
    ['<ssid>home</ssid>', ['I1']],
    ['<net ssid="home"/>', ['I1']],
    ['Content-Disposition: form-data; name="ssid"\r\n\r\nhome\r\n--b', ['I1']],
    ['&uid=amy7&', ['I2']],
    ['{"user":"amy7"}', ['I2']],
    ['{"display_name":"媽媽"}', ['I3']],
    ['name=%E5%AA%BD%E5%AA%BD&', ['I3 percent']],
    ['{"name":"\\u5abd\\u5abd"}', ['I3 json-unicode']],
    ['BEGIN:VCARD\r\nFN:媽媽\r\nEND', ['I3']],
    ['{"name":"li w"}', ['I4']],
    ['name=Li+W&x=', ['I4']],
    ['{"cid":40712,"lac":3}', ['I5']],
    ['cell_id=40712', ['I5']],
    ['{"ssid":"Ñu"}', ['I6']],
    ['?sn=a1b2&', ['I7']],
    ['{"sn":"a1b2"}', ['I7']],
    [Buffer.from('{"net":{"ssid":"home"}}').toString('base64'), ['I1 base64']],
    [gzipSync('{"ssid":"home"}'), ['I1 gzip']],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('and nowhere else', () => {
  it.each([
    'home',
    '{"place":"home"}',
    '{"bssid":"home"}',
    '{"ssid":"homestead"}',
    '{"ssid":"my home"}',
    '{"ssid":"home office"}',
    'ssid=homes&',
    '<ssid>home 2</ssid>',
    'X-Ssid: home 2\r\n',
    'name="filename"\r\n\r\nLi W\r\n',
    '{"filename":"Li W"}',
    '{"name":"Li Wen"}',
    '{"name":"Bob Li W"}',
    '{"acid":40712}',
    '{"cid":407123}',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe('a value that packets split', () => {
  const text = Buffer.from(`${'x'.repeat(700)}{"ssid":"home","b":1}`);
  it.each([1, 3, 7, 100])('is found once in pieces of %d bytes', (size) => {
    const { hits } = feed(set, cut(text, size));
    expect(hits.map(({ owners }) => owners[0]?.id)).toEqual(['I1']);
  });
  it('is not stated where what follows shows it to be longer', () => {
    for (const size of [1, 2, 5]) {
      expect(feed(set, cut(Buffer.from('a=1&ssid=homestead&'), size)).hits).toEqual([]);
      expect(feed(set, cut(Buffer.from('a=1&ssid=home'), size)).hits).toHaveLength(1);
    }
  });
});

it('says the name of the field, agrees with it, and is never certain by itself', () => {
  const [hit] = feedText('{"ssid":"home"}', set);
  expect(hit).toMatchObject({ name: 'ssid', agrees: true, edges: 'clean', representation: 'plain', from: 9, to: 13 });
  if (hit === undefined) throw new Error('no hit');
  expect(confidenceOf(hit, 2 ** 20)).toBe('probable');
  expect(confidenceOf(hit, 2 ** 30)).toBe('possible');
});

it('every row’s names agree with its kinds', () => {
  for (const { kinds, endings, name } of shortFieldRows)
    for (const ending of endings) {
      expect(ending).toMatch(name);
      expect(kinds.some((kind) => nameAgrees(kind, ending))).toBe(true);
    }
});

it('costs nothing where no listed value is short', () => {
  const long = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'ssid', value: 'a-long-name' }]);
  expect(long.fieldForms).toEqual([]);
  expect(long.literals.filter(({ nameEnd }) => nameEnd !== undefined)).toEqual([]);
  // Seven values, and one of them in Big5 and GBK.
  expect(set.counts.fieldForms).toBe(9);
});
