import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { attachFiles, sourceWithPhoto } from '../../../main/workflow/attach-files.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { identifiersWithDoubts } from '../../../main/workflow/identifier-doubts.ts';
import { addIdentifiers } from '../../../main/workflow/open-case.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';

const conduct: Conduct = {
  actor: 'Wu',
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};
const wish = { handset: 'H1', label: null, run: null, note: 'label under the battery' };

let folder = '';
let directory = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attach-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  for (const label of ['Redmi', 'Mi 2S']) must(writer.addHandset({ label, serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

it('a photo is an exhibit as it is, with what it is said to show, and the files around it stay out', async () => {
  const paths = [file('label.jpg', '\xff\xd8\xff'), file('seal.pdf', '%PDF-')];
  const [first, second] = must(await attachFiles(directory, paths, wish, conduct));
  expect(first).toMatchObject({
    id: 'E001',
    kind: 'file',
    handset: 'H1',
    label: 'unassigned',
    originalName: 'label.jpg',
  });
  expect(first?.sha256).toBe(createHash('sha256').update('\xff\xd8\xff').digest('hex'));
  expect(second?.origin).toEqual({ type: 'import', fileName: 'seal.pdf', compression: null, note: wish.note });
  const reader = read(directory);
  expect(reader.custody().filter(({ action }) => action === 'exhibit-added')).toMatchObject([
    { actor: 'Wu' },
    { actor: 'Wu' },
  ]);
  reader.close();
});

it('nothing is stored unless all files can be opened', async () => {
  const good = file('a.jpg', 'x');
  mkdirSync(join(folder, 'sub'));
  symlinkSync(join(folder, 'gone'), join(folder, 'link'));
  for (const [bad, code] of [
    [join(folder, 'sub'), 'path-is-directory'],
    [join(folder, 'link'), 'path-missing'],
    [file('empty', ''), 'empty-file'],
  ] as const)
    expect(await attachFiles(directory, [good, bad], wish, conduct)).toMatchObject({ problem: { code } });
  expect(await attachFiles(directory, [good], { ...wish, handset: 'H9' }, conduct)).toMatchObject({
    problem: { code: 'handset-unknown' },
  });
  expect(await attachFiles(directory, [good], { ...wish, note: 'a\u202eb' }, conduct)).toMatchObject({ ok: false });
  const reader = read(directory);
  expect(reader.exhibits()).toEqual([]);
  reader.close();
});

it('a typed value names the photo it was read from, and stays a source of its own beside what the handset says', async () => {
  must(await attachFiles(directory, [file('label.jpg', 'x')], wish, conduct));
  expect(must(sourceWithPhoto(directory, 'H1', 'label', 'E001'))).toBe('label (E001)');
  expect(must(sourceWithPhoto(directory, 'H1', 'label', null))).toBe('label');
  // A photo of another handset, and one that is not there, name nothing.
  expect(sourceWithPhoto(directory, 'H2', 'label', 'E001')).toMatchObject({ problem: { code: 'exhibit-unknown' } });
  expect(sourceWithPhoto(directory, 'H1', 'label', 'E002')).toMatchObject({ ok: false });
  const typed = (source: string, value: string) =>
    must(addIdentifiers(directory, { handset: 'H1', source, values: [{ kind: 'imei', value }] }, conduct));
  typed('label (E001)', '865903020000005');
  typed('E001', '490154203237518');
  const reader = read(directory);
  expect(identifiersWithDoubts(reader).map(({ warnings }) => warnings.includes('contradicted'))).toEqual([true, true]);
  reader.close();
});
