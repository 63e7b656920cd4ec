import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBigCapture } from '../bench/big-capture.ts';
import { makeWorld } from '../demo-world/world.ts';
import { writeCaptures } from '../traffic-generator/index.ts';
import { openCliBench } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';
/** More than one thread is used for one capture from 8 MiB on. */
const bigMegabytes = full ? 120 : 12;

let bench: CliBench;
beforeAll(() => {
  bench = openCliBench();
});
afterAll(() => bench.close());

/** In the quick tier the digests of all tables stand for what the commands would print of them. */
const sources = full ? ['findings', 'flows', 'messages', 'records', 'exhibits'] : ['findings'];

/** Everything that is derived, as a person or program gets it, and the digest of every table of the index. */
async function derived(directory: string): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const source of sources) {
    const { stdout } = await bench.must([source, directory, '--json']);
    said[source] = `${stdout.split('\n').length} ${createHash('sha256').update(stdout).digest('hex')}`;
  }
  const pointer = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as { digests: object };
  return { ...said, tables: JSON.stringify(pointer.digests) };
}

function dropDerived(directory: string): void {
  const names = readdirSync(directory).filter((name) => /^index[-.]/.test(name));
  // The pointer and one generation, or there was nothing to rebuild.
  expect(names.length).toBeGreaterThanOrEqual(2);
  for (const name of names) rmSync(join(directory, name));
}

/** Analyses once with each number of workers, from nothing; the answers must not differ in one byte. */
async function sameWithEvery(directory: string, workers: readonly number[]): Promise<string> {
  let first: Record<string, string> | null = null;
  for (const count of workers) {
    if (first !== null) dropDerived(directory);
    const { code, stderr } = await bench.run(['analyse', directory, '--workers', String(count)]);
    expect(code === 0 || code === 4, stderr).toBe(true);
    const now = await derived(directory);
    expect(now, `${count} worker(s)`).toEqual((first ??= now));
  }
  return first?.['findings'] ?? '';
}

describe('derived data', () => {
  test('of the demonstration’s captures is the same byte for byte, deleted and rebuilt, with one worker and several', async () => {
    const world = makeWorld(20_140_807);
    const directory = await bench.newCase('world.handsight');
    const { H1 } = world.handsets;
    for (const [kind, value] of [
      ['imei', H1.imei],
      ['imsi', H1.imsi],
      ['msisdn', H1.msisdn],
      ['wifi-mac', H1.wifiMac],
      ['android-id', H1.androidId],
    ] as const) {
      const words = ['--handset', 'H1', '--kind', kind, '--value', value, '--source', 'label'];
      await bench.must(['identifier', 'add', directory, ...words]);
    }
    for (const capture of writeCaptures(world, bench.path('captures')))
      await bench.must(['import', directory, capture.path, '--handset', 'H1', '--label', capture.label]);
    const findings = await sameWithEvery(directory, full ? [1, 2, 3, 1] : [1, 2]);
    expect(Number(findings.split(' ')[0])).toBeGreaterThan(10);
  }, 300_000);

  test('of one large capture is the same byte for byte, dissected and searched in one thread or apart', async () => {
    const path = bench.path('big.pcap');
    const { identifiers, plants } = writeBigCapture(path, bigMegabytes, 3);
    const directory = await bench.newCase('big.handsight');
    const values = bench.path('values.csv');
    writeFileSync(values, identifiers.map(({ kind, value }) => `${kind},${value}\n`).join(''));
    const words = ['--handset', 'H1', '--source', 'label', '--values-from', values];
    await bench.must(['identifier', 'add', directory, ...words]);
    await bench.must(['import', directory, path, '--handset', 'H1', '--label', 'big']);
    const findings = await sameWithEvery(directory, full ? [1, 2, 3, 1] : [1, 3]);
    expect(Number(findings.split(' ')[0])).toBeGreaterThan(plants.length);
  }, 600_000);
});
