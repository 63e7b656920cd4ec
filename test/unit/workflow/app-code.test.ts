import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FactRow } from '../../../main/comparison/compare-facts.ts';
import { compareFacts, factGaps } from '../../../main/comparison/compare-facts.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import { snapshotOf } from '../../../main/workflow/label-snapshot.ts';
import { isParsed, noFacts, parseStored } from '../../../main/workflow/parse-stored.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { makeRandom } from '../../demo-world/random.ts';
import {
  compiledManifest,
  schemeBlock,
  signingBlock,
  storedArchive,
  withBlock,
} from '../../handset-simulator/persona/apk-file.ts';
import { makeCertificate } from '../../traffic-generator/certificate-der.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An app's code signed by this one; without a name an archive of nobody's. */
function apkBy(signer: string): Buffer {
  if (signer === '') return storedArchive([{ name: 'empty.txt', content: Buffer.alloc(0) }]);
  const certificate = makeCertificate(makeRandom(1, signer), signer, []);
  const manifest = compiledManifest({ name: 'manifest', attributes: { package: 'a.b', versionCode: 1 } });
  const archive = storedArchive([{ name: 'AndroidManifest.xml', content: manifest }]);
  return withBlock(archive, signingBlock(schemeBlock('v2', [[certificate]])));
}

interface Side {
  readonly reader: CaseReader;
  readonly records: readonly SnapshotRecord[];
  readonly exhibits: readonly Exhibit[];
}

type Files = Readonly<Record<string, Buffer | null>>;

/** A case whose label holds the code of these apps, as an acquisition stores it, with what is read of it. */
function caseWith(name: string, files: Files): Side {
  const directory = join(mkdtempSync(join(folder, 'case-')), 'x.handsight');
  const writer = newCase(directory);
  const handset = must(writer.addHandset({ label: 'Mi 2S', serial: null, role: 'exhibit' })).id;
  const wish = { serial: 'x', handset, label: name, run: null, profile: 'full' } as const;
  const acquisition = must(writer.beginAcquisition(wish)).id;
  const at = '2014-08-07T04:00:00.000000Z';
  for (const [file, bytes] of Object.entries(files)) {
    // `a.b` is the whole of an app, `a.b/x` one more part of it.
    const [app = ''] = file.split('/');
    const origin = { type: 'pull', path: `/data/app/${app}-1.apk`, package: app, startedAt: at, endedAt: at } as const;
    const meta = { kind: 'apk', collector: 'app-code', label: name, handset, run: null, acquisition, origin } as const;
    const final = { outcome: bytes === null ? 'refused' : 'read', packets: null, fault: null } as const;
    must(writer.storeExhibit(bytes ?? Buffer.alloc(0), { ...meta, originalName: `${app}.apk` }, final));
  }
  must(writer.endAcquisition(acquisition, { outcome: 'complete', detail: null }));
  writer.close();
  const reader = read(directory);
  const exhibits = reader.exhibits();
  const records = exhibits.flatMap((one): SnapshotRecord[] =>
    must(parseStored(reader, one, noFacts)).records.map((body) => ({
      ...body,
      label: name,
      handset,
      run: null,
      exhibit: one.id,
    })),
  );
  return { reader, exhibits, records };
}

const factsOf = ({ reader, exhibits, records }: Side, label: string): ReturnType<typeof snapshotOf>['facts'] => {
  const known = new Set(exhibits.map(({ id }) => id));
  const index = { records: () => [...records], faults: () => [], exhibitIds: () => known } as unknown as IndexReader;
  return snapshotOf(reader, index, { label, handset: null }).facts;
};

/** What differs between two acquisitions of these apps' code. */
function compared(before: Files, after: Files): { changes: ReturnType<typeof compareFacts>; gaps: object[] } {
  const sides = [caseWith('before', before), caseWith('after', after)] as const;
  const [a, b] = [factsOf(sides[0], 'before'), factsOf(sides[1], 'after')];
  const result = { changes: compareFacts(a, b), gaps: factGaps(a, b) };
  for (const { reader } of sides) reader.close();
  return result;
}

const valueOf = (rows: readonly FactRow[], app: string, name: string): string | undefined =>
  rows.find((row) => row.package === app && row.name === name)?.value;

describe("an app's code in custody", () => {
  it('is read from its file into facts that stand in the snapshot; a file that was refused gives none', () => {
    const bytes = apkBy('Vendor');
    const side = caseWith('before', { 'a.b': bytes, 'c.d': null });
    expect(side.exhibits.map(isParsed)).toEqual([true, true]);
    const { rows, read: lists, whole } = factsOf(side, 'before');
    expect(valueOf(rows, 'a.b', 'base/sha256')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(valueOf(rows, 'a.b', 'base/signer-v2/1/certificate-1/subject')).toBe('Vendor');
    expect(new Set(rows.map((row) => row.package))).toEqual(new Set(['a.b']));
    expect([[...lists], [...whole]]).toEqual([['app-code a.b', 'app-code c.d'], ['app-code a.b']]);
    side.reader.close();
  });

  it('shows another signer as a change, in words that claim no check', () => {
    const { changes } = compared({ 'a.b': apkBy('Vendor') }, { 'a.b': apkBy('Somebody else') });
    const signer = changes.find(({ subject }) => subject === 'app-code/base/signer-v2/1/certificate-1/subject');
    expect(signer).toMatchObject({ kind: 'fact', change: 'changed', before: 'a.b Vendor', after: 'a.b Somebody else' });
    expect(signer?.noise).toBe(false);
    expect(signer?.meaning).toContain('read, not verified');
    // What is the same on both sides is no change.
    expect(changes.map(({ subject }) => subject)).toEqual([
      'app-code/base/bytes',
      'app-code/base/sha256',
      'app-code/base/signer-v2/1/certificate-1/sha256',
      'app-code/base/signer-v2/1/certificate-1/subject',
    ]);
  });

  it('calls nothing gone that was refused on one side, or belongs to an app that is not there', () => {
    const { changes, gaps } = compared(
      { 'a.b': apkBy('Vendor'), 'c.d': apkBy('Vendor') },
      { 'a.b': apkBy('Vendor'), 'c.d': null, 'e.f': apkBy('Vendor') },
    );
    expect(changes).toEqual([]);
    expect(gaps).toEqual([{ kind: 'fact', part: 'app-code c.d', missing: 'after', cut: true }]);
  });

  it('calls no certificate gone where a part of the app was refused', () => {
    const { changes, gaps } = compared({ 'a.b': apkBy('Vendor') }, { 'a.b': apkBy(''), 'a.b/x': null });
    expect(changes.filter(({ change }) => change === 'removed')).toEqual([]);
    expect(gaps).toEqual([{ kind: 'fact', part: 'app-code a.b', missing: 'after', cut: true }]);
  });

  it('says that one side has no code of apps at all', () => {
    const { gaps } = compared({ 'a.b': apkBy('Vendor'), 'c.d': apkBy('Vendor') }, {});
    expect(gaps).toEqual([{ kind: 'fact', part: 'app-code', missing: 'after' }]);
  });
});
