import { expect, it } from 'vitest';
import type { DissectedMessage } from '../../../main/dissection/sink.ts';
import { type CaptureBatch, fromPost, toPost } from '../../../main/workflow/capture-job.ts';

const message = (index: number, fields: DissectedMessage['fields']): DissectedMessage => ({
  index,
  flow: 0,
  way: 0,
  frame: index + 1,
  atUs: 1_407_405_600_000_001,
  kind: 'command',
  fields,
});
const batchOf = (messages: DissectedMessage[]): CaptureBatch => ({ messages, flows: [], hits: [] });

it('messages of a batch arrive as they were, whatever their texts hold', () => {
  const texts = ['\0\u0001\u2028', '\ud800', '__proto__', '', '\u{1f4f1}'];
  const batch = batchOf(texts.map((text, i) => message(i, { text, ['__proto__']: i, none: null, list: [text] })));
  expect(fromPost(structuredClone(toPost(batch)))).toEqual(batch);
});

it('a batch whose messages are too long for one string is sent in parts, in order', () => {
  // A control character is six in JSON: four times this is longer than 2 ** 29, twice is not.
  const text = '\u0001'.repeat(24_000_000);
  const batch = batchOf(Array.from({ length: 5 }, (_, i) => message(i, i === 4 ? { text: 'last' } : { text, i })));
  const sent = toPost(batch);
  expect(sent.messages.length).toBeGreaterThan(1);
  const told = fromPost(sent).messages;
  expect(told.map(({ index, fields }) => [index, fields['i']])).toEqual([
    ...[0, 1, 2, 3].map((i) => [i, i]),
    [4, undefined],
  ]);
  expect(told.every(({ fields }, i) => fields['text'] === (i === 4 ? 'last' : text))).toBe(true);
});
