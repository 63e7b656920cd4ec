import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliShapes } from '../../shared/contract/cli-shapes.ts';
import { inParallel, jsonLines, openCliBench, treeHashes } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';

let bench: CliBench;
let directory = '';
beforeAll(async () => {
  bench = openCliBench();
  directory = await bench.newCase('case.handsight');
});
afterAll(() => bench.close());

const commands = [
  'demo',
  'devices',
  'case',
  'handset',
  'identifier',
  'plan',
  'acquire',
  'capture',
  'attach',
  'import',
  'imports',
  'import-output',
  'intake',
  'changes',
  'undo',
  'event',
  'analyse',
  'exhibits',
  'flows',
  'messages',
  'findings',
  'records',
  'identifiers',
  'events',
  'search',
  'finding',
  'compare',
  'complaint',
  'claims',
  'report',
  'verify',
  'schema',
];

describe('wrong usage', () => {
  test('--help lists what is built and nothing else', async () => {
    const { code, stdout } = await bench.run(['--help']);
    expect(code).toBe(0);
    const listed = stdout
      .slice(stdout.indexOf('Commands:'))
      .split('\n')
      .slice(1)
      .flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1]?.split('|')[0] ?? []);
    expect(listed.toSorted()).toEqual(commands.toSorted());
  });

  test('options and values that are not built are not in the help of their commands', async () => {
    const report = await bench.must(['report', '--help']);
    expect(report.stdout).not.toMatch(/public|csv|case-uco|\bseal\b/);
    const capture = await bench.must(['capture', '--help']);
    expect(capture.stdout).not.toMatch(/proxy|pcapdroid|gateway/);
  });

  const refused: readonly (readonly [string, () => readonly string[]])[] = [
    ['an unknown command', () => ['frobnicate']],
    ['seal', () => ['seal', directory, '--out', bench.path('bundle')]],
    ['an unknown option', () => ['case', 'show', directory, '--frobnicate']],
    ['an unknown subcommand', () => ['case', 'frobnicate', directory]],
    ['--edition public', () => report('public', 'html')],
    ['--format csv', () => report('full', 'csv')],
    ['--format case', () => report('full', 'case')],
    ['--method proxy', () => ['capture', directory, ...where, '--method', 'proxy']],
    ['an unknown profile', () => ['acquire', directory, ...where, '--profile', 'thorough']],
    ['an unknown language', () => ['case', 'show', directory, '--lang', 'fr']],
    ['an unknown schema', () => ['schema', 'frobnicate']],
    ['an unknown identifier kind', () => identifier('shoe-size', '43')],
    ['an unknown event kind', () => event('party')],
    ['an unknown role', () => ['handset', 'add', directory, '--label', 'x', '--role', 'toy']],
    ['an unknown verdict', () => ['finding', 'decide', directory, 'F0001', 'shrug', '--reason', 'r']],
  ];
  const where = ['--serial', 's', '--handset', 'H1', '--label', 'l'];
  const report = (edition: string, format: string): string[] => [
    'report',
    directory,
    '--edition',
    edition,
    '--format',
    format,
    '--out',
    bench.path('report'),
  ];
  const identifier = (kind: string, value: string): string[] => [
    'identifier',
    'add',
    directory,
    '--handset',
    'H1',
    '--kind',
    kind,
    '--value',
    value,
    '--source',
    'label',
  ];
  const event = (kind: string): string[] => [
    'event',
    'add',
    directory,
    '--run',
    'R1',
    '--kind',
    kind,
    '--at',
    '2014-08-07T10:00:00Z',
    '--text',
    't',
  ];
  const malformed: readonly (readonly [string, () => readonly string[]])[] = [
    ['no command', () => []],
    ['a group without its verb', () => ['finding']],
    ['a missing option', () => ['case', 'new', bench.path('never')]],
    ['a missing argument', () => ['case', 'show']],
    ['one argument too many', () => ['case', 'show', directory, 'more']],
    ['a seed that is no number', () => ['demo', '--out', bench.path('never'), '--seed', 'x']],
    ['workers that are no number', () => ['analyse', directory, '--workers', 'many']],
    ['no seconds', () => ['capture', directory, ...where, '--method', 'tcpdump', '--seconds', '0']],
    [
      'a kind without a value',
      () => ['identifier', 'add', directory, '--handset', 'H1', '--kind', 'imei', '--source', 's'],
    ],
  ];

  test('is exit 2, says so in one place, and touches nothing', { timeout: 180_000 }, async () => {
    const before = treeHashes(directory);
    await inParallel(refused, async ([what, args]) => {
      const { code, stdout, stderr } = await bench.run(args());
      expect(code, `${what}: ${stderr}`).toBe(2);
      expect(stdout, what).toBe('');
      expect(stderr, what).toContain('not in this version');
    });
    await inParallel(malformed, async ([what, args]) => {
      const { code, stdout, stderr } = await bench.run(args());
      expect(code, `${what}: ${stderr}`).toBe(2);
      expect(stdout, what).toBe('');
      expect(stderr.trim(), what).not.toBe('');
    });
    expect(treeHashes(directory)).toEqual(before);
    expect(existsSync(bench.path('never'))).toBe(false);
    expect(existsSync(bench.path('report'))).toBe(false);
  });
});

