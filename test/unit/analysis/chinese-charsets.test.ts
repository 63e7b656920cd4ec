import { describe, expect, it } from 'vitest';
import { encodeChinese, percentBytes } from '../../../main/analysis/transforms/chinese-charsets.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { replayTransform } from '../../../main/analysis/transforms/replay-transform.ts';
import { feedText } from './feeding.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// Bytes as iconv and Python's codecs give them.
it.each([
  ['big5', '陳小明明', 'b3afa470a9faa9fa'],
  ['gbk', '陈小明明', 'b3c2d0a1c3f7c3f7'],
  ['gbk', '陳小明明', 'ea90d0a1c3f7c3f7'],
  ['big5', '功能 A1', 'a55cafe0204131'],
] as const)('%s of %s', (charset, text, bytes) => {
  expect(encodeChinese(charset, text)?.toString('hex')).toBe(bytes);
});

it('nothing for what the set does not have, and for what is the same in all', () => {
  expect(encodeChinese('big5', '陈小明')).toBeNull();
  expect(encodeChinese('gbk', '😀')).toBeNull();
  expect(encodeChinese('gbk', 'Amy')).toBeNull();
});

it('escapes bytes as encodeURIComponent escapes UTF-8', () => {
  for (const text of ["Aa0-_.!~*'()", 'a b+c/&=%"', '陳小明', '😀'])
    expect(percentBytes(Buffer.from(text))).toBe(encodeURIComponent(text));
});

describe('a contact’s name', () => {
  const set = compilePatterns([
    { id: 'I1', handset: 'H1', kind: 'contact-name', value: '陳小明明' },
    { id: 'I2', handset: 'H1', kind: 'contact-name', value: '陳小明' },
    { id: 'I3', handset: 'H1', kind: 'contact-name', value: '陈丽' },
  ]);
  const found = (bytes: Uint8Array): string[] =>
    feedText(bytes, set).map(({ owners, transform }) => [owners[0]?.id, ...transform].join(' '));
  it.each([
    ['in Big5', Buffer.concat([Buffer.from('x'), hex('b3afa470a9faa9fa'), Buffer.from('"')]), ['I1 big5']],
    ['in GBK', Buffer.concat([Buffer.from('x'), hex('ea90d0a1c3f7c3f7'), Buffer.from('"')]), ['I1 gbk']],
    ['in a query, Big5', Buffer.from('GET /a?q=%B3%AF%A4p%A9%FA&b=1 HTTP/1.1'), ['I2 big5>percent']],
    ['in a query, small digits', Buffer.from('GET /a?q=%b3%af%a4p%a9%fa&b=1 HTTP/1.1'), ['I2 big5>percent']],
    ['of two characters, in a field named so', Buffer.from('POST name=%B3%C2%C0%F6&b=1'), ['I3 gbk>percent']],
    [
      'of two characters, as bytes in JSON',
      Buffer.concat([Buffer.from('{"name":"'), hex('b3c2c0f6'), Buffer.from('"}')]),
      ['I3 gbk'],
    ],
    ['of two characters, elsewhere', Buffer.concat([Buffer.from('{"city":"'), hex('b3c2c0f6'), Buffer.from('"}')]), []],
  ])('%s', (_, bytes, expected) => {
    expect(found(bytes).map((one) => one.replace(/ (?=percent)/, '>'))).toEqual(expected);
  });
  it('can be written again', () => {
    const replay = replayTransform(
      'contact-name',
      '陳小明',
      null,
      ['big5', 'percent'],
      Buffer.from('%B3%AF%A4p%A9%FA'),
    );
    expect(replay.compared).toBe('equal');
  });
});
