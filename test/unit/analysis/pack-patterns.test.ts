import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePatterns, type PatternSource } from '../../../main/analysis/transforms/compile-patterns.ts';
import { packPatterns, unpackPatterns } from '../../../main/analysis/transforms/pack-patterns.ts';
import type { PatternSet } from '../../../main/analysis/transforms/pattern-set.ts';
import { listOf, tableOf } from './digest-lists.ts';

const identifiers: readonly PatternSource[] = [
  { id: 'i1', handset: 'h1', kind: 'imei', value: '490154203237518' },
  { id: 'i2', handset: 'h1', kind: 'imsi', value: '460001234567890' },
  { id: 'i3', handset: 'h2', kind: 'msisdn', value: '+886912345678' },
  { id: 'i4', handset: 'h1', kind: 'wifi-mac', value: '9c:99:a0:12:34:56' },
  { id: 'i5', handset: 'h2', kind: 'ssid', value: '客廳 Wi-Fi 💡' },
  { id: 'i6', handset: 'h1', kind: 'imei', value: '000000000000000' },
  { id: 'i8', handset: 'h2', kind: 'ssid', value: 'Home' },
  { id: 'i7', handset: 'h2', kind: 'contact-msisdn', value: '+886223456789' },
];

const received = (set: PatternSet): PatternSet => ({ ...unpackPatterns(packPatterns(set)) });

test('what is unpacked is what was packed: literals, digests, forms for fields, counts, and what is left out', () => {
  const set = compilePatterns(identifiers, 20_000, [{ what: 'model', value: '2014011 \ud83d', handset: 'h1' }], {
    seeds: [{ category: 'installed-apps', value: 'com.example.messenger', handset: 'h1' }],
    probes: true,
  });
  expect(set.counts.joined).toBeGreaterThan(1000);
  expect(set.skipped).not.toEqual([]);
  expect(set.fieldForms).not.toEqual([]);
  expect(received(set)).toStrictEqual(set);
});

test('digests that are not whole are refused, where each one after them would be another', () => {
  const set = compilePatterns(identifiers, 20_000);
  const short = { ...set.digests, bytes: set.digests.bytes.subarray(1) };
  expect(() => unpackPatterns(packPatterns({ ...set, digests: short }))).toThrow(/digests take \d+ bytes/);
  const functionOf = set.digests.functionOf.slice().fill(9, 0, 1);
  expect(() => unpackPatterns(packPatterns({ ...set, digests: { ...set.digests, functionOf } }))).toThrow('function');
  const recipes = set.digests.recipes.slice(0, 1);
  expect(() => unpackPatterns(packPatterns({ ...set, digests: { ...set.digests, recipes } }))).toThrow('recipe');
});

test('an empty set stays empty', () => {
  const set = compilePatterns([], 20_000);
  expect(received(set)).toStrictEqual(set);
});

test('any digests in any order keep their value, form, path and bytes', () => {
  const digest = fc
    .record(
      {
        value: fc.nat(3),
        form: fc.option(fc.constantFrom('imei-14', 'mac-plain')),
        before: fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }),
        algorithm: fc.constantFrom('md5', 'sha1', 'sha256', 'sha384', 'sha512'),
        seed: fc.uint8Array({ minLength: 64, maxLength: 64 }),
      },
      { requiredKeys: ['value', 'form', 'algorithm', 'seed'] },
    )
    .map(({ seed, ...one }) => ({ ...one, digest: seed.slice(0, lengths[one.algorithm]) }));
  const empty = compilePatterns([], 20_000);
  fc.assert(
    fc.property(fc.array(digest, { maxLength: 30 }), (digests) => {
      const set = { ...empty, digests: tableOf(digests) };
      expect(received(set)).toStrictEqual(set);
      expect(listOf(received(set).digests)).toStrictEqual(digests);
    }),
  );
});

const lengths: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 };
