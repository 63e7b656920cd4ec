import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { bigCapture, jsonLines, openCliBench, tellingCapture } from './cli-bench.ts';
import type { CliBench, CliEnd, Running } from './cli-bench.ts';

const bigBytes = 96 * 1024 * 1024;

let bench: CliBench;
let big = '';
let small = '';
beforeAll(() => {
  bench = openCliBench();
  big = bench.path('big.pcap');
  small = bench.path('small.pcap');
  writeFileSync(big, bigCapture(bigBytes));
  writeFileSync(small, tellingCapture().bytes);
});
afterAll(() => bench.close());

/** Sends a signal once the command has said something, and waits for its end. */
async function interrupt(running: Running, when: RegExp, signal: NodeJS.Signals): Promise<CliEnd> {
  const deadline = performance.now() + 60_000;
  while (!when.test(running.said())) {
    if (performance.now() > deadline || running.child.exitCode !== null) {
      throw new Error(`never said ${when.source}: ${running.said()}`);
    }
    await sleep(5);
  }
  running.child.kill(signal);
  return running.end;
}

function exhibitsOf(end: CliEnd): Exhibit[] {
  return jsonLines(end.stdout) as unknown as Exhibit[];
}

/** Processes whose command line or surroundings name this bench. */
function processesLeft(): string[] {
  if (process.platform !== 'linux') return [];
  const names = (pid: string): boolean =>
    ['environ', 'cmdline'].some((file) => {
      try {
        return readFileSync(join('/proc', pid, file), 'latin1').includes(bench.folder);
      } catch {
        return false;
      }
    });
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && names(name));
}

describe('Ctrl-C', () => {
  test('in the middle of an import: 130, nothing half is taken for whole, the next import works', async () => {
    const directory = await bench.newCase('import.handsight');
    await bench.must(['import', directory, small]);
    const end = await interrupt(bench.start(['import', directory, big]), /big\.pcap/, 'SIGINT');
    expect(end, end.stderr).toMatchObject({ code: 130, signal: null });
    expect(end.stderr.trim().split('\n').at(-1)).toMatch(/interrupted/i);
    const after = exhibitsOf(await bench.must(['exhibits', directory, '--json']));
    expect(after.map((one) => one.originalName)).toEqual(['small.pcap']);
    // What was copied waits, and is no exhibit: the same import goes on with it.
    const cut = jsonLines((await bench.must(['imports', directory, '--json'])).stdout);
    expect(cut.length).toBeLessThanOrEqual(1);
    await bench.must(['verify', directory]);
    await bench.must(['import', directory, small, '--label', 'again']);
    const whole = await bench.must(['import', directory, big, '--json']);
    if (cut.length > 0) expect(whole.stderr).toMatch(/goes on/);
    expect(exhibitsOf(whole)).toMatchObject([{ originalName: 'big.pcap', outcome: 'read', bytes: statSync(big).size }]);
    expect(readdirSync(join(directory, 'exhibits', '.incoming'))).toEqual([]);
    expect(processesLeft()).toEqual([]);
  });

  test('between two files of an import: the first one stays', async () => {
    const directory = await bench.newCase('two.handsight');
    const end = await interrupt(bench.start(['import', directory, small, big]), /big\.pcap/, 'SIGINT');
    expect(end.code, end.stderr).toBe(130);
    const after = exhibitsOf(await bench.must(['exhibits', directory, '--json']));
    expect(after.map((one) => one.originalName)).toEqual(['small.pcap']);
    await bench.must(['verify', directory]);
  });

  test('in the middle of an analysis and of a search: 130, the old index stays, the next one works', async () => {
    const directory = await bench.newCase('analyse.handsight');
    await bench.must(['import', directory, small]);
    await bench.must(['analyse', directory]);
    await bench.must(['import', directory, big]);
    const analysis = await interrupt(bench.start(['analyse', directory]), /captures [1-9]/, 'SIGINT');
    expect(analysis, analysis.stderr).toMatchObject({ code: 130, signal: null });
    expect(readdirSync(directory).filter((name) => /^index-\d+\.sqlite$/.test(name))).toEqual(['index-1.sqlite']);
    const query = await interrupt(bench.start(['flows', directory, '--json']), /captures [1-9]/, 'SIGINT');
    expect(query, query.stderr).toMatchObject({ code: 130, stdout: '' });
    const search = await interrupt(bench.start(['search', directory, 'nowhere to be found']), /exhibits/, 'SIGINT');
    expect(search.code, search.stderr).toBe(130);
    const verify = await interrupt(bench.start(['verify', directory]), /exhibits/, 'SIGINT');
    expect(verify.code, verify.stderr).toBe(130);
    expect(processesLeft()).toEqual([]);
    await bench.must(['analyse', directory]);
    expect((await bench.must(['flows', directory, '--json'])).stdout).not.toBe('');
  });

  test('in the middle of the demonstration: 130, no process is left, and nothing that could not go on', async () => {
    const directory = bench.path('demo.handsight');
    const end = await interrupt(bench.start(['demo', '--out', directory]), /founding-before:R2 2/, 'SIGINT');
    expect(end, end.stderr).toMatchObject({ code: 130, signal: null });
    expect(processesLeft()).toEqual([]);
    expect(readdirSync(bench.temporary)).toEqual([]);
    // Its synthetic case cannot be gone on with: the place is free for the next one.
    expect(existsSync(directory)).toBe(false);
  });

  test('`devices --watch` goes on until then: its end is orderly, and its adb server ends with it', async () => {
    const running = bench.start(['devices', '--watch']);
    await sleep(1500);
    running.child.kill('SIGINT');
    const end = await running.end;
    expect(end, end.stderr).toMatchObject({ code: 0, signal: null });
    expect(processesLeft()).toEqual([]);
  });
});

