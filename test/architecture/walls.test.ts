import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cruiseRooms } from './cruise.ts';
import { pureRooms, loadingWalls, roomsInOrder, walls } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every TypeScript file of the given folders, as paths from the root. */
function sources(...folders: string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
}

const product = sources('main', 'shared', 'renderer');
const isTestData = (file: string): boolean => /^test\/(fixtures|personas)\//.test(file);
const everything = [...product, ...sources('test').filter((file) => !isTestData(file))];
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

// Reading the whole program takes long on a machine that does other things too.
describe('the walls between the rooms', { timeout: 300_000 }, () => {
  it('stand: no forbidden import', async () => {
    const { modules, violations } = await cruiseRooms(root, walls);
    const cruised = new Set(modules.map(({ source }) => source));
    // A cruiser that does not understand TypeScript cruises nothing and reports success.
    expect(product.filter((file) => !file.endsWith('.d.ts') && !cruised.has(file))).toEqual([]);
    expect(violations).toEqual([]);
    const adb = modules.filter(
      ({ source, dependencies }) =>
        source.startsWith('main/') && dependencies.some(({ module }) => module === 'adb-ts'),
    );
    expect(adb.map(({ source }) => source)).toHaveLength(1);
  });

  it('stand when the program is loaded: no cycles, and heavy work off the main thread', async () => {
    const { modules, violations } = await cruiseRooms(root, loadingWalls, false);
    expect(modules.length).toBeGreaterThan(50);
    expect(violations).toEqual([]);
  });
});

describe('the wall test itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-walls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function plant(files: Record<string, string>): string {
    const house = mkdtempSync(join(folder, 'house-'));
    writeFileSync(join(house, 'package.json'), '{"type":"module"}');
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), text);
    }
    return house;
  }

  const planted: [wall: string, file: string, text: string][] = [
    [
      'shared-imports-nobody',
      'shared/model/a.ts',
      "import { x } from '../../main/workflow/x.ts';\nexport const a = x;\n",
    ],
    ['contract-imports-zod-only', 'shared/contract/a.ts', "import { x } from 'node:fs';\nexport const a = x;\n"],
    [
      'renderer-imports-shared-only',
      'renderer/a.ts',
      "import type { x } from '../main/workflow/x.ts';\nexport type A = typeof x;\n",
    ],
    ['renderer-without-node', 'renderer/a.ts', "import { join } from 'node:path';\nexport const a = join;\n"],
    [
      'main-never-imports-renderer-or-test',
      'main/workflow/a.ts',
      "import { t } from '../../test/t.ts';\nexport const a = t;\n",
    ],
    ['electron-in-the-shell-only', 'main/workflow/a.ts', "import { app } from 'electron';\nexport const a = app;\n"],
    ['preload-alone', 'main/preload/a.ts', "import { x } from '../workflow/x.ts';\nexport const a = x;\n"],
    [
      'adb-ts-in-the-handset-room-only',
      'main/capture/a.ts',
      "import { Client } from 'adb-ts';\nexport const a = Client;\n",
    ],
    [
      'sqlite-in-the-evidence-room-only',
      'main/report/a.ts',
      "import Database from 'better-sqlite3';\nexport const a = Database;\n",
    ],
    ['recharts-in-charts-only', 'renderer/screens/a.tsx', "import { Bar } from 'recharts';\nexport const a = Bar;\n"],
    [
      'simulator-knows-nothing-of-main',
      'test/handset-simulator/a.ts',
      "import { x } from '../../main/workflow/x.ts';\nexport const a = x;\n",
    ],
    ['downstream-of-evidence', 'main/evidence/a.ts', "import { x } from '../workflow/x.ts';\nexport const a = x;\n"],
    ['pure-parsing', 'main/parsing/a.ts', "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n"],
    ['pure-analysis', 'main/analysis/a.ts', "import { connect } from 'node:net';\nexport const a = connect;\n"],
  ];

  it.each(planted)('catches what crosses %s', async (wall, file, text) => {
    const house = plant({
      'main/workflow/x.ts': 'export const x = 1;\n',
      'test/t.ts': 'export const t = 1;\n',
      [file]: text,
    });
    const { violations } = await cruiseRooms(house, walls);
    expect(violations.filter((violation) => violation.startsWith(`${wall}: ${file}`))).not.toEqual([]);
  });

  it('catches a cycle', async () => {
    const house = plant({
      'main/report/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
      'main/report/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
    });
    const { violations } = await cruiseRooms(house, loadingWalls, false);
    expect(violations.some((violation) => violation.startsWith('no-cycles'))).toBe(true);
  });

  it('catches heavy work that the shell reaches through another file', async () => {
    const house = plant({
      'main/shell/a.ts': "import { b } from '../workflow/b.ts';\nexport const a = b;\n",
      'main/workflow/b.ts': "import { c } from '../dissection/c.ts';\nexport const b = c;\n",
      'main/dissection/c.ts': 'export const c = 1;\n',
    });
    const { violations } = await cruiseRooms(house, loadingWalls, false);
    expect(violations).not.toEqual([]);
  });

  it('lets allowed imports through', async () => {
    const house = plant({
      'shared/model/s.ts': 'export const s = 1;\n',
      'main/parsing/a.ts':
        "import { inflateSync } from 'node:zlib';\nimport { s } from '../../shared/model/s.ts';\nexport const a = [inflateSync, s];\n",
    });
    expect((await cruiseRooms(house, walls)).violations).toEqual([]);
  });
});

describe('the habits of the house', () => {
  it('main has no rooms but those of the plan', () => {
    const rooms = readdirSync(join(root, 'main'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = new Set([...roomsInOrder.flat(), 'preload']);
    expect(rooms.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('nothing is called utils, helpers, common or manager', () => {
    const vague = /(^|[/.-])(utils?|helpers?|common|managers?)([/.-]|$)/;
    expect(everything.filter((file) => vague.test(file))).toEqual([]);
  });

  it('file names are in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/;
    expect(everything.filter((file) => file.split('/').some((part) => !kebab.test(part)))).toEqual([]);
  });

  it('there are no default exports', () => {
    expect(product.filter((file) => /^export default\b|^export \{[^}]*\bas default\b/m.test(textOf(file)))).toEqual([]);
  });

  it('pure rooms ask neither a clock nor chance nor the process', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\brandomBytes\(|\bprocess\.(env|argv|cwd|exit|std\w+|pid|platform|hrtime|version\w*|memoryUsage)\b|\bfetch\(|\bset(Timeout|Interval|Immediate)\(/;
    const files = product.filter((file) => pureRooms.some((room) => file.startsWith(`main/${room}/`)));
    expect(files.length).toBeGreaterThan(0);
    const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    expect(files.filter((file) => impure.test(withoutComments(textOf(file))))).toEqual([]);
  });

  it('files stay short; the longer ones are named', () => {
    const lengths = product.map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }));
    const long = lengths.filter(({ lines }) => lines > 250).sort((a, b) => b.lines - a.lines);
    for (const { file, lines } of long) process.stdout.write(`over 250 lines: ${file} (${lines})\n`);
    expect(long.filter(({ lines }) => lines > 350)).toEqual([]);
  });
});
