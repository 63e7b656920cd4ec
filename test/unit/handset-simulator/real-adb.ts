import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface AdbAnswer {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
}

/** A real adb server of the test's own, with its own home, key and port. */
export interface RealAdb {
  readonly port: number;
  readonly folder: string;
  run(args: readonly string[], input?: string): Promise<AdbAnswer>;
  /** Starts a command and leaves it running. */
  start(args: readonly string[]): ChildProcess;
  /** Line of `adb devices` for that serial, as its state; null when it is not listed. */
  state(serial: string): Promise<string | null>;
  until(serial: string, wanted: string | null, withinMs?: number): Promise<void>;
  /** One `host:` request in the server's own protocol; the answer after OKAY. */
  host(request: string): Promise<string>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function hostRequest(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('connect', () => socket.write(`${Buffer.byteLength(request).toString(16).padStart(4, '0')}${request}`));
    socket.on('data', (data) => parts.push(data));
    socket.on('error', reject);
    socket.on('close', () => {
      const answer = Buffer.concat(parts).toString('utf8');
      if (answer.startsWith('OKAY')) resolve(answer.slice(4));
      else reject(new Error(`${request}: ${answer}`));
    });
  });
}

export async function startRealAdb(): Promise<RealAdb> {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-adb-'));
  const port = await freePort();
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder, ADB_LOCAL_TRANSPORT_MAX_PORT: '1' };
  const server = spawn('adb', ['-P', String(port), 'nodaemon', 'server'], { env, stdio: 'ignore' });
  for (let attempt = 0; ; attempt += 1) {
    if (server.exitCode !== null || attempt > 200) throw new Error('the adb server did not start');
    const ready = await hostRequest(port, 'host:version').catch(() => null);
    if (ready !== null) break;
    await sleep(50);
  }
  const start = (args: readonly string[]): ChildProcess =>
    spawn('adb', ['-P', String(port), ...args], { env, stdio: 'pipe' });
  const run = (args: readonly string[], input?: string): Promise<AdbAnswer> =>
    new Promise((resolve) => {
      const options = { env, encoding: 'buffer' as const, maxBuffer: 64 * 1024 * 1024, timeout: 30_000 };
      const child = execFile('adb', ['-P', String(port), ...args], options, (error, out, err) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), out, err: err.toString('utf8') });
      });
      // adb may be gone before it read anything.
      child.stdin?.on('error', () => undefined).end(input ?? '');
    });
  const state = async (serial: string): Promise<string | null> => {
    const list = (await run(['devices'])).out.toString('utf8');
    return (
      list
        .split('\n')
        .find((line) => line.startsWith(`${serial}\t`))
        ?.split('\t')[1] ?? null
    );
  };
  return {
    port,
    folder,
    run,
    start,
    state,
    host: (request) => hostRequest(port, request),
    async until(serial, wanted, withinMs = 15_000) {
      const end = Date.now() + withinMs;
      for (let now = await state(serial); now !== wanted; now = await state(serial)) {
        if (Date.now() > end) throw new Error(`${serial} is ${now ?? 'gone'}, not ${wanted ?? 'gone'}`);
        await sleep(50);
      }
    },
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
