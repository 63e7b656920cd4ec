import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { run } from './measure.ts';
import type { Cost, Ended } from './measure.ts';
import { say } from './tell.ts';
import type { BenchIdentifier } from './writings.ts';

const program = process.env['HANDSIGHT_BENCH_CLI'] ?? fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url));

/** Node's flags as `npm run handsight` gives them. */
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: { readonly handsight: string };
};
const nodeFlags = scripts.handsight.match(/--\S+/g) ?? [];

export function wholeNumber(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text === '' ? otherwise : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`«${text}» is no whole number above zero`);
}

/** Runs the command line; anything but success (or success with gaps, 4) ends the benchmark. */
async function handsight(args: readonly string[], fine: readonly number[] = [0]): Promise<Ended> {
  const end = await run({ file: process.execPath, args: [...nodeFlags, program, ...args], keepOutput: true });
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

/** What the analysed case says, and its fingerprint: every way to analyse the same case must give the same. */
export interface Answers {
  readonly findings: readonly Finding[];
  readonly identifiers: readonly Identifier[];
  readonly findingsHash: string;
}

/** A case in which the benchmark's identifiers are sought, driven by the command line as a person would. */
export class BenchCase {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async make(folder: string, identifiers: readonly BenchIdentifier[]): Promise<BenchCase> {
    if (!existsSync(program)) throw new Error(`${program} is not built: node scripts/build.mjs`);
    const directory = join(folder, 'bench.handsight');
    const values = join(folder, 'identifiers.csv');
    writeFileSync(values, identifiers.map(({ kind, value }) => `${kind},${value}\n`).join(''));
    await handsight(['case', 'new', directory, '--number', 'BENCH', '--title', 'Benchmark', '--examiner', 'bench']);
    await handsight(['handset', 'add', directory, '--label', 'Synthetic']);
    await handsight(['identifier', 'add', directory, '--handset', 'H1', '--source', 'label', '--values-from', values]);
    return new BenchCase(directory);
  }

  async import(capture: string): Promise<Cost> {
    const { cost } = await handsight(
      ['import', this.directory, capture, '--handset', 'H1', '--label', 'bench'],
      [0, 4],
    );
    return cost;
  }

  /** Analyses with nothing derived in place. Gaps are said: what could not be read whole stands beside the figures. */
  async analyse(workers: number): Promise<Cost> {
    this.dropDerived();
    const end = await handsight(['analyse', this.directory, '--workers', String(workers)], [0, 4]);
    if (end.code === 4) say(end.stderr.trimEnd());
    return end.cost;
  }

  /** Takes away everything that can be computed again. */
  dropDerived(): void {
    for (const name of readdirSync(this.directory)) {
      if (/^index[-.]/.test(name)) rmSync(join(this.directory, name));
    }
  }

  async answers(): Promise<Answers> {
    const findings = await rowsOf<Finding>(['findings', this.directory]);
    const identifiers = await rowsOf<Identifier>(['identifiers', this.directory]);
    const findingsHash = createHash('sha256').update(JSON.stringify(findings)).digest('hex');
    return { findings, identifiers, findingsHash };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
