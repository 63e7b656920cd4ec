import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as layered from '../../../main/analysis/search/inflate.ts';
import * as raw from '../../../main/analysis/search/raw-match.ts';
import * as undo from '../../../main/analysis/search/undo.ts';
import { feed, patternsOf, randomOf } from './feeding.ts';

vi.mock('../../../main/analysis/search/inflate.ts', { spy: true });
vi.mock('../../../main/analysis/search/undo.ts', { spy: true });
vi.mock('../../../main/analysis/search/raw-match.ts', { spy: true });

afterEach(() => vi.clearAllMocks());

const set = patternsOf();
const quoted = (text: string): Buffer => Buffer.from(`x="${text}"`);

/** Bytes of base64 decoded, and bytes inflated, while `bytes` are searched. */
function workOf(bytes: Uint8Array): { decoded: number; inflated: number; caps: string[]; imeis: number } {
  vi.clearAllMocks();
  const { hits, stats } = feed(set, [bytes]);
  const decodings = vi.mocked(undo.decodeBase64Run).mock.calls;
  const decoded = decodings.reduce((sum, [, start, end]) => sum + end - start, 0);
  const answers = vi.mocked(layered.inflate).mock.results;
  const inflated = answers.reduce((sum, { value }) => sum + ((value as layered.Inflated | null)?.bytes.length ?? 0), 0);
  const imeis = hits.filter(({ kind }) => kind === 'imei').length;
  return { decoded, inflated, caps: stats.capsBitten.map(({ cap }) => cap), imeis };
}

