import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalRow, rawValue } from '../../main/evidence/canonical.ts';
import { openSqlite } from '../../main/evidence/sqlite.ts';
import { columnsOf, rowFormat, tableNames } from '../../main/evidence/tables.ts';
import { firstFailure, verifyCase } from '../../main/evidence/verify.ts';
import { fillCase, hashTree, must, newCase, temporaryFolder } from '../unit/evidence/case-fixture.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
const settings = { seed: 20140807, numRuns: full ? 3000 : 120 };

let folder: string;
let directory: string;
let good: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  const writer = newCase(directory);
  fillCase(writer);
  writer.close();
  for (const name of Object.keys(hashTree(directory))) {
    const file = path.join(directory, name);
    if (fs.statSync(file).isFile()) fs.chmodSync(file, 0o600);
  }
  good = hashTree(directory);
  expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Verifies with one byte of a file changed, and puts the byte back. */
async function withFlip(file: string, position: number, mask: number): Promise<string> {
  const fd = fs.openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  try {
    fs.readSync(fd, byte, 0, 1, position);
    fs.writeSync(fd, Buffer.from([(byte[0] ?? 0) ^ mask]), 0, 1, position);
    const result = await verifyCase(directory);
    if (!result.ok) return `problem ${result.problem.code}`;
    const first = firstFailure(result.value);
    return first === null ? 'not found' : `${first.check} ${first.subject}: ${first.detail}`;
  } finally {
    fs.writeSync(fd, byte, 0, 1, position);
    fs.closeSync(fd);
  }
}

describe('one flipped byte is found and named', () => {
  const files = (match: RegExp): readonly string[] =>
    Object.keys(good).filter((name) => match.test(name) && good[name] !== 'directory');

  test.each([
    ['an exhibit', /^exhibits\/../, /^exhibit E00\d: was changed/],
    ['case.sqlite', /^case\.sqlite$/, /^(row|custody) /],
    ['the mark of closing', /^case\.closed\.json$/, /^row case\.(sqlite|closed\.json): /],
    ['the index', /^index-1\.sqlite$/, /^index index-1\.sqlite: was changed/],
    ['the pointer', /^index\.json$/, /^index index\.json: was changed/],
  ])('in %s', async (_name, match, expected) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files(match)),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.integer({ min: 1, max: 255 }),
        async (name, where, mask) => {
          const file = path.join(directory, name);
          expect(await withFlip(file, Math.floor(fs.statSync(file).size * where), mask)).toMatch(expected);
        },
      ),
      settings,
    );
    expect(hashTree(directory)).toEqual(good);
  });

  test('in every byte of the header of case.sqlite', async () => {
    const file = path.join(directory, 'case.sqlite');
    for (let position = 0; position < 100; position += 1) {
      expect(await withFlip(file, position, 0xff)).toMatch(/^(row|custody) /);
    }
  });

  test('in the bytes of a row while there is no mark to compare with: the row itself is named', async () => {
    const file = path.join(directory, 'case.sqlite');
    const mark = path.join(directory, 'case.closed.json');
    fs.renameSync(mark, `${folder}/mark`);
    const bytes = fs.readFileSync(file);
    const texts = [
      'Redmi 1S',
      '865903 02 000000 9',
      'Service switched on',
      '瀏覽器一開就當掉',
      'com.android.browser',
      'seen in the',
    ];
    for (const text of texts) {
      const wanted = Buffer.from(text);
      const found: string[] = [];
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
        found.push(await withFlip(file, at + Math.floor(wanted.length / 2), 1));
      }
      // A deleted cell may keep an old copy; the living one must be named by its row.
      expect(
        found.some((line) => /^row (handset|identifier|event|complaint|decision)\/\d+: was changed/.test(line)),
      ).toBe(true);
    }
    fs.renameSync(`${folder}/mark`, mark);
  });
});

test('any one value of any row, changed through SQL, is named by its row', async () => {
  const file = path.join(directory, 'case.sqlite');
  const original = fs.readFileSync(file);
  const cells = tableNames.flatMap((table) => (columnsOf(rowFormat, table) ?? []).map((column) => ({ table, column })));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cells),
      fc.oneof(fc.string(), fc.integer(), fc.constant(null)),
      async ({ table, column }, value) => {
        const database = openSqlite(file);
        let changed = 0;
        try {
          database.exec(`DROP TRIGGER ${table}_no_update`);
          const sql = `UPDATE OR IGNORE ${table} SET ${column} = ?1 WHERE row = 1 AND ${column} IS NOT ?1`;
          changed = database.prepare(sql.replaceAll('?1', '?')).run(value, value).changes;
        } catch {
          // STRICT or NOT NULL refuses the value: nothing was changed.
        }
        database.close();
        const first = firstFailure(must(await verifyCase(directory)));
        fs.writeFileSync(file, original);
        if (changed > 0) expect(first).toMatchObject({ check: 'row', subject: `${table}/1` });
      },
    ),
    { ...settings, numRuns: full ? 1500 : 150 },
  );
});

test('different rows never have the same canonical bytes', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.uint8Array());
  const row = fc.tuple(
    fc.constantFrom('a', 'ab'),
    fc.array(fc.tuple(fc.constantFrom('x', 'y', 'x:text'), value), { maxLength: 4 }),
  );
  const bytesOf = ([table, fields]: readonly [
    string,
    readonly (readonly [string, string | number | Uint8Array | null])[],
  ]): string =>
    canonicalRow(
      table,
      fields.map(([name, content]) => [name, rawValue(content)] as const),
    ).toString('base64');
  fc.assert(
    fc.property(row, row, (a, b) => {
      const same = JSON.stringify(a, bytesAsText) === JSON.stringify(b, bytesAsText);
      expect(bytesOf(a) === bytesOf(b)).toBe(same);
    }),
    { seed: 1, numRuns: full ? 100_000 : 3000 },
  );
});

const bytesAsText = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('hex')}` : value;
