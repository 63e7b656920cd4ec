import { gzipSync, zstdCompressSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createSearcher, type Hit, type SearchStats } from '../../../main/analysis/search/searcher.ts';
import { encodedRunAt } from '../../../main/analysis/search/encoded-run.ts';
import type { Origin } from '../../../main/dissection/sink.ts';
import { cut, patternsOf, randomOf } from './feeding.ts';

const set = patternsOf(['I1']);

/** Text that packs to some two thirds, with an IMEI behind all of it: a value that was cut does not show it. */
function textOf(bytes: number, seed = 1): Buffer {
  const random = randomOf(seed);
  let log = '';
  while (log.length < bytes) log += Math.floor(random() * 0x7fffffff).toString(36);
  return Buffer.from(`{"log":"${log}","imei":"490154203237518"}`);
}

const lines = (text: string, end: string): string => text.replaceAll(/.{76}/g, (line) => line + end);
const percent = (text: string): string => encodeURIComponent(text);
const qp = (text: string): string => text.replaceAll('=', '=3D').replaceAll(/.{60}/g, (line) => `${line}=\r\n`);

const writings: Readonly<Record<string, (packed: Buffer) => string>> = {
  hex: (packed) => `{"d":"${packed.toString('hex')}"}`,
  'upper hex': (packed) => `{"d":"${packed.toString('hex').toUpperCase()}"}`,
  'base64 in lines': (packed) => `\n\n${lines(packed.toString('base64'), '\n')}\n.`,
  'base64 in lines of CRLF': (packed) => `: a\r\n\r\n${lines(packed.toString('base64'), '\r\n')}\r\n.`,
  'base64 in lines as JSON escapes them': (packed) => `{"d":"${lines(packed.toString('base64'), String.raw`\n`)}"}`,
  'base64 in lines of CRLF as JSON escapes them': (packed) =>
    `{"d":"${lines(packed.toString('base64'), String.raw`\r\n`)}"}`,
  'base64 with escaped slashes': (packed) => `{"d":"${packed.toString('base64').replaceAll('/', String.raw`\/`)}"}`,
  'base64 as JSON may escape all symbols': (packed) =>
    `{"d":"${packed
      .toString('base64')
      .replaceAll('+', String.raw`\u002b`)
      .replaceAll('/', String.raw`\u002f`)
      .replaceAll('=', String.raw`\u003d`)}"}`,
  'base64 in a form': (packed) => `a=1&d=${percent(packed.toString('base64'))}&x=1 `,
  'lines of base64 in a form': (packed) => `a=1&d=${percent(lines(packed.toString('base64'), '\n'))}&x=1 `,
  'base64 in a form inside a JSON string': (packed) => `d=${percent(`{"a":"${packed.toString('base64')}"}`)}&x=1 `,
  'base64 in XML': (packed) =>
    `<d>${packed.toString('base64').replaceAll('+', '&#43;').replaceAll('/', '&#x2F;').replaceAll('=', '&#61;')}</d>`,
  'quoted-printable': (packed) => `: a\r\n\r\nd=3D${qp(packed.toString('base64'))}\r\n.`,
  'base64 of base64': (packed) => `{"d":"${Buffer.from(packed.toString('base64')).toString('base64')}"}`,
  'base64 of lines of base64': (packed) =>
    `{"d":"${Buffer.from(lines(packed.toString('base64'), '\n')).toString('base64')}"}`,
  'hex of base64': (packed) => `{"d":"${Buffer.from(packed.toString('base64')).toString('hex')}"}`,
  'base64 of hex': (packed) => `{"d":"${Buffer.from(packed.toString('hex')).toString('base64')}"}`,
  'base64 in one line': (packed) => `{"d":"${packed.toString('base64')}"}`,
};

interface Fed {
  readonly hits: Hit[];
  readonly stats: SearchStats;
}

/** One sequence, piece by piece; `between`: a byte of another one behind every piece, so that each piece is searched by itself. */
function feed(bytes: Buffer, { size = 1448, between = false }: { size?: number; between?: boolean } = {}): Fed {
  const hits: Hit[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(hit));
  const locate = (from: number, to: number): Origin => {
    const frames: number[] = [];
    for (let i = Math.floor(from / size); i * size < to; i++) frames.push(i + 1);
    return { frames, streamOffset: from, atUs: 0, channel: 'cleartext', message: null, field: null };
  };
  const source = { locate };
  const known = { way: 0, layer: 'stream', start: 0, decodings: [], opaque: false } as const;
  let [offset, other] = [0, 0];
  for (const piece of cut(bytes, size)) {
    searcher.run({ ...known, flow: 0, sequence: 1, offset, bytes: piece, end: piece.length }, source);
    offset += piece.length;
    if (!between) continue;
    searcher.run({ ...known, flow: 1, sequence: 2, offset: other++, bytes: Buffer.from('.'), end: 1 }, source);
  }
  searcher.finish();
  return { hits, stats: searcher.stats() };
}

