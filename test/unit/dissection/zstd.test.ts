import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZstdDecoder } from '../../../main/dissection/zstd.ts';

const SEED = 20_140_807;
const RUNS = process.env['HANDSIGHT_TIER'] === 'full' ? 2000 : 60;

/** Node's own compressor, which the product may not use (Electron's Node has none). */
function zstd(bytes: Uint8Array, parameters: Record<number, number> = {}): Buffer {
  return (zlib as unknown as { zstdCompressSync(b: Uint8Array, o: object): Buffer }).zstdCompressSync(bytes, {
    params: parameters,
  });
}

const LEVEL = 100;
const WINDOW_LOG = 101;
const CHECKSUM = 201;

function decode(
  packed: Uint8Array,
  piece = packed.length,
  maxWindow = 8 << 20,
): { bytes: Buffer; decoder: ZstdDecoder } {
  const parts: Buffer[] = [];
  const decoder = new ZstdDecoder(maxWindow);
  for (let at = 0; at < packed.length; at += Math.max(1, piece))
    decoder.push(packed.subarray(at, at + Math.max(1, piece)), (bytes) => {
      parts.push(Buffer.from(bytes));
    });
  return { bytes: Buffer.concat(parts), decoder };
}

/** Text with much and little repetition, deterministic. */
function sample(length: number, alphabet: number, seed = 1): Buffer {
  const b = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    b[i] = state % 7 < 3 && i > 100 ? (b[i - 97] as number) : 32 + ((state >>> 24) % alphabet);
  }
  return b;
}

describe('Zstandard', () => {
  it('decodes raw and repeated blocks', () => {
    // A frame by hand: single segment, 6 bytes; a raw block «abc», then a repeated «z» three times, last.
    const frame = Buffer.from('28b52ffd200618000061626' + '31b00007a', 'hex');
    expect(decode(frame).bytes.toString()).toBe('abczzz');
  });

  it.each([1, 3, 9, 19])('undoes level %i, whatever the alphabet and length', (level) => {
    for (const [length, alphabet] of [
      [0, 1],
      [1, 1],
      [300, 2],
      [5000, 90],
      [200_000, 4],
      [400_000, 200],
      [1_000_000, 1],
    ] as const) {
      const plain = sample(length, alphabet, level);
      const { bytes, decoder } = decode(zstd(plain, { [LEVEL]: level, [CHECKSUM]: level % 2 }));
      expect(decoder.whole).toBe(true);
      expect(bytes.equals(plain)).toBe(true);
    }
  });

  it('keeps only the window, and matches reach back to its edge', () => {
    const block = sample(60_000, 250, 9);
    const plain = Buffer.concat(
      Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? block : sample(60_000, 250, 50 + i))),
    );
    const { bytes } = decode(zstd(plain, { [WINDOW_LOG]: 18, [LEVEL]: 5 }), 1000);
    expect(bytes.equals(plain)).toBe(true);
  });

  it('reads frames one after the other and skips what is to be skipped', () => {
    const skippable = Buffer.from('502a4d1803000000ffffff', 'hex');
    const empty = Buffer.from('5f2a4d1800000000', 'hex');
    const packed = Buffer.concat([zstd(Buffer.from('one ')), skippable, empty, zstd(Buffer.from('two'))]);
    for (const piece of [1, 2, 7, 1000]) {
      const { bytes, decoder } = decode(packed, piece);
      expect(bytes.toString()).toBe('one two');
      expect(decoder.whole).toBe(true);
    }
  });

  it('refuses a window larger than allowed, a dictionary, and what is no frame', () => {
    expect(decode(zstd(sample(3 << 20, 200), { [WINDOW_LOG]: 21 }), 1 << 20, 1 << 20).decoder.state).toBe('window');
    expect(decode(Buffer.from('28b52ffd2107020100', 'hex')).decoder.state).toBe('dictionary');
    expect(decode(Buffer.from('plain text')).decoder.state).toBe('damaged');
  });

  it('gives the blocks before a fault, and says that it is not whole', () => {
    const plain = sample(500_000, 200, 4);
    const packed = zstd(plain);
    const cut = decode(packed.subarray(0, packed.length - 20));
    expect(cut.decoder.whole).toBe(false);
    expect(cut.decoder.state).toBe('more');
    expect(cut.bytes.length).toBeGreaterThanOrEqual(3 * 128 * 1024);
    expect(plain.subarray(0, cut.bytes.length).equals(cut.bytes)).toBe(true);
  });

  it('is not made to grow or hang by a block that announces a hundred thousand of the longest matches', () => {
    // Tables of one symbol: literal length 0, offset code 0 (the last distance), match code 52 (65,539 and 16 bits more).
    const literals = Buffer.from([8, 0x41]);
    const sequences = Buffer.concat([Buffer.from([255, 255, 255, 0x54, 0, 0, 52]), Buffer.alloc(200, 0xff)]);
    const block = Buffer.concat([literals, sequences]);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (2 << 1) | 1, 0, 3);
    const { bytes, decoder } = decode(Buffer.concat([Buffer.from('28b52ffd0050', 'hex'), header, block]));
    expect(decoder.state).toBe('damaged');
    expect(bytes.length).toBeLessThanOrEqual(128 * 1024);
  });

  it('gives the same in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 500 }),
        (seedBytes, repeat, piece) => {
          const plain = Buffer.concat(Array.from({ length: repeat }, () => Buffer.from(seedBytes)));
          const { bytes, decoder } = decode(zstd(plain), piece);
          expect(bytes.equals(plain)).toBe(true);
          expect(decoder.whole).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('never throws and never gives more than its blocks may, whatever was changed', () => {
    const packed = zstd(sample(30_000, 60, 3));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: packed.length - 1 }), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const damaged = Buffer.from(packed);
          for (const [at, value] of changes) damaged[at] = value;
          expect(decode(damaged).bytes.length).toBeLessThanOrEqual((damaged.length / 3) * 128 * 1024);
        },
      ),
      { seed: SEED, numRuns: RUNS * 5 },
    );
  });
});
