import { appendFileSync, cpSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../shared/model/finding.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { setHook } from '../../../main/evidence/hooks.ts';
import { readPointer, writePointer } from '../../../main/evidence/index-pointer.ts';
import { openCaseForReading, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import { openSqlite } from '../../../main/evidence/sqlite.ts';
import { analyseCase } from '../../../main/workflow/analyse.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { withIndexAsItIs, withLastIndex } from '../../../main/workflow/current-index.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { addHandset, addIdentifiers, newCase, showCase } from '../../../main/workflow/open-case.ts';
import { exhibitsAsRead, listCase } from '../../../main/workflow/query-case.ts';
import { verifyCaseFolder } from '../../../main/workflow/verify-case.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { hashTree } from '../evidence/case-fixture.ts';

const work = mkdtempSync(join(tmpdir(), 'handsight-current-index-'));
const whole = join(work, 'whole.handsight');
const bare = join(work, 'bare.handsight');
const imei = '865903020000005';
let copies = 0;
let told: string[] = [];
let expected: Finding[] = [];

const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
  notice: (text) => void told.push(text),
};

function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function copy(): string {
  copies += 1;
  const target = join(work, `copy-${copies}.handsight`);
  cpSync(whole, target, { recursive: true });
  return target;
}

const findings = async (directory: string): Promise<Finding[]> =>
  good(await listCase(directory, 'findings', { label: null, run: null }, conduct));

beforeAll(async () => {
  good(newCase(whole, { number: '1', title: 't', examiner: 'Lin', synthetic: true }, conduct));
  good(addHandset(whole, { label: 'Redmi', serial: null, role: 'exhibit' }, conduct));
  good(addIdentifiers(whole, { handset: 'H1', source: 'label', values: [{ kind: 'imei', value: imei }] }, conduct));
  const file = join(work, 'one.pcap');
  const request = `GET /log?device_id=${imei} HTTP/1.1\r\nHost: log.example\r\n\r\n`;
  writeFileSync(file, pcap(new Conversation().toServer(request).close().packets));
  good(await importFiles(whole, [file], { handset: 'H1', label: 'before', run: 'R1' }, conduct));
  cpSync(whole, bare, { recursive: true });
  expected = await findings(whole);
  expect(expected.length).toBeGreaterThan(0);
});
afterEach(() => {
  setHook(null);
  told = [];
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test('a list of exhibits waits for no analysis: without an index it is what was stored', async () => {
  const bytes = hashTree(bare);
  const listed = await withIndexAsItIs(bare, (reader, index) =>
    ok({ index, rows: exhibitsAsRead(reader, index, { label: null, run: null }) }),
  );
  expect(good(listed)).toMatchObject({ index: null, rows: [{ id: 'E001', outcome: 'read' }] });
  expect(hashTree(bare)).toEqual(bytes);
  expect(good(await withIndexAsItIs(whole, (_reader, index) => ok(index?.findingCount())))).toBe(expected.length);
});

describe('what the window asks', () => {
  const count = (directory: string): Promise<Result<number>> =>
    withLastIndex(directory, conduct, (_reader, index) => ok(index.findingCount()));

  test('waits for no analysis: an older index answers, and the case stays as it is', async () => {
    const directory = copy();
    const file = join(work, 'later.pcap');
    const request = `GET /later?id=${imei} HTTP/1.1\r\nHost: later.example\r\n\r\n`;
    writeFileSync(file, pcap(new Conversation({ sourcePort: 42_000 }).toServer(request).close().packets));
    good(await importFiles(directory, [file], { handset: 'H1', label: 'after', run: 'R2' }, conduct));
    const bytes = hashTree(directory);
    expect(good(await count(directory))).toBe(expected.length);
    expect(hashTree(directory)).toEqual(bytes);
    expect(told).toEqual([]);
  });

  test('without an index, or with one of another engine, has it built', async () => {
    const none = join(work, 'none.handsight');
    cpSync(bare, none, { recursive: true });
    expect(good(await count(none))).toBe(expected.length);
    const directory = copy();
    const pointer = readPointer(directory);
    if (pointer === null || pointer === 'damaged') throw new Error('no pointer');
    writePointer(directory, { ...pointer, engineVersion: 'another', inputs: 'of another engine' });
    expect(good(await count(directory))).toBe(expected.length);
    expect(readPointer(directory)).toMatchObject({ engineVersion: pointer.engineVersion });
  });
});

const indexFileOf = (directory: string): string =>
  join(directory, readdirSync(directory).find((name) => /^index-\d+\.sqlite$/.test(name)) ?? 'none');

/** What this process holds open (Linux). A descriptor closed between the list and the look at it is none. */
function openFiles(): string[] {
  const folder = `/proc/${process.pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))];
    } catch {
      return [];
    }
  });
}

describe('an index that somebody changed', () => {
  const damages: readonly (readonly [string, (file: string) => void])[] = [
    [
      'emptied',
      (file) => {
        const database = openSqlite(file);
        database.exec('DELETE FROM finding');
        database.close();
      },
    ],
    ['lengthened', (file) => appendFileSync(file, 'x')],
    ['replaced by something else', (file) => writeFileSync(file, 'no database')],
  ];

  test.each(damages)(
    '(%s) is no answer: a query builds it again, says so, and custody notes it',
    async (_how, damage) => {
      const directory = copy();
      damage(indexFileOf(directory));
      expect(await findings(directory)).toEqual(expected);
      expect(told).toEqual([expect.stringMatching(/not what this program had written/)]);
      const reader = good(openCaseForReading(directory));
      const { action, note } = reader.custody().at(-1) ?? {};
      reader.close();
      expect(action).toBe('index-rebuilt');
      expect(note).toMatch(/^index-\d+\.sqlite (was changed|has \d+ bytes)/);
      told = [];
      expect(await findings(directory)).toEqual(expected);
      expect(told).toEqual([]);
      expect(good(await verifyCaseFolder(directory, { head: null }, conduct, () => undefined)).ok).toBe(true);
    },
  );

  test('is built again by an analysis, which otherwise has nothing to do', async () => {
    const directory = copy();
    expect(good(await analyseCase(directory, { workers: 1 }, conduct)).rebuilt).toBe(false);
    writeFileSync(indexFileOf(directory), '');
    expect(good(await analyseCase(directory, { workers: 1 }, conduct)).rebuilt).toBe(true);
    expect(told).toHaveLength(1);
  });

  test('is built again when the build before was killed before it allotted numbers', async () => {
    const directory = join(work, 'unnumbered.handsight');
    cpSync(bare, directory, { recursive: true });
    setHook((name) => {
      if (name === 'index.remove-old') throw Object.assign(new Error('EIO: gone'), { code: 'EIO' });
    });
    expect((await analyseCase(directory, { workers: 1 }, conduct)).ok).toBe(false);
    setHook(null);
    const reader = good(openCaseForReading(directory));
    expect(reader.findingNumbers().size).toBe(0);
    expect(good(reader.openIndex()).findings()).toHaveLength(expected.length);
    reader.close();
    expect(await findings(directory)).toEqual(expected);
  });
});

describe('a case that cannot be written', () => {
  /** A disk that is full, or a folder without permission, whoever runs the test. */
  function refuseWriting(code: string): void {
    setHook((name) => {
      if (name === 'lock.sidecar') throw Object.assign(new Error(`${code}: refused`), { code });
    });
  }

  function removeIndex(directory: string): void {
    for (const name of readdirSync(directory)) if (name.startsWith('index')) rmSync(join(directory, name));
  }

  test.each(['EACCES', 'EROFS', 'ENOSPC'])(
    '(%s) and has no index is asked all the same, and stays as it is',
    async (code) => {
      const directory = copy();
      removeIndex(directory);
      const before = hashTree(directory);
      refuseWriting(code);
      expect(await findings(directory)).toEqual(expected);
      expect(told).toEqual([expect.stringMatching(/built in the temporary folder/)]);
      // The second question does not build it again.
      expect(await findings(directory)).toEqual(expected);
      expect(told).toHaveLength(1);
      expect(hashTree(directory)).toEqual(before);
    },
  );

  test('and has a damaged index', async () => {
    const directory = copy();
    writeFileSync(indexFileOf(directory), '');
    refuseWriting('EACCES');
    expect(await findings(directory)).toEqual(expected);
  });

  test('and whose index is older than its exhibits tells of all of them, with the numbers they would get', async () => {
    const directory = copy();
    const file = join(work, 'two.pcap');
    const request = `GET /other?id=${imei} HTTP/1.1\r\nHost: other.example\r\n\r\n`;
    writeFileSync(file, pcap(new Conversation({ sourcePort: 41_000 }).toServer(request).close().packets));
    good(await importFiles(directory, [file], { handset: 'H1', label: 'after', run: 'R2' }, conduct));
    told = [];
    refuseWriting('EROFS');
    const lent = await findings(directory);
    expect(lent.length).toBeGreaterThan(expected.length);
    expect(told).toEqual([expect.stringMatching(/temporary folder/), expect.stringMatching(/not in custody/)]);
    setHook(null);
    const numbers = (list: readonly Finding[]): string[] => list.map((one) => `${one.number} ${one.key}`);
    expect(numbers(await findings(directory))).toEqual(numbers(lent));
  });

  test('while another person writes: the index as it was, and it is said', async () => {
    const directory = copy();
    good(addHandset(directory, { label: 'another', serial: null, role: 'twin' }, conduct));
    const other = good(openCaseForWriting(directory, 'capturing before', { actor: 'Chen', program: 'test' }));
    try {
      expect(await findings(directory)).toEqual(expected);
      expect(told).toEqual([expect.stringMatching(/Another program is writing/)]);
    } finally {
      other.close();
    }
  });

  test('and nothing of the temporary index has a name', async () => {
    const directory = copy();
    removeIndex(directory);
    refuseWriting('EACCES');
    await findings(directory);
    if (process.platform !== 'linux') return;
    for (const open of openFiles().filter((one) => one.includes('etilqs'))) expect(open).toContain('(deleted)');
    expect(showCase(directory).ok).toBe(true);
  });
});