describe('schema', () => {
  test('every name prints a JSON Schema of an object, or of several', async () => {
    await inParallel(Object.keys(cliShapes), async (name) => {
      const { stdout } = await bench.must(['schema', name]);
      const schema = JSON.parse(stdout) as Record<string, unknown>;
      expect(schema['$schema'], name).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(schema['type'] === 'object' || Array.isArray(schema['anyOf']), name).toBe(true);
    });
  });
});

describe('what a case command prints', () => {
  test('results on standard output only, progress and messages on standard error only', async () => {
    const shown = await bench.must(['case', 'show', directory, '--json']);
    expect(shown.stderr).toBe('');
    expect(JSON.parse(shown.stdout)).toMatchObject({ number: '103-1', title: 'Reports home', examiner: 'Lin' });
    const missing = await bench.run(['case', 'show', bench.path('nowhere'), '--json']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('each profile is a list that can be read without a handset, the smaller within the larger', async () => {
    const listed = async (profile: string): Promise<string[]> => {
      const { stdout } = await bench.must(['plan', '--profile', profile, '--json']);
      return jsonLines(stdout).map((one) => {
        expect(one).toMatchObject({ serial: null, release: null, effect: null, profile });
        return `${String(one['collector'])}: ${String(one['command'])}`;
      });
    };
    const [quick, standard, full] = [await listed('quick'), await listed('standard'), await listed('full')];
    expect(standard).toEqual(expect.arrayContaining(quick));
    expect(full).toEqual(expect.arrayContaining(standard));
    expect(standard.length).toBeGreaterThan(quick.length);
    expect(full.length).toBeGreaterThan(standard.length);
  });

  test('--as names who acts; without it the examiner does', async () => {
    const other = await bench.newCase('acts.handsight');
    await bench.must(['handset', 'add', other, '--label', 'twin', '--role', 'twin', '--as', 'Chen']);
    const events = ['event', 'add', other, '--run', 'R1', '--kind', 'note', '--at', '2014-08-07T18:00:00+08:00'];
    const chen = await bench.must([...events, '--text', 'seal broken', '--as', 'Chen', '--json']);
    expect(JSON.parse(chen.stdout)).toMatchObject({ at: '2014-08-07T10:00:00.000000Z', source: 'attested by Chen' });
    const lin = await bench.must([...events, '--text', 'seal broken', '--json']);
    expect(JSON.parse(lin.stdout)).toMatchObject({ source: 'attested by Lin' });
  });
});
