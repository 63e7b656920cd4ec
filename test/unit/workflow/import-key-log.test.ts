import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../../shared/model/acquisition.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { openCaseForReading } from '../../../main/evidence/open-case.ts';
import { analyseCase } from '../../../main/workflow/analyse.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { keyLogsOf } from '../../../main/workflow/key-logs.ts';
import { addHandset, addIdentifiers, newCase } from '../../../main/workflow/open-case.ts';
import { listCase } from '../../../main/workflow/query-case.ts';
import { searchCase } from '../../../main/workflow/search-case.ts';
import { EXCHANGES, type Exchange, IMEI, packetsOf } from '../dissection/keylog/tls-exchanges.ts';
import { frame, h3, QuicTalk } from '../dissection/keylog/quic-talk.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { must } from '../evidence/case-fixture.ts';

const work = mkdtempSync(join(tmpdir(), 'import-key-log-'));
const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};
const [first, second] = EXCHANGES as readonly [Exchange, Exchange];
const before = { handset: 'H1', label: 'before', run: 'R1' };
let cases = 0;

const written = (name: string, bytes: string | Uint8Array): string => {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return path;
};
const captureOf = (one: Exchange, name: string): string => written(name, pcap(packetsOf(one)));
const keysOf = (one: Exchange, name: string): string => written(name, one.keyLog);

function freshCase(): string {
  const directory = join(work, `case-${(cases += 1)}.handsight`);
  must(newCase(directory, { number: '1', title: 't', examiner: 'Lin', synthetic: true }, conduct));
  must(addHandset(directory, { label: 'Redmi', serial: null, role: 'twin' }, conduct));
  must(addIdentifiers(directory, { handset: 'H1', source: 'label', values: [{ kind: 'imei', value: IMEI }] }, conduct));
  return directory;
}

const findings = async (directory: string): Promise<Finding[]> =>
  must(await listCase(directory, 'findings', { label: null, run: null }, conduct));
const transmitted = async (directory: string): Promise<Finding[]> =>
  (await findings(directory)).filter((one) => one.rule === 'identifier-transmitted');

let capture = '';
let keys = '';
beforeAll(() => {
  capture = captureOf(first, 'one.pcap');
  keys = keysOf(first, 'one.keys');
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a key log taken in with its capture', () => {
  it('is an exhibit of its own, and what it opens is found and said to be known so', async () => {
    const directory = freshCase();
    const { exhibits, gaps } = must(await importFiles(directory, [capture], { ...before, keyLogs: [keys] }, conduct));
    expect(gaps).toEqual([]);
    expect(exhibits).toMatchObject([
      { id: 'E001', kind: 'capture' },
      {
        id: 'E002',
        kind: 'key-log',
        bytes: statSync(keys).size,
        packets: null,
        fault: null,
        origin: { type: 'import', fileName: 'one.keys', captures: ['E001'] },
      },
    ]);
    expect(await transmitted(directory)).toMatchObject([{ contentKnownBy: 'keylog', channel: 'tls' }]);
    const reader = must(openCaseForReading(directory));
    const kept = readFileSync(reader.exhibitPath(exhibits[1] as Exhibit));
    reader.close();
    expect(kept.equals(readFileSync(keys))).toBe(true);
  });

  it('gives the same on one thread and on two, and after the index was built again', async () => {
    const directory = freshCase();
    const other = captureOf(second, 'two.pcap');
    const otherKeys = keysOf(second, 'two.keys');
    must(await importFiles(directory, [capture, other], { ...before, keyLogs: [keys, otherKeys] }, conduct));
    must(await analyseCase(directory, { workers: 1 }, conduct));
    const once = await findings(directory);
    expect(once.filter((one) => one.contentKnownBy === 'keylog').length).toBeGreaterThanOrEqual(2);
    for (const workers of [2, 1]) {
      for (const name of readdirSync(directory)) if (name.startsWith('index')) rmSync(join(directory, name));
      must(await analyseCase(directory, { workers }, conduct));
      expect(await findings(directory)).toEqual(once);
    }
  });

  it('is heard of by the search for any text', async () => {
    const directory = freshCase();
    must(await importFiles(directory, [capture], { ...before, keyLogs: [keys] }, conduct));
    const told: Progress[] = [];
    const { hits } = must(await searchCase(directory, IMEI, { ...conduct, progress: (one) => void told.push(one) }));
    expect(hits).toMatchObject([{ exhibit: 'E001', where: expect.stringContaining('tls-keylog') as string }]);
    const bytes = statSync(capture).size;
    // Within an exhibit too: a large one takes seconds.
    const through = told.filter(({ step }) => step === 'exhibits').map(({ done }) => done);
    const total = bytes + statSync(keys).size;
    expect(through).toEqual([bytes, bytes, total, total]);
    expect(told).toContainEqual({
      task: 'search',
      step: 'captures',
      done: bytes,
      total: bytes,
      unit: 'bytes',
      note: null,
    });
  });
});

