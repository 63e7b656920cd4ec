import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NonceWatch } from '../../../main/capture/nonce-watch.ts';

test('a nonce is found at its offset, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.nat(700), { maxLength: 30 }),
      fc.boolean(),
      async (before, after, places, asHex) => {
        // 16 bytes that the random parts cannot hold by chance in any likely run.
        const nonce = Buffer.from('f00dfeedcafebabe0123456789abcdef', 'hex');
        const written = asHex ? Buffer.from(nonce.toString('hex')) : nonce;
        const stream = Buffer.concat([before, written, after]);
        const watch = new NonceWatch();
        const found = watch.want(nonce);
        const sorted = [0, ...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
        for (const [index, end] of sorted.slice(1).entries()) watch.push(stream.subarray(sorted[index] ?? 0, end));
        expect(
          await Promise.race([
            found,
            Promise.resolve()
              .then(() => null)
              .then(() => null),
          ]),
        ).toBe(before.length);
      },
    ),
  );
});

test('what is not there is not found', async () => {
  const watch = new NonceWatch();
  const found = watch.want(Buffer.alloc(16, 1));
  watch.push(Buffer.alloc(1000));
  watch.push(Buffer.alloc(15, 1));
  watch.push(Buffer.alloc(15));
  expect(await Promise.race([found, new Promise((resolve) => setTimeout(resolve, 20, 'nothing'))])).toBe('nothing');
});
