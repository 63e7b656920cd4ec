// What `analyse` costs beside its peers on one capture, and whether it found everything: `npm run bench [-- MEGABYTES [RUNS]]`.
// HANDSIGHT_BENCH_MB (1000) and HANDSIGHT_BENCH_RUNS (3) say the same; a speed goal is never a failure, a missed identifier is.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchCase, wholeNumber } from './bench-case.ts';
import type { Answers } from './bench-case.ts';
import { writeBigCapture } from './big-capture.ts';
import type { BigCapture } from './big-capture.ts';
import { checkCompleteness } from './completeness.ts';
import { analyseInsideElectron } from './electron-run.ts';
import { printGoals } from './goals.ts';
import { inFolder } from './in-folder.ts';
import { medianOf, run } from './measure.ts';
import type { Cost } from './measure.ts';
import { commandOf, loadAverage, peers } from './peers.ts';
import type { PeerPaths } from './peers.ts';
import { ours, oursImport, oursInElectron, oursWithWorkers, plainCopy } from './rows.ts';
import { printTable, say } from './tell.ts';

const megabytes = wholeNumber(process.argv[2] ?? process.env['HANDSIGHT_BENCH_MB'], 1000);
const runs = wholeNumber(process.argv[3] ?? process.env['HANDSIGHT_BENCH_RUNS'], 3);
const workers = wholeNumber(process.env['HANDSIGHT_BENCH_WORKERS'], 2);

type Costs = Map<string, Cost>;

interface Turn {
  readonly costs: Costs;
  /** What each way to analyse gave: all must be the same. */
  readonly answers: ReadonlyMap<string, Answers>;
}

/** One turn: a fresh case, import, analysis on one thread and on several, and beside them the peers on the same file. */
async function takeTurn(folder: string, capture: BigCapture, paths: PeerPaths, insideElectron: boolean): Promise<Turn> {
  const costs: Costs = new Map();
  const answers = new Map<string, Answers>();
  const bench = await BenchCase.make(folder, capture.identifiers);
  costs.set(oursImport, await bench.import(paths.capture));
  for (const [name, count] of [
    [ours, 1],
    [oursWithWorkers, workers],
  ] as const) {
    costs.set(name, await bench.analyse(count));
    answers.set(name, await bench.answers());
  }
  if (insideElectron) {
    bench.dropDerived();
    const cost = await analyseInsideElectron(bench.directory);
    if ('absent' in cost) say(`not measured inside Electron: ${cost.absent}`);
    else {
      costs.set(oursInElectron, cost);
      answers.set(oursInElectron, await bench.answers());
    }
  }
  bench.remove();
  await measurePeers(paths, costs);
  return { costs, answers };
}

async function measurePeers(paths: PeerPaths, costs: Costs): Promise<void> {
  const copy = `cp "$0" "$1" && sync "$1" && sha256sum "$1"`;
  const copied = join(paths.scratch, 'copy.pcap');
  const copying = { file: 'sh', args: ['-c', copy, paths.capture, copied], keepOutput: false };
  costs.set(plainCopy, (await run(copying)).cost);
  rmSync(copied, { force: true });
  for (const peer of peers) {
    const command = commandOf(peer, paths);
    if (command === null) continue;
    const end = await run(command);
    if (end.code === null || !peer.fine.includes(end.code)) {
      throw new Error(`${peer.name}: exit ${end.code}\n${end.stderr.slice(-2000)}`);
    }
    costs.set(peer.name, end.cost);
    rmSync(join(paths.scratch, 'tcpflow'), { recursive: true, force: true });
  }
}

async function bench(folder: string): Promise<boolean> {
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch);
  const paths: PeerPaths = { capture: join(folder, 'bench.pcap'), words: join(folder, 'words.txt'), scratch };
  say(`making a capture of ${megabytes} MB …`);
  const capture = writeBigCapture(paths.capture, megabytes);
  writeFileSync(paths.words, capture.identifiers.map(({ value }) => `${value}\n`).join(''));
  say(
    `${(capture.bytes / 1e6).toFixed(1)} MB, ${capture.packets} packets, ${capture.identifiers.length} identifiers, ${capture.plants.length} planted; ${runs} run(s), the middle one by wall time is shown; Node ${process.version}`,
  );
  const turns: Turn[] = [];
  const before = loadAverage();
  for (let n = 0; n < runs; n += 1) turns.push(await takeTurn(folder, capture, paths, n === runs - 1));
  say(`load before ${before}, after ${loadAverage()}`);
  const names = [ours, oursWithWorkers, oursInElectron, oursImport, plainCopy, ...peers.map(({ name }) => name)];
  const costs: Costs = new Map();
  for (const name of names) {
    const measured = turns.map((turn) => turn.costs.get(name)).filter((cost) => cost !== undefined);
    if (measured.length > 0) costs.set(name, medianOf(measured));
  }
  printTable(names, costs, ours, capture.bytes);
  say(
    `«${oursWithWorkers}»: --workers ${workers}; inside Electron: once, as the window does it, memory of its largest process`,
  );
  printGoals(costs, capture.bytes);
  return printCompleteness(capture, turns);
}

/** @returns whether everything was found, nothing else was claimed, and every way to analyse gave the same */
function printCompleteness(capture: BigCapture, turns: readonly Turn[]): boolean {
  const all = turns.flatMap((turn) => [...turn.answers]);
  const [first] = all;
  if (first === undefined) return false;
  const [, { findings, identifiers, findingsHash }] = first;
  const { planted, found, confidence, faults } = checkCompleteness(capture.plants, findings, identifiers);
  const shares = Object.entries(confidence).map(([name, count]) => `${count} ${name}`);
  say('');
  say(
    `completeness: ${found} of ${planted} planted identifiers found (${shares.join(', ')}), ${faults.length} fault(s); ${all.length} analyses compared`,
  );
  for (const fault of faults.slice(0, 40)) say(`  ${fault}`);
  const other = all.filter(([, answers]) => answers.findingsHash !== findingsHash).map(([name]) => name);
  if (other.length > 0) say(`  the findings are not the same: ${other.join(', ')}`);
  return faults.length === 0 && other.length === 0;
}

await inFolder(bench);
