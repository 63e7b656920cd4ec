import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createSearcher, type Hit, type SearchStats } from '../../../main/analysis/search/searcher.ts';
import type { Origin } from '../../../main/dissection/sink.ts';
import { cut, patternsOf, randomOf } from './feeding.ts';
import { lz4Frame } from './lz4-frames.ts';
import { zipEntry } from './zip-files.ts';

const json = '{"model":"HM 1SW","deviceId":"490154203237518","phone":"0912345678"}';
const mixed = Array.from({ length: 90 }, (_, i) => `"k${i * 7}":"${(i * 2654435761) % 9973}",`).join('');

const on = { field: 'body', message: 1, handedOn: true } as const;

/** Frame `i + 1` carries piece `i`; one origin for the whole of a sequence, as dissection has it for each direction of a connection. */
function originOf(
  pieces: readonly Uint8Array[],
  handedOn: (at: number) => boolean,
): { locate: (a: number, z: number) => Origin } {
  const ends: number[] = [];
  for (const piece of pieces) ends.push((ends.at(-1) ?? 0) + piece.length);
  return {
    locate: (from, to) => {
      const frames = ends.flatMap((end, i) => (from < end && to > (ends[i - 1] ?? 0) ? [i + 1] : []));
      return {
        frames,
        streamOffset: from,
        atUs: 0,
        channel: 'cleartext',
        message: null,
        field: null,
        ...(handedOn(from) ? on : {}),
      };
    },
  };
}

interface How {
  /** Bytes of another conversation before the piece with this index. */
  readonly between?: (piece: number) => number;
  /** Everything taken so far is looked at before the piece with this index, as in a live capture. */
  readonly settles?: (piece: number) => boolean;
  /** Does it lie in a body that dissection hands on decoded? */
  readonly handedOn?: (at: number) => boolean;
}

function feed(
  pieces: readonly Uint8Array[],
  { between, settles, handedOn }: How = {},
): { hits: Hit[]; stats: SearchStats } {
  const hits: Hit[] = [];
  const searcher = createSearcher(patternsOf(), (hit) => hits.push(hit));
  const known = { way: 0, layer: 'stream', start: 0, decodings: [], opaque: false } as const;
  const source = originOf(pieces, handedOn ?? ((): boolean => false));
  const other = originOf([], () => false);
  let [offset, otherOffset] = [0, 0];
  for (const [i, bytes] of pieces.entries()) {
    const noise = new Uint8Array(between?.(i) ?? 0).fill(0x2e);
    if (noise.length > 0)
      searcher.run({ ...known, flow: 1, sequence: 2, offset: otherOffset, bytes: noise, end: noise.length }, other);
    otherOffset += noise.length;
    if (settles?.(i) === true) searcher.settle();
    searcher.run({ ...known, flow: 0, sequence: 1, offset, bytes, end: bytes.length }, source);
    offset += bytes.length;
  }
  searcher.finish();
  return { hits, stats: searcher.stats() };
}

/** Everything that a finding is made of. */
const said = ({ hits }: { readonly hits: readonly Hit[] }): string[] =>
  hits
    .map((h) =>
      [
        h.kind,
        h.transform.join('>'),
        h.from,
        h.to,
        `${h.origin.frames[0]}-${h.origin.frames.at(-1)}`,
        h.origin.streamOffset,
      ].join('|'),
    )
    .sort();

const login = Buffer.from(Array.from({ length: 128 }, (_, i) => (i * 37 + 11) & 0x7f));
const behindHeader = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0, 1, 0x20, 0, 0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);

