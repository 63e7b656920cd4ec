import type { Cost } from './measure.ts';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `a / b` with two digits, or a dash when one of them was not measured. */
export function ratio(a: number | null, b: number | null): string {
  return a === null || b === null ? '-' : (a / b).toFixed(2);
}

/** A row for each name: wall, CPU, speed, memory and how many times `ours` it took; «absent» for what was not measured. */
export function printTable(
  names: readonly string[],
  costs: ReadonlyMap<string, Cost>,
  ours: string,
  bytes: number,
): void {
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const row = (name: string, cells: readonly string[]): void =>
    say(name.padEnd(width) + cells.map((cell) => cell.padStart(10)).join(''));
  row('command', ['wall s', 'CPU s', 'MB/s', 'peak MiB', '/ analyse']);
  const mine = costs.get(ours)?.wallSeconds ?? null;
  for (const name of names) {
    const cost = costs.get(name);
    if (cost === undefined) {
      row(name, ['absent']);
      continue;
    }
    row(name, [
      cost.wallSeconds.toFixed(2),
      cost.cpuSeconds?.toFixed(2) ?? '-',
      (bytes / 1e6 / cost.wallSeconds).toFixed(0),
      cost.peakMiB?.toFixed(0) ?? '-',
      ratio(cost.wallSeconds, mine),
    ]);
  }
}
