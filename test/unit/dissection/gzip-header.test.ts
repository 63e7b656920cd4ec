import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gzipHeaderBytes } from '../../../main/dissection/gzip-header.ts';

/** RFC 1952, 2.3.1: text, check sum of the header, extra field, name, comment. */
const flagsOf = (sum: boolean, extra: boolean, name: boolean, comment: boolean): number =>
  (sum ? 2 : 0) | (extra ? 4 : 0) | (name ? 8 : 0) | (comment ? 16 : 0);

test('as zlib writes it: ten bytes', () => {
  expect(gzipHeaderBytes(gzipSync('text'))).toBe(10);
});

test('with an extra field of more than 255 bytes', () => {
  const header = Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 0x2c, 0x01), Buffer.alloc(300, 7)]);
  expect(gzipHeaderBytes(header)).toBe(312);
  expect(gzipHeaderBytes(header.subarray(0, 311))).toBe(312);
});

test('with everything that its flags may announce, and cut at any place', () => {
  const text = fc.string({ maxLength: 20 }).map((one) => Buffer.from(`${one.replaceAll('\0', '')}\0`, 'latin1'));
  const any = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
  fc.assert(
    fc.property(any, fc.option(text), fc.option(text), fc.boolean(), fc.nat(), (extra, name, comment, sum, cut) => {
      const header = Buffer.concat([
        Buffer.of(0x1f, 0x8b, 8, flagsOf(sum, extra !== null, name !== null, comment !== null), 0, 0, 0, 0, 0, 3),
        ...(extra === null ? [] : [Buffer.of(extra.length & 255, extra.length >> 8), extra]),
        ...(name === null ? [] : [name]),
        ...(comment === null ? [] : [comment]),
        ...(sum ? [Buffer.of(1, 0)] : []),
      ]);
      expect(gzipHeaderBytes(Buffer.concat([header, Buffer.of(3, 0, 0, 7)]))).toBe(header.length);
      const part = header.subarray(0, cut % header.length);
      expect(gzipHeaderBytes(part)).toBeGreaterThan(part.length);
    }),
  );
});
