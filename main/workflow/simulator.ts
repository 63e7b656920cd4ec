import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { errorCode, problemOf } from '../evidence/durable-files.ts';

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
 * Problems: `disk-full` and the like of `folder`, else `demonstration-failed`.
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
  let failure: Result<never> | null = null;
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
      failure = diskFailure(error, folder);
      give(false);
    });
    worker.once('exit', () => give(false));
    createInterface({ input: worker.stdout }).on('line', (line) => {
      const said = takeLine(line, handsets, captures);
      // What is no message of it (a library that writes to standard output) is kept for the explanation, and ends the start:
      // a handset whose line was garbled would be missing without a word.
      if (said === 'garbled') {
        lastWords = `${lastWords}a line that is no message: ${JSON.stringify(line.slice(0, 200))} `.slice(-2000);
        give(false);
      } else if (said === 'failed') {
        failure = diskFailure(failureOf(line), folder);
        give(false);
      } else if (said === 'ready') give(true);
    });
  });
  if (!ready) {
    await stop();
    return failure ?? fail('demonstration-failed', undefined, lastWords.trim());
  }
  return ok({ handsets, captures, stop });
}

/** What a disk may refuse; every other failure is the engine's own. */
const diskCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO']);

function diskFailure(error: unknown, folder: string): Result<never> | null {
  return diskCodes.has(errorCode(error) ?? '') ? problemOf(error, folder) : null;
}

/** The error that the engine told in a line `{"event":"failed","code":…,"message":…}`. */
function failureOf(line: string): Error {
  const { message, code } = objectOf(line) ?? {};
  return Object.assign(new Error(typeof message === 'string' ? message : ''), { code });
}

/** `ready`: the engine says that all is ready; `failed`: that it cannot be; `garbled`: the line is no message of it. */
function takeLine(
  line: string,
  handsets: SimulatedHandset[],
  captures: GatewayCapture[],
): 'taken' | 'ready' | 'failed' | 'garbled' {
  const said = objectOf(line);
  if (said === null) return 'garbled';
  const text = (name: string): string => {
    const value = said[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (said['event'] === 'listening') handsets.push({ persona: text('name'), address: text('address') });
  if (said['event'] === 'capture') captures.push({ path: text('path'), run: text('run'), label: text('label') });
  if (said['event'] === 'failed') return 'failed';
  return said['event'] === 'ready' ? 'ready' : 'taken';
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
