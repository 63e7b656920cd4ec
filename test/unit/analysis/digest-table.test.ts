import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestAt, DigestCollector } from '../../../main/analysis/transforms/digest-table.ts';
import { digestAlgorithms, digestText } from '../../../main/analysis/transforms/digests.ts';

test('thousands of digests keep their recipe, function and bytes', () => {
  const collector = new DigestCollector();
  const texts = Array.from({ length: 700 }, (_, i) => `text ${i} 客廳`);
  for (const [value, text] of texts.entries()) {
    collector.recipe({ value, form: null, before: [text] });
    for (const algorithm of digestAlgorithms) collector.add(algorithm.name, digestText(algorithm, text));
  }
  const table = collector.table();
  expect(table.count).toBe(texts.length * digestAlgorithms.length);
  for (const [value, text] of texts.entries()) {
    for (const [k, { name, algorithm }] of digestAlgorithms.entries()) {
      const found = digestAt(table, value * digestAlgorithms.length + k);
      expect(found).toMatchObject({ value, form: null, before: [text], algorithm: name });
      expect(Buffer.from(found?.digest ?? []).toString('hex')).toBe(createHash(algorithm).update(text).digest('hex'));
    }
  }
  expect(digestAt(table, table.count)).toBeNull();
  expect(digestAt(table, -1)).toBeNull();
});

test('a digest that is not whole is refused, where each one after it would be another', () => {
  const collector = new DigestCollector();
  const whole = 'x'.repeat(20);
  expect(() => collector.add('sha1', whole)).toThrow('without what is hashed');
  collector.recipe({ value: 0, form: null });
  expect(() => collector.add('sha1', whole.slice(4))).toThrow('not whole');
  expect(() => collector.add('md4', whole)).toThrow('md4');
  expect(collector.table().count).toBe(0);
});
