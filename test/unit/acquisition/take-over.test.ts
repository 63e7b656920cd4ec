import { describe, expect, it } from 'vitest';
import { appCode } from '../../../main/acquisition/collectors/app-code.ts';
import { properties } from '../../../main/acquisition/collectors/properties.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import type { StoredCode } from '../../../main/acquisition/take-over.ts';
import { takenOver } from '../../../main/acquisition/take-over.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';

const file = { package: 'a.a', path: '/data/app/a/base.apk' };
const told = { sizeBytes: 4, modifiedSecondsAtHandset: 1 };
const stored: StoredCode = {
  ...file,
  exhibit: 'E007',
  acquisition: 'A1',
  bytes: 4,
  sha256: 'x',
  told,
  versionCode: '12',
};
const now = new Map([[file.path, told]]);
const version = (code: string): ReadonlyMap<string, string> => new Map([['a.a', code]]);

describe('a part that is whole already', () => {
  it('is taken over where everything that the handset says of it is the same', () => {
    expect([...takenOver([file], now, [stored], version('12')).values()]).toEqual([stored]);
  });

  it.each<[string, Partial<StoredCode>, ReadonlyMap<string, typeof told>, ReadonlyMap<string, string>]>([
    ['another package', { package: 'b.b' }, now, version('12')],
    ['another path', { path: '/data/app/a-2/base.apk' }, now, version('12')],
    ['another size', {}, new Map([[file.path, { ...told, sizeBytes: 5 }]]), version('12')],
    ['another time', {}, new Map([[file.path, { ...told, modifiedSecondsAtHandset: 2 }]]), version('12')],
    ['nothing told of it now', {}, new Map(), version('12')],
    ['another length than was told then', { bytes: 3 }, now, version('12')],
    ['another version', {}, now, version('13')],
    ['no version told now', {}, now, new Map()],
    ['no version in its manifest', { versionCode: null }, now, version('12')],
  ])('is pulled again: %s', (_, differs, tells, versions) => {
    expect(takenOver([file], tells, [{ ...stored, ...differs }], versions).size).toBe(0);
  });

  it('goes without a version on a release that cannot be asked for them', () => {
    expect(takenOver([file], now, [{ ...stored, versionCode: null }], null).size).toBe(1);
  });
});

/** Android of this API level with two apps of four bytes each, the second of which is stored. */
async function acquire(sdk: number | null, versions: string): Promise<readonly string[]> {
  const { link, sent } = fakeHandset(
    (command) => {
      if (command === 'getprop') return { stdout: sdk === null ? '[a]: [b]\n' : `[ro.build.version.sdk]: [${sdk}]\n` };
      if (command === 'pm list packages -f')
        return { stdout: 'package:/data/app/b.apk=b.b\npackage:/data/app/a.apk=a.a\n' };
      if (command === 'pm list packages --show-versioncode') return { stdout: versions };
      return undefined;
    },
    { files: { '/data/app/': Buffer.from('code') } },
  );
  const evidence = fakeEvidence();
  const storedCode = [{ ...stored, path: '/data/app/a.apk' }];
  await runAcquisition({ link, evidence, knowledge, profile: 'own', only: [properties, appCode], storedCode });
  return sent.filter((command) => command.startsWith('pull ') || command.includes('versioncode'));
}

describe('an acquisition that goes on', () => {
  const [asked, a, b] = ['pm list packages --show-versioncode', 'pull /data/app/a.apk', 'pull /data/app/b.apk'];

  it('asks for the versions, and pulls what it lacks', async () => {
    expect(await acquire(34, 'package:a.a versionCode:12\npackage:b.b versionCode:1\n')).toEqual([asked, b]);
  });

  it('pulls everything where the versions are not told, or it is not known whether they can be', async () => {
    expect(await acquire(34, '')).toEqual([asked, b, a]);
    expect(await acquire(null, '')).toEqual([b, a]);
  });

  it('asks no release before Android 8 for what it does not know', async () => {
    expect(await acquire(19, '')).toEqual([b]);
  });
});
