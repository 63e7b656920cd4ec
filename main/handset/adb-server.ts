import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { AdbEndpoint } from './adb-connection.ts';
import { startAdbProcess } from './adb-process.ts';
import type { AdbProcess } from './adb-process.ts';
import { removeServerRecord, sweepServerRecords, writeServerRecord } from './adb-record.ts';
import type { AdbServerRecord } from './adb-record.ts';
import { queryHost } from './adb-service.ts';
import type { AdbServerAddress } from './adb-service.ts';
import { findAdb } from './find-adb.ts';

export type AdbServerEvent =
  | { readonly type: 'up'; readonly endpoint: AdbEndpoint; readonly version: number }
  | { readonly type: 'down'; readonly reason: string; readonly retryInMs: number | null };

/** An adb server in use: our own child, or one that runs already. */
export interface AdbServer extends AdbServerAddress {
  readonly kind: 'own' | 'running';
  /** adb's protocol version (41 for 29.0.6 and 34.0.5). */
  readonly version: number;
  /** Process id of our own child, null for a running server and while ours is down. */
  pid(): number | null;
  onEvent(listener: (event: AdbServerEvent) => void): () => void;
  /** Ends our own child and waits for its death; a running server is left alone. */
  stop(): Promise<void>;
}

export interface OwnAdbServerOptions {
  /** From the settings; found in ANDROID_HOME, ANDROID_SDK_ROOT or PATH when left out. */
  readonly adbPath?: string | undefined;
  readonly keyDirectory: string;
  readonly temporaryDirectory: string;
  /** A fixed port; a free one is taken when left out. */
  readonly port?: number | undefined;
  readonly noLocalTransports?: boolean;
  /** Tries of a start that fails, each on another port. Default 5. */
  readonly maxStarts?: number;
}

const readyWithinMs = 10_000;
const restartDelaysMs = [100, 200, 400, 800, 1600, 3200, 5000] as const;
const steadyAfterMs = 30_000;

/**
 * Starts our own adb server on a private port and keeps it up: restarted with back-off when it dies
 * (a handset can make it abort: adb.md, trap 1), given up after ten failures in a row.
 * Problems: NO_ADB, PORT_TAKEN, SERVER_DOWN (it started and died, `detail` holds its last words).
 */
export async function startOwnAdbServer(options: OwnAdbServerOptions): Promise<Result<AdbServer>> {
  const found = findAdb({ configuredPath: options.adbPath });
  if (!found.ok) return found;
  await sweepServerRecords(options.keyDirectory);
  const server = new OwnAdbServer(found.value.path, options);
  const problem = await server.start();
  return problem === null ? ok(server) : { ok: false, problem };
}

class OwnAdbServer implements AdbServer {
  readonly kind = 'own';
  version = 0;
  readonly #adbPath: string;
  readonly #options: OwnAdbServerOptions;
  readonly #listeners = new Set<(event: AdbServerEvent) => void>();
  #process: AdbProcess | null = null;
  #record: AdbServerRecord | null = null;
  #endpoint: AdbEndpoint | null = null;
  #lastPort: number | null = null;
  #stopping = new AbortController();

  constructor(adbPath: string, options: OwnAdbServerOptions) {
    this.#adbPath = adbPath;
    this.#options = options;
  }

  endpoint(): AdbEndpoint | null {
    return this.#endpoint;
  }

  pid(): number | null {
    return this.#process?.pid ?? null;
  }

