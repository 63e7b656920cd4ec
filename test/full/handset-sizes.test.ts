import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHandsetLink } from '../../main/handset/link.ts';
import type { HandsetLink } from '../../main/handset/link.ts';
import { openBench, until, valueOf } from '../integration/handset-bench.ts';
import type { Bench } from '../integration/handset-bench.ts';
import { growthDuring, sparseHash, startHandsets } from './handset-children.ts';

const gibibyte = 1024 ** 3;
/** Just over what 32 bits can count. */
const sparseBytes = 4 * gibibyte + 12_345;
const names = 200_000;
/** Far less than the file and than the list of names as objects would take; buffers on the way take some. */
const allowedGrowth = 200 * 1024 * 1024;

let bench: Bench;
let link: HandsetLink;
let handsets: Awaited<ReturnType<typeof startHandsets>>;
beforeAll(async () => {
  bench = await openBench();
  handsets = await startHandsets({ persona: 'modern-rooted', handsets: 1, sparseBytes, names });
  const [address = ''] = handsets.addresses;
  valueOf(await bench.directory.attach(address));
  await until(async () => (await openHandsetLink(bench.server, address)).ok);
  link = valueOf(await openHandsetLink(bench.server, address));
});
afterAll(async () => {
  handsets.end();
  await bench.close();
});

test('a file of more than 4 GB is pulled whole, hashed, and never held', async () => {
  expect(valueOf(await link.stat('/data/local/tmp/sparse')).sizeBytes).toBe(sparseBytes);
  const expected = sparseHash(sparseBytes);
  let last = -1;
  let told = 0;
  const growth = await growthDuring(async () => {
    const pulled = valueOf(
      await link.pull('/data/local/tmp/sparse', (chunk) => void (last = chunk.at(-1) ?? -1), {
        onProgress: (bytes) => (told = bytes),
      }),
    );
    expect(pulled).toMatchObject({ bytes: sparseBytes, sha256: expected, truncatedAtBytes: null });
  });
  expect(last).toBe(1);
  expect(told).toBe(sparseBytes);
  expect(growth).toBeLessThan(allowedGrowth);
});

test('a folder of 200,000 names is listed entry by entry, in order, and never held', async () => {
  let seen = 0;
  let wrong = 0;
  const growth = await growthDuring(async () => {
    const listing = valueOf(
      await link.readDir('/data/local/tmp/many', {
        onEntry: ({ name }) => {
          if (name !== `IMG_${String(seen).padStart(6, '0')}.jpg`) wrong += 1;
          seen += 1;
        },
      }),
    );
    expect(listing).toMatchObject({ count: names, unsafeCount: 0, truncatedAtEntries: null, entries: [] });
  });
  expect([seen, wrong]).toEqual([names, 0]);
  expect(growth).toBeLessThan(allowedGrowth);
  // Held, the list is cut, and says so.
  const held = valueOf(await link.readDir('/data/local/tmp/many'));
  expect(held).toMatchObject({ count: 100_000, truncatedAtEntries: 100_000 });
  expect(held.entries).toHaveLength(100_000);
});
