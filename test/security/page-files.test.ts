import { sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolvePageFile } from '../../main/shell/page-files.ts';

const root = '/opt/handsight/dist/renderer';

describe('the page’s protocol', () => {
  test('serves the files of a build', () => {
    expect(resolvePageFile(root, 'app://handsight/')).toEqual({
      path: `${root}/index.html`,
      contentType: 'text/html; charset=utf-8',
    });
    expect(resolvePageFile(root, 'app://handsight/assets/index-Bhjz86a9.js')?.path).toBe(
      `${root}/assets/index-Bhjz86a9.js`,
    );
    expect(resolvePageFile(root, 'app://handsight/assets/a.woff2?x=1#y')?.contentType).toBe('font/woff2');
  });

  test.each([
    'app://handsight/../../etc/passwd.html',
    'app://handsight/%2e%2e/%2e%2e/etc/passwd.html',
    'app://handsight/..%2f..%2fetc%2fpasswd.html',
    'app://handsight/assets/..%5c..%5csecret.js',
    'app://handsight/assets/%00index.html',
    'app://handsight//etc/passwd.html',
    'app://handsight/.hidden.js',
    'app://handsight/C:%5cwindows%5cwin.js',
    'app://handsight/index.html%2f..%2f..%2fcase.json',
    'app://other/index.html',
    'app://handsight:80/index.html',
    'app://user@handsight/index.html',
    'file:///etc/passwd.html',
    'https://handsight/index.html',
    'app://handsight/case.sqlite',
    'app://handsight/index',
    'app://handsight/%E0%A4%A.js',
    'not an address',
  ])('does not serve %s as something outside its root', (address) => {
    const file = resolvePageFile(root, address);
    // `..` in a standard address is resolved by the address parser itself and then stays inside: that is allowed, leaving is not.
    if (file !== null) expect(file.path.startsWith(root + sep)).toBe(true);
    if (!address.startsWith('app://handsight/')) expect(file).toBeNull();
  });

  test('never leaves its root, whatever is asked for', () => {
    const pieces = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E.',
      '%252e%252e',
      '%2f',
      '%5c',
      '\\',
      '/',
      '//',
      '%00',
      '\0',
      'a',
      'index.html',
      'x.js',
      'C:',
      '~',
      ' ',
      '%20',
      'é',
      '\u202e',
      '?',
      '#',
      '@',
      ':',
      '*',
      '%c0%ae',
    );
    const address = fc.oneof(
      fc.array(pieces, { maxLength: 14 }).map((parts) => `app://handsight/${parts.join('')}`),
      fc.array(pieces, { maxLength: 14 }).map((parts) => `app://handsight/${parts.join('/')}.html`),
      fc.webUrl(),
      fc.string({ maxLength: 60 }).map((text) => `app://handsight/${text}`),
      fc.string({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(address, fc.constantFrom(root, `${root}/`, 'C:\\Handsight\\dist\\renderer'), (text, base) => {
        const file = resolvePageFile(base, text);
        if (file === null) return;
        const plain = base.replace(/[/\\]+$/, '');
        expect(file.path.startsWith(plain + sep)).toBe(true);
        expect(file.path.slice(plain.length)).not.toMatch(/\.\.|\0|[\\]/);
      }),
      { numRuns: 1500, seed: 20140807 },
    );
  });
});
