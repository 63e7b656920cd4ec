import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateSmall, type Wrapping } from '../../../main/dissection/small-inflate.ts';
import { bothAnswers } from '../../unit/dissection/zlib-answer.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const runs = (numRuns: number) => ({ numRuns: full ? numRuns * 50 : numRuns, seed: 20140810 });

const pack = { gzip: gzipSync, zlib: deflateSync, 'raw-deflate': deflateRawSync } as const;

/** Text of few letters, bytes of all kinds, runs, and what comes again from near and far. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .array(fc.constantFrom(...Array.from('{"imei":490154203237518,}')), { maxLength: 120 })
        .map((t) => Buffer.from(t.join(''))),
      fc.tuple(fc.nat(255), fc.nat(700)).map(([value, length]) => Buffer.alloc(length, value)),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(40))
        .map(([b, n]) => Buffer.concat(Array(n).fill(b))),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));
const options = fc.record({
  level: fc.nat(9),
  strategy: fc.nat(4),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
});
const wrapping = fc.constantFrom<Wrapping>('gzip', 'zlib', 'raw-deflate');
const packed = fc
  .tuple(wrapping, content, options)
  .map(([kind, b, o]) => ({ kind, bytes: Uint8Array.from(pack[kind](b, o)) }));

/** After a change at this place of a gzip member: its mark, its flags, or a body that ends before its trailer does; and what is long. */
function isLeftToZlib(bytes: Uint8Array, at: number): boolean {
  if (at < 4 || bytes.length > 16 * 1024) return true;
  const body = inflateSmall('raw-deflate', bytes.subarray(10));
  return body?.end === 'done' && 10 + body.consumed + 8 < bytes.length;
}

