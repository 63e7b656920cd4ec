// What `analyse` costs beside its peers on one capture, and whether it found everything: `npm run bench [-- MEGABYTES [RUNS]]`.
// HANDSIGHT_BENCH_MB (200) and HANDSIGHT_BENCH_RUNS (1) say the same; a speed goal is never a failure, a missed identifier is.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { writeBigCapture } from './big-capture.ts';
import type { BigCapture } from './big-capture.ts';
import { checkCompleteness } from './completeness.ts';
import type { Completeness } from './completeness.ts';
import { medianOf, run } from './measure.ts';
import type { Cost, Ended } from './measure.ts';
import { commandOf, loadAverage, ndpiReader, peers, sha256sum, tsharkFields } from './peers.ts';
import type { PeerPaths } from './peers.ts';
import { printTable, ratio, say } from './tell.ts';

const program = process.env['HANDSIGHT_BENCH_CLI'] ?? fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url));
const ours = 'handsight analyse';
const oursImport = 'handsight import';
const plainCopy = 'cp + sync + sha256sum';

const megabytes = wholeNumber(process.argv[2] ?? process.env['HANDSIGHT_BENCH_MB'], 200);
const runs = wholeNumber(process.argv[3] ?? process.env['HANDSIGHT_BENCH_RUNS'], 1);
const workers = wholeNumber(process.env['HANDSIGHT_BENCH_WORKERS'], 1);

function wholeNumber(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`«${text}» is no whole number above zero`);
}

/** Runs the command line; anything but success (or success with gaps, 4) ends the benchmark. */
async function handsight(args: readonly string[], fine: readonly number[] = [0]): Promise<Ended> {
  const end = await run({ file: process.execPath, args: [program, ...args], keepOutput: true });
  if (end.code !== null && fine.includes(end.code)) return end;
  throw new Error(`handsight ${args[0]}: exit ${end.code}\n${end.stdout}${end.stderr}`);
}

