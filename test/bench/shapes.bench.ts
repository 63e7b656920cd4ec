// Shapes of traffic that are cheap to make and dear to read: a million SYNs, one conversation of 4 GB, zeros.
// `npm run bench -- shapes [PERCENT]`: 100 unless said otherwise, of these sizes. Fails when one of the two planted
// identifiers is missed or anything else is claimed, never for speed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorld } from '../demo-world/world.ts';
import { BenchCase, wholeNumber } from './bench-case.ts';
import { inFolder } from './in-folder.ts';
import { shapes } from './shapes.ts';
import type { Shape } from './shapes.ts';
import { say } from './tell.ts';
import { identifiersOf } from './writings.ts';

const percent = wholeNumber(process.argv[2], 100);
const memoryMiB = 400;

async function measure(folder: string, shape: Shape, megabytes: number): Promise<boolean> {
  const identifiers = identifiersOf(makeWorld(1));
  const imei = identifiers.find(({ kind }) => kind === 'imei')?.value ?? '';
  const path = join(folder, 'shape.pcap');
  const { bytes, packets } = shape.write(path, megabytes, imei);
  const bench = await BenchCase.make(folder, identifiers);
  await bench.import(path);
  rmSync(path);
  let right = true;
  const hashes = new Set<string>();
  for (const workers of [1, 2]) {
    const cost = await bench.analyse(workers);
    const { findings, findingsHash } = await bench.answers();
    hashes.add(findingsHash);
    const stated = findings.filter(({ confidence }) => confidence !== 'possible');
    const frames = new Set(stated.map((one) => one.frames[0]?.frame));
    // The second packet of the file, and its last one.
    const found = [2, packets].filter((frame) => frames.has(frame)).length;
    right &&= found === 2 && stated.length === 2;
    const figures = [
      `${(bytes / 1e6).toFixed(0)} MB`,
      `${packets} packets`,
      `${workers} worker(s)`,
      `${cost.wallSeconds.toFixed(2)} s`,
      `${(bytes / 1e6 / cost.wallSeconds).toFixed(0)} MB/s`,
      `${(packets / 1e6 / cost.wallSeconds).toFixed(2)} million packets/s`,
      `${cost.peakMiB?.toFixed(0) ?? '-'} MiB (goal <= ${memoryMiB})`,
      `${found} of 2 found, ${stated.length - found} too many`,
    ];
    say(`${shape.name}: ${figures.join(', ')}`);
  }
  if (hashes.size > 1) say('  the findings are not the same with one worker and with several');
  bench.remove();
  return right && hashes.size === 1;
}

await inFolder(async (folder) => {
  let right = true;
  for (const [shape, megabytes] of shapes) {
    right = (await measure(folder, shape, Math.max(1, Math.round((megabytes * percent) / 100)))) && right;
  }
  return right;
});
