import { expect, it } from 'vitest';
import { confidenceOf } from '../../../main/analysis/search/confidence.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { samples } from './feeding.ts';
import { createNoise } from './noise.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const wanted = (full ? 1024 : 10) * 1024 * 1024;

/** A handset with an address book, so that there are as many patterns as there may be. */
const contacts = Array.from({ length: 150 }, (_, i) => ({
  id: `C${i}`,
  handset: 'H1',
  kind: 'contact-msisdn' as const,
  value: `+8869${String(10_000_000 + i * 541_237)}`,
}));

const set = compilePatterns([...samples.map((s) => ({ ...s, handset: 'H1' })), ...contacts], undefined, [
  { what: 'model', value: 'HM 1SW', handset: 'H1' },
  ...Array.from({ length: 100 }, (_, i) => ({
    what: 'package' as const,
    value: `com.miui.example${i}`,
    handset: 'H1',
  })),
]);

/** Searches noise of `seed`, with `planted` in the middle where there is one. */
function searchNoise(seed: number, bytes: number, planted: string | null): { hits: Hit[]; searched: number } {
  const noise = createNoise(seed);
  const hits: Hit[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(hit));
  let sequence = 0;
  const put = (message: Uint8Array): void => {
    sequence += 1;
    searcher.run(
      {
        flow: sequence,
        way: 0,
        layer: 'stream',
        sequence,
        offset: 0,
        bytes: message,
        start: 0,
        end: message.length,
        decodings: [],
        opaque: false,
      },
      {
        locate: (from) => ({
          frames: [1],
          streamOffset: from,
          atUs: 0,
          channel: 'cleartext',
          message: null,
          field: null,
        }),
      },
    );
    searcher.endSequence(sequence);
  };
  for (let done = 0; done < bytes;) {
    const message = noise.next();
    if (planted !== null && done < bytes / 2 && done + message.length >= bytes / 2) put(Buffer.from(planted));
    put(message);
    done += message.length;
  }
  searcher.finish();
  return { hits, searched: searcher.stats().bytesSearched };
}

it(
  `nothing in ${wanted >> 20} MiB of digits, hex, base64, gzip, zlib, times, UUIDs and other handsets’ numbers is certain or probable`,
  () => {
    expect(set.counts.literals).toBeGreaterThan(15_000);
    const { hits, searched } = searchNoise(2014, wanted, null);
    expect(searched).toBeGreaterThanOrEqual(wanted);
    const claimed = hits
      .filter((hit) => confidenceOf(hit, searched) !== 'possible')
      .map((hit) => [
        confidenceOf(hit, searched),
        hit.kind,
        hit.form,
        hit.transform.join('>'),
        hit.name,
        Buffer.from(hit.context.bytes).toString('latin1'),
      ]);
    expect(claimed).toEqual([]);
  },
  full ? 3_600_000 : 60_000,
);

it('what is there is claimed in the same noise', () => {
  const { hits, searched } = searchNoise(
    8,
    1024 * 1024,
    'GET /x?imei=490154203237518&h=l6IQUjLsyHVvA6Ap HTTP/1.1\r\n\r\n',
  );
  const claimed = hits.map((hit) => `${hit.transform.join('>')} ${confidenceOf(hit, searched)}`);
  expect(claimed.filter((line) => !line.endsWith('possible'))).toEqual([' certain', 'sha1>base64url>first-16 certain']);
});
