import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ApkSource } from '../../../main/parsing/apk/apk-archive.ts';
import { readManifest } from '../../../main/parsing/apk/manifest.ts';
import { parseApk } from '../../../main/parsing/apk/parse-apk.ts';
import { readStringPool } from '../../../main/parsing/apk/string-pool.ts';
import { makeRandom } from '../../demo-world/random.ts';
import {
  compiledManifest,
  jarSignature,
  schemeBlock,
  signingBlock,
  storedArchive,
  withBlock,
} from '../../handset-simulator/persona/apk-file.ts';
import type { ManifestElement } from '../../handset-simulator/persona/apk-file.ts';
import { makeCertificate } from '../../traffic-generator/certificate-der.ts';
import { zipOf } from './zip-builder.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const certificate = (name: string): Buffer => makeCertificate(makeRandom(1, name), name, []);
const [ours, chain, older] = [certificate('Demo vendor'), certificate('Demo chain'), certificate('Demo older')];

const manifest: ManifestElement = {
  name: 'manifest',
  attributes: {
    package: 'com.example.app',
    versionCode: 7,
    versionName: '1.2-測試',
    sharedUserId: 'com.example.shared',
  },
  children: [
    { name: 'uses-sdk', attributes: { minSdkVersion: 21, targetSdkVersion: 27 } },
    { name: 'uses-permission', attributes: { name: 'android.permission.READ_SMS' } },
    { name: 'uses-permission', attributes: { name: 'android.permission.INTERNET' } },
    { name: 'uses-permission-sdk-23', attributes: { name: 'android.permission.INTERNET' } },
    {
      name: 'application',
      attributes: { debuggable: true, usesCleartextTraffic: false, networkSecurityConfig: { reference: 0x7f130001 } },
      children: [
        { name: 'activity', attributes: { name: '.Main', exported: true }, children: [{ name: 'intent-filter' }] },
        {
          name: 'receiver',
          attributes: { name: '.Boot' },
          children: [{ name: 'intent-filter' }, { name: 'intent-filter' }],
        },
        { name: 'service', attributes: { name: '.Hidden', exported: false }, children: [{ name: 'intent-filter' }] },
        { name: 'provider', attributes: { name: '.Silent' } },
        { name: 'meta-data', attributes: { name: 'x', exported: true } },
      ],
    },
  ],
};

/** Reads as a file does, and counts the most that was asked at once. */
function sourceOf(bytes: Uint8Array): ApkSource & { readonly most: () => number } {
  let most = 0;
  return {
    bytes: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || length < 0) throw new RangeError(`read(${offset}, ${length})`);
      most = Math.max(most, length);
      return bytes.subarray(offset, offset + length);
    },
    most: () => most,
  };
}

interface Read {
  readonly facts: Readonly<Record<string, string>>;
  readonly permissions: readonly string[];
  readonly limits: readonly string[];
  readonly packages: readonly (string | null)[];
}

function read(bytes: Uint8Array, owner: string | null = 'com.example.app', source = sourceOf(bytes)): Read {
  const apk = { source, sha256: sha256(bytes), path: '/data/app/com.example.app-1/base.apk', package: owner };
  const { records, limits, format } = parseApk(apk);
  expect(format).toBe('apk');
  const rows = records.flatMap((one) => (one.kind === 'fact' && one.topic === 'app-code' ? [one] : []));
  expect(rows).toHaveLength(records.length);
  return {
    facts: Object.fromEntries(rows.map(({ name, value }) => [name, value])),
    permissions: rows.filter(({ name }) => name === 'base/uses-permission').map(({ value }) => value),
    packages: [...new Set(rows.map((one) => one.package))],
    limits,
  };
}

const deflated = zipOf([
  { name: 'AndroidManifest.xml', content: compiledManifest(manifest) },
  { name: 'classes.dex', content: 'dex' },
]);
const signed = withBlock(deflated, signingBlock(schemeBlock('v2', [[ours, chain]]), schemeBlock('v3', [[ours]])));

