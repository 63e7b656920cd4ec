import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSampler, entropyOf, SAMPLE_BYTES } from '../../../main/dissection/byte-sampler.ts';

/** Bytes without any pattern, the same in every run. */
function random(n: number, seed: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(n / 32) }, (_, i) =>
    createHash('sha256').update(`${seed}.${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, n);
}

function figuresOf(bytes: Uint8Array): ReturnType<ByteSampler['figures']> {
  const sampler = new ByteSampler();
  sampler.add(0, bytes, 0, bytes.length);
  return sampler.figures(0);
}

const counts = (bytes: Uint8Array): number[] => {
  const list = Array.from({ length: 256 }, () => 0);
  for (const c of bytes) list[c] = (list[c] ?? 0) + 1;
  return list;
};

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('entropy', () => {
  it.each([64, 128, 256, 512])('of %i random bytes is near 8: the size of the sample is allowed for', (n) => {
    const runs = Array.from({ length: 200 }, (_, seed) => entropyOf(counts(random(n, seed)), n));
    expect(mean(runs)).toBeGreaterThan(n < 128 ? 7.2 : 7.7);
    expect(Math.max(...runs)).toBeLessThanOrEqual(8);
  });

  it('of a source with few symbols is what the formula says', () => {
    expect(entropyOf(counts(new Uint8Array(512)), 512)).toBe(0);
    const two = counts(Uint8Array.from({ length: 512 }, (_, i) => i % 2));
    expect(entropyOf(two, 512)).toBeCloseTo(1, 10);
    const sixteen = counts(Uint8Array.from({ length: 512 }, (_, i) => i % 16));
    expect(entropyOf(sixteen, 512)).toBeCloseTo(4, 6);
  });

  it('tells text, hex and base64 from random bytes', () => {
    const text = Buffer.from(
      'Any traffic that is not understood is still searched, and never called encrypted. '.repeat(7),
    );
    const bits = (bytes: Uint8Array): number => figuresOf(bytes)?.entropyBitsPerByte ?? Number.NaN;
    const noise = random(400, 1);
    expect(bits(text)).toBeGreaterThan(3.5);
    expect(bits(text)).toBeLessThan(4.6);
    expect(bits(Buffer.from(Buffer.from(noise).toString('hex')))).toBeCloseTo(4, 1);
    expect(Math.abs(bits(Buffer.from(Buffer.from(noise).toString('base64'))) - 6)).toBeLessThan(0.15);
    expect(bits(noise)).toBeGreaterThan(7.5);
  });
});

describe('sampler', () => {
  it('looks at the first bytes only, however they come', () => {
    const bytes = Buffer.concat([random(SAMPLE_BYTES, 3), Buffer.alloc(5000, 0x41)]);
    const whole = figuresOf(bytes);
    expect(whole?.sampledBytes).toBe(SAMPLE_BYTES);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const sampler = new ByteSampler();
        let at = 0;
        for (let i = 0; at < bytes.length; i++) {
          const n = Math.max(1, sizes[i % sizes.length] ?? 1);
          sampler.add(7, bytes, at, Math.min(bytes.length, at + n));
          at += n;
        }
        expect(sampler.figures(7)).toEqual(whole);
      }),
      { seed: 20_140_807, numRuns: 40 },
    );
  });

  it('says the printable share, and no entropy of very little', () => {
    expect(figuresOf(Buffer.from('abc\r\n\t\0\x01\x7f'))).toEqual({
      sampledBytes: 9,
      entropyBitsPerByte: null,
      printableShare: 0.667,
    });
    expect(new ByteSampler().figures(0)).toBeNull();
  });

  it('keeps cells apart, also far ones', () => {
    const sampler = new ByteSampler();
    sampler.add(0, Buffer.alloc(100, 0x41), 0, 100);
    sampler.add(100_001, random(100, 5), 0, 100);
    expect(sampler.figures(0)).toMatchObject({ entropyBitsPerByte: 0, printableShare: 1 });
    expect(sampler.figures(100_001)?.entropyBitsPerByte).toBeGreaterThan(7);
    expect(sampler.figures(100_000)).toBeNull();
  });

  it('closes the oldest sample when too many grow at once, and says how small it stayed', () => {
    const sampler = new ByteSampler();
    for (let cell = 0; cell < 8193; cell++) sampler.add(cell, Buffer.alloc(100, cell & 1), 0, 100);
    sampler.add(0, Buffer.alloc(400), 0, 400);
    sampler.add(1, Buffer.alloc(400), 0, 400);
    expect(sampler.figures(0)?.sampledBytes).toBe(100);
    expect(sampler.figures(1)?.sampledBytes).toBe(500);
  });
});
