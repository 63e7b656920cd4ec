import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { feedText, patternsOf, randomOf, samples } from './feeding.ts';

const imei = samples[0]?.value;
const set = patternsOf();
const random = randomOf(18);
/** So long that escapes in its base64 stand far apart. */
const report = (): string =>
  JSON.stringify({ apps: Array.from({ length: 60 }, () => `com.${random().toString(36).slice(2)}`), imei });

const packers: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['gzip', (text) => gzipSync(text)],
  ['zlib', (text) => deflateSync(text)],
  ['zstd', (text) => zstdCompressSync(text)],
];
const escapes: readonly (readonly [string, (base64: string) => string])[] = [
  ['every / as \\/', (base64) => base64.replaceAll('/', '\\/')],
  ['the last / as \\/', (base64) => base64.replace(/\/(?=[^/]*$)/, '\\/')],
  ['+ as \\u002b', (base64) => base64.replaceAll('+', '\\u002b')],
  ['+ as &#43;', (base64) => base64.replaceAll('+', '&#43;')],
  ['+ and = as JSON of Gson', (base64) => base64.replaceAll('+', '\\u002b').replaceAll('=', '\\u003d')],
  ['lines of 76 and \\/', (base64) => base64.replace(/.{76}/g, '$&\n').replaceAll('/', '\\/').replaceAll('\n', '\\n')],
];

describe('what is packed in base64 and escaped is found, however far apart the escapes are', () => {
  for (const [packed, pack] of packers)
    it.each(escapes)(`${packed}, %s`, (_name, escape) => {
      for (let round = 0; round < 12; round += 1) {
        const base64 = pack(report()).toString('base64');
        const hits = feedText(`POST {"v":1,"data":"${escape(base64)}","note":"end"}`, set);
        expect(hits.map(({ transform }) => transform[0])).toEqual([packed]);
      }
    });
});
