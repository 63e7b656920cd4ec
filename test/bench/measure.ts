import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What one run of a command cost. */
export interface Cost {
  readonly wallSeconds: number;
  /** User and system time of the process and its children; null where the machine has no GNU time. */
  readonly cpuSeconds: number | null;
  /** Highest resident memory; null where neither GNU time nor /proc tells. */
  readonly peakMiB: number | null;
}

export interface Ended {
  readonly cost: Cost;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Full path of a program on the PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // not here
    }
  }
  return null;
}

const gnuTime = findProgram('time');
const marker = 'handsight-bench-cost';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Standard output is kept; otherwise it goes to /dev/null, as for a peer that prints every packet. */
  readonly keepOutput: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and measures it: wall always, CPU and memory by GNU time, memory by /proc without it. */
export async function run(command: Command): Promise<Ended> {
  const measured =
    gnuTime === null
      ? { file: command.file, args: [...command.args] }
      : { file: gnuTime, args: ['-f', `${marker} %U %S %M`, command.file, ...command.args] };
  const sink = command.keepOutput ? null : openSync('/dev/null', 'w');
  try {
    const begun = performance.now();
    const child = spawn(measured.file, measured.args, {
      stdio: ['ignore', sink ?? 'pipe', 'pipe'],
      env: command.env ?? process.env,
    });
    const watch = gnuTime === null ? watchMemory(child.pid ?? 0) : null;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wallSeconds = (performance.now() - begun) / 1000;
    const told = new RegExp(`${marker} ([\\d.]+) ([\\d.]+) (\\d+)\\n?$`).exec(stderr);
    const cost: Cost = {
      wallSeconds,
      cpuSeconds: told === null ? null : Number(told[1]) + Number(told[2]),
      peakMiB: told === null ? (watch?.() ?? null) : Number(told[3]) / 1024,
    };
    return { cost, code, stdout, stderr: told === null ? stderr : stderr.slice(0, told.index) };
  } finally {
    if (sink !== null) closeSync(sink);
  }
}

/** Reads the process's own high-water mark until it is gone. */
function watchMemory(pid: number): () => number | null {
  let peak: number | null = null;
  const look = (): void => {
    try {
      const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kib !== undefined) peak = Number(kib) / 1024;
    } catch {
      // no /proc here, or the process is over
    }
  };
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** The run in the middle by wall time. */
export function medianOf(costs: readonly Cost[]): Cost {
  const sorted = costs.toSorted((a, b) => a.wallSeconds - b.wallSeconds);
  const middle = sorted[(sorted.length - 1) >> 1];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
