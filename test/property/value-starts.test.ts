import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainStartsIn, valueStartsIn } from '../../main/analysis/search/value-starts.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';

const marks = ['0d0a0d0a', '1f8b08', '28b52ffd', '04224d18', '504b0304', '7801', '785e', '789c', '78da'];
const cut = fc
  .tuple(fc.constantFrom(...marks), fc.integer({ min: 1, max: 4 }))
  .map(([mark, n]) => Buffer.from(mark, 'hex').subarray(0, n));
const near = fc.array(
  fc.constantFrom(0x0d, 0x0a, 0x1f, 0x8b, 0x08, 0x28, 0xb5, 0x78, 0x01, 0x9c, 0x5a, 0xde, 0x50, 0x4b),
  {
    maxLength: 40,
  },
);
const parts = fc.array(
  fc.oneof(
    cut,
    near.map((b) => Buffer.from(b)),
    fc.uint8Array({ maxLength: 30 }).map((b) => Buffer.from(b)),
  ),
  { maxLength: 30 },
);

it('the kernel finds the beginnings of compressed values that a plain search finds', () => {
  let found = 0;
  fc.assert(
    fc.property(parts, (list) => {
      const bytes = Uint8Array.from(Buffer.concat(list));
      const starts = Array.from(valueStartsIn(bytes));
      expect(starts).toEqual(Array.from(plainStartsIn(bytes)));
      found += starts.length;
    }),
    { numRuns: full ? 50_000 : 2000, seed: 20140810 },
  );
  expect(found).toBeGreaterThan(1000);
});

it('looks at nothing behind the bytes, whatever was looked at before', () => {
  valueStartsIn(Buffer.from('....\r\n\r\n\r\n\r\n'));
  expect(valueStartsIn(Buffer.from('....\r\n\r'))).toHaveLength(0);
});

it('finds as many as there are, and in more bytes than the kernel has room for', () => {
  for (const length of [64 * 1024, 256 * 1024, 300 * 1024]) {
    const bytes = Uint8Array.from(Buffer.from('x\u0001'.repeat(length / 2), 'latin1'));
    expect(valueStartsIn(bytes)).toHaveLength(length / 2);
    expect(valueStartsIn(bytes)[length / 2 - 1]).toBe((length - 2) * 2);
  }
});
