import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHead, requestLine } from '../../../main/dissection/http-head.ts';

const runs = { numRuns: process.env['HANDSIGHT_TIER'] === 'full' ? 20_000 : 1000, seed: 20140811 };
const piece = fc.constantFrom(
  'GET',
  'M-X',
  ' ',
  '  ',
  '\t',
  'HTTP/1.1',
  'HTTP/1.',
  '/a',
  '?b=c',
  '\r',
  ':',
  'é',
  '(',
  '',
);
const line = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));

/** What a request line is, in one expression: slow, since the target is grown a character at a time. */
const whole = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}) +(.*?)(?: +(HTTP\/\d\.\d))?[ \t]*$/s;

describe('the head of an HTTP message', () => {
  it('has the request line that the expression for it finds', () => {
    fc.assert(
      fc.property(line, (text) => {
        const match = whole.exec(text);
        const read = requestLine(text);
        expect(read === null ? null : [read.method, read.target, `HTTP/${read.version}`]).toEqual(
          match === null ? null : [match[1], match[2], match[3] ?? 'HTTP/0.9'],
        );
        if (read !== null) expect(text.slice(read.at, read.at + read.target.length)).toBe(read.target);
      }),
      runs,
    );
  });

  it('tells each line of it once, at its place, by the name before its colon', () => {
    const fieldLine = fc.array(
      fc.constantFrom('Host', 'content-LENGTH', 'x', ':', ' ', '\t', '12', '13', ',', '\r', 'Å'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(fieldLine, { maxLength: 6 }), (made) => {
        const lines = made.map((parts) => parts.join(''));
        const text = ['GET / HTTP/1.1', ...lines].join('\n');
        const head = parseHead(text);
        const expected: unknown[] = [];
        const values: string[] = [];
        let at = 'GET / HTTP/1.1\n'.length;
        let last = '';
        for (const one of lines) {
          const bare = one.endsWith('\r') ? one.slice(0, -1) : one;
          const [name = '', ...rest] = bare.split(':');
          const folded = last !== '' && /^[ \t]/.test(bare);
          const lower = name.trim().toLowerCase();
          if (bare !== '' && folded && last === 'host') values[0] = `${values[0]} ${bare.trim()}`;
          if (bare !== '' && !folded) {
            expected.push({ at, field: `header:${lower}` });
            last = lower;
            if (lower === 'host') values.push(rest.join(':').trim());
          }
          at += one.length + 1;
        }
        expect(head?.parts.slice(3)).toEqual(expected);
        expect(head?.headers.get('host')).toBe(values[0]);
      }),
      runs,
    );
  });

  it('looks at a head of nothing but lines without a colon once', () => {
    const text = `GET / HTTP/1.1\n${'a\n'.repeat(30_000)}host: here`;
    expect(parseHead(text)?.headers.get('host')).toBe('here');
    expect(parseHead(text)?.parts.length).toBe(30_004);
  });
});
