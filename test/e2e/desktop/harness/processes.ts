import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Ended meanwhile, or not ours to look at.
    return '';
  }
}

/**
 * Every process that was started with something of `folder` in its environment or arguments: the window, its helpers, adb
 * servers, and what they started, also when its parent is gone. Zombies, which only wait to be counted, are left out.
 */
export function processesOf(folder: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({
      pid: Number(name),
      command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
      environment: read(`/proc/${name}/environ`),
      state: /^State:\s+(\w)/m.exec(read(`/proc/${name}/status`))?.[1] ?? 'X',
    }))
    .filter(({ command, environment, state }) => !/[ZX]/.test(state) && (command + environment).includes(folder))
    .map(({ pid, command }) => ({ pid, command }));
}

/** TCP ports that these processes listen on. */
export function listeningPorts(processes: readonly RunningProcess[]): number[] {
  const pids = new Set(processes.map(({ pid }) => pid));
  return execFileSync('ss', ['-ltnpH'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => [...line.matchAll(/pid=(\d+)/g)].some(([, pid]) => pids.has(Number(pid))))
    .map((line) => Number(/:(\d+)\s/.exec(line)?.[1]));
}

/** Ports of `wanted` on which somebody listens. */
export function stillListening(wanted: readonly number[]): number[] {
  const listened = execFileSync('ss', ['-ltnH'], { encoding: 'utf8' });
  return wanted.filter((port) => new RegExp(`:${port}\\s`).test(listened));
}

/** Files under `folder`, without those `inside` a case. */
export function filesUnder(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Files that hold one of `texts` as UTF-8 or UTF-16. */
export function filesWith(files: readonly string[], texts: readonly string[]): string[] {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return files.filter((path) => {
    const bytes = readFileSync(path);
    return wanted.some((text) => bytes.includes(text));
  });
}
