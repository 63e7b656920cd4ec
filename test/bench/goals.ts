import type { Cost } from './measure.ts';
import { ndpiReader, sha256sum, tsharkFields } from './peers.ts';
import { ours, oursImport, oursWithWorkers, plainCopy } from './rows.ts';
import { say } from './tell.ts';

/** A figure that is wished for: at least or at most so much, computed from wall or from CPU seconds of the rows. */
interface Goal {
  readonly name: string;
  readonly least?: number;
  readonly most?: number;
  readonly of: (seconds: (row: string) => number | null, bytes: number) => number | null;
}

function quotient(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

const goals: readonly Goal[] = [
  { name: `${tsharkFields} / analyse`, least: 8, of: (s) => quotient(s(tsharkFields), s(ours)) },
  { name: `${tsharkFields} / analyse, workers`, least: 8, of: (s) => quotient(s(tsharkFields), s(oursWithWorkers)) },
  { name: `analyse / ${ndpiReader}`, most: 1.6, of: (s) => quotient(s(ours), s(ndpiReader)) },
  { name: `analyse, workers / ${ndpiReader}`, most: 1.6, of: (s) => quotient(s(oursWithWorkers), s(ndpiReader)) },
  { name: `analyse / ${sha256sum}`, most: 0.8, of: (s) => quotient(s(ours), s(sha256sum)) },
  { name: `analyse, workers / ${sha256sum}`, most: 0.8, of: (s) => quotient(s(oursWithWorkers), s(sha256sum)) },
  { name: 'analyse, MB/s on one thread', least: 350, of: (s, bytes) => quotient(bytes / 1e6, s(ours)) },
  { name: 'analyse, MB/s with workers', least: 500, of: (s, bytes) => quotient(bytes / 1e6, s(oursWithWorkers)) },
  { name: `import / (${plainCopy})`, most: 1.3, of: (s) => quotient(s(oursImport), s(plainCopy)) },
];

const memoryMiB = 400;

/** Wall decides; CPU stands beside it, because on a machine that others use it is the steadier figure. */
export function printGoals(costs: ReadonlyMap<string, Cost>, bytes: number): void {
  say('');
  say(`${'goal'.padEnd(57)}${'by wall'.padStart(8)}${'by CPU'.padStart(9)}`);
  for (const goal of goals) {
    const wall = goal.of((row) => costs.get(row)?.wallSeconds ?? null, bytes);
    const cpu = goal.of((row) => costs.get(row)?.cpuSeconds ?? null, bytes);
    line(goal.name, goal.least === undefined ? `<= ${goal.most}` : `>= ${goal.least}`, wall, cpu, reached(goal, wall));
  }
  for (const row of [ours, oursWithWorkers]) {
    const peak = costs.get(row)?.peakMiB ?? null;
    line(`${row}, peak MiB`, `<= ${memoryMiB}`, peak, null, peak === null ? null : peak <= memoryMiB);
  }
}

function reached({ least, most }: Goal, value: number | null): boolean | null {
  if (value === null) return null;
  return least === undefined ? value <= (most ?? Infinity) : value >= least;
}

function line(name: string, wish: string, wall: number | null, cpu: number | null, isReached: boolean | null): void {
  const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
  const word = isReached === null ? '' : isReached ? 'reached' : 'missed';
  say(`${name.padEnd(46)}${wish.padEnd(11)}${figure(wall).padStart(8)}${figure(cpu).padStart(9)}  ${word}`);
}