describe('the work of a search grows as the bytes do', () => {
  it.each([
    ['marks of gzip in one run', '/H4sI'],
    ['marks of zlib', '/eJwrTk0u'],
    ['marks of Zstandard', '/KLUv/QQA'],
    ['marks of ZIP', '/UEsDBBQAAAAIA'],
    ['gzip that makes sense until the end', '/H4sIAAAAAAAAAwD//wAA'],
    ['lines', `${'QUJDRA0K'.repeat(9)}\n`],
    ['lines of no whole groups', `${'QUJDRA0K'.repeat(9)}Q\n`],
    ['lines with text in other places', `${'QUJDRA0K'.repeat(8)}/aW1laS1pbWVpLWltZWk\n`],
  ])('%s', (_, unit) => {
    const length = 60_000;
    const { decoded, inflated } = workOf(quoted(unit.repeat(Math.ceil(length / unit.length))));
    expect(decoded).toBeLessThan(length * 500);
    expect(inflated).toBeLessThan(length * 500);
  });

  it('and what is compressed inside a run, behind such marks and in later lines, is found', () => {
    const packed = gzipSync('{"imei":"490154203237518"}').toString('base64').replace(/=+$/, '');
    expect(workOf(quoted(`${'/H4sI'.repeat(1000)}/${packed}`)).imeis).toBe(1);
    const random = randomOf(5);
    const noise = Buffer.from(Array.from({ length: 57 * 40 }, () => Math.floor(random() * 256)));
    const long = gzipSync(Buffer.concat([noise, Buffer.from('imei=490154203237518&')])).toString('base64');
    const lines = (long.match(/.{1,76}/g) ?? []).join('\n');
    expect(
      workOf(
        quoted(
          `${`${noise
            .toString('base64')
            .match(/.{1,76}/g)
            ?.join('\n')}\n`}${lines}`,
        ),
      ).imeis,
    ).toBe(1);
    const shifted = `${'A'.repeat(61)}\n${lines}`;
    expect(workOf(quoted(shifted)).imeis).toBe(1);
  });

  it('lines in lines, where each line was once decoded with all behind it, in each of the lines', () => {
    const inLines = (bytes: Uint8Array): Buffer =>
      Buffer.from(
        (
          Buffer.from(bytes)
            .toString('base64')
            .match(/.{1,76}/g) ?? []
        ).join('\r\n'),
      );
    const random = randomOf(6);
    const text = Array.from({ length: 700_000 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join('');
    const stored = (bytes: string | Uint8Array): Buffer => gzipSync(bytes, { level: 0 });
    const lines = inLines(stored(inLines(stored(`${text}"imei":"490154203237518"`))));
    expect(workOf(quoted(lines.toString('latin1'))).imeis).toBe(1);
  });

  it('compressed values in a compressed value do not multiply, and that is told', () => {
    const zeros = zstdCompressSync(Buffer.alloc(16 * 1024 * 1024))
      .toString('base64')
      .replace(/=+$/, '');
    const bomb = gzipSync(`"imei":"490154203237518" ${`"${zeros}" `.repeat(3000)}`);
    for (const bytes of [bomb, Buffer.concat([Buffer.alloc(128, 7), bomb]), quoted(bomb.toString('base64'))]) {
      const { inflated, caps, imeis } = workOf(bytes);
      expect(inflated).toBeLessThan(100 * 1024 * 1024);
      expect(caps).toContain('cap-inflate');
      expect(imeis).toBe(1);
    }
  });

  it('where small members join, only what lies there is looked at again', () => {
    const members = Array.from({ length: 200 }, () => gzipSync('"imei":"490154203237518"'));
    expect(workOf(Buffer.concat(members)).imeis).toBe(200);
    // The text on either side of each seam holds forty of them.
    expect(vi.mocked(raw.matchAt).mock.calls.length).toBeLessThan(200 * 8);
  });

  it('beyond the matches of a compressed value that are told, none is made only to be counted', () => {
    const { caps, imeis } = workOf(quoted(gzipSync('"imei":"490154203237518"'.repeat(60_000)).toString('base64')));
    expect([caps, imeis]).toEqual([['cap-hits'], 5000]);
    // Each is found as an IMEI and as one without its check digit.
    expect(vi.mocked(raw.matchAt).mock.calls.length).toBeLessThan(60_000);
  });

  it('nor in further members of gzip, which are one text with the first', () => {
    const member = gzipSync('490154203237518,'.repeat(3000));
    const { caps, imeis } = workOf(Buffer.concat(Array.from({ length: 12 }, () => member)));
    expect(caps).toEqual(['cap-hits']);
    expect(imeis).toBeLessThan(6000);
    expect(vi.mocked(raw.matchAt).mock.calls.length).toBeLessThan(20_000);
  });

  it('nor in small compressed values that follow one another, each with thousands of one value', () => {
    const packed = deflateSync('490154203237518,'.repeat(3000));
    const streams = Array.from({ length: 60 }, (_, n) => Buffer.concat([Buffer.from(`<${n}>`), packed]));
    const { caps, imeis } = workOf(Buffer.concat(streams));
    expect(caps).toEqual(['cap-hits']);
    expect(imeis).toBeLessThan(6000);
    expect(vi.mocked(raw.matchAt).mock.calls.length).toBeLessThan(20_000);
  });

  it.each([
    ['values apart', (n: number, text: Buffer) => Buffer.concat([Buffer.from(`<${n}>`), deflateSync(text)])],
    ['members of gzip', (_: number, text: Buffer) => gzipSync(text)],
  ])('while of many that tell a value a few times each is found: %s', (_, packed) => {
    const random = randomOf(8);
    const noise = Buffer.from(Array.from({ length: 64 * 1024 }, () => Math.floor(random() * 256)));
    const record = (n: number): Buffer => {
      const from = (n * 37) % (noise.length - 1100);
      const text = Buffer.from('"imei":"490154203237518","again":"490154203237518"');
      return packed(n, Buffer.concat([text, noise.subarray(from, from + 1100)]));
    };
    const { caps, imeis } = workOf(Buffer.concat(Array.from({ length: 3000 }, (_, n) => record(n))));
    expect([caps, imeis]).toEqual([[], 6000]);
  });

  it('of a long compressed value what lies behind its beginning is not copied for the name of each match', () => {
    const copied: number[] = [];
    const copy = vi.spyOn(Uint8Array, 'from').mockImplementation((from: unknown) => {
      copied.push((from as Uint8Array).length);
      return new Uint8Array(from as Uint8Array);
    });
    try {
      const stored = gzipSync('490154203237518,'.repeat(3000), { level: 0 });
      const { imeis } = workOf(quoted(stored.toString('base64')));
      expect(imeis).toBe(3000);
    } finally {
      copy.mockRestore();
    }
    expect(copied.filter((length) => length > 40_000).length).toBeLessThan(20);
  });
});
