import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf } from '../../main/analysis/search/confidence.ts';
import { normaliseIdentifier } from '../../main/analysis/identifiers/normalise-identifier.ts';
import { luhnCheckDigit } from '../../main/analysis/identifiers/luhn.ts';
import { compilePatterns } from '../../main/analysis/transforms/compile-patterns.ts';
import type { Hit } from '../../main/analysis/search/searcher.ts';
import { identifierKinds } from '../../shared/model/identifier.ts';
import { cut, feed, patternsOf, randomOf, samples } from '../unit/analysis/feeding.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const runs = { numRuns: full ? 2000 : 60, seed: 20140807 };
const noiseBytes = (full ? 64 : 4) * 1024 * 1024;

const sure = (hits: readonly Hit[], bytes: number): Hit[] =>
  hits.filter((hit) => confidenceOf(hit, bytes) !== 'possible');

describe('noise gives no hit at certain or probable', () => {
  const set = patternsOf();
  const alphabets: [string, string][] = [
    ['digits', '0123456789'],
    ['digits in fields', '0123456789012345678901234567890123456789 =&,"\n'],
    ['hex', '0123456789abcdef'],
    ['hex in fields', '0123456789abcdef0123456789abcdef0123456789abcdef -=\n'],
    ['base64', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'],
    ['base64url in fields', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=&\n'],
  ];
  it.each(alphabets)('%s', (_, alphabet) => {
    const random = randomOf(alphabet.length);
    const bytes = Buffer.alloc(noiseBytes);
    for (let i = 0; i < bytes.length; i++) bytes[i] = alphabet.charCodeAt(Math.floor(random() * alphabet.length));
    const { hits, stats } = feed(set, cut(bytes, 60_000));
    expect(stats.bytesSearched).toBe(bytes.length);
    expect(sure(hits, bytes.length).map((hit) => [hit.kind, hit.form, hit.transform])).toEqual([]);
  });

  it('numbers that differ in one digit are not found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 1, max: 9 }), (place, step) => {
        const digits = Array.from('490154203237518');
        digits[place] = String((Number(digits[place]) + step) % 10);
        const near = digits.join('');
        const text = `imei=${near}&b=${Buffer.from(near).toString('base64')}&m=${createHash('md5').update(near).digest('hex')}`;
        const found = feed(patternsOf(['I1']), [Buffer.from(text)]).hits;
        // The check digit is not part of the fourteen digits that identify: those are found, as part of a longer number.
        expect(sure(found, text.length)).toEqual([]);
      }),
      runs,
    );
  });
});

describe('any plant, any cut', () => {
  it('is found exactly once, at its place, with the frames that carry it', () => {
    const set = patternsOf();
    const writing = fc.constantFrom<(text: string) => string>(
      (t) => t,
      (t) => Buffer.from(t).toString('hex'),
      (t) => Buffer.from(`{"v":"${t}"}`).toString('base64'),
      (t) => createHash('sha1').update(t).digest('base64url').slice(0, 16),
      (t) => createHash('sha256').update(t).digest('hex'),
      (t) => encodeURIComponent(encodeURIComponent(`"${t}"`)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        writing,
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 900 }),
        (sample, write, sizes, lead) => {
          const before = 'lorem ipsum dolor, '.repeat(60).slice(0, lead) + ' k=';
          const planted = write(sample.value);
          const bytes = Buffer.from(`${before}${planted} ${'consectetur; '.repeat(40)}`);
          const pieces: Uint8Array[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            pieces.push(bytes.subarray(at, at + size));
            at += size;
          }
          // One sample's number backwards lies within another sample by chance: part of something longer, and so only possible.
          const hits = feed(set, pieces).hits.filter((one) => one.kind === sample.kind || one.edges !== 'joined');
          expect(hits.map((hit) => hit.kind)).toEqual([sample.kind]);
          const [hit] = hits;
          const start = Buffer.byteLength(before);
          expect(hit !== undefined && hit.from >= start && hit.to <= start + Buffer.byteLength(planted)).toBe(true);
          expect(hit?.origin.frames.length).toBeGreaterThan(0);
        },
      ),
      runs,
    );
  });

  it('hostile bytes neither crash it nor escape their bounds', () => {
    const set = patternsOf();
    const bit = fc.constantFrom(
      '%',
      '%2',
      '%25',
      '%2541',
      'H4sI',
      'eJ',
      '\x1f\x8b\x08',
      '\r\n\r\nx\x9c',
      '====',
      '////',
      '++++',
      '\\n',
      '"',
      ':',
      '4901542',
      '03237518',
      '\n',
      'QUJD',
      'ffff',
      '\u0000',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(bit, fc.string({ maxLength: 30 })), { maxLength: 120 }),
        fc.integer({ min: 1, max: 97 }),
        (parts, size) => {
          const bytes = Buffer.from(parts.join(''), 'latin1');
          const { hits, stats } = feed(set, cut(bytes, size));
          expect(stats.bytesSearched).toBe(bytes.length);
          for (const hit of hits)
            expect(
              hit.from >= 0 && hit.to <= bytes.length && hit.from < hit.to && hit.context.bytes.length <= 512,
            ).toBe(true);
        },
      ),
      runs,
    );
  });
});

describe('identifiers', () => {
  it('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...identifierKinds),
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F:+-]{6,20}$/)),
        (kind, text) => {
          const once = normaliseIdentifier(kind, text, { region: 'TW' });
          if (once.ok)
            expect(normaliseIdentifier(kind, once.value.value)).toMatchObject({
              ok: true,
              value: { value: once.value.value },
            });
        },
      ),
      { ...runs, numRuns: runs.numRuns * 10 },
    );
  });
  it('any IMEI with its check digit is accepted, and compiled within the limit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{13}$/), (body) => {
        const value = body + luhnCheckDigit(body);
        const answer = normaliseIdentifier('imei', value, { strict: true });
        expect(answer.ok).toBe(true);
        const { counts } = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'imei', value }]);
        expect(counts.literals).toBeLessThan(300);
      }),
      runs,
    );
  });
});
