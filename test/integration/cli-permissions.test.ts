import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { imei, jsonLines, openCliBench, tellingCapture, treeHashes } from './cli-bench.ts';
import type { CliBench, CliEnd } from './cli-bench.ts';

const asRoot = process.getuid?.() === 0;
/** Permissions do not bind root: there the program runs as nobody. */
const under = asRoot ? { under: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] } : {};
const bound = process.platform !== 'win32' && (!asRoot || spawnSync('setpriv', ['--reuid=65534', 'true']).status === 0);

let bench: CliBench;
let whole = '';
let exhibits: Exhibit[] = [];
let copies = 0;

beforeAll(async () => {
  bench = openCliBench();
  whole = await bench.newCase('whole.handsight');
  const first = bench.path('first.pcap');
  writeFileSync(first, tellingCapture().bytes);
  const second = bench.path('second.pcap');
  writeFileSync(second, tellingCapture('needle-in-text', 51_235).bytes);
  const source = ['--handset', 'H1', '--source', 'label'];
  await bench.must(['identifier', 'add', whole, ...source, '--kind', 'imei', '--value', imei]);
  await bench.must(['import', whole, first, second, '--handset', 'H1', '--label', 'before']);
  await bench.must(['analyse', whole]);
  exhibits = jsonLines((await bench.must(['exhibits', whole, '--json'])).stdout) as unknown as Exhibit[];
  chmodSync(bench.folder, 0o755);
  if (asRoot) execFileSync('chown', ['-R', '65534:65534', bench.home, bench.temporary]);
});
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+rwX', bench.folder]);
  bench.close();
});

/** A copy that whoever runs the program owns. */
function copy(): string {
  copies += 1;
  const target = bench.path(`copy-${copies}.handsight`);
  cpSync(whole, target, { recursive: true });
  if (asRoot) execFileSync('chown', ['-R', '65534:65534', target]);
  return target;
}

const run = async (...args: readonly string[]): Promise<CliEnd> => bench.run(args, under);

/** One clear line, no trace. */
function expectWorded(end: CliEnd, code: number, words: RegExp): void {
  expect(end.code, end.stderr).toBe(code);
  expect(end.stderr).toMatch(words);
  expect(end.stderr).not.toMatch(/inside the program|^\s+at /m);
}

describe.skipIf(!bound)('what may not be read', () => {
  test.each([['verify'], ['findings'], ['search', 'x'], ['case', 'show']])(
    'a case folder without any permission: %s says so',
    async (...words) => {
      const [command = '', ...rest] = words;
      const directory = copy();
      chmodSync(directory, 0);
      const args = command === 'case' ? [...words, directory] : [command, directory, ...rest];
      const end = await run(...args);
      chmodSync(directory, 0o700);
      expectWorded(end, 1, /cannot be read: .*copy-\d+\.handsight\. Change its permissions/);
    },
  );

  test('the folder of exhibits: verify names it and them, not the database', async () => {
    const directory = copy();
    chmodSync(join(directory, 'exhibits'), 0);
    const end = await run('verify', directory, '--json');
    chmodSync(join(directory, 'exhibits'), 0o700);
    expect(end.code, end.stderr).toBe(3);
    const wrong = jsonLines(end.stdout).filter((one) => one['ok'] === false && one['summary'] === undefined);
    expect(wrong.map((one) => one['subject'])).toEqual([...exhibits.map((one) => one.id), 'exhibits']);
    for (const one of wrong) expect(String(one['detail'])).toMatch(/cannot be read: EACCES/);
  });

  test('the index: verify names it', async () => {
    const directory = copy();
    const name = readdirSync(directory).find((one) => /^index-\d+\.sqlite$/.test(one)) ?? '';
    chmodSync(join(directory, name), 0);
    const end = await run('verify', directory);
    expectWorded(end, 3, /^/);
    expect(end.stdout + end.stderr).toMatch(new RegExp(`${name}.*cannot be read`));
  });

  test('an exhibit: a search looks through the others and names it; an analysis does not leave it out', async () => {
    const directory = copy();
    const [closed, open] = exhibits;
    if (closed === undefined || open === undefined) throw new Error('no exhibits');
    const file = join(directory, 'exhibits', closed.sha256.slice(0, 2), closed.sha256);
    chmodSync(file, 0);
    const end = await run('search', directory, 'needle-in-text', '--json');
    expectWorded(end, 4, new RegExp(`${closed.id} .*could not be read \\(it may not be read`));
    const found = jsonLines(end.stdout).map((one) => one['exhibit']);
    expect(found).not.toEqual([]);
    expect(new Set(found)).toEqual(new Set([open.id]));
    for (const name of readdirSync(directory)) if (name.startsWith('index')) rmSync(join(directory, name));
    expectWorded(await run('analyse', directory), 1, new RegExp(`cannot be read: .*${closed.sha256}`));
    expect(readdirSync(directory).filter((one) => one.startsWith('index'))).toEqual([]);
  });
});