const arena = 256 * 1024;
const said = ({ hits }: Fed): string[] =>
  hits.map(({ from, to, transform, origin }) => `${from}-${to} ${transform.join()} ${origin.frames.length}`);

describe.each(Object.entries(writings))('compressed under %s', (_, write) => {
  it('of some kilobytes is found once wherever in it the bytes end that are searched at once', () => {
    const value = Buffer.from(write(gzipSync(textOf(3000))));
    const [whole] = feed(value).hits;
    expect(whole).toBeDefined();
    for (const part of [0.005, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
      const before = arena - 4 - 512 - Math.floor(value.length * part);
      const found = feed(Buffer.concat([Buffer.alloc(before, ' '), value, Buffer.alloc(arena, ' ')]));
      expect(found.hits.map(({ from, to, transform }) => [from - before, to - before, transform.join()])).toEqual([
        [whole?.from, whole?.to, whole?.transform.join()],
      ]);
      expect(found.stats.capsBitten).toEqual([]);
    }
  });

  it('is found once where each packet is searched by itself, with all its frames', () => {
    const value = Buffer.from(write(gzipSync(textOf(6000))));
    const bytes = Buffer.concat([Buffer.alloc(5000, ' '), value, Buffer.alloc(3000, ' ')]);
    const alone = said(feed(bytes));
    expect(alone).toHaveLength(1);
    for (const size of [700, 1000, 1448])
      expect(said(feed(bytes, { size, between: true }))).toEqual(said(feed(bytes, { size })));
  });

  it('of more than is searched at once is found once', () => {
    const value = Buffer.from(write(gzipSync(textOf(600_000))));
    expect(value.length).toBeGreaterThan(arena);
    const bytes = Buffer.concat([Buffer.alloc(1000, ' '), value, Buffer.alloc(1000, ' ')]);
    const found = feed(bytes);
    expect(found.hits).toHaveLength(1);
    const [hit] = found.hits;
    expect((hit?.to ?? 0) - (hit?.from ?? 0)).toBeGreaterThan(value.length * 0.95);
    expect(said(feed(bytes, { between: true }))).toEqual(said(found));
  });
});

it.each([
  ['zlib', deflateSync(textOf(3000))],
  ['Zstandard', zstdCompressSync(textOf(3000))],
])('%s is seen as gzip is', (_, packed) => {
  for (const write of [writings['hex'], writings['base64 in lines'], writings['base64 of base64']]) {
    const value = Buffer.from(write?.(packed) ?? '');
    const before = Buffer.alloc(arena - 1500, ' ');
    expect(feed(Buffer.concat([before, value, Buffer.alloc(1000, ' ')])).hits).toHaveLength(1);
  }
});

it('what lies beside it in the same run is given once, and as before', () => {
  const form = `a=1&d=${percent(gzipSync(textOf(3000)).toString('base64'))}&imei=490154203237518&e=${percent(gzipSync(textOf(3000, 2)).toString('base64'))}&x=1 `;
  const before = arena - 1500;
  const found = feed(Buffer.concat([Buffer.alloc(before, ' '), Buffer.from(form), Buffer.alloc(1000, ' ')]));
  expect(
    found.hits.map(({ from, transform }) => [form.slice(from - before - 2, from - before), transform.join()]),
  ).toEqual([
    ['d=', 'gzip,base64,percent'],
    ['i=', ''],
    ['e=', 'gzip,base64,percent'],
  ]);
});

it('of a run without end as much is kept as of any value, and that is told', () => {
  const value = `{"d":"${gzipSync(textOf(100)).toString('hex')}${'0'.repeat(5_000_000)}"}`;
  const { hits, stats } = feed(Buffer.from(value));
  expect(hits).toHaveLength(1);
  expect(stats.capsBitten.map(({ cap }) => cap)).toContain('cap-compressed');
});

it('one character again and again is no value that is waited for, and hides none behind it', () => {
  const packed = gzipSync(textOf(2000)).toString('base64');
  for (const filling of ['a', 'A', '0', 'ab', 'T', '=']) {
    const bytes = Buffer.from(filling.repeat(300));
    expect(encodedRunAt(bytes, 0, bytes.length), filling).toBe(-1);
    expect(feed(Buffer.from(`${filling.repeat(3000)}"d":"${packed}"`)).hits, filling).toHaveLength(1);
  }
});
