import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseApk } from '../../main/parsing/apk/parse-apk.ts';
import type { ParseResult } from '../../main/parsing/parse-result.ts';
import { makeRandom } from '../demo-world/random.ts';
import {
  compiledManifest,
  jarSignature,
  schemeBlock,
  signingBlock,
  storedArchive,
  withBlock,
} from '../handset-simulator/persona/apk-file.ts';
import { makeCertificate } from '../traffic-generator/certificate-der.ts';

const certificate = makeCertificate(makeRandom(1, 'apk'), 'Demo vendor', ['demo.example']);
const archive = storedArchive([
  {
    name: 'AndroidManifest.xml',
    content: compiledManifest({
      name: 'manifest',
      attributes: { package: 'a.b', versionCode: 3 },
      children: [{ name: 'application', attributes: { debuggable: false }, children: [{ name: 'activity' }] }],
    }),
  },
  { name: 'META-INF/CERT.RSA', content: jarSignature([certificate]) },
]);
const apk = withBlock(
  archive,
  signingBlock(schemeBlock('v2', [[certificate]]), schemeBlock('v3', [[certificate], [certificate]])),
);

function parse(bytes: Uint8Array): ParseResult {
  const read = (offset: number, length: number): Uint8Array => {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(length).toBeGreaterThanOrEqual(0);
    return bytes.subarray(offset, offset + length);
  };
  return parseApk({ source: { bytes: bytes.length, read }, sha256: '0'.repeat(64), path: '/x/a.apk', package: null });
}

describe("an app's code of arbitrary bytes", () => {
  it('never throws on noise, and gives the same twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(parse(bytes)).toEqual(parse(bytes));
      }),
      { numRuns: 200, seed: 20140807 },
    );
  });

  it('never throws where bytes of a right one are others, or missing, and gives no more than ten signers of a scheme', () => {
    const place = fc.nat(apk.length - 1);
    const change = fc.tuple(place, fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.option(place), (changes, end) => {
        const bytes = Buffer.from(apk);
        for (const [at, value] of changes) bytes[at] = value;
        const { records, limits } = parse(end === null ? bytes : bytes.subarray(end));
        expect(records.length).toBeGreaterThanOrEqual(3);
        expect(records.length).toBeLessThan(200);
        expect(limits.every((limit) => limit.startsWith('apk-'))).toBe(true);
      }),
      { numRuns: 1500, seed: 20140810 },
    );
  });

  it('reads whatever certificates stand in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), { minLength: 1, maxLength: 4 }),
        (names) => {
          const made = names.map((name, at) => makeCertificate(makeRandom(at, 'apk'), name, []));
          const { records } = parse(
            withBlock(
              archive,
              signingBlock(
                schemeBlock(
                  'v2',
                  made.map((one) => [one]),
                ),
              ),
            ),
          );
          const subjects = records.flatMap((one) =>
            one.kind === 'fact' && /signer-v2\/\d+\/certificate-1\/subject$/.test(one.name) ? [one.value] : [],
          );
          expect(subjects).toEqual(names);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});
