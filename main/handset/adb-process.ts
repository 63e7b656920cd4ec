import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { adbKeyFolder } from './adb-key.ts';

export interface AdbProcessOptions {
  readonly adbPath: string;
  readonly port: number;
  /** HOME of adb: holds `.android/adbkey`. One per workstation, so that a handset is authorised once. */
  readonly keyDirectory: string;
  /** TMPDIR of adb. */
  readonly temporaryDirectory: string;
  /** Keeps adb from attaching emulators and simulators of this machine by itself. */
  readonly noLocalTransports: boolean;
}

export interface AdbProcess {
  readonly pid: number;
  /** Settles once, when the child is gone; `reason` is one line. */
  readonly exited: Promise<{ readonly reason: string }>;
  readonly alive: () => boolean;
  /** Last lines of the child's standard error. */
  readonly lastWords: () => string;
  /** Ends it by pid: SIGTERM, after 3 s SIGKILL. */
  readonly stop: () => Promise<void>;
}

const lastWordsBytes = 4096;

/**
 * Starts `adb -P PORT nodaemon server` as our own child. It gets its own process group: Ctrl-C in the terminal must
 * reach a running tcpdump through adb before adb itself goes. A watchdog (`/bin/sh`, waiting on a pipe that only we hold)
 * ends it when we are killed without a chance to do so; on Windows there is none, and the record file is swept at the next start.
 * Null when the program cannot be started at all.
 */
export async function startAdbProcess(options: AdbProcessOptions): Promise<AdbProcess | { readonly failed: string }> {
  adbKeyFolder(options.keyDirectory);
  mkdirSync(options.temporaryDirectory, { recursive: true, mode: 0o700 });
  const child = spawn(options.adbPath, ['-P', String(options.port), 'nodaemon', 'server'], {
    env: adbEnvironment(options),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const failed = await new Promise<string | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', (error) => resolve(error.message));
  });
  const pid = child.pid;
  if (failed !== null || pid === undefined) return { failed: failed ?? 'no process id' };
  return supervise(child, pid);
}

function supervise(child: ChildProcess, pid: number): AdbProcess {
  let words = '';
  let alive = true;
  child.on('error', (error) => (words += error.message));
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => (words = (words + text).slice(-lastWordsBytes)));
  const watchdog = startWatchdog(pid);
  const endAtExit = (): void => void child.kill('SIGTERM');
  process.once('exit', endAtExit);
  const exited = new Promise<{ reason: string }>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      process.off('exit', endAtExit);
      watchdog?.kill('SIGKILL');
      resolve({ reason: signal === null ? `exit ${code ?? '?'}` : `signal ${signal}` });
    });
  });
  child.unref();
  unrefStream(child.stderr);
  return {
    pid,
    exited,
    alive: () => alive,
    lastWords: () => words.trim(),
    stop: async () => {
      if (!alive) return;
      child.ref();
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      await exited;
      clearTimeout(late);
    },
  };
}

function startWatchdog(pid: number): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const script =
    'trap "" HUP INT TERM; read -r line; kill -TERM "$1" 2>/dev/null; sleep 1; kill -KILL "$1" 2>/dev/null';
  const watchdog = spawn('/bin/sh', ['-c', script, 'handsight-adb-watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const ignore = (): void => undefined;
  // Without /bin/sh only the record file is left to clean up after a killed process; that is no reason to fail.
  watchdog.on('error', ignore);
  watchdog.stdin?.on('error', ignore);
  watchdog.unref();
  unrefStream(watchdog.stdin);
  return watchdog;
}

function unrefStream(stream: unknown): void {
  if (typeof stream === 'object' && stream !== null && 'unref' in stream && typeof stream.unref === 'function')
    stream.unref();
}

/** Ours, without the variables that would give adb other keys, traces, servers or devices by itself. */
function adbEnvironment(options: AdbProcessOptions): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(ADB_|ANDROID_)/.test(name)) env[name] = value;
  }
  env['HOME'] = options.keyDirectory;
  env['ANDROID_USER_HOME'] = join(options.keyDirectory, '.android');
  env['TMPDIR'] = options.temporaryDirectory;
  // Handsets of the neighbourhood that announce themselves on the network are not part of an examination.
  env['ADB_MDNS_AUTO_CONNECT'] = '0';
  if (options.noLocalTransports) env['ADB_LOCAL_TRANSPORT_MAX_PORT'] = '1';
  return env;
}
