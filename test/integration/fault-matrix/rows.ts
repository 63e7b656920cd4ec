import { afterAll, describe, test } from 'vitest';
import { openBench } from '../handset-bench.ts';
import type { Bench } from '../handset-bench.ts';

export const columns = ['acquisition', 'capture', 'pull', 'idle'] as const;
export type Column = (typeof columns)[number];

/** What is tried in a cell, by name; or why such a thing cannot happen there. */
export type Cell =
  { readonly tries: Readonly<Record<string, (bench: Bench) => Promise<void>>> } | { readonly cannot: string };

export interface Row {
  readonly fault: string;
  readonly cells: Readonly<Record<Column, Cell>>;
}

export const cannot = (reason: string): Cell => ({ cannot: reason });

/** One try without a name of its own. */
export const one = (run: (bench: Bench) => Promise<void>): Cell => ({ tries: { '': run } });

/** Runs every cell against one adb server, several at a time: each has its own handset and its own case. */
export function testRows(rows: readonly Row[]): void {
  let opened: Promise<Bench> | null = null;
  const bench = (): Promise<Bench> => (opened ??= openBench());
  afterAll(async () => (await opened)?.close());
  describe.concurrent.each([...rows])('$fault', ({ cells }) => {
    for (const column of columns) {
      const cell = cells[column];
      if ('cannot' in cell) continue;
      for (const [name, run] of Object.entries(cell.tries)) {
        test(`${column} ${name}`.trim(), async () => run(await bench()));
      }
    }
  });
}