describe('a compressed value behind a short header, wherever it stands in its stream', () => {
  const values: [string, string, Buffer][] = [
    ['gzip', 'gzip', gzipSync(json)],
    ['zlib', 'zlib', deflateSync(json)],
    ['Zstandard', 'zstd', zstdCompressSync(mixed + json)],
    ['LZ4', 'lz4', lz4Frame(mixed.slice(0, 20) + json)],
    ['an entry of a ZIP file', 'zip', zipEntry({ content: json })],
  ];
  it.each(values)(
    '%s is found, with its own frame, whether or not another conversation lies between',
    (_, step, value) => {
      const pieces = [login, behindHeader(value), login];
      const alone = said(feed(pieces));
      expect(alone.filter((one) => one.startsWith(`imei|${step}|136|`))).toEqual([
        `imei|${step}|136|${136 + value.length}|2-2|136`,
      ]);
      for (const before of [0, 1, 2])
        expect(said(feed(pieces, { between: (i) => (i === before ? 9 : 0) }))).toEqual(alone);
    },
  );

  it('several of them, of all kinds and behind false marks, are the same however they are cut', () => {
    const random = randomOf(7);
    const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
    const long = gzipSync(Buffer.concat([Buffer.from(json), noise(3000), Buffer.from(json)]));
    const stored = gzipSync(noise(3000), { level: 0 }).subarray(0, 1500);
    const stream = Buffer.concat([
      login,
      ...values.map(([, , value]) => behindHeader(value)),
      noise(500),
      // A beginning that makes sense for three thousand bytes, and a value in what has to be looked at again.
      stored,
      noise(1900),
      behindHeader(gzipSync(json)),
      noise(1000),
      Buffer.from('1f8b0800', 'hex'),
      behindHeader(long),
      gzipSync(json),
      gzipSync(json),
      login,
    ]);
    const whole = said(feed([stream])).map((one) => one.replace(/\|[\d-]+\|(\d+)$/, '|$1'));
    expect(whole.filter((one) => one.startsWith('imei'))).toHaveLength(10);
    for (const size of [5, 64, 1000, 1448]) {
      const pieces = cut(stream, size);
      const alone = said(feed(pieces));
      expect(
        alone.map((one) => one.replace(/\|[\d-]+\|(\d+)$/, '|$1')),
        `pieces of ${size}`,
      ).toEqual(whole);
      expect(said(feed(pieces, { between: () => 9 })), `pieces of ${size}, others between`).toEqual(alone);
      expect(said(feed(pieces, { settles: (i) => i % 5 === 0 })), `pieces of ${size}, looked at`).toEqual(alone);
      const full = (i: number): number => (i % 300 === 7 ? 200_000 : 0);
      expect(said(feed(pieces, { between: full })), `pieces of ${size}, arenas full`).toEqual(alone);
    }
  }, 60_000);

  it('is found in base64 that goes on behind what is searched at once, in the midst of a stream', () => {
    const random = randomOf(11);
    const padding = Array.from({ length: 30_000 }, () => Math.floor(random() * 36).toString(36)).join('');
    const base64 = gzipSync(padding + json).toString('base64');
    expect(base64.length).toBeGreaterThan(20_000);
    const pieces = [
      login,
      Buffer.from(`token=${base64.slice(0, 10_000)}`),
      Buffer.from(`${base64.slice(10_000)}&end`),
      login,
    ];
    const imeis = (how: How): string[] => said(feed(pieces, how)).filter((one) => one.startsWith('imei|'));
    expect(imeis({})).toHaveLength(1);
    for (const settled of [[1], [2], [3], [1, 2], [1, 2, 3]])
      expect(imeis({ settles: (i) => settled.includes(i) })).toEqual(imeis({}));
  });

  it('is left to dissection in a body that is handed on decoded, and what comes behind the body is not', () => {
    const body = behindHeader(gzipSync(json));
    for (const gap of [0, 3, 900, 1024, 5000]) {
      const stream = Buffer.concat([body, Buffer.alloc(gap), body]);
      const handedOn = (at: number): boolean => at < body.length;
      const start = String(body.length + gap + 8);
      expect(
        said(feed([stream], { handedOn })).map((one) => one.split('|')[2]),
        `after ${gap}`,
      ).toEqual([start, start]);
    }
  });

  it('is found behind what looks like the beginning of gzip with a name that does not end', () => {
    const lie = Buffer.concat([Buffer.from('1f8b0808010203040506', 'hex'), Buffer.alloc(3000, 0x61)]);
    const stream = Buffer.concat([login, lie, behindHeader(gzipSync(json)).fill(1, 0, 8), login, Buffer.alloc(9000)]);
    const at = login.length + lie.length + 8;
    const imeis = said(feed(cut(stream, 1448))).filter((one) => one.startsWith('imei'));
    expect(imeis.map((one) => one.split('|').slice(0, 3).join())).toEqual([`imei,gzip,${at}`]);
  });

  it('gives what it shows as it lies once, however many bytes it has and whatever lies between', () => {
    const random = randomOf(11);
    const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
    for (const size of [1000, 400_000]) {
      const stored = gzipSync(Buffer.concat([Buffer.from(json), noise(size), Buffer.from(json)]), { level: 0 });
      const pieces = cut(Buffer.concat([login, behindHeader(stored), Buffer.alloc(900_000), Buffer.from(json)]), 1448);
      const alone = said(feed(pieces));
      expect(alone.map((one) => one.split('|').slice(0, 2).join(''))).toEqual([
        'imei',
        'imei',
        'imei',
        'msisdn',
        'msisdn',
        'msisdn',
      ]);
      expect(said(feed(pieces, { between: (i) => (i % 7 === 0 ? 9 : 0) }))).toEqual(alone);
      expect(said(feed(pieces, { settles: (i) => i % 50 === 0 }))).toEqual(alone);
    }
  }, 60_000);

  it('of what is there as it lies and undone, that with its true neighbours is given', () => {
    // The number of literals, 65, is written before them as 15 and the character 2: a digit before the IMEI that is none.
    const value = lz4Frame(`490154203237518,"model":"${'m'.repeat(40)}`, 1000);
    expect(value.includes('2490154203237518')).toBe(true);
    const { hits } = feed([Buffer.concat([login, behindHeader(value), login])]);
    expect(hits.map(({ kind, transform, edges }) => [kind, transform.join(), edges])).toEqual([
      ['imei', 'lz4', 'clean'],
    ]);
  });

  it('does not hold back more of what lies in it than so much, and tells it', () => {
    const many = gzipSync(Buffer.concat([Buffer.from(`imei=490154203237518&`.repeat(30_000)), login]), { level: 0 });
    const { hits, stats } = feed(cut(Buffer.concat([login, behindHeader(many), login]), 1448));
    // Some are cut by the heads of stored blocks, and lie in the value whole only when it is undone.
    expect(hits.length).toBeGreaterThan(29_900);
    expect(new Set(hits.map(({ from, to }) => `${from}-${to}`)).size).toBe(hits.length);
    expect(hits.filter(({ innerOffset }) => innerOffset !== null)).toEqual([]);
    expect(stats.capsBitten.map(({ cap }) => cap)).toContain('cap-hits');
  });

  it('is tried so often in so many bytes of a stream, whatever lies between, and that is told', () => {
    const pieces = cut(Buffer.from('1f8b080000000000'.repeat(80_000), 'hex'), 1448);
    const told = (how: How): SearchStats['capsBitten'] => feed(pieces, how).stats.capsBitten;
    expect(told({})).toEqual([{ cap: 'cap-collecting', count: 3 }]);
    expect(told({ between: () => 9 })).toEqual(told({}));
  });
});
