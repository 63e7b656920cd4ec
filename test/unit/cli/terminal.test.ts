import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { plain, Terminal } from '../../../main/cli/terminal.ts';

/** A host name as a capture may hold it: C1 terminal command, line separators, direction marks, a name that looks shorter. */
const HOSTILE = 'a\u009b2Jb\u0085c\u2028d\u202egpj\u2066e\u061cf\u00adg\u206ah\ufff9i\u001b[0m\u0000';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function written(json: boolean, value: unknown, line: string): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString('utf8');
      done();
    },
  });
  const out = Object.assign(stream, { fd: 1 as const }) as unknown as typeof process.stdout;
  const err = out as unknown as typeof process.stderr;
  new Terminal(json, 'en', out, err).result(value, () => line);
  return text;
}

describe('what reaches a terminal', () => {
  it('as JSON: nothing unseen, one line, and the same value', () => {
    const text = written(true, { [HOSTILE]: HOSTILE, name: '帳號 é 😀' }, '');
    expect(text.endsWith('\n')).toBe(true);
    expect(text.slice(0, -1)).not.toMatch(UNSEEN);
    expect(JSON.parse(text)).toEqual({ [HOSTILE]: HOSTILE, name: '帳號 é 😀' });
    expect(text).toContain('帳號 é 😀');
  });

  it('for people: unseen characters are shown as what they are', () => {
    expect(plain(HOSTILE)).not.toMatch(UNSEEN);
    expect(plain('a\u061cb')).toBe(String.raw`a\u061cb`);
    expect(plain('帳號 é 😀')).toBe('帳號 é 😀');
  });
});