async function rowsOf<Row>(command: readonly string[]): Promise<Row[]> {
  const { stdout } = await handsight([...command, '--json']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

interface Turn {
  readonly costs: ReadonlyMap<string, Cost>;
  readonly completeness: Completeness;
  /** Hash of the findings: every turn must give the same. */
  readonly findingsHash: string;
}

/** One turn: a fresh case, import and analysis, and beside them the peers on the same file. */
async function takeTurn(folder: string, capture: BigCapture, paths: PeerPaths): Promise<Turn> {
  const costs = new Map<string, Cost>();
  const directory = join(folder, 'bench.handsight');
  await handsight(['case', 'new', directory, '--number', 'BENCH', '--title', 'Benchmark', '--examiner', 'bench']);
  await handsight(['handset', 'add', directory, '--label', 'Synthetic']);
  const values = join(folder, 'identifiers.csv');
  await handsight(['identifier', 'add', directory, '--handset', 'H1', '--source', 'label', '--values-from', values]);
  const imported = await handsight(['import', directory, paths.capture, '--handset', 'H1', '--label', 'bench']);
  costs.set(oursImport, imported.cost);
  const analysed = await handsight(['analyse', directory, '--workers', String(workers)], [0, 4]);
  // Gaps are said by exit code 4: what could not be read whole has to be seen beside the figures.
  if (analysed.code === 4) say(analysed.stderr.trimEnd());
  costs.set(ours, analysed.cost);
  const findings = await rowsOf<Finding>(['findings', directory]);
  const identifiers = await rowsOf<Identifier>(['identifiers', directory]);
  rmSync(directory, { recursive: true, force: true });
  const completeness = checkCompleteness(capture.plants, findings, identifiers);
  const findingsHash = createHash('sha256').update(JSON.stringify(findings)).digest('hex');
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
  return { costs, completeness, findingsHash };
}

/** Wall decides; CPU stands beside it, because on a machine that others use it is the steadier figure. */
function printGoals(costs: ReadonlyMap<string, Cost>, bytes: number): void {
  const goal = (text: string, wish: string, of: (figure: (name: string) => number | null) => string): void => {
    const wall = of((name) => costs.get(name)?.wallSeconds ?? null);
    const cpu = of((name) => costs.get(name)?.cpuSeconds ?? null);
    say(`${text.padEnd(44)}${wish.padEnd(13)}${wall.padStart(8)}${cpu.padStart(9)}`);
  };
  say('');
  goalHead();
  goal(`${tsharkFields} / analyse`, '>= 8', (figure) => ratio(figure(tsharkFields), figure(ours)));
  goal(`analyse / ${ndpiReader}`, '<= 1.6', (figure) => ratio(figure(ours), figure(ndpiReader)));
  goal(`analyse / ${sha256sum}`, '<= 0.8', (figure) => ratio(figure(ours), figure(sha256sum)));
  goal(`analyse, MB/s, ${workers} worker(s)`, '>= 350', (figure) => ratio(bytes / 1e6, figure(ours)));
  goal(`import / (${plainCopy})`, '<= 1.3', (figure) => ratio(figure(oursImport), figure(plainCopy)));
}

function goalHead(): void {
  say(`${'goal'.padEnd(57)}${'by wall'.padStart(8)}${'by CPU'.padStart(9)}`);
}

async function bench(folder: string): Promise<boolean> {
  const scratch = join(folder, 'scratch');
  mkdirSync(scratch);
  const paths: PeerPaths = { capture: join(folder, 'bench.pcap'), words: join(folder, 'words.txt'), scratch };
  say(`making a capture of ${megabytes} MB …`);
  const capture = writeBigCapture(paths.capture, megabytes);
  writeFileSync(paths.words, capture.identifiers.map(({ value }) => `${value}\n`).join(''));
  const lines = capture.identifiers.map(({ kind, value }) => `${kind},${value}\n`).join('');
  writeFileSync(join(folder, 'identifiers.csv'), lines);
  say(
    `${(capture.bytes / 1e6).toFixed(1)} MB, ${capture.packets} packets, ${capture.identifiers.length} identifiers, ${capture.plants.length} planted; ${runs} run(s), ${workers} worker(s), Node ${process.version}`,
  );
  const turns: Turn[] = [];
  const before = loadAverage();
  for (let n = 0; n < runs; n += 1) turns.push(await takeTurn(folder, capture, paths));
  say(`load before ${before}, after ${loadAverage()}`);
  const names = [ours, oursImport, plainCopy, ...peers.map(({ name }) => name)];
  const costs = new Map<string, Cost>();
  for (const name of names) {
    const measured = turns.map((turn) => turn.costs.get(name)).filter((cost) => cost !== undefined);
    if (measured.length > 0) costs.set(name, medianOf(measured));
  }
  printTable(names, costs, ours, capture.bytes);
  printGoals(costs, capture.bytes);
  return printCompleteness(turns);
}

/** @returns whether everything was found and nothing else was claimed */
function printCompleteness(turns: readonly Turn[]): boolean {
  const [first] = turns;
  if (first === undefined) return false;
  const { planted, found, confidence, faults } = first.completeness;
  const shares = Object.entries(confidence).map(([name, count]) => `${count} ${name}`);
  say('');
  say(
    `completeness: ${found} of ${planted} planted identifiers found (${shares.join(', ')}), ${faults.length} fault(s)`,
  );
  for (const fault of faults.slice(0, 40)) say(`  ${fault}`);
  const same = turns.every((turn) => turn.findingsHash === first.findingsHash);
  if (!same) say('  the findings differ from run to run');
  return faults.length === 0 && same;
}

if (!existsSync(program)) throw new Error(`${program} is not built: node scripts/build.mjs`);
const folder = mkdtempSync(join(tmpdir(), 'handsight-bench-'));
const tidyUp = (): void => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    tidyUp();
    process.exit(130);
  });
}
try {
  if (!(await bench(folder))) process.exitCode = 1;
} finally {
  tidyUp();
}