it('a search for any text needs no index, and survives a damaged one', async () => {
  const directory = freshCase();
  must(await importFiles(directory, [capture], { ...before, keyLogs: [keys] }, conduct));
  must(await analyseCase(directory, { workers: 1 }, conduct));
  const found = must(await searchCase(directory, IMEI, conduct));
  expect(found.hits).toHaveLength(1);
  const [name = ''] = readdirSync(directory).filter((one) => one.startsWith('index-'));
  const index = readFileSync(join(directory, name));
  // The pages behind the first: it opens, and cannot be read.
  writeFileSync(join(directory, name), index.fill(0xff, 4096));
  expect(must(await searchCase(directory, IMEI, conduct))).toEqual(found);
  rmSync(join(directory, name));
  mkdirSync(join(directory, name));
  expect(must(await searchCase(directory, IMEI, conduct))).toEqual(found);
});

describe('a key log of QUIC', () => {
  it('opens HTTP/3: the finding names the packet, the field and how it is known', async () => {
    const talk = new QuicTalk().open();
    const asked = h3.headers({ ':method': 'GET', ':authority': 'h3.example', ':path': `/log?imei=${IMEI}` });
    talk.send(0, talk.short(0, frame.stream(0, 0, asked, true)));
    const directory = freshCase();
    const quic = written('quic.pcap', pcap(talk.packets));
    const log = written('quic.keys', talk.keyLog);
    must(await importFiles(directory, [quic], { ...before, keyLogs: [log] }, conduct));
    expect(await transmitted(directory)).toMatchObject([
      {
        confidence: 'certain',
        contentKnownBy: 'keylog',
        channel: 'quic',
        representation: 'plain',
        field: 'imei',
        frames: [{ exhibit: 'E001', frame: 5 }],
        filter: 'udp && frame.number==5',
        destination: { names: ['h3.example'] },
      },
    ]);
  });
});

describe('a key log taken in later', () => {
  it('opens the captures of its handset, label and run, and no other', async () => {
    const directory = freshCase();
    must(await importFiles(directory, [capture], before, conduct));
    must(await importFiles(directory, [capture], { ...before, label: 'after', run: 'R2' }, conduct));
    expect(await transmitted(directory)).toEqual([]);
    const { exhibits } = must(await importFiles(directory, [], { ...before, run: null, keyLogs: [keys] }, conduct));
    expect(exhibits).toMatchObject([{ id: 'E003', kind: 'key-log', label: 'before', run: null }]);
    expect(await transmitted(directory)).toMatchObject([{ label: 'before', contentKnownBy: 'keylog' }]);
  });

  it('opens the captures that are named, whatever their label', async () => {
    const directory = freshCase();
    must(await importFiles(directory, [capture], before, conduct));
    const nobody = { handset: null, label: null, run: null };
    const wish = { ...nobody, keyLogs: [keys], keyLogsFor: ['E001'] };
    must(await importFiles(directory, [], wish, conduct));
    expect(await transmitted(directory)).toMatchObject([{ label: 'before' }]);
    const unknown = { ...wish, keyLogsFor: ['E002'] };
    const problem = { code: 'exhibit-unknown', params: { exhibit: 'E002' } };
    expect(await importFiles(directory, [], unknown, conduct)).toMatchObject({ ok: false, problem });
  });

  it('belongs to a run only where it names one', () => {
    const one = (over: Partial<Exhibit>): Exhibit => ({ kind: 'capture', ...before, ...over }) as Exhibit;
    const log = one({ kind: 'key-log', origin: { type: 'import', fileName: '', compression: null, captures: [] } });
    expect(keyLogsOf(one({}), [log])).toEqual([log]);
    expect(keyLogsOf(one({ run: 'R2' }), [log])).toEqual([]);
    expect(keyLogsOf(one({ run: 'R2' }), [{ ...log, run: null }])).toHaveLength(1);
    expect(keyLogsOf(one({ handset: 'H2' }), [{ ...log, run: null }])).toEqual([]);
  });
});

describe('a key log that is not what it should be', () => {
  it('of another session: said, and nothing is opened', async () => {
    const directory = freshCase();
    const other = keysOf(second, 'other.keys');
    must(await importFiles(directory, [capture], { ...before, keyLogs: [other] }, conduct));
    const { gaps } = must(await analyseCase(directory, { workers: 1 }, conduct));
    expect(gaps).toEqual([expect.stringContaining('the key log fits no session of this capture')]);
    expect(await transmitted(directory)).toEqual([]);
  });

  it('with lines that are no secrets: counted, the others are used', async () => {
    const directory = freshCase();
    const mixed = written('mixed.keys', `CLIENT_RANDOM 00\n${first.keyLog}\nnonsense\n# a remark\n`);
    const { exhibits, gaps } = must(await importFiles(directory, [capture], { ...before, keyLogs: [mixed] }, conduct));
    expect(exhibits[1]?.fault).toMatch(/^key-log-lines: 2 lines beside \d+ secrets$/);
    expect(gaps).toEqual([expect.stringContaining('lines of the key log that are no secrets')]);
    expect(await transmitted(directory)).toHaveLength(1);
  });

  it.each([
    ['no secrets at all', 'just words\n', 'not-a-key-log'],
    ['empty', '', 'empty-file'],
    ['a capture', pcap([]), 'not-a-key-log'],
  ])('%s: refused, and nothing is stored', async (_, bytes, code) => {
    const directory = freshCase();
    const wish = { ...before, keyLogs: [written('bad.keys', bytes)] };
    expect(await importFiles(directory, [capture], wish, conduct)).toMatchObject({ ok: false, problem: { code } });
    const reader = must(openCaseForReading(directory));
    expect(reader.exhibits()).toEqual([]);
    reader.close();
  });
});
