// Does the cost grow with the size, and the memory not? `npm run bench -- scale [MEGABYTES …]` (1000 4000 10000; needs twice
// the largest on the disk of the temporary folder). Fails when something planted is missed, never for speed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BenchCase, wholeNumber } from './bench-case.ts';
import { writeBigCapture } from './big-capture.ts';
import { checkCompleteness } from './completeness.ts';
import { inFolder } from './in-folder.ts';
import type { Cost } from './measure.ts';
import { say } from './tell.ts';

const sizes =
  process.argv.length > 2 ? process.argv.slice(2).map((text) => wholeNumber(text, 1)) : [1000, 4000, 10_000];
const workerCounts = [1, 2];
const memoryMiB = 400;

interface Line {
  readonly megabytes: number;
  readonly workers: number;
  readonly cost: Cost;
}

async function measure(folder: string, size: number, lines: Line[]): Promise<boolean> {
  const path = join(folder, 'scale.pcap');
  say(`making a capture of ${size} MB …`);
  const capture = writeBigCapture(path, size);
  const bench = await BenchCase.make(folder, capture.identifiers);
  const imported = await bench.import(path);
  rmSync(path);
  say(`import: ${imported.wallSeconds.toFixed(1)} s, ${(capture.bytes / 1e6 / imported.wallSeconds).toFixed(0)} MB/s`);
  let whole = true;
  const hashes = new Set<string>();
  for (const workers of workerCounts) {
    const cost = await bench.analyse(workers);
    const { findings, identifiers, findingsHash } = await bench.answers();
    const { planted, found, faults } = checkCompleteness(capture.plants, findings, identifiers);
    hashes.add(findingsHash);
    lines.push({ megabytes: capture.bytes / 1e6, workers, cost });
    say(row(lines.at(-1), `${found} of ${planted} found, ${faults.length} fault(s)`));
    for (const fault of faults.slice(0, 10)) say(`  ${fault}`);
    whole &&= faults.length === 0;
  }
  if (hashes.size > 1) say('  the findings are not the same with one worker and with several');
  bench.remove();
  return whole && hashes.size === 1;
}

function row(line: Line | undefined, rest: string): string {
  if (line === undefined) return '';
  const { megabytes, workers, cost } = line;
  const figures = [
    megabytes.toFixed(0),
    String(workers),
    cost.wallSeconds.toFixed(2),
    cost.cpuSeconds?.toFixed(2) ?? '-',
    (megabytes / cost.wallSeconds).toFixed(0),
    cost.peakMiB?.toFixed(0) ?? '-',
  ];
  return figures.map((cell) => cell.padStart(10)).join('') + `  ${rest}`;
}

async function bench(folder: string): Promise<boolean> {
  const lines: Line[] = [];
  let whole = true;
  for (const size of sizes) whole = (await measure(folder, size, lines)) && whole;
  say('');
  say(['MB', 'workers', 'wall s', 'CPU s', 'MB/s', 'peak MiB'].map((cell) => cell.padStart(10)).join(''));
  for (const line of lines) say(row(line, ''));
  for (const workers of workerCounts) summarise(lines.filter((line) => line.workers === workers));
  return whole;
}

function summarise(lines: readonly Line[]): void {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const speed = ({ megabytes, cost }: Line): number => megabytes / cost.wallSeconds;
  const peaks = lines.map(({ cost }) => cost.peakMiB ?? 0);
  const grown = (last.cost.peakMiB ?? 0) - (first.cost.peakMiB ?? 0);
  say(
    `${first.workers} worker(s): speed of the largest / of the smallest ${(speed(last) / speed(first)).toFixed(2)} (1: linear); peak ${Math.max(...peaks).toFixed(0)} MiB (goal <= ${memoryMiB}), largest less smallest ${grown.toFixed(0)} MiB`,
  );
}

await inFolder(bench);
