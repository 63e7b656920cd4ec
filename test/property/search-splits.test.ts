import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSearcher, type Hit } from '../../main/analysis/search/searcher.ts';
import { patternsOf, randomOf } from '../unit/analysis/feeding.ts';
import { zipEntry } from '../unit/analysis/zip-files.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const imei = '490154203237518';
const set = patternsOf(['I1']);

/** Everything said of a hit but its frames, which are those of the pieces. */
const said = (hit: Hit): string =>
  JSON.stringify([
    hit.form,
    hit.transform,
    [hit.from, hit.to],
    hit.innerOffset,
    hit.memberOffsets,
    hit.edges,
    hit.name,
    hit.agrees,
  ]);

/** `settles`: each piece is searched by itself before the next comes, as in a live capture. */
function hitsIn(pieces: readonly Uint8Array[], layer: 'stream' | 'body', settles: boolean): string[] {
  const hits: string[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(said(hit)));
  const known = { flow: 0, way: 0, sequence: 1, start: 0, decodings: [], opaque: false } as const;
  const at = { frames: [1], atUs: 0, channel: 'cleartext', message: null, field: null } as const;
  let offset = 0;
  for (const bytes of pieces) {
    searcher.run(
      { ...known, layer, offset, bytes, end: bytes.length },
      { locate: (streamOffset) => ({ ...at, streamOffset }) },
    );
    offset += bytes.length;
    if (settles) searcher.settle();
  }
  searcher.finish();
  return hits.toSorted();
}

/** Letters and digits that do not become much shorter when they are compressed. */
const filling = fc.noBias(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.nat(1_000_000))).map(([length, seed]) => {
  const random = randomOf(seed);
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');
});
const text = fc.oneof(
  fc.tuple(filling, filling).map(([a, b]) => `{"a":"${a}","imei":"${imei}","b":"${b}"}`),
  fc.tuple(filling, filling).map(([a, b]) => `imei=${imei}&x=${a}&deviceId=${imei}&y=${b}`),
  filling.map((a) => `${a};${imei}`),
  filling,
);
type Pack = (text: string) => Buffer;
/** With the fixed codes: the text does not lie there as it is. */
const fixed = { strategy: 4 };
const marked: readonly Pack[] = [
  (one) => gzipSync(one, fixed),
  (one) => deflateSync(one, fixed),
  (one) => zipEntry({ content: one }),
  (one) => gzipSync(Buffer.from(one).toString('base64'), fixed),
];
const bare: Pack = (one) => deflateRawSync(one, fixed);
const lines = (bytes: Buffer, end: string): string => bytes.toString('base64').replaceAll(/.{76}/g, `$&${end}`);
const writings: readonly ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString('base64'),
  (bytes) => bytes.toString('base64url'),
  (bytes) => lines(bytes, '\n'),
  (bytes) => lines(bytes, '\\n'),
  (bytes) => encodeURIComponent(bytes.toString('base64')),
  (bytes) => bytes.toString('hex'),
];
/** Of what has a mark: that of the other is none in so few bytes as one packet may hold of it. */
const twice: readonly ((bytes: Buffer) => string)[] = [
  (bytes) => Buffer.from(bytes.toString('base64')).toString('hex'),
  (bytes) => Buffer.from(bytes.toString('hex')).toString('base64'),
];
const texts = fc.array(text, { minLength: 1, maxLength: 2 });
const stream = fc
  .tuple(
    fc.oneof(
      fc.tuple(texts, fc.constantFrom(...marked, bare), fc.constantFrom(...writings)),
      fc.tuple(texts, fc.constantFrom(...marked), fc.constantFrom(...twice)),
    ),
    fc.constantFrom('{"data":"', 'x=1&data='),
  )
  .map(([[members, pack, write], before]) =>
    Buffer.from(`${before}${write(Buffer.concat(members.map(pack)))}","z":1}`),
  );

it('what is compressed and encoded is told alike, however its bytes are split', () => {
  let found = 0;
  fc.assert(
    fc.property(
      stream,
      fc.noBias(fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 4 })),
      fc.constantFrom('stream', 'body'),
      (bytes, places, layer) => {
        const whole = hitsIn([bytes], layer, false);
        found += whole.length;
        const ends = [...places.map((place) => Math.floor((place * bytes.length) / 1000)), bytes.length].toSorted(
          (a, b) => a - b,
        );
        const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)).filter((piece) => piece.length > 0);
        for (const settles of [false, true]) {
          const split = hitsIn(pieces, layer, settles);
          // Deflate has no mark: where a line is cut, it may seem to begin in the midst of something else.
          expect(split.filter((one) => whole.includes(one) || !one.includes('deflate-raw'))).toEqual(whole);
        }
      },
    ),
    { numRuns: full ? 3000 : 300, seed: 20140816 },
  );
  expect(found).toBeGreaterThan(100);
});
