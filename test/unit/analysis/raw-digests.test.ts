import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cut, feed, patternsOf, randomOf } from './feeding.ts';

const imei = '490154203237518';
const set = patternsOf(['I1']);
const random = randomOf(21);
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
const alphabets = ['base64', 'base64url'] as const;

describe.each(algorithms)('the bytes of %s in base64', (algorithm) => {
  const digest = createHash(algorithm).update(imei).digest();

  it.each(alphabets)('as %s, at the three alignments, alone and inside a longer run', (alphabet) => {
    const missed: string[] = [];
    for (const before of [0, 1, 2, 3, 10, 11, 12])
      for (const behind of [0, 1, 2, 3, 20]) {
        const run = Buffer.concat([bytes(before), digest, bytes(behind)]).toString(alphabet);
        for (const size of [1000, 9]) {
          const { hits } = feed(set, cut(Buffer.from(`{"d":"${run}","e":1}`), size));
          const found = hits.map(({ transform }) => transform[0]);
          if (found.join() !== algorithm)
            missed.push(`${before} before, ${behind} behind, cut at ${size}: ${found.join()}`);
        }
      }
    expect(missed).toEqual([]);
  });
});