describe('SIGKILL', () => {
  test('in the middle of an import: nothing of it becomes an exhibit, and everything verifies', async () => {
    const directory = await bench.newCase('killed.handsight');
    await bench.must(['import', directory, small]);
    const end = await interrupt(bench.start(['import', directory, big]), /big\.pcap/, 'SIGKILL');
    expect(end.signal).toBe('SIGKILL');
    await bench.must(['verify', directory]);
    await bench.must(['import', directory, small, '--label', 'next']);
    await bench.must(['verify', directory]);
    const after = exhibitsOf(await bench.must(['exhibits', directory, '--json']));
    expect(after.filter((one) => one.originalName === 'small.pcap')).toHaveLength(2);
    expect(after.filter((one) => one.originalName === 'big.pcap')).toEqual([]);
    const [cut] = jsonLines((await bench.must(['imports', directory, '--json'])).stdout);
    if (cut !== undefined) await bench.must(['imports', directory, '--discard', String(cut['id'])]);
    expect(readdirSync(join(directory, 'exhibits', '.incoming'))).toEqual([]);
    await bench.must(['verify', directory]);
  });

  test('in the middle of an analysis: no half index is used, the next one works', async () => {
    const directory = await bench.newCase('killed-analysis.handsight');
    await bench.must(['import', directory, big]);
    const end = await interrupt(bench.start(['analyse', directory]), /captures [1-9]/, 'SIGKILL');
    expect(end.signal).toBe('SIGKILL');
    await bench.must(['verify', directory]);
    await bench.must(['analyse', directory]);
    const names = readdirSync(directory).filter((name) => name.startsWith('index-'));
    expect(names).toHaveLength(1);
  });
});

describe('two command lines at once', () => {
  test('one of them waits its turn with a clear line, or both get theirs; nothing is lost', async () => {
    const directory = await bench.newCase('both.handsight');
    const ends = await Promise.all(
      ['a', 'b', 'c', 'd'].map((label) => bench.run(['import', directory, small, '--label', label, '--json'])),
    );
    for (const end of ends) {
      expect([0, 1], end.stderr).toContain(end.code);
      if (end.code === 1) expect(end.stderr).toMatch(/Another process is writing to this case/);
    }
    const done = ends.filter((end) => end.code === 0);
    expect(done.length).toBeGreaterThan(0);
    const stored = exhibitsOf(await bench.must(['exhibits', directory, '--json']));
    expect(stored).toHaveLength(done.length);
    await bench.must(['verify', directory]);
  });
});