describe.skipIf(!bound)('a case that can only be read', () => {
  test('and holds no index answers as ever, from the temporary folder, and nothing stays', async () => {
    const directory = copy();
    const expected = (await run('findings', directory, '--json')).stdout;
    expect(expected).not.toBe('');
    for (const name of readdirSync(directory)) if (name.startsWith('index')) rmSync(join(directory, name));
    execFileSync('chmod', ['-R', 'a-w', directory]);
    const before = treeHashes(directory);
    const end = await run('findings', directory, '--json');
    expectWorded(end, 0, /built in the temporary folder/);
    expect(end.stdout).toBe(expected);
    expect((await run('exhibits', directory, '--lang', 'zh-Hant')).stderr).toMatch(/暫存資料夾/);
    expect(treeHashes(directory)).toEqual(before);
    expect(readdirSync(bench.temporary)).toEqual([]);
  });
});

describe('a temporary folder that is not there', () => {
  test('devices says which', async () => {
    const end = await bench.run(['devices'], { env: { TMPDIR: '/nonexistent' } });
    expectWorded(end, 1, /not there: \/nonexistent/);
  });

  test('a demonstration says which, and leaves nothing', async () => {
    const out = bench.path('no-temporary.handsight');
    const end = await bench.run(['demo', '--out', out], { env: { TMPDIR: '/nonexistent' } });
    expectWorded(end, 1, /not there: \/nonexistent/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a demonstration that does not end', () => {
  test.each([
    ['a new folder', false],
    ['an empty one that was there', true],
  ])('on Ctrl-C its unfinished case in %s is gone, and it says so', async (_where, there) => {
    const out = bench.path(`stopped-${there}.handsight`);
    if (there) mkdirSync(out);
    const running = bench.start(['demo', '--out', out]);
    const deadline = performance.now() + 60_000;
    while (!existsSync(join(out, '.demonstration-work', 'gateway'))) {
      if (performance.now() > deadline || running.child.exitCode !== null) throw new Error(running.said());
      await sleep(10);
    }
    running.child.kill('SIGINT');
    const end = await running.end;
    expectWorded(end, 130, /was stopped, and its unfinished case was removed/);
    expect(end.stderr).not.toMatch(/to go on/);
    expect(there ? readdirSync(out) : existsSync(out)).toEqual(there ? [] : false);
  });

  const mounts =
    process.platform === 'linux' &&
    spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0;
  test.for([1, 3, 6])(
    'on a full disk of %i MB it is the disk, and its unfinished case is gone',
    async (megabytes, { skip }) => {
      if (!mounts) skip('no right to mount here');
      const place = bench.path(`disk-${megabytes}`);
      mkdirSync(place);
      const script = `mount -t tmpfs -o size=${megabytes}m none "${place}" && "$@"; code=$?; ls -A "${place}" >&2; exit $code`;
      const end = await bench.run(['demo', '--out', join(place, 'a.handsight')], {
        under: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
      });
      expectWorded(end, 1, /The disk is full: .*its unfinished case was removed/);
      expect(end.stderr).not.toMatch(/^a\.handsight$/m);
    },
  );
});
