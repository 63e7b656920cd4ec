import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { withIndex } from '../../../main/workflow/current-index.ts';
import { importOutput } from '../../../main/workflow/import-output.ts';
import type { ImportedOutputs } from '../../../main/workflow/import-output.ts';
import { ok } from '../../../shared/model/problem.ts';
import { must, newCase, read } from '../evidence/case-fixture.ts';
import { zipOf } from '../parsing/zip-builder.ts';

const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};

let folder = '';
let directory = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-report-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Pixel', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function take(name: string, content: Buffer | string, what = 'recognised'): Promise<ImportedOutputs> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return must(
    await importOutput(directory, path, { handset: 'H1', label: 'r', run: null, what, takenAt: null }, conduct),
  );
}

const rule = '='.repeat(56);
const report = `${rule}
== dumpstate: 2020-01-08 15:32:00
${rule}

Build: QP1A
------ MEMORY INFO (/proc/meminfo: 2020-01-08 15:31:00) ------
MemTotal: 1 kB
------ 0.001s was the duration of 'MEMORY INFO' ------
------ SYSTEM PROPERTIES (getprop) ------
[ro.build.version.release]: [10]
[ro.product.model]: [Pixel]
------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------
------ DUMPSYS (/system/bin/dumpsys) ------
${'-'.repeat(79)}
DUMP OF SERVICE user:
Users:
  UserInfo{0:null:13} serialNo=0
--------- 0.001s was the duration of dumpsys user, ending at: 2020-01-08 15:31:59
------ 1.000s was the duration of 'DUMPSYS' ------
------ CHECKIN PACKAGE (/system/bin/dumpsys -T 30000 package --checkin) ------
vers,1
------ 0.100s was the duration of 'CHECKIN PACKAGE' ------
`;

const commands = ['cat /proc/meminfo', 'getprop', 'dumpsys user', 'dumpsys -T 30000 package --checkin'];

function commandsOf({ exhibits }: ImportedOutputs): string[] {
  return exhibits.flatMap(({ origin }) => (origin.type === 'command' ? [origin.command] : []));
}

it('a bug report as text becomes outputs of the commands that its headings name', async () => {
  const taken = await take('bugreport.txt', report);
  expect(taken.gaps).toEqual([]);
  expect(commandsOf(taken)).toEqual(commands);
  const records = must(await withIndex(directory, conduct, (_reader, index) => ok(index.records({ label: 'r' }))));
  const models = records.filter((one) => one.kind === 'property' && one.name === 'ro.product.model');
  expect(models).toHaveLength(1);
  // What the check-in form of a dump says is another format: kept raw, not misread.
  expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['property', 'fact']));
});

it('the ZIP of a bug report gives the same, with its version, its time, and the list of what else is in it', async () => {
  const name = 'bugreport-sailfish-2020-01-08.txt';
  const archive = zipOf([
    { name: 'version.txt', content: '2.0', stored: true },
    { name, content: report },
    { name: 'FS/data/anr/x', content: 'trace' },
    { name: '../x', content: 'out' },
    { name: 'main_entry.txt', content: name, stored: true },
  ]);
  const taken = await take('bugreport.zip', archive);
  expect(taken.gaps).toEqual([
    'E001 bugreport.zip: entry «../x» was not read: its name leads out of the archive or cannot be used',
  ]);
  expect(taken.exhibits.slice(0, 3).map(({ id, originalName }) => [id, originalName])).toEqual([
    ['E001', 'bugreport.zip'],
    ['E002', 'archive-entries.jsonl'],
    ['E003', name],
  ]);
  expect(commandsOf(taken)).toEqual(commands);
  expect(taken.exhibits.at(-1)?.origin).toMatchObject({
    imported: { exhibit: 'E003', tool: 'dumpstate 2.0', atHandset: '2020-01-08T15:32:00.000000', saidBy: 'file' },
  });
  const reader = read(directory);
  const list = must(reader.readExhibit('E002')).toString('utf8').trim().split('\n');
  expect(list.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual([
    'version.txt',
    name,
    'FS/data/anr/x',
    '../x',
    'main_entry.txt',
  ]);
  expect(must(reader.readExhibit('E003')).toString('utf8')).toBe(report);
  reader.close();
});

it('an archive that lies, is encrypted, or holds no report is kept, and said', async () => {
  const name = 'bugreport-x.txt';
  const lying = await take('a.zip', zipOf([{ name, content: report, bytes: 400 }]), 'bugreport');
  expect(lying.gaps[0]).toContain('more comes out than the 400 bytes');
  const locked = await take('b.zip', zipOf([{ name, content: report, flags: 1 }]), 'bugreport');
  expect(locked.gaps).toEqual([
    expect.stringContaining(`entry «${name}» was not read: it is encrypted`),
    expect.stringContaining('no text of a bug report is in the archive'),
  ]);
  const cut = await take('c.zip', zipOf([{ name, content: report }]).subarray(0, -9), 'bugreport');
  expect(cut.gaps).toEqual([expect.stringContaining('nothing was taken out: its end is missing')]);
  expect(cut.acquisition.outcome).toBe('complete-with-gaps');
});
