import { createCipheriv, getCipherInfo } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChaCha20Poly1305, poly1305 } from '../../../../main/dissection/keylog/chacha20-poly1305.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('ChaCha20-Poly1305', () => {
  it('gives the tag of RFC 8439, 2.5.2', () => {
    const key = hex('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b');
    const tag = poly1305(key, Buffer.from('Cryptographic Forum Research Group'));
    expect(Buffer.from(tag).toString('hex')).toBe('a8061dc1305136c6c22b8baf0c0127a9');
  });

  it('opens the text of RFC 8439, 2.8.2, and nothing that was changed', () => {
    const key = hex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f');
    const nonce = hex('070000004041424344454647');
    const header = hex('50515253c0c1c2c3c4c5c6c7');
    const sealed = hex(`
      d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
      3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
      92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
      3ff4def08e4b7a9de576d26586cec64b6116`);
    const tag = hex('1ae10b594f09e26a7e902ecbd0600691');
    const open = (h: Buffer, s: Buffer, t: Buffer): string | null => {
      const plain = openChaCha20Poly1305(key, nonce, h, s, t);
      return plain === null ? null : Buffer.from(plain).toString();
    };
    expect(open(header, sealed, tag)).toBe(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const changed = (b: Buffer): Buffer => Buffer.from(b.map((x, i) => (i === 3 ? x ^ 1 : x)));
    expect(open(changed(header), sealed, tag)).toBeNull();
    expect(open(header, changed(sealed), tag)).toBeNull();
    expect(open(header, sealed, changed(tag))).toBeNull();
    expect(open(header, sealed, tag.subarray(1))).toBeNull();
  });

  it.skipIf(getCipherInfo('chacha20-poly1305') === undefined)('is what OpenSSL does', () => {
    const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        bytes(32),
        bytes(12),
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 300 }),
        (k, n, h, p) => {
          const cipher = createCipheriv('chacha20-poly1305', k, n, { authTagLength: 16 });
          cipher.setAAD(h, { plaintextLength: p.length });
          const sealed = Buffer.concat([cipher.update(p), cipher.final()]);
          const plain = openChaCha20Poly1305(k, n, h, sealed, cipher.getAuthTag());
          expect(plain === null ? null : Buffer.from(plain).equals(p)).toBe(true);
        },
      ),
      { seed: 8439, numRuns: 100 },
    );
  });
});
