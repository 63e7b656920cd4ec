import { createHash, X509Certificate } from 'node:crypto';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../demo-world/random.ts';
import { makeWorld } from '../../demo-world/world.ts';
import { makeCertificate } from '../../traffic-generator/certificate-der.ts';
import { deflateFixed, gzipOf } from '../../traffic-generator/deflate.ts';
import { httpBytes } from '../../traffic-generator/http-text.ts';
import { makeNoise } from '../../traffic-generator/noise.ts';
import { checksum, udp } from '../../traffic-generator/packets.ts';

describe('our own deflate, the same on every machine', () => {
  test('zlib reads back whatever went in', () => {
    const blocks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 12 }), (parts, times) => {
        const bytes = Buffer.concat(Array.from({ length: times }, () => Buffer.concat(parts)));
        expect(inflateRawSync(deflateFixed(bytes)).equals(bytes)).toBe(true);
        expect(gunzipSync(gzipOf(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  test('repeats are shortened at every length and far back', () => {
    const far = Buffer.concat([Buffer.from('needle in it'), Buffer.alloc(33_000, 'ab'), Buffer.from('needle in it')]);
    for (const bytes of [
      far,
      ...Array.from({ length: 300 }, (_, n) => Buffer.from(`xyz${'q'.repeat(n)}xyz${'q'.repeat(n)}!`)),
    ]) {
      expect(inflateRawSync(deflateFixed(bytes)).equals(bytes)).toBe(true);
    }
    expect(deflateFixed(far).length).toBeLessThan(far.length / 50);
  });
});

test('checksums: the example of RFC 1071, and an odd length', () => {
  expect(checksum(Buffer.from('0001f203f4f5f6f7', 'hex'))).toBe(~0xddf2 & 0xffff);
  expect(checksum(Buffer.from('0001f2', 'hex'), Buffer.from('03f4f5f6f7', 'hex'))).toBe(~0xddf2 & 0xffff);
  expect(checksum(Buffer.from([0xff]))).toBe(0x00ff);
  expect(udp('192.0.2.1', 1, '192.0.2.2', 2, Buffer.from('odd')).readUInt16BE(6)).not.toBe(0);
});

test('a certificate of ours is read by OpenSSL', () => {
  const der = makeCertificate(makeRandom(1, 'certificate'), 'account.xiaomi.com', [
    'account.xiaomi.com',
    '*.xiaomi.com',
  ]);
  const read = new X509Certificate(der);
  expect(read.subject).toContain('CN=account.xiaomi.com');
  expect(read.subjectAltName).toBe('DNS:account.xiaomi.com, DNS:*.xiaomi.com');
  expect(new Date(read.validFrom).getUTCFullYear()).toBe(2014);
  expect(read.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
});

test('an HTTP message knows where a text went, across chunks too', () => {
  const message = httpBytes('POST / HTTP/1.1', [['Host', 'h.example']], {
    text: 'id=490154203237518;x',
    type: 'text/plain',
    chunks: [7, 4],
  });
  const [start, end] = message.locate('490154203237518') ?? [0, 0];
  expect(message.bytes.toString('latin1', start, end)).toBe('4901\r\n4\r\n5420\r\n9\r\n3237518');
  expect(message.locate('h.example')?.[0]).toBe(message.bytes.indexOf('h.example'));
  expect(message.locate('absent')).toBeNull();
});

describe('innocent traffic', () => {
  const world = makeWorld(4);
  const noise = makeNoise(world, makeRandom(4, 'noise'));

  test('has digits, hexadecimal and base64, and no identifier', () => {
    const text = noise.html(60) + noise.json(60);
    expect(text).toMatch(/\b\d{15}\b/);
    expect(text).toMatch(/\b[0-9a-f]{32}\b/);
    expect(text).toMatch(/[A-Za-z0-9+/]{12,}={1,2}/);
    expect(() => noise.assertInnocent(text)).not.toThrow();
  });

  test.each([
    ['plain', world.handsets.H1.imei],
    ['national', world.handsets.H2.contacts[2].national],
    ['base64', Buffer.from(`id:${world.handsets.H1.imsi}`).toString('base64')],
    ['base64, shifted', Buffer.from(`id: ${world.handsets.H1.imsi}`).toString('base64')],
    ['hex', Buffer.from(world.handsets.H1.iccid).toString('hex').toUpperCase()],
    ['digest', createHash('md5').update(world.handsets.H1.imei).digest('hex')],
    ['short hash', createHash('sha1').update(world.handsets.H1.imsi).digest('base64url').slice(0, 16)],
  ])('an identifier in it would be noticed: %s', (_form, text) => {
    expect(() => noise.assertInnocent(`{"ref":"${text}"}`)).toThrow('identifier');
  });
});
