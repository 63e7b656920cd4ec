import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';

/** One simulated handset, reached like any other: at an address, through the real adb server. */
export interface SimulatedHandset {
  readonly persona: string;
  readonly address: string;
}

/** A gateway capture that the simulated laboratory wrote: a file, as a person would bring it. */
export interface GatewayCapture {
  readonly path: string;
  readonly run: string;
  readonly label: string;
}

export interface Simulation {
  readonly handsets: readonly SimulatedHandset[];
  readonly captures: readonly GatewayCapture[];
  readonly stop: () => Promise<void>;
}

const startTimeoutMs = 60_000;

/**
 * Starts the demonstration's engine from its own file: simulated handsets on loopback ports and the captures of their gateway.
 * It runs in a worker, started by path: the hardened Electron cannot run files as Node children, and a worker cannot outlive us.
 * All that is learnt from it here is where the handsets listen and where the captures lie.
 */
export async function startSimulation(program: string, seed: number, folder: string): Promise<Result<Simulation>> {
  const worker = new Worker(program, {
    argv: ['--seed', String(seed), '--out', folder],
    stdin: true,
    stdout: true,
    stderr: true,
  });
  const handsets: SimulatedHandset[] = [];
  const captures: GatewayCapture[] = [];
  let lastWords = '';
  worker.stderr.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString('utf8')).slice(-2000);
  });
  const stop = async (): Promise<void> => {
    worker.stdin?.end();
    await worker.terminate();
  };
  const ready = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), startTimeoutMs);
    const give = (value: boolean): void => {
      clearTimeout(timer);
      resolve(value);
    };
    worker.once('error', (error: unknown) => {
      lastWords += String(error);
      give(false);
    });
    worker.once('exit', () => give(false));
    createInterface({ input: worker.stdout }).on('line', (line) => {
      if (takeLine(line, handsets, captures)) give(true);
    });
  });
  if (!ready) {
    await stop();
    return fail('internal', undefined, `the demonstration's engine did not start: ${lastWords}`);
  }
  return ok({ handsets, captures, stop });
}

/** True when the engine says that all is ready. */
function takeLine(line: string, handsets: SimulatedHandset[], captures: GatewayCapture[]): boolean {
  const said: unknown = JSON.parse(line);
  if (typeof said !== 'object' || said === null) return false;
  const text = (name: string): string => {
    const value: unknown = (said as Record<string, unknown>)[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const { event } = said as { readonly event?: unknown };
  if (event === 'listening') handsets.push({ persona: text('name'), address: text('address') });
  if (event === 'capture') captures.push({ path: text('path'), run: text('run'), label: text('label') });
  return event === 'ready';
}