describe("an app's code", () => {
  it('tells what it is, what its manifest says and which certificates its signatures name', () => {
    const { facts, permissions, limits, packages } = read(signed);
    expect(facts).toMatchObject({
      'base/file': 'base.apk',
      'base/sha256': sha256(signed),
      'base/bytes': String(signed.length),
      'base/manifest-package': 'com.example.app',
      'base/version-code': '7',
      'base/version-name': '1.2-測試',
      'base/min-sdk': '21',
      'base/target-sdk': '27',
      'base/shared-user': 'com.example.shared',
      'base/debuggable': 'true',
      'base/cleartext-traffic': 'false',
      'base/network-security-config': '@7f130001',
      'base/exported': '1',
      'base/exported-by-filter': '1',
      'base/signer-v2/1/certificate-1/sha256': sha256(ours),
      'base/signer-v2/1/certificate-1/subject': 'Demo vendor',
      'base/signer-v2/1/certificate-1/not-before': '2014-01-01T00:00:00Z',
      'base/signer-v2/1/certificate-1/not-after': '2015-12-31T23:59:59Z',
      'base/signer-v2/1/certificate-2/sha256': sha256(chain),
      'base/signer-v3/1/certificate-1/sha256': sha256(ours),
    });
    expect(permissions).toEqual(['android.permission.INTERNET', 'android.permission.READ_SMS']);
    expect(packages).toEqual(['com.example.app']);
    expect(limits).toEqual([]);
  });

  it('is read the same with texts in UTF-8, and where nothing is packed', () => {
    const block = signingBlock(schemeBlock('v2', [[ours, chain]]), schemeBlock('v3', [[ours]]));
    const other = withBlock(
      storedArchive([{ name: 'AndroidManifest.xml', content: compiledManifest(manifest, true) }]),
      block,
    );
    const about = (bytes: Buffer): object => {
      const { 'base/sha256': _, 'base/bytes': __, ...rest } = read(bytes).facts;
      return rest;
    };
    expect(about(other)).toEqual(about(signed));
    expect(read(other).limits).toEqual([]);
  });

  it('names the certificates of a JAR signature, which is all that older releases have', () => {
    const old = zipOf([
      { name: 'AndroidManifest.xml', content: compiledManifest(manifest) },
      { name: 'META-INF/CERT.RSA', content: jarSignature([older]) },
      { name: 'META-INF/deeper/CERT.RSA', content: 'none of ours' },
    ]);
    const { facts, limits } = read(old);
    expect(facts['base/signer-v1/1/certificate-1/sha256']).toBe(sha256(older));
    expect(facts['base/signer-v1/1/certificate-1/subject']).toBe('Demo older');
    expect(limits).toEqual([]);
  });

  it('says by the name of its part which of several it is', () => {
    const part = { name: 'manifest', attributes: { package: 'com.example.app', split: 'config.xhdpi' } };
    const { facts } = read(storedArchive([{ name: 'AndroidManifest.xml', content: compiledManifest(part) }]));
    expect(facts).toHaveProperty(['split/config.xhdpi/sha256']);
    expect(facts).not.toHaveProperty(['base/sha256']);
  });

  it('joins both halves of a version', () => {
    const long = { name: 'manifest', attributes: { package: 'a.b', versionCode: 5, versionCodeMajor: 2 } };
    const { facts, packages } = read(
      storedArchive([{ name: 'AndroidManifest.xml', content: compiledManifest(long) }]),
      null,
    );
    expect(facts['base/version-code']).toBe('8589934597');
    expect(packages).toEqual(['a.b']);
  });

  it('reads a file of any size without holding it', () => {
    const big = withBlock(
      storedArchive([
        { name: 'big.bin', content: Buffer.alloc(24 * 1024 * 1024) },
        { name: 'AndroidManifest.xml', content: compiledManifest(manifest) },
      ]),
      signingBlock(schemeBlock('v2', [[ours]])),
    );
    const source = sourceOf(big);
    const { facts } = read(big, 'com.example.app', source);
    expect(facts['base/signer-v2/1/certificate-1/sha256']).toBe(sha256(ours));
    expect(source.most()).toBeLessThan(70_000);
  });
});

