import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareLabels } from '../../main/workflow/compare.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { withIndex } from '../../main/workflow/current-index.ts';
import { importOutput } from '../../main/workflow/import-output.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import { ok } from '../../shared/model/problem.ts';
import { must, newCase } from '../unit/evidence/case-fixture.ts';

const data = resolve(process.env['HANDSIGHT_REAL_DATA'] ?? '../shared/data', 'handset');
const present = existsSync(data);
const title = present
  ? 'real output, imported'
  : `real output, imported (skipped: no ${data}; set HANDSIGHT_REAL_DATA)`;
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};
const pixel = present ? readdirSync(join(data, 'pixel-android10')) : [];
const commandOf = (name: string): string => (name === 'getprop.txt' ? 'getprop' : `dumpsys ${name.slice(8, -4)}`);

let folder = '';
let directory = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-real-'));
  directory = join(folder, 'case.handsight');
  const writer = newCase(directory);
  for (const label of ['nubia', 'pixel', 'pixel again'])
    must(writer.addHandset({ label, serial: null, role: 'exhibit' }));
  writer.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function take(path: string, handset: string, label: string): Promise<readonly string[]> {
  const wish = { handset, label, run: null, what: 'recognised', takenAt: '2020-01-08T15:32:00Z' };
  const { exhibits, gaps } = must(await importOutput(directory, path, wish, conduct));
  expect(gaps).toEqual([]);
  return exhibits.map(({ id }) => id);
}

/** Name → value by awk: shares nothing with our parsers. */
function byAwk(file: string): Map<string, string> {
  const program = '/^\\[/{if(v!="")print v; v=$0; next} {v=v "\\001" $0} END{print v}';
  const lines = execFileSync('awk', [program, file], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const rows = lines.split('\n').filter((line) => line !== '');
  return new Map(rows.map((line) => [line.slice(1, line.indexOf(']: [')), line.slice(line.indexOf(']: [') + 4)]));
}

describe.skipIf(!present)(title, () => {
  it('three builds of one nubia under three labels: the difference of each upgrade is what awk counts', async () => {
    const builds = ['1.0-android15', '1.1-android15', '1.8-android16'];
    const path = (build: string): string => join(data, 'getprop', `nubia-p0110-obric-${build}-unit-a.txt`);
    for (const build of builds) await take(path(build), 'H1', build);
    for (const [before = '', after = ''] of [builds.slice(0, 2), builds.slice(1)]) {
      const { changes } = must(await compareLabels(directory, before, after, conduct));
      const [a, b] = [byAwk(path(before)), byAwk(path(after))];
      const differing = [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
      expect(changes.map(({ subject }) => subject).sort()).toEqual(differing.sort());
      expect(changes.length).toBeGreaterThan(50);
    }
  });

  it('every dump of a Pixel is recognised by its content, and gives the records that it gives by itself', async () => {
    const taken: (readonly [string, string])[] = [];
    for (const name of pixel) {
      const [id = ''] = await take(join(data, 'pixel-android10', name), 'H2', 'pixel');
      taken.push([name, id]);
    }
    must(
      await withIndex(directory, conduct, (reader, index) => {
        for (const [name, id] of taken) {
          const command = commandOf(name);
          expect(must(reader.exhibit(id)).origin, name).toMatchObject({ command, imported: { recognised: command } });
          const context = { collectedAt: '2020-01-08T15:32:00.000000Z', handsetClock: null, release: '10' };
          const bytes = readFileSync(join(data, 'pixel-android10', name));
          const alone = parseExhibit({ collector: null, command, bytes, context });
          expect(index.records({ exhibit: id }).length, name).toBe(alone.records.length);
        }
        return ok(null);
      }),
    );
  });

  it.each(['utf8', 'utf16le'] as const)(
    'all of them in one dump of all services give the same records (%s)',
    async (encoding) => {
      const names = pixel.filter((name) => name !== 'getprop.txt');
      const rule = '-'.repeat(79);
      const text = names.map((name) => {
        const dump = readFileSync(join(data, 'pixel-android10', name), 'utf8');
        // Each file ends in the line of dashes that the next heading of the whole dump follows.
        return `DUMP OF SERVICE ${name.slice(8, -4)}:\n${dump.trimEnd()}\n`;
      });
      const path = join(folder, `all-${encoding}.txt`);
      writeFileSync(path, Buffer.from(`Currently running services:\n${rule}\n${text.join('')}`, encoding));
      const [, ...parts] = await take(path, 'H3', `whole ${encoding}`);
      expect(parts).toHaveLength(names.length);
      const count = (label: string): Promise<Map<string, number>> =>
        withIndex(directory, conduct, (reader, index) => {
          const ofExhibit = new Map(reader.exhibits({ label }).map((one) => [one.id, one.origin]));
          const counts = new Map<string, number>();
          for (const { exhibit } of index.records({ label })) {
            const origin = ofExhibit.get(exhibit);
            const command = origin?.type === 'command' ? origin.command : '';
            if (command !== 'getprop') counts.set(command, (counts.get(command) ?? 0) + 1);
          }
          return ok(counts);
        }).then(must);
      expect(await count(`whole ${encoding}`)).toEqual(await count('pixel'));
    },
  );
});
