import { deflateSync, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Hit } from '../../../main/analysis/search/searcher.ts';
import { cut, feed, feedText, patternsOf, randomOf } from './feeding.ts';
import { lz4Frame } from './lz4-frames.ts';

const imei = '490154203237518';
const log = '{"log":"first of two, and longer than what follows it by some way"}';
const json = `{"imei":"${imei}"}`;
const mixed = Array.from({ length: 90 }, (_, i) => `"k${i * 7}":"${(i * 2654435761) % 9973}",`).join('');
const set = patternsOf(['I1']);
const random = randomOf(11);
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

const said = (hits: readonly Hit[]): string[] =>
  hits.map((h) => `${h.transform.join('>')}|${h.from}|${h.to}|${h.innerOffset ?? ''}|${h.edges}`);

type Pack = (text: string) => Buffer;
/** Each of them so that the number does not lie there as it is: `lead` stands before the text. */
const packers: readonly (readonly [step: string, pack: Pack, lead: string])[] = [
  ['gzip', (text) => gzipSync(text), ''],
  ['zlib', (text) => deflateSync(text), ''],
  ['zstd', (text) => zstdCompressSync(text), mixed],
  ['lz4', (text) => lz4Frame(text, text.includes(imei) ? text.indexOf(imei) + 5 : 20), ''],
];
const joined = packers.filter(([step]) => step !== 'zlib');