describe('small streams are inflated as node:zlib does it', () => {
  it('when they are whole, with any level and strategy', () => {
    fc.assert(
      fc.property(packed, ({ kind, bytes }) => {
        const [ours, zlibs] = bothAnswers(kind, bytes);
        expect(ours).toEqual(zlibs);
        expect(ours).toMatchObject({ end: 'done', consumed: bytes.length });
      }),
      runs(400),
    );
  });

  it('when they are cut anywhere, or something follows', () => {
    let cut = 0;
    fc.assert(
      fc.property(packed, fc.nat(), fc.uint8Array({ maxLength: 9 }), ({ kind, bytes }, at, more) => {
        const length = at % (bytes.length + 1);
        const [ours, zlibs] = bothAnswers(kind, bytes.subarray(0, length));
        // The header of gzip.
        if (ours === null) expect(kind === 'gzip' && length < 10).toBe(true);
        else expect(ours).toEqual(zlibs);
        if ((ours as { end?: string } | null)?.end === 'cut') cut += 1;
        const [longer, zlibsLonger] = bothAnswers(kind, Buffer.concat([bytes, more]));
        if (longer === null) expect(kind === 'gzip' && more.length > 0).toBe(true);
        else expect(longer).toEqual(zlibsLonger);
      }),
      runs(600),
    );
    expect(cut).toBeGreaterThan(300);
  });

  it('at every length of a stream with three kinds of blocks', () => {
    const part = (text: string, o: object): Buffer => deflateRawSync(text, { finishFlush: 2, ...o });
    const text = JSON.stringify(Array.from({ length: 60 }, (_, i) => ({ [`k${i % 7}`]: i * i * 7919 })));
    const raw = Buffer.concat([part(text, {}), part(text, { strategy: 4 }), part('stored', { level: 0 })]);
    const all = Buffer.concat([raw, deflateRawSync('the end')]);
    for (let length = 0; length <= all.length; length++) {
      const [ours, zlibs] = bothAnswers('raw-deflate', all.subarray(0, length));
      expect(ours).toEqual(zlibs);
      expect(ours).toMatchObject({ end: length === all.length ? 'done' : 'cut' });
    }
  });

  it('when a bit is wrong', () => {
    let damaged = 0;
    fc.assert(
      fc.property(packed, fc.nat(), fc.nat(7), fc.boolean(), ({ kind, bytes }, place, bit, atFront) => {
        const at = place % Math.min(bytes.length, atFront ? 90 : bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        const [ours, zlibs] = bothAnswers(kind, bytes);
        if (ours === null) expect(kind === 'gzip' && isLeftToZlib(bytes, at)).toBe(true);
        else expect(ours).toEqual(zlibs);
        if ((ours as { end?: string } | null)?.end === 'damaged') damaged += 1;
      }),
      runs(1500),
    );
    expect(damaged).toBeGreaterThan(500);
  });

  it('when the header of gzip holds more than it must, and is right or wrong about itself', () => {
    const text = fc
      .uint8Array({ maxLength: 12 })
      .map((b) => Buffer.concat([b.filter((one) => one !== 0), Buffer.of(0)]));
    let damaged = 0;
    fc.assert(
      fc.property(
        content,
        fc.option(fc.uint8Array({ maxLength: 20 })),
        fc.option(text),
        fc.option(text),
        fc.constantFrom('none', 'right', 'wrong'),
        (b, extra, name, comment, sum) => {
          const flags =
            (sum === 'none' ? 0 : 2) | (extra === null ? 0 : 4) | (name === null ? 0 : 8) | (comment === null ? 0 : 16);
          const head = Buffer.concat([
            Buffer.of(0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3),
            ...(extra === null ? [] : [Buffer.of(extra.length, 0), extra]),
            ...(name === null ? [] : [name]),
            ...(comment === null ? [] : [comment]),
          ]);
          const right = crc32(head) & 0xffff;
          const told = sum === 'right' ? right : right ^ 0x0100;
          const sums = sum === 'none' ? [] : [Buffer.of(told & 255, told >> 8)];
          const [ours, zlibs] = bothAnswers('gzip', Buffer.concat([head, ...sums, gzipSync(b).subarray(10)]));
          // What is left to zlib: a header that is wrong about itself.
          if (ours === null) expect(sum).toBe('wrong');
          else expect(ours).toEqual(zlibs);
          if (sum === 'wrong') {
            expect((zlibs as { end?: string }).end).toBe('damaged');
            damaged += 1;
          } else expect(ours).toMatchObject({ end: 'done' });
        },
      ),
      runs(300),
    );
    expect(damaged).toBeGreaterThan(50);
  });

  it('when it is no stream at all', () => {
    const ends = new Set<unknown>();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 2, 3, 4, 5), fc.boolean(), (b, head, zlib) => {
        if (b.length > 0) b[0] = ((b[0] as number) & ~7) | head;
        const input = zlib ? Uint8Array.of(0x78, 0x9c, ...b) : b;
        const [ours, zlibs] = bothAnswers(zlib ? 'zlib' : 'raw-deflate', input);
        expect(ours).toEqual(zlibs);
        ends.add((ours as { end?: string } | null)?.end);
      }),
      runs(2000),
    );
    expect(ends).toEqual(new Set(['done', 'cut', 'damaged']));
  });

  it('when they refer to what came before them', () => {
    fc.assert(
      fc.property(content, content, options, fc.boolean(), (before, b, o, known) => {
        const dictionary = before.subarray(-32_768);
        const given = dictionary.length === 0 ? o : { ...o, dictionary };
        const bytes = deflateRawSync(Buffer.concat([before, b]), given);
        const [ours, zlibs] = bothAnswers('raw-deflate', bytes, known ? dictionary : dictionary.subarray(1));
        expect(ours).toEqual(zlibs);
      }),
      runs(300),
    );
  });

  it('one after the other: none leaves anything behind for the next', () => {
    fc.assert(
      fc.property(fc.array(packed, { maxLength: 6 }), (streams) => {
        const answers = streams.map(({ kind, bytes }) => inflateSmall(kind, bytes));
        expect(answers.every((answer) => answer?.end === 'done')).toBe(true);
        streams.forEach(({ kind, bytes }, i) => {
          expect(Buffer.from(answers[i]?.bytes ?? []).equals(inflateSmall(kind, bytes)?.bytes ?? Buffer.of(1))).toBe(
            true,
          );
        });
      }),
      runs(100),
    );
  });
});
