import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imei, inParallel, openCliBench, tellingCapture, treeHashes } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';

let bench: CliBench;
let directory = '';
let capture = '';
beforeAll(async () => {
  bench = openCliBench();
  directory = await bench.newCase('case.handsight');
  capture = bench.path('telling.pcap');
  writeFileSync(capture, tellingCapture().bytes);
  writeFileSync(bench.path('empty.pcap'), '');
  writeFileSync(bench.path('notes.txt'), 'nothing that was captured');
  writeFileSync(bench.path('bad.csv'), 'imei,490154203237518\nshoe-size,43\n');
  writeFileSync(bench.path('garbage.csv'), Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)));
  writeFileSync(bench.path('mixed.csv'), 'imei,490154203237518\nimei,490154203237519\n');
  mkdirSync(bench.path('folder'));
  await bench.must(['import', directory, capture, '--handset', 'H1', '--label', 'before', '--run', 'R1']);
  await bench.must([
    'identifier',
    'add',
    directory,
    '--handset',
    'H1',
    '--kind',
    'imei',
    '--value',
    imei,
    '--source',
    'label',
  ]);
  await bench.must(['analyse', directory]);
});
afterAll(() => bench.close());

interface Refusal {
  readonly what: string;
  readonly args: () => readonly string[];
  /** What the line must name so that it says what to do about which thing. */
  readonly names: () => string | RegExp;
}

const identifier = (kind: string, value: string, handset = 'H1'): string[] => [
  'identifier',
  'add',
  directory,
  '--handset',
  handset,
  '--kind',
  kind,
  '--value',
  value,
  '--source',
  'box',
];
const from = (file: string): string[] => [
  'identifier',
  'add',
  directory,
  '--handset',
  'H1',
  '--source',
  'box',
  '--values-from',
  bench.path(file),
];
const event = (at: string, text = 't'): string[] => [
  'event',
  'add',
  directory,
  '--run',
  'R1',
  '--kind',
  'note',
  '--at',
  at,
  '--text',
  text,
];
const create = (path: string): string[] => ['case', 'new', path, '--number', '1', '--title', 't', '--examiner', 'e'];
const report = (out: string): string[] => ['report', directory, '--edition', 'full', '--format', 'json', '--out', out];

const refusals: readonly Refusal[] = [
  { what: 'no such case', args: () => ['case', 'show', bench.path('nowhere')], names: () => 'nowhere' },
  { what: 'a folder that is no case', args: () => ['exhibits', bench.path('folder')], names: () => 'folder' },
  { what: 'a file instead of a case', args: () => ['exhibits', capture], names: () => 'telling.pcap' },
  { what: 'verify of a folder that is no case', args: () => ['verify', bench.path('folder')], names: () => 'folder' },
  { what: 'a new case where something is', args: () => create(directory), names: () => 'case.handsight' },
  {
    what: 'a new case in a folder that is not there',
    args: () => create(bench.path('no', 'case')),
    names: () => /no\b/,
  },
  { what: 'a new case below a file', args: () => create(join(capture, 'case')), names: () => 'telling.pcap' },
  {
    what: 'an IMEI whose check digit is wrong',
    args: () => identifier('imei', '490154203237519'),
    names: () => 'imei',
  },
  { what: 'an IMSI that is too short', args: () => identifier('imsi', '46692'), names: () => 'imsi' },
  {
    what: 'an ICCID with a wrong check digit',
    args: () => identifier('iccid', '8988692000000000007'),
    names: () => 'iccid',
  },
  { what: 'a number that is none', args: () => identifier('msisdn', 'call me'), names: () => 'msisdn' },
  { what: 'the same identifier from the same source', args: () => twice(), names: () => 'label' },
  { what: 'an identifier of an unknown handset', args: () => identifier('imei', imei, 'H9'), names: () => 'H9' },
  { what: 'values from a file that is not there', args: () => from('none.csv'), names: () => 'none.csv' },
  { what: 'values from a folder', args: () => from('folder'), names: () => 'folder' },
  { what: 'values from an unknown kind', args: () => from('bad.csv'), names: () => '--values-from:2' },
  { what: 'values from garbage', args: () => from('garbage.csv'), names: () => '--values-from:1' },
  { what: 'values of which one is wrong', args: () => from('mixed.csv'), names: () => 'imei' },
  { what: 'an instant that is none', args: () => event('yesterday'), names: () => 'yesterday' },
  { what: 'an instant without a zone', args: () => event('2014-08-07T10:00:00'), names: () => '2014-08-07T10:00:00' },
  { what: 'a day that does not exist', args: () => event('2014-02-30T10:00:00Z'), names: () => '2014-02-30' },
  { what: 'an hour that does not exist', args: () => event('2014-02-28T24:30:00Z'), names: () => '24:30' },
  { what: 'an event without words', args: () => event('2014-08-07T10:00:00Z', ' '), names: () => 'text' },
  {
    what: 'an event of an unknown handset',
    args: () => [...event('2014-08-07T10:00:00Z'), '--handset', 'H9'],
    names: () => 'H9',
  },
  {
    what: 'a label of nothing but space',
    args: () => ['handset', 'add', directory, '--label', ' '],
    names: () => 'label',
  },
  { what: 'no such capture', args: () => ['import', directory, bench.path('none.pcap')], names: () => 'none.pcap' },
  { what: 'a folder as capture', args: () => ['import', directory, bench.path('folder')], names: () => 'folder' },
  { what: 'an empty file', args: () => ['import', directory, bench.path('empty.pcap')], names: () => 'empty.pcap' },
  { what: 'what is no capture', args: () => ['import', directory, bench.path('notes.txt')], names: () => 'notes.txt' },
  {
    what: 'a good capture and a bad one',
    args: () => ['import', directory, capture, bench.path('notes.txt')],
    names: () => 'notes.txt',
  },
  {
    what: 'a capture of an unknown handset',
    args: () => ['import', directory, capture, '--handset', 'H9'],
    names: () => 'H9',
  },
  { what: 'an empty label', args: () => ['import', directory, capture, '--label', ''], names: () => 'label' },
  { what: 'an unknown finding', args: () => decide('F9999', 'r'), names: () => 'F9999' },
  { what: 'a decision without a reason', args: () => decide('F0001', ' '), names: () => /reason|理由/ },
  {
    what: 'a comparison with an unknown label',
    args: () => ['compare', directory, 'before', 'later'],
    names: () => 'later',
  },
  { what: 'a complaint of an unknown handset', args: () => complain('H9'), names: () => 'H9' },
  { what: 'a search for nothing', args: () => ['search', directory, ' '], names: () => 'search' },
  { what: 'a search for far too much', args: () => ['search', directory, 'x'.repeat(501)], names: () => 'xxx' },
  { what: 'a head that is no hash', args: () => ['verify', directory, '--head', 'abc'], names: () => 'abc' },
  { what: 'a report where no folder is', args: () => report(bench.path('no', 'report.json')), names: () => 'no' },
  { what: 'a report below a file', args: () => report(join(capture, 'report.json')), names: () => 'telling.pcap' },
  { what: 'a report in place of a folder', args: () => report(bench.path('folder')), names: () => 'folder' },
  {
    what: 'acquire of an unknown handset',
    args: () => ['acquire', directory, '--serial', 's', '--handset', 'H9', '--label', 'l'],
    names: () => 'H9',
  },
  {
    what: 'acquire of what is not plugged in',
    args: () => ['acquire', directory, '--serial', 'gone', '--handset', 'H1', '--label', 'l'],
    names: () => 'gone',
  },
  { what: 'an address that is none', args: () => ['devices', 'connect', 'nowhere'], names: () => 'nowhere' },
];

