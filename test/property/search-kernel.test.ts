import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildEngine, searchSpace, searchWhole } from '../../main/analysis/search/layered-search.ts';
import type { RawMatch } from '../../main/analysis/search/raw-match.ts';
import { plainPlaces } from '../../main/analysis/search/plain-places.ts';
import { patternsOf, randomOf, samples } from '../unit/analysis/feeding.ts';
import { lz4Frame } from '../unit/analysis/lz4-frames.ts';
import { zipEntry } from '../unit/analysis/zip-files.ts';
import { createHash } from 'node:crypto';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const runs = { numRuns: full ? 20_000 : 400, seed: 20140810 };

const set = patternsOf();
const kernel = buildEngine(set);
const plain = buildEngine(set, true);

const hidden = (algorithm: string, value: string): Buffer => createHash(algorithm).update(value).digest();
const values = samples.map(({ value }) => value);
const plants: readonly ((value: string) => string)[] = [
  (v) => v,
  (v) => Buffer.from(v).toString('base64'),
  (v) => Buffer.from(v).toString('hex'),
  (v) => encodeURIComponent(`{"id":"${v}","t":"${Buffer.from(v).toString('base64')}"}`),
  (v) => Buffer.from(`x{"imei":"${v}"}`).toString('base64'),
  (v) => Buffer.from(Buffer.from(`{"imei":"${v}"}`).toString('hex')).toString('base64url'),
  (v) => hidden('md5', v).toString('hex'),
  (v) => hidden('sha1', v).toString('base64url').slice(0, 16),
  (v) => hidden('sha256', v).toString('base64'),
  (v) => Array.from(v, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (v) => Array.from(v, (c) => `%${c.charCodeAt(0).toString(16)}`).join(''),
  (v) => Array.from(v, (c) => `&#${c.charCodeAt(0)};`).join(''),
  (v) => `:${Array.from(v, (c) => `=${c.charCodeAt(0).toString(16)}`).join('')}`,
  (v) => `${v.slice(0, 5)}=\r\n${v.slice(5)}`,
  (v) => Buffer.from(v.repeat(9)).toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
  (v) => JSON.stringify(Buffer.from(v.repeat(9)).toString('base64').replaceAll(/.{76}/g, '$&\r\n')),
  (v) => Buffer.from(`k${v}`.repeat(9)).toString('base64').replaceAll(/.{61}/g, '$&\n'),
  (v) => JSON.stringify({ u: hidden('sha512', v).toString('base64') }).replaceAll('/', '\\/'),
  (v) => `glued0${hidden('md5', v).toString('base64url')}`,
  (v) => `${'ab'.repeat(9)}-${hidden('sha1', v).toString('hex')}`,
  (v) => gzipSync(`"${v}"`).toString('base64'),
  (v) => zipEntry({ content: `"${v}"` }).toString('base64'),
  (v) => Buffer.concat([Buffer.from('532a4d1801000000ff', 'hex'), lz4Frame(`"${v}"`, 9)]).toString('base64'),
  (v) => encodeURIComponent(encodeURIComponent(encodeURIComponent(encodeURIComponent(` ${v} `)))),
];
const plant = fc
  .tuple(fc.constantFrom(...values), fc.constantFrom(...plants))
  .map(([value, write]) => Buffer.from(write(value)));
const alphabets = ['0123456789', '0123456789abcdef', 'ABCDEFGHabcdefgh0123456789+/', 'ab c%=&\\u/-_\r\n:0041#x;"'];
const text = fc
  .tuple(fc.constantFrom(...alphabets), fc.array(fc.nat(1000), { maxLength: 120 }))
  .map(([alphabet, picks]) => Buffer.from(picks.map((i) => alphabet.charAt(i % alphabet.length)).join('')));
const bytes = fc.uint8Array({ maxLength: 90 }).map((b) => Buffer.from(b));
/** As of a picture: hardly eight characters of text in a row. */
const opaque = fc.nat(200).map((length) => Buffer.from(Uint8Array.from({ length }, (_, i) => 128 + ((i * 37) & 127))));
const content = fc
  .array(fc.oneof(plant, text, bytes, opaque, fc.constant(Buffer.alloc(5))), { maxLength: 9 })
  .map((parts) => Uint8Array.from(Buffer.concat(parts)));

const told = (match: RawMatch): unknown => ({ ...match, context: null });

describe('the kernel leaves out nothing', () => {
  it('gives the matches and caps of the plain search, in the same order', () => {
    let found = 0;
    fc.assert(
      fc.property(content, (b) => {
        const [a, z]: [unknown[], unknown[]] = [[], []];
        kernel.caps.clear();
        plain.caps.clear();
        searchWhole(kernel, b, (match) => a.push(told(match)));
        searchWhole(plain, b, (match) => z.push(told(match)));
        found += z.length;
        expect(a).toEqual(z);
        expect([...kernel.caps]).toEqual([...plain.caps]);
      }),
      runs,
    );
    expect(found).toBeGreaterThan(runs.numRuns);
  });

  it('finds what lies among bytes that are no text, wherever it begins', () => {
    const dark = Buffer.alloc(256, 0xc3);
    const imei = '490154203237518';
    const hex = Buffer.from(`"${imei}"`).toString('hex');
    const lying = [
      imei,
      hidden('md5', imei).toString('base64url').slice(0, 16),
      hex,
      encodeURIComponent(`{"${imei}"}`),
    ];
    for (const written of lying) {
      for (let before = 64; before < 192; before++) {
        const raw = Buffer.concat([dark.subarray(0, before), Buffer.from(written), dark.subarray(before)]);
        const carried = [raw, Buffer.from(raw.toString('base64')), Buffer.from(raw.toString('hex'))];
        for (const [n, b] of carried.entries()) {
          const [a, z]: [unknown[], unknown[]] = [[], []];
          searchWhole(kernel, b, (match) => a.push(told(match)));
          searchWhole(plain, b, (match) => z.push(told(match)));
          expect(a, `${written} at ${before} (${n})`).toEqual(z);
          expect(a.length, `${written} at ${before} (${n})`).toBeGreaterThan(0);
        }
      }
    }
  });

  it('finds what only one of its gates lets through, wherever it begins', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const base32 = (text: string): string => {
      const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('');
      return (bits.match(/.{5}/g) ?? []).map((five) => alphabet.charAt(Number.parseInt(five, 2))).join('');
    };
    const imei = '490154203237518';
    const short = hidden('sha1', imei).toString('base64url').slice(0, 16);
    const lying: readonly (readonly [string, string])[] = [
      ['base32 of upper case', base32(`z~"${imei}"`)],
      ['base32 of lower case', base32(`z~"${imei}"`).toLowerCase()],
      ['a digest behind a solidus', `abcde/${short}+zz`],
      ['a digest behind a low line', `abcde_${short}+zz`],
      ['sixteen digits of hex', hidden('md5', imei).toString('hex').slice(8, 24)],
      ['a digest in a short text', Buffer.from(`${short}.`).toString('base64')],
      ['escapes in a short text', Buffer.from('490%3154%3203%32375%318').toString('base64')],
    ];
    for (const [name, written] of lying) {
      for (let before = 0; before < 64; before++) {
        const b = Buffer.from(`${' '.repeat(before)}${written} `);
        const [a, z]: [unknown[], unknown[]] = [[], []];
        searchWhole(kernel, b, (match) => a.push(told(match)));
        searchWhole(plain, b, (match) => z.push(told(match)));
        expect(a, `${name} at ${before}`).toEqual(z);
        expect(z.length, `${name} at ${before}`).toBeGreaterThan(0);
      }
    }
  });

  it('joins the same lines of base64 whichever of them it looks at, also behind a line break that is written as an escape', () => {
    const coded = Buffer.from(`"${hidden('md5', '490154203237518').toString('hex')}"`).toString('base64');
    const noise = Buffer.from(Uint8Array.from({ length: 96 }, (_, i) => 128 + ((i * 37) & 127))).toString('base64');
    const letters = noise.replaceAll(/[^A-Za-z0-9]/g, 'x');
    let behindEscape = 0;
    for (const lineBreak of ['\n', '\r\n', '\\n', '\\r\\n']) {
      for (const before of ['', '-', '-----BEGIN-----']) {
        for (let odd = 43; odd <= 61; odd++) {
          // In the text of both lines the digest does not stand where a group begins; in that of the second line it does.
          const first = Buffer.from(letters.slice(0, odd)).toString('base64').replaceAll('=', '');
          const text = `${before}${lineBreak}${first}${lineBreak}${Buffer.from(coded).toString('base64')}`;
          const [a, z]: [unknown[], unknown[]] = [[], []];
          searchWhole(kernel, Buffer.from(text), (match) => a.push(told(match)));
          searchWhole(plain, Buffer.from(text), (match) => z.push(told(match)));
          expect(a, JSON.stringify(text)).toEqual(z);
          if (lineBreak.startsWith('\\') && first.length >= 60) behindEscape += z.length;
        }
      }
    }
    expect(behindEscape).toBeGreaterThan(0);
  });

  it('leaves out none of several groups of lines, nor of lines in lines', () => {
    const imei = '490154203237518';
    const random = randomOf(7);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const noise = (most: number): Buffer =>
      Buffer.from(Uint8Array.from({ length: Math.floor(random() * most) }, () => random() * 256));
    const inLines = (bytes: Buffer): Buffer => {
      const width = pick([60, 61, 64, 76, 77]);
      const parts = bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      return Buffer.from(parts.join(pick(['\n', '\r\n', '\\n', '\\r\\n'])));
    };
    const around = (inner: Buffer): Buffer => Buffer.concat([noise(90), inner, noise(90)]);
    const planted = (): Buffer =>
      pick([
        () => gzipSync(`"${imei}"${noise(40).toString('hex')}`),
        () => around(Buffer.from(imei)),
        () => around(hidden('sha1', imei)),
        () => around(Buffer.from(hidden('md5', imei).toString('base64'))),
      ])();
    let found = 0;
    for (let n = 0; n < (full ? 40_000 : 3000); n++) {
      const groups = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => {
        let inner = i === 0 ? planted() : Buffer.concat([noise(60), Buffer.alloc(150, pick(['=', 'Q', '~']))]);
        for (let depth = Math.floor(random() * 3); depth > 0; depth--) inner = inLines(inner);
        return pick([inLines, inLines, (b: Buffer) => Buffer.from(b.toString('base64').replace(/=+$/, ''))])(inner);
      });
      if (random() < 0.7) groups.reverse();
      const b = Buffer.concat(groups.flatMap((group) => [group, Buffer.from(pick(['\n', '\r\n', ' ', '","']))]));
      const [a, z]: [unknown[], unknown[]] = [[], []];
      searchWhole(kernel, b, (match) => a.push(told(match)));
      searchWhole(plain, b, (match) => z.push(told(match)));
      expect(a, JSON.stringify(b.toString('latin1'))).toEqual(z);
      found += z.length > 0 ? 1 : 0;
    }
    expect(found).toBeGreaterThan(full ? 20_000 : 1500);
  });

  it('looks at no place that the plain search would not look at', () => {
    fc.assert(
      fc.property(content, (b) => {
        const mine = kernel.kernel?.look(b, b.length, 0, []);
        const all = plainPlaces(plain.literals, b, b.length);
        const pairs = (list: ArrayLike<number>): string[] =>
          Array.from({ length: list.length / 2 }, (_, i) => `${list[i * 2]} ${list[i * 2 + 1]}`);
        const chained = new Set<string>();
        for (let i = 0; i < all.words.length; i += 2)
          for (let e = all.words[i + 1] as number; e !== -1; e = plain.literals.entryNext[e] as number)
            chained.add(`${all.words[i]} ${e}`);
        expect([...chained]).toEqual(expect.arrayContaining(pairs(mine?.words ?? [])));
        expect(pairs(all.runs)).toEqual(expect.arrayContaining(pairs(mine?.runs ?? [])));
      }),
      runs,
    );
  });

  it('finds what begins in the middle of a group of base64 of an earlier stretch', () => {
    const coded = Buffer.from(`"${'.'.repeat(60)}imei":"490154203237518"`).toString('base64');
    for (let cut = 1; cut < 40; cut++) {
      const rest = Uint8Array.from(Buffer.from(coded.slice(cut)));
      const region = { bytes: rest, from: 0, to: rest.length, begins: false, ends: true, runStart: -cut, cut: false };
      const phase = -cut & 3;
      for (const engine of [kernel, plain]) {
        const matches: RawMatch[] = [];
        const space = {
          bytes: rest,
          length: rest.length,
          regionAt: () => region,
          phases: phase === 0 ? [] : [0, phase],
        };
        searchSpace(engine, space, (match) => matches.push(match));
        expect(matches.length, `cut ${cut}`).toBeGreaterThan(0);
      }
    }
  });
});