describe('what is compressed directly behind something compressed is searched as well', () => {
  it.each(packers)(
    '%s in hex: the second of two has its own place, and its place in what it gives',
    (step, pack, lead) => {
      const [first, second] = [pack(log), pack(lead + json)];
      const text = `d=${first.toString('hex')}${second.toString('hex')};`;
      const from = 2 + first.length * 2;
      expect(said(feedText(text, set))).toEqual([
        `${step}>hex|${from}|${from + second.length * 2}|${lead.length + 9}|clean`,
      ]);
    },
  );

  it.each(packers)('%s in base64, with and without a character that holds bits of both', (step, pack, lead) => {
    const lengths = new Set<number>();
    for (const more of ['', 'a', 'ab', 'abc', 'abcd', 'abcdef']) {
      const [first, second, third] = [pack(lead + json + more), pack(lead + json + more), pack(log)];
      lengths.add(first.length % 3);
      const run = Buffer.concat([first, second, third]).toString('base64').replace(/=+$/, '');
      const at = first.length;
      const end = at + second.length;
      expect(said(feedText(`{"d":"${run}"}`, set)), more).toEqual([
        `${step}>base64|6|${6 + Math.ceil((at * 4) / 3)}|${lead.length + 9}|clean`,
        `${step}>base64|${6 + Math.floor((at * 4) / 3)}|${6 + Math.ceil((end * 4) / 3)}|${lead.length + 9}|clean`,
      ]);
    }
    expect(lengths.size).toBeGreaterThan(1);
  });

  it.each(joined)('%s: a value over two members is one, with both of them', (step, pack) => {
    const parts = [`${log}{"imei":"${imei.slice(0, 7)}`, `${imei.slice(7)}"}`];
    const [first, second] = parts.map((part) => pack(part)) as [Buffer, Buffer];
    const run = Buffer.concat([first, second]).toString('hex');
    expect(said(feedText(`d=${run};`, set))).toEqual([`${step}>hex|2|${2 + run.length}|${log.length + 9}|clean`]);
  });

  it('two zlib streams are two texts: their format knows no second one', () => {
    const run = Buffer.concat([deflateSync(imei.slice(0, 7)), deflateSync(imei.slice(7))]).toString('hex');
    expect(feedText(`d=${run};`, set)).toEqual([]);
  });

  it.each(packers)('two of %s in gzip that nothing announces', (step, pack, lead) => {
    const both = gzipSync(Buffer.concat([pack(log), pack(lead + json)]));
    const hits = feed(set, [both], 'body').hits;
    expect(said(hits)).toEqual([`${step}>gzip|0|${both.length}|${lead.length + 9}|clean`]);
  });

  it('the same however the packets are cut, with the frames of the member', () => {
    const [first, second] = [gzipSync(noise(900)), gzipSync(json)];
    const run = Buffer.concat([first, second]).toString('base64').replace(/=+$/, '');
    const bytes = Buffer.from(`{"d":"${run}"}`);
    const whole = said(feed(set, [bytes]).hits);
    expect(whole).toHaveLength(1);
    for (const size of [30, 64, 100, 1000]) {
      const { hits } = feed(set, cut(bytes, size));
      expect(said(hits), `${size}`).toEqual(whole);
      const [hit] = hits as [Hit];
      const frames = [Math.floor(hit.from / size) + 1, Math.floor((hit.to - 1) / size) + 1];
      expect([hit.origin.frames[0], hit.origin.frames.at(-1)]).toEqual(frames);
    }
  });

  it('a run of base64 that outlasts what is searched at once, cut in packets', () => {
    const [first, second, third] = [gzipSync(noise(400_000)), gzipSync(json), gzipSync(json + log)];
    const run = Buffer.concat([first, second, third]).toString('base64').replace(/=+$/, '');
    const { hits } = feed(set, cut(Buffer.from(`{"d":"${run}"}`), 1400));
    expect(hits.map((h) => h.transform.join('>'))).toEqual(['gzip>base64', 'gzip>base64']);
    for (const [hit, text] of [
      [hits[0], json],
      [hits[1], json + log],
    ] as const) {
      // What an examiner does with the place: the bytes of the run from there are the member and nothing of the one before.
      const bits = Buffer.from(run, 'base64');
      const begin = Math.ceil((((hit?.from ?? 0) - 6) * 3) / 4);
      expect(gunzipSync(bits.subarray(begin, begin + gzipSync(text).length)).toString()).toBe(text);
      expect(text.slice(hit?.innerOffset ?? 0).startsWith(imei)).toBe(true);
      expect(hit?.origin.frames[0]).toBe(Math.floor((hit?.from ?? 0) / 1400) + 1);
    }
  });

  const skippable = [Buffer.from('5a2a4d1803000000ffffff', 'hex'), Buffer.from('502a4d1800000000', 'hex')];
  it.each(joined.slice(1).flatMap((one) => [[...one, skippable] as const, [...one, skippable.toReversed()] as const]))(
    '%s: skippable frames before and between are passed over',
    (step, pack, lead, skipped) => {
      const parts = [`${lead}{"imei":"${imei.slice(0, 7)}`, `${imei.slice(7)}"}`].map((part) => pack(part));
      const all = Buffer.concat([...skipped, ...parts.flatMap((part) => [part, ...skipped])]);
      for (const text of [`d=${all.toString('hex')};`, `{"d":"${all.toString('base64')}"}`, gzipSync(all)]) {
        const hits = feed(set, [Buffer.from(text as string)], 'body').hits;
        const outer = Buffer.isBuffer(text) ? 'gzip' : text.startsWith('d=') ? 'hex' : 'base64';
        expect(hits.map((h) => `${h.transform.join('>')}|${h.innerOffset}`)).toEqual([
          `${step}>${outer}|${lead.length + 9}`,
        ]);
      }
      // A body that begins with one, with no header that says what it is; cut anywhere it is the same.
      const body = Buffer.concat([...skipped, pack(log), ...skipped, pack(lead + json)]);
      for (const size of [5, 20, body.length])
        expect(
          feed(set, cut(body, size), 'body').hits.map((h) => h.transform.join('>')),
          `${size}`,
        ).toEqual([step]);
      const text = `{"d":"${Buffer.concat([skipped[0] as Buffer, pack(lead + json + noise(9000).toString('hex'))]).toString('base64')}"}`;
      const split = feed(set, [
        Buffer.concat([Buffer.alloc(256 * 1024 - 2000, ' '), Buffer.from(text), Buffer.from(' ')]),
      ]);
      expect(split.hits.map((h) => h.transform.join('>'))).toEqual([`${step}>base64`]);
    },
  );

  it('of a second one that is cut as much as there is, and what follows is none of it', () => {
    const cutShort = gzipSync(`${json}${noise(200).toString('hex')}`).subarray(0, 120);
    for (const second of [cutShort, Buffer.concat([gzipSync(json), noise(40)])]) {
      const run = Buffer.concat([gzipSync(log), second]).toString('hex');
      expect(feedText(`d=${run};`, set).map((h) => h.transform.join('>'))).toEqual(['gzip>hex']);
    }
  });

  it('members without end are told, and not all undone', () => {
    const nothing = zstdCompressSync('');
    const members = Array.from({ length: 40_000 }, () => nothing);
    const inside = gzipSync(Buffer.concat([...members, zstdCompressSync(mixed + json)]));
    const { hits, stats } = feed(set, [inside], 'body');
    expect(hits.map((h) => h.transform.join('>'))).not.toContain('zstd>gzip');
    expect(stats.capsBitten.map(({ cap }) => cap)).toContain('cap-inflate');
  });
});
