import { Readable } from 'node:stream';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { LinkContext } from './link-context.ts';
import { endProblem } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import { nowInstant } from './instant.ts';
import type { JournalEnd } from './journal.ts';
import { KeptBytes } from './kept-bytes.ts';
import type { RunOptions, RunOutcome, RunResult, SpawnedProcess, SpawnOptions } from './link-types.ts';
import { encodeShellPacket, ShellV2Decoder, shellPacket } from './shell-v2.ts';

export const defaultRunTimeoutMs = 60_000;
export const defaultRunMaxBytes = 64 * 1024 * 1024;
/** Of standard error, where standard output streams past: what is told beside it is no second stream. */
const maxStderrBesideStream = 1024 * 1024;
/** How long the handset may take to close the stream behind its exit packet before we do. */
const closeAfterExitMs = 250;

type PartSink = (stream: 'stdout' | 'stderr', bytes: Buffer) => void | Promise<void>;

interface ShellEnd {
  readonly exitCode: number | null;
  readonly problem: Problem | null;
}

interface OpenShell {
  readonly stream: AdbStream;
  readonly protocol: RunResult['protocol'];
  readonly note: (end: JournalEnd) => void;
  readonly transportId: string | null;
}

/** Opens the command as shell v2 where the handset has it (separate stderr, exit status), else as the old `shell:`. */
async function openShell(
  link: LinkContext,
  command: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Result<OpenShell>> {
  const protocol = link.features.has('shell_v2') ? 'shell-v2' : 'shell-v1';
  // The old protocol has no exit packet: the identity of the connection before and after tells a pulled cable from an end.
  const seen = protocol === 'shell-v1' ? await link.look(signal) : null;
  if (seen !== null && !seen.ok) return seen;
  const opened = await link.open(protocol === 'shell-v2' ? `shell,v2,raw:${command}` : `shell:${command}`, null, {
    timeoutMs,
    signal,
  });
  if (!opened.ok) return opened;
  return ok({ ...opened.value, protocol, transportId: seen?.value.transportId ?? null });
}

/** Reads the shell to its end, part by part; a sink that answers with a promise slows the handset down. */
async function pump(link: LinkContext, shell: OpenShell, sink: PartSink): Promise<ShellEnd> {
  return shell.protocol === 'shell-v2' ? await pumpV2(link, shell, sink) : await pumpV1(link, shell, sink);
}

async function pumpV2(link: LinkContext, { stream }: OpenShell, sink: PartSink): Promise<ShellEnd> {
  const decoder = new ShellV2Decoder();
  for (;;) {
    const chunk = await stream.next();
    if (chunk === null) {
      if (decoder.exitCode !== null) return { exitCode: decoder.exitCode, problem: null };
      return { exitCode: null, problem: await truncation(link, stream) };
    }
    const before = decoder.exitCode;
    for (const part of decoder.push(chunk)) {
      const wait = sink(part.stream, part.bytes);
      if (wait !== undefined) await wait;
    }
    if (decoder.violation !== null) {
      return { exitCode: null, problem: fail('PROTOCOL', { serial: link.serial }, decoder.violation).problem };
    }
    if (before === null && decoder.exitCode !== null) {
      setTimeout(() => stream.end(null), closeAfterExitMs).unref();
    }
  }
}

async function pumpV1(link: LinkContext, { stream, transportId }: OpenShell, sink: PartSink): Promise<ShellEnd> {
  for (;;) {
    const chunk = await stream.next();
    if (chunk === null) break;
    const wait = sink('stdout', chunk);
    if (wait !== undefined) await wait;
  }
  if (stream.ownEnd !== null || stream.error !== null) {
    return { exitCode: null, problem: await truncation(link, stream) };
  }
  const now = await link.look(undefined);
  const same = now.ok && now.value.state === 'device' && now.value.transportId === transportId;
  return { exitCode: null, problem: same ? null : await truncation(link, stream) };
}

/** No exit packet: cut off, unless we ended it ourselves. What the server says about the handset now goes into the detail. */
async function truncation(link: LinkContext, stream: AdbStream): Promise<Problem> {
  if (stream.ownEnd !== null) return endProblem(stream, link.serial);
  const now = await link.look(undefined);
  const cause = now.ok ? `the handset is now: ${now.value.rawState}` : `the handset is now: ${now.problem.code}`;
  return fail('TRUNCATED', { serial: link.serial }, stream.error === null ? cause : `${stream.error.message}; ${cause}`)
    .problem;
}

/** Runs a command to its end and keeps its raw bytes; see `HandsetLink.run`. */
export async function runShell(link: LinkContext, command: string, options: RunOptions): Promise<RunOutcome> {
  const startedAt = nowInstant();
  const startedMs = performance.now();
  const timeoutMs = options.timeoutMs ?? defaultRunTimeoutMs;
  const maxBytes = options.maxBytes ?? defaultRunMaxBytes;
  const opened = await openShell(link, command, Math.min(timeoutMs, link.openTimeoutMs), options.signal);
  if (!opened.ok) return { ...opened, partial: null };
  const shell = opened.value;
  shell.stream.limit(Math.max(1, timeoutMs - (performance.now() - startedMs)), options.signal);
  const isKept = options.keepStdout !== false;
  const stdout: Buffer[] = [];
  const stderr = new KeptBytes(isKept ? maxBytes : maxStderrBesideStream);
  let bytes = 0;
  let capped = false;
  const take: PartSink = (stream, part) => {
    const room = capped ? 0 : Math.min(maxBytes - bytes, stream === 'stderr' ? stderr.room : Infinity);
    const taken = part.length > room ? part.subarray(0, room) : part;
    if (stream === 'stderr') stderr.push(taken);
    else if (isKept) stdout.push(taken);
    bytes += taken.length;
    if (part.length > room) {
      capped = true;
      shell.stream.end(null);
    }
    return stream === 'stdout' && taken.length > 0 ? options.onStdout?.(taken) : undefined;
  };
  // Whoever takes the bytes may fail (a full disk): the command does not go on for nobody.
  const end = await pump(link, shell, take).finally(() => shell.stream.end(null));
  const value: RunResult = {
    stdout: Buffer.concat(stdout),
    stderr: stderr.all(),
    exitCode: end.exitCode,
    durationMs: performance.now() - startedMs,
    startedAt,
    endedAt: nowInstant(),
    protocol: shell.protocol,
    truncatedAtBytes: capped ? bytes : null,
  };
  const problem = capped ? null : end.problem;
  shell.note({
    outcome: capped ? 'LIMIT' : (problem?.code ?? 'ok'),
    exitCode: end.exitCode,
    bytesReceived: shell.stream.bytesReceived,
    bytesSent: shell.stream.bytesSent,
  });
  return problem === null ? { ok: true, value } : { ok: false, problem, partial: value };
}

/** A Readable that tells when its consumer wants more. */
class PartStream extends Readable {
  #wake: (() => void) | null = null;
  #waits = true;

  override _read(): void {
    this.release();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.release();
    callback(error);
  }

  release(): void {
    this.#wake?.();
    this.#wake = null;
  }

  /** Hands bytes on; a promise when the consumer is behind. */
  offer(bytes: Buffer): void | Promise<void> {
    if (this.destroyed || this.push(bytes) || !this.#waits) return undefined;
    return new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** From now on nothing waits for the consumer: the source is closed, so what is still to come is bounded. */
  stopWaiting(): void {
    this.#waits = false;
    this.release();
  }

  finish(): void {
    if (!this.destroyed) this.push(null);
  }
}

/** Starts a command and hands its streams on with backpressure; see `HandsetLink.spawn`. */
export async function spawnShell(
  link: LinkContext,
  command: string,
  options: SpawnOptions,
): Promise<Result<SpawnedProcess>> {
  const startedAt = nowInstant();
  const opened = await openShell(link, command, options.openTimeoutMs ?? link.openTimeoutMs, options.signal);
  if (!opened.ok) return opened;
  const shell = opened.value;
  const { stream, protocol } = shell;
  stream.limit(options.timeoutMs ?? null, options.signal);
  const stdout = new PartStream({ highWaterMark: 1024 * 1024 });
  const stderr = new PartStream({ highWaterMark: 1024 * 1024 });
  // A consumer that never reads must not keep a stream open that we have ended.
  stream.socket.once('close', () => (stdout.stopWaiting(), stderr.stopWaiting()));
  const exit = pump(link, shell, (name, bytes) => (name === 'stdout' ? stdout : stderr).offer(bytes)).then(
    (end): Result<{ readonly exitCode: number | null }> => {
      stream.end(null);
      stdout.finish();
      stderr.finish();
      shell.note({
        outcome: end.problem?.code ?? 'ok',
        exitCode: end.exitCode,
        bytesReceived: stream.bytesReceived,
        bytesSent: stream.bytesSent,
      });
      return end.problem === null ? ok({ exitCode: end.exitCode }) : { ok: false, problem: end.problem };
    },
  );
  const v2 = protocol === 'shell-v2';
  return ok({
    protocol,
    startedAt,
    stdout,
    stderr,
    stdin: {
      write: async (bytes) => await stream.write(v2 ? encodeShellPacket(shellPacket.stdin, bytes) : bytes),
      end: async () => v2 && (await stream.write(encodeShellPacket(shellPacket.closeStdin, new Uint8Array()))),
    },
    exit,
    kill: () => stream.end('ABORTED'),
  });
}
