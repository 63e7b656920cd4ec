import { createCipheriv, getCipherInfo } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAesCcm } from '../../../../main/dissection/keylog/aes-ccm.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('AES-CCM', () => {
  // NIST SP 800-38C, example 3: a nonce of twelve bytes, a tag of eight.
  const key = hex('404142434445464748494a4b4c4d4e4f');
  const nonce = hex('101112131415161718191a1b');
  const header = hex('000102030405060708090a0b0c0d0e0f10111213');
  const sealed = hex('e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5');
  const tag = hex('484392fbc1b09951');
  const open = (h: Buffer, s: Buffer, t: Buffer): string | null => {
    const plain = openAesCcm(key, nonce, h, s, t);
    return plain === null ? null : Buffer.from(plain).toString('hex');
  };

  it('opens the example of NIST SP 800-38C, and nothing that was changed', () => {
    expect(open(header, sealed, tag)).toBe('202122232425262728292a2b2c2d2e2f3031323334353637');
    const changed = (b: Buffer): Buffer => Buffer.from(b.map((x, i) => (i === 3 ? x ^ 1 : x)));
    expect(open(changed(header), sealed, tag)).toBeNull();
    expect(open(header, changed(sealed), tag)).toBeNull();
    expect(open(header, sealed, changed(tag))).toBeNull();
    expect(open(header, sealed, tag.subarray(2))).toBeNull();
  });

  it.skipIf(getCipherInfo('aes-128-ccm') === undefined)('is what OpenSSL does', () => {
    const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        fc.constantFrom(16, 32).chain((length) => bytes(length)),
        bytes(12),
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(8, 16),
        (k, n, h, p, authTagLength) => {
          const cipher = createCipheriv(k.length === 16 ? 'aes-128-ccm' : 'aes-256-ccm', k, n, { authTagLength });
          if (h.length > 0) cipher.setAAD(h, { plaintextLength: p.length });
          const sealedBytes = Buffer.concat([cipher.update(p), cipher.final()]);
          const plain = openAesCcm(k, n, h, sealedBytes, cipher.getAuthTag());
          expect(plain === null ? null : Buffer.from(plain).equals(p)).toBe(true);
        },
      ),
      { seed: 3610, numRuns: 100 },
    );
  });
});