const twice = (): string[] => [...identifier('imei', imei).slice(0, -1), 'label'];
const decide = (key: string, reason: string): string[] => [
  'finding',
  'decide',
  directory,
  key,
  'confirm',
  '--reason',
  reason,
];
const complain = (handset: string): string[] => [
  'complaint',
  'add',
  directory,
  '--text',
  'slow',
  '--from',
  'form 1',
  '--handset',
  handset,
];

/** A sentence of English: four Latin words in a row, none of them part of a path or a value. */
const englishSentence = /\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}\b/;

async function expectRefusal(refusal: Refusal): Promise<void> {
  const { what } = refusal;
  for (const lang of ['en', 'zh-Hant']) {
    const { code, stdout, stderr } = await bench.run([...refusal.args(), '--lang', lang]);
    expect.soft(code, `${what}: ${stdout}${stderr}`).toBe(1);
    expect.soft(stdout, what).toBe('');
    const lines = stderr.trim().split('\n');
    expect.soft(lines, `${what}: one clear line`).toHaveLength(1);
    expect.soft(stderr, what).not.toMatch(/problem\.|\{[a-z]+\}|undefined|\[object|at .*:\d+:\d+/);
    expect.soft(stderr, what).toMatch(refusal.names());
    if (lang === 'zh-Hant') {
      expect.soft(stderr, what).toMatch(/[\u4e00-\u9fff]{4}/);
      expect.soft(stderr, what).not.toMatch(englishSentence);
    }
  }
}

describe('could not: exit 1, the case unchanged byte for byte, one clear line in the asked language', () => {
  test('wrong values and paths', { timeout: 300_000 }, async () => {
    const before = treeHashes(directory);
    await inParallel(refusals, expectRefusal);
    expect(treeHashes(directory)).toEqual(before);
  });

  test('a case of a newer version', async () => {
    const newer = bench.path('newer.handsight');
    cpSync(directory, newer, { recursive: true });
    // user_version is the big-endian number at byte 60 of an SQLite file.
    const file = openSync(join(newer, 'case.sqlite'), 'r+');
    writeSync(file, Buffer.from([0, 0, 0x27, 0x0f]), 0, 4, 60);
    closeSync(file);
    const before = treeHashes(newer);
    await inParallel(
      [
        ['case', 'show', newer],
        ['findings', newer],
        ['handset', 'add', newer, '--label', 'x'],
        ['import', newer, capture],
        ['analyse', newer],
      ],
      async (args) => expectRefusal({ what: args.join(' '), args: () => args, names: () => /newer|較新/ }),
    );
    expect(treeHashes(newer)).toEqual(before);
  });

  test('a case that another process writes: named with its pid and what it does; readers read', async () => {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'evidence', 'writer.ts'), 'hold', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      for await (const text of writer.stdout.setEncoding('utf8')) if (String(text).includes('"ready"')) break;
      const before = treeHashes(directory);
      await inParallel(
        [
          ['handset', 'add', directory, '--label', 'x'],
          ['import', directory, capture],
        ],
        async (args) =>
          expectRefusal({ what: args.join(' '), args: () => args, names: () => new RegExp(String(writer.pid)) }),
      );
      const shown = await bench.must(['case', 'show', directory]);
      expect(shown.stdout).toContain(`pid ${writer.pid}`);
      expect((await bench.must(['exhibits', directory, '--json'])).stdout).not.toBe('');
      expect(treeHashes(directory)).toEqual(before);
    } finally {
      const gone = once(writer, 'exit');
      writer.kill('SIGKILL');
      await gone;
    }
    await bench.must(['handset', 'add', directory, '--label', 'after the other writer died']);
  });
});
