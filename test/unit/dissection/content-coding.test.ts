import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeContent } from '../../../main/dissection/content-coding.ts';

const text = Buffer.from(JSON.stringify({ noise: Array.from({ length: 900 }, (_, i) => i * i * 7919), end: 'imei' }));
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> (i % 24)));

const packers: Readonly<Record<string, (b: Uint8Array) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  'deflate-raw': deflateRawSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

describe('content codings', () => {
  it.each([
    ['gzip', 'gzip', 'gzip'],
    ['x-gzip', 'gzip', 'gzip'],
    ['deflate', 'deflate', 'deflate'],
    ['deflate', 'deflate-raw', 'deflate-raw'],
    ['br', 'br', 'br'],
    ['zstd', 'zstd', 'zstd'],
    // Headers that lie.
    ['gzip', 'deflate', 'deflate?'],
    ['gzip', 'zstd', 'zstd?'],
    ['deflate', 'gzip', 'gzip?'],
    ['br', 'gzip', 'gzip?'],
    ['br', 'zstd', 'zstd?'],
    ['zstd', 'gzip', 'gzip?'],
    ['compress', 'gzip', 'gzip?'],
  ])('%s over %s is undone as %s', (header, truth, name) => {
    const result = decodeContent([header], packers[truth]?.(text) ?? text);
    expect([result.bytes.length, Buffer.from(result.bytes).equals(text), result.decodings, result.problems]).toEqual([
      text.length,
      true,
      [name],
      [],
    ]);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('plain bytes under %s stay as they are', (header) => {
    for (const plain of [text, Buffer.from('h\x81ello'), Buffer.from('x'), Buffer.from('x^ looks like zlib')]) {
      const { bytes, decodings, problems } = decodeContent([header], plain);
      expect([Buffer.from(bytes).equals(plain), decodings]).toEqual([true, []]);
      expect(problems.length).toBe(1);
    }
    expect(decodeContent([header], Buffer.alloc(0)).problems).toEqual([]);
  });

  it.each(Object.keys(packers))('gives what stands before the cut of %s, and says so', (name) => {
    const header = name === 'deflate-raw' ? 'deflate' : name;
    const packed = packers[name]?.(noise) ?? noise;
    const { bytes, problems, decodings } = decodeContent([header], packed.subarray(0, packed.length - 20));
    expect(decodings).toEqual([name]);
    expect(problems).toEqual(['message-cut']);
    expect(bytes.length).toBeGreaterThan(noise.length / 2);
    expect(noise.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('gives what stands before the damage in %s, and says so', (name) => {
    const packed = Buffer.from(packers[name]?.(noise) ?? noise);
    packed.fill(0xff, packed.length - 4000);
    const { bytes, problems } = decodeContent([name], packed);
    // To brotli the damage may look like data that is cut.
    expect(problems).toEqual([name === 'br' ? expect.any(String) : 'decoding-failed']);
    const sure = Math.floor(noise.length / 3);
    expect(noise.subarray(0, sure).equals(bytes.subarray(0, sure))).toBe(true);
  });

  it.each(['gzip', 'br', 'zstd'])('%s does not grow beyond its bound', (name) => {
    const zeros = Buffer.alloc(80 * 1024 * 1024);
    const packed =
      name === 'br'
        ? brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
        : (packers[name]?.(zeros) ?? zeros);
    const { bytes, problems } = decodeContent([name], packed);
    expect(problems).toEqual(['cap-inflate']);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.length).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  it('finds the compressed bytes that gave a stretch, through several layers', () => {
    const packed = gzipSync(zstdCompressSync(noise));
    const { locate, bytes } = decodeContent(['zstd', 'gzip'], packed);
    expect(bytes.length).toBe(noise.length);
    const [a, z] = locate(150_000, 150_015);
    expect(a).toBeGreaterThan(0);
    expect(z).toBeLessThan(packed.length);
    expect(locate(0, 1)[0]).toBeLessThan(200);
  });

  it('undoes Zstandard with skippable frames before, between and behind its frames', () => {
    const skippable = Buffer.from('5e2a4d1803000000ffffff', 'hex');
    const packed = [text.subarray(0, 900), text.subarray(900)].map((part) => zstdCompressSync(part));
    const whole = Buffer.concat([skippable, ...packed.flatMap((frame) => [frame, skippable])]);
    for (const [header, name] of [
      ['zstd', 'zstd'],
      ['gzip', 'zstd?'],
    ] as const) {
      const { bytes, decodings, problems } = decodeContent([header], whole);
      expect([Buffer.from(bytes).equals(text), decodings, problems]).toEqual([true, [name], []]);
    }
    const mark = Buffer.from('not 502a4d18', 'latin1');
    expect(decodeContent(['zstd'], mark).problems).toEqual(['decoding-failed']);
  });

  it('refuses a zstd window larger than a content coding may have (RFC 9659)', () => {
    const packed = zstdCompressSync(Buffer.alloc(1), { params: {} });
    // A frame with a window of 16 MiB.
    const wide = Buffer.concat([Buffer.from('28b52ffd0070', 'hex'), Buffer.from('090000', 'hex'), Buffer.from('a')]);
    expect(decodeContent(['zstd'], packed).problems).toEqual([]);
    expect(decodeContent(['zstd'], wide).problems).toEqual(['decoding-unsupported']);
  });
});