  onEvent(listener: (event: AdbServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async start(): Promise<Problem | null> {
    const maxStarts = this.#options.maxStarts ?? 5;
    let problem: Problem = fail('SERVER_DOWN').problem;
    for (let attempt = 0; attempt < maxStarts && !this.#stopping.signal.aborted; attempt += 1) {
      const port = await this.#choosePort();
      if (port === null) {
        problem = fail('PORT_TAKEN', { port: this.#options.port ?? 0 }).problem;
        if (this.#options.port !== undefined) return problem;
        continue;
      }
      const failed = await this.#startOnce(port);
      if (failed === null) return null;
      problem = failed;
      if (problem.code === 'NO_ADB') return problem;
    }
    return problem;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#process?.stop();
    this.#forget();
  }

  /** A port that nobody answers on: the fixed one, the one of before a restart (so that clients need not look again), or a free one. */
  async #choosePort(): Promise<number | null> {
    const wanted = this.#options.port ?? this.#lastPort;
    if (wanted !== null && (await isFree(wanted))) return wanted;
    return this.#options.port === undefined ? await freePort() : null;
  }

  async #startOnce(port: number): Promise<Problem | null> {
    const started = await startAdbProcess({
      adbPath: this.#adbPath,
      port,
      keyDirectory: this.#options.keyDirectory,
      temporaryDirectory: this.#options.temporaryDirectory,
      noLocalTransports: this.#options.noLocalTransports ?? false,
    });
    if ('failed' in started) return fail('NO_ADB', { path: this.#adbPath }, started.failed).problem;
    this.#process = started;
    this.#record = writeServerRecord(this.#options.keyDirectory, started.pid, port);
    const version = await waitUntilReady(started, port, this.#stopping.signal);
    if (version === null) {
      const words = started.lastWords();
      await started.stop();
      this.#forget();
      const taken = /address already in use|cannot bind|could not install \*smartsocket\* listener/i.test(words);
      return fail(taken ? 'PORT_TAKEN' : 'SERVER_DOWN', { port }, words.slice(-500)).problem;
    }
    this.version = version;
    this.#lastPort = port;
    this.#endpoint = { host: '127.0.0.1', port };
    this.#emit({ type: 'up', endpoint: this.#endpoint, version });
    const startedMs = performance.now();
    void started.exited.then(({ reason }) => this.#died(started, reason, performance.now() - startedMs));
    return null;
  }

  async #died(child: AdbProcess, reason: string, livedMs: number): Promise<void> {
    this.#forget();
    if (this.#stopping.signal.aborted) return;
    const words = child.lastWords().split('\n').at(-1) ?? '';
    const first = livedMs > steadyAfterMs ? 0 : 1;
    for (let attempt = first; attempt < first + 10; attempt += 1) {
      const retryInMs = restartDelaysMs[Math.min(attempt, restartDelaysMs.length - 1)] ?? 5000;
      this.#emit({ type: 'down', reason: words === '' ? reason : `${reason}: ${words}`, retryInMs });
      const stopped = await sleep(retryInMs, false, { signal: this.#stopping.signal }).catch(() => true);
      if (stopped || (await this.start()) === null) return;
    }
    this.#emit({ type: 'down', reason: 'given up after ten failed starts', retryInMs: null });
  }

  #forget(): void {
    if (this.#record !== null) removeServerRecord(this.#record);
    this.#record = null;
    this.#process = null;
    this.#endpoint = null;
  }

  #emit(event: AdbServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** Ready is: `host:version` answers *and* the child lives (another server could be the one that answers). Null: not. */
async function waitUntilReady(child: AdbProcess, port: number, signal: AbortSignal): Promise<number | null> {
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline && child.alive() && !signal.aborted) {
    const version = await askVersion({ host: '127.0.0.1', port }, 1000);
    if (version !== null && child.alive()) return version;
    await sleep(20);
  }
  return null;
}

/** Protocol version of the adb server at `endpoint`, or null when none answers. */
export async function askVersion(endpoint: AdbEndpoint, timeoutMs: number): Promise<number | null> {
  const answer = await queryHost({ endpoint: () => endpoint }, 'host:version', { timeoutMs });
  if (!answer.ok) return null;
  const version = parseInt(answer.value.toString('latin1'), 16);
  return Number.isNaN(version) ? null : version;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

async function freePort(): Promise<number | null> {
  return await listenOnce(0);
}

async function listenOnce(port: number): Promise<number | null> {
  return await new Promise<number | null>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