describe("an app's code that lies", () => {
  const entry = (content: Buffer, more: object = {}): Buffer =>
    zipOf([{ name: 'AndroidManifest.xml', content, ...more }]);
  const limitsOf = (bytes: Uint8Array): readonly string[] => read(bytes).limits;
  const compiled = compiledManifest(manifest);

  it('is told as what it is: no archive, no manifest, no signer', () => {
    expect(limitsOf(Buffer.from('no archive at all'))).toEqual(['apk-archive:no-end']);
    expect(limitsOf(Buffer.alloc(0))).toEqual(['apk-archive:no-end']);
    expect(limitsOf(zipOf([{ name: 'x', content: 'y' }]))).toEqual(['apk-manifest:none', 'apk-no-signer']);
    expect(limitsOf(entry(Buffer.from('<manifest/>')))).toEqual(['apk-manifest:no-binary-xml', 'apk-no-signer']);
  });

  it.each<[string, Buffer]>([
    ['sum', entry(compiled, { sum: 1 })],
    ['broken', entry(compiled, { bytes: compiled.length - 1 })],
    ['broken', entry(Buffer.alloc(4 * 1024 * 1024), { bytes: 100 })],
    ['limit', entry(compiled, { bytes: 900 * 1024 * 1024 })],
    ['refused', entry(compiled, { flags: 1 })],
    ['refused', entry(compiled, { method: 99 })],
  ])('gives no manifest, and says why: %s', (why, bytes) => {
    const { facts, limits } = read(bytes);
    expect(limits).toContain(`apk-manifest:${why}`);
    expect(facts).not.toHaveProperty(['base/version-code']);
    expect(facts['base/sha256']).toBe(sha256(bytes));
  });

  it('has two manifests, names that lead out, another package than the handset said: each is told', () => {
    const two = zipOf([
      { name: 'AndroidManifest.xml', content: compiled },
      { name: 'AndroidManifest.xml', content: compiledManifest({ name: 'manifest', attributes: { package: 'b.c' } }) },
      { name: '../../etc/passwd', content: 'x' },
    ]);
    const { facts, limits, packages } = read(two, 'com.other');
    expect(limits).toEqual([
      'apk-manifest:doubled',
      'apk-other-package:com.example.app',
      'apk-entries:2',
      'apk-no-signer',
    ]);
    expect(packages).toEqual(['com.other']);
    expect(facts['base/manifest-package']).toBe('com.example.app');
  });

  it('has a signing block whose sizes lie: what can be read is, and the rest is told', () => {
    const block = signingBlock(schemeBlock('v2', [[ours]]));
    const lying = (at: number, value: number): Buffer => {
      const copy = Buffer.from(block);
      copy.writeUInt32LE(value, at);
      return withBlock(deflated, copy);
    };
    // First size, pair, signers, and the size before the magic.
    expect(limitsOf(lying(0, 5))).toEqual(['apk-signing-block:size', 'apk-no-signer']);
    expect(limitsOf(lying(8, 0x7fffffff))).toEqual(['apk-signing-block:pairs', 'apk-no-signer']);
    expect(limitsOf(lying(20, 0x7fffffff))).toEqual(['apk-signing-block:signers', 'apk-no-signer']);
    expect(limitsOf(lying(block.length - 24, 0xffffffff))).toEqual(['apk-signing-block:size', 'apk-no-signer']);
    const many = signingBlock(
      schemeBlock(
        'v2',
        Array.from({ length: 12 }, () => [ours]),
      ),
    );
    const { facts, limits } = read(withBlock(deflated, many));
    expect(limits).toEqual(['apk-signing-block:signers']);
    expect(Object.keys(facts).filter((name) => name.endsWith('certificate-1/sha256'))).toHaveLength(10);
  });

  it('has a second pair of an id: only the first counts, as for the system', () => {
    const block = signingBlock(schemeBlock('v2', [[ours]]), schemeBlock('v2', [[older]]), schemeBlock('v3', [[ours]]));
    const { facts, limits } = read(withBlock(deflated, block));
    expect(limits).toEqual(['apk-signing-block:doubled']);
    expect(Object.keys(facts).filter((name) => name.endsWith('/sha256') && name.includes('signer'))).toEqual([
      'base/signer-v2/1/certificate-1/sha256',
      'base/signer-v3/1/certificate-1/sha256',
    ]);
    expect(facts['base/signer-v2/1/certificate-1/sha256']).toBe(sha256(ours));
  });

  it('has a certificate of a size that none has: told, and not read', () => {
    const large = makeCertificate(makeRandom(1, 'large'), 'x'.repeat(65_536), []);
    const { facts, limits } = read(withBlock(deflated, signingBlock(schemeBlock('v2', [[ours, large]]))));
    expect(limits).toEqual(['apk-certificate:too-large']);
    expect(facts).not.toHaveProperty(['base/signer-v2/1/certificate-2/sha256']);
  });

  it.each(['utf8', 'utf16le'] as const)('has thousands of texts in one place: read up to a limit (%s)', (encoding) => {
    const count = 5000;
    const header = Buffer.alloc(28 + count * 4);
    header.writeUInt16LE(28, 2);
    header.writeUInt32LE(count, 8);
    header.writeUInt32LE(encoding === 'utf8' ? 0x100 : 0, 16);
    header.writeUInt32LE(header.length, 20);
    const lengths = encoding === 'utf8' ? [0xbf, 0xff, 0xbf, 0xff] : [0xff, 0x1f];
    const pool = readStringPool(Buffer.concat([header, Buffer.from(lengths), Buffer.alloc(0x4000, 'ab', encoding)]));
    let characters = 0;
    for (let n = 0; n < count; n += 1) characters += pool?.text(n)?.length ?? 0;
    expect(characters).toBeGreaterThan(4_000_000);
    expect(characters).toBeLessThan(4_300_000);
    expect(pool?.cut).toBe(true);
    expect(pool?.text(0)).not.toBeNull();
    expect(pool?.text(count - 1)).toBeNull();
  });

  it('has a certificate or a JAR signature that is none', () => {
    expect(limitsOf(withBlock(deflated, signingBlock(schemeBlock('v2', [[Buffer.from('none')]]))))).toEqual([
      'apk-certificate',
    ]);
    const jar = zipOf([
      { name: 'AndroidManifest.xml', content: compiled },
      { name: 'META-INF/A.EC', content: 'none' },
    ]);
    expect(limitsOf(jar)).toEqual(['apk-signature-file:shape', 'apk-no-signer']);
  });

  it('has a manifest cut at any byte: never more than was there, and it ends', () => {
    const whole = readManifest(compiled)?.permissions.length ?? 0;
    expect(whole).toBe(2);
    for (let length = 0; length < compiled.length; length += 1)
      expect(readManifest(compiled.subarray(0, length))?.permissions.length ?? 0).toBeLessThanOrEqual(whole);
  });
});
