import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { withIndex } from '../../../main/workflow/current-index.ts';
import { importOutput } from '../../../main/workflow/import-output.ts';
import type { ImportedOutputs } from '../../../main/workflow/import-output.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { must, newCase } from '../evidence/case-fixture.ts';
import { zipOf } from '../parsing/zip-builder.ts';
import type { EntryWish } from '../parsing/zip-builder.ts';

const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};

let folder = '';
let directory = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-androidqf-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Pixel', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function take(name: string, content: Buffer): Promise<Result<ImportedOutputs>> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const wish = { handset: 'H1', label: 'qf', run: null, what: 'androidqf', takenAt: null };
  return importOutput(directory, path, wish, conduct);
}

const dumpsys = `${'-'.repeat(79)}\nDUMP OF SERVICE user:\nUsers:\n  UserInfo{0:null:13} serialNo=0\n--------- 0.001s was the duration of dumpsys user, ending at: 2026-01-02 15:31:59\n`;
const files: readonly EntryWish[] = [
  { name: 'getprop.txt', content: '[ro.build.version.release]: [16]\n[ro.product.model]: [P]\n' },
  { name: 'settings_secure.txt', content: 'android_id=0123456789abcdef\n' },
  { name: 'settings_global.txt', content: 'adb_enabled=1\n' },
  { name: 'dumpsys.txt', content: dumpsys },
  { name: 'packages.json', content: '[]' },
  {
    name: 'acquisition.json',
    content: JSON.stringify({ uuid: 'x', androidqf_version: 'v1.8.0', started: '2026-01-02T03:04:05.678Z' }),
  },
];
const row = ({ name, content }: EntryWish, before = ''): string =>
  `${before}${name},${createHash('sha256').update(content).digest('hex')}\n`;

it('an archive gives outputs as if acquired, with the version and the time that the tool says; its hashes are checked', async () => {
  const archive = zipOf([...files, { name: 'hashes.csv', content: files.map((one) => row(one)).join('') }]);
  const taken = must(await take('a.zip', archive));
  expect(taken.gaps).toEqual([]);
  const commands = taken.exhibits.flatMap(({ origin }) => (origin.type === 'command' ? [origin.command] : []));
  expect(commands).toEqual(['getprop', 'settings list secure', 'settings list global', 'dumpsys user']);
  expect(taken.exhibits.at(-1)?.origin).toMatchObject({
    startedAt: '2026-01-02T03:04:05.678000Z',
    imported: { tool: 'androidqf v1.8.0', saidBy: 'file' },
  });
  const records = must(await withIndex(directory, conduct, (_reader, index) => ok(index.records({ label: 'qf' }))));
  expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['property', 'setting', 'fact']));
});

it('a folder gives the same as its archive; links are not followed, and nothing is left of the packing', async () => {
  const place = join(folder, 'uuid-1');
  mkdirSync(join(place, 'logs', 'deep'), { recursive: true });
  for (const { name, content } of files) writeFileSync(join(place, name), content);
  writeFileSync(join(place, 'logs', 'deep', 'ünï.txt'), 'x');
  writeFileSync(join(place, 'hashes.csv'), files.map((one) => row(one)).join(''));
  writeFileSync(join(folder, 'secret'), 'not of the folder');
  symlinkSync(join(folder, 'secret'), join(place, 'logcat.txt'));
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('handsight-folder-'));
  const wish = { handset: 'H1', label: 'qf', run: null, what: 'androidqf', takenAt: null };
  const taken = must(await importOutput(directory, place, wish, conduct));
  expect(taken.gaps).toEqual([
    'E001 uuid-1.zip: 1 link, special or unreadable file of the folder was not taken (first by name: «logcat.txt»)',
  ]);
  const commands = taken.exhibits.flatMap(({ origin }) => (origin.type === 'command' ? [origin.command] : []));
  expect(commands).toEqual(['dumpsys user', 'getprop', 'settings list global', 'settings list secure']);
  const packed = taken.exhibits[0];
  expect(packed).toMatchObject({ originalName: 'uuid-1.zip', kind: 'file' });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('handsight-folder-'))).toEqual(before);
  // The same folder packs into the same bytes.
  const again = must(await importOutput(directory, place, wish, conduct));
  expect(again.exhibits[0]?.sha256).toBe(packed?.sha256);
});

it('a folder is recognised by the file that the tool writes of each acquisition, and is not taken in unsaid', async () => {
  const place = join(folder, 'uuid-2');
  mkdirSync(place);
  for (const { name, content } of files) writeFileSync(join(place, name), content);
  const said = (what: string | null, from = place) =>
    importOutput(directory, from, { handset: 'H1', label: 'qf', run: null, what, takenAt: null }, conduct);
  expect(await said(null)).toMatchObject({
    problem: { code: 'output-unsaid', params: { name: 'uuid-2', command: 'androidqf', by: 'content' } },
  });
  expect(await said('getprop')).toMatchObject({ problem: { code: 'path-is-directory' } });
  const other = join(folder, 'other');
  mkdirSync(other);
  for (const what of [null, 'recognised'])
    expect(await said(what, other)).toMatchObject({ problem: { code: 'path-is-directory' } });
  expect(must(await said('recognised')).exhibits[0]).toMatchObject({ originalName: 'uuid-2.zip' });
});

it('an archive that begins with that file is recognised by it', async () => {
  const path = join(folder, 'any-name.zip');
  for (const before of ['', 'uuid/']) {
    writeFileSync(path, zipOf([...files].reverse().map((one) => ({ ...one, name: `${before}${one.name}` }))));
    const wish = { handset: 'H1', label: 'qf', run: null, what: null, takenAt: null };
    expect(await importOutput(directory, path, wish, conduct)).toMatchObject({
      problem: { code: 'output-unsaid', params: { command: 'androidqf', by: 'content' } },
    });
  }
});

it('a hash that is another one, an entry that is missing and a line that is none are gaps', async () => {
  const [first, ...others] = files.map((one) => row(one, 'C:\\qf\\uuid\\'));
  const lies = `${first?.replace(/[0-9a-f]{64}/, '0'.repeat(64))}${others.join('')}gone.txt,${'1'.repeat(64)}\n${'d/'.repeat(200)}far.txt,${'1'.repeat(64)}\nnonsense\n`;
  const inside = [...files, { name: 'hashes.csv', content: lies }].map((one) => ({ ...one, name: `uuid/${one.name}` }));
  const taken = must(await take('b.zip', zipOf(inside)));
  expect(taken.gaps).toEqual([
    'E001 b.zip: 1 line of hashes.csv could not be read',
    'E001 b.zip: «C:/qf/uuid/getprop.txt» has another SHA-256 than hashes.csv says',
    'E001 b.zip: «gone.txt» stands in hashes.csv, but not in the archive',
    `E001 b.zip: «…${'d/'.repeat(96)}far.txt» stands in hashes.csv, but not in the archive`,
  ]);
  expect(taken.exhibits.some(({ originalName }) => originalName === 'uuid/getprop.txt')).toBe(true);
});

it('an archive without what the tool says, and one that is encrypted, are said', async () => {
  const bare = must(await take('c.zip', zipOf(files.slice(0, 1))));
  expect(bare.gaps).toEqual([
    expect.stringContaining('acquisition.json is missing'),
    expect.stringContaining('hashes.csv is missing'),
  ]);
  expect(await take('d.zip.age', Buffer.from('age-encryption.org/v1\n-> X25519 x\n'))).toMatchObject({
    problem: { code: 'file-encrypted' },
  });
});
