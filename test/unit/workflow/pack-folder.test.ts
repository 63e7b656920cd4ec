import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { zipDirectory, zipEntries } from '../../../main/parsing/zip.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { packFolder } from '../../../main/workflow/pack-folder.ts';

let scratch = '';
let folder = '';
let archive = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'pack-folder-'));
  folder = join(scratch, 'qf');
  archive = join(scratch, 'qf.zip');
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, 'a.txt'), 'a');
  writeFileSync(join(folder, 'logs', 'b.txt'), 'b');
  writeFileSync(join(folder, 'z.txt'), 'z');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function conductOf(progress: (step: string) => void, signal = new AbortController().signal): Conduct {
  return { actor: null, lang: 'en', signal, progress: ({ step }) => progress(step ?? '') };
}

function packedNames(): readonly string[] {
  const bytes = readFileSync(archive);
  const directory = zipDirectory(bytes, bytes.length);
  if (typeof directory === 'string') throw new Error(directory);
  const entries = zipEntries(bytes.subarray(directory.offset), directory.entries) ?? [];
  expect(entries.filter(({ refused }) => refused !== null)).toEqual([]);
  return entries.map(({ name }) => name);
}

it('a file that vanished since it was listed is left out, and the others are taken', async () => {
  const packed = await packFolder(
    folder,
    archive,
    conductOf((step) => rmSync(join(folder, step === 'a.txt' ? 'logs/b.txt' : 'none'), { force: true })),
  );
  expect(packed).toEqual({ ok: true, value: { files: 2, leftOut: 1, firstLeftOut: 'logs/b.txt' } });
  expect(packedNames()).toEqual(['a.txt', 'z.txt']);
});

it.runIf(process.platform === 'linux')('names that no reader takes are left out', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]), 'latin 1');
  writeFileSync(join(folder, '12:00.txt'), 'colon');
  const packed = await packFolder(
    folder,
    archive,
    conductOf(() => undefined),
  );
  expect(packed).toEqual({ ok: true, value: { files: 3, leftOut: 2, firstLeftOut: '12:00.txt' } });
  expect(packedNames()).toEqual(['a.txt', 'logs/b.txt', 'z.txt']);
});

it.skipIf(process.platform === 'win32')('a directory that became a link meanwhile is not followed', async () => {
  mkdirSync(join(scratch, 'outside'));
  writeFileSync(join(scratch, 'outside', 'b.txt'), 'not of the folder');
  const swap = (step: string): void => {
    if (step !== 'a.txt') return;
    renameSync(join(folder, 'logs'), join(scratch, 'moved'));
    symlinkSync(join(scratch, 'outside'), join(folder, 'logs'));
  };
  // A link to the folder itself, which a person named, is.
  symlinkSync(folder, join(scratch, 'link'));
  expect(await packFolder(join(scratch, 'link'), archive, conductOf(swap))).toEqual({
    ok: true,
    value: { files: 2, leftOut: 1, firstLeftOut: 'logs/b.txt' },
  });
  expect(packedNames()).toEqual(['a.txt', 'z.txt']);
});

it('the word to stop arrives inside a file', async () => {
  writeFileSync(join(folder, 'a.txt'), Buffer.alloc(8 * 1024 * 1024));
  const stop = new AbortController();
  const steps: string[] = [];
  const packed = await packFolder(
    folder,
    archive,
    conductOf((step) => {
      steps.push(step);
      setImmediate(() => setImmediate(() => stop.abort()));
    }, stop.signal),
  );
  expect(packed).toMatchObject({ ok: false, problem: { code: 'interrupted' } });
  expect(steps).toEqual(['a.txt']);
  expect(existsSync(archive) && readFileSync(archive).length < 8 * 1024 * 1024).toBe(true);
});
