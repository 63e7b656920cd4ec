import { randomBytes } from 'node:crypto';
import type { RunOptions, RunOutcome } from '../handset/link-types.ts';
import { measureClockOffset } from '../handset/clock.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { CommandResult, Judgement } from './ports.ts';
import { fileNameOf, runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const maxPngBytes = 64 * 1024 * 1024;
/** Name of the pseudo-command under which the clock's measurement is stored and parsed. */
export const clockCommand = 'clock-offset';

/** One `date` of the measurement, as it was sent and answered. */
interface ClockCommand {
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly problem: string | null;
}

/**
 * Measures the handset's clock and stores the measurement with the raw answer of each of its some 17 commands, as one
 * exhibit of JSON (17 exhibits of ten bytes each would help nobody).
 */
export async function runClock(
  context: StepContext,
  collector: string,
): Promise<FinishedCommand & { readonly clock: ClockOffset | null }> {
  const commands: ClockCommand[] = [];
  const startedAt = context.now();
  const began = performance.now();
  const recording = {
    run: async (command: string, options?: RunOptions): Promise<RunOutcome> => {
      context.onBytes(command, 0);
      const outcome = await context.link.run(command, options);
      const run = outcome.ok ? outcome.value : outcome.partial;
      commands.push({
        command,
        startedAt: run?.startedAt ?? startedAt,
        endedAt: run?.endedAt ?? context.now(),
        exitStatus: run?.exitCode ?? null,
        stdout: run?.stdout.toString('base64') ?? '',
        stderr: run?.stderr.toString('base64') ?? '',
        problem: outcome.ok ? null : outcome.problem.code,
      });
      context.onBytes(command, run?.stdout.length ?? 0);
      return outcome;
    },
  };
  const measured = await measureClockOffset(recording, { signal: context.signal });
  const clock = measured.ok ? measured.value : null;
  const problem = measured.ok ? null : measured.problem.code;
  const bytes = Buffer.from(`${JSON.stringify({ ...clock, encoding: 'base64', commands }, null, 1)}\n`);
  const held = await context.evidence.hold(
    {
      collector,
      command: clockCommand,
      kind: 'command-output',
      originalName: 'clock-offset.json',
      origin: {
        type: 'command',
        command: clockCommand,
        stream: 'stdout',
        protocol: context.link.features.has('shell_v2') ? 'shell-v2' : 'shell-v1',
        exitStatus: null,
        startedAt,
        endedAt: context.now(),
        problem,
      },
    },
    bytes,
  );
  const judged: Judgement =
    problem === null
      ? { outcome: 'read', reason: null, said: null }
      : judgeClock(problem, measured.ok ? null : (measured.problem.detail ?? null));
  const exhibits = [await held.finish({ outcome: judged.outcome, fault: problem })];
  const result = {
    command: clockCommand,
    ...judged,
    exhibits,
    bytes: bytes.length,
    durationMs: performance.now() - began,
    replaced: false,
  };
  return { result, stdout: bytes, problem, clock };
}

function judgeClock(problem: string, said: string | null): Judgement {
  if (problem === 'TIMEOUT') return { outcome: 'timed-out', reason: 'time-limit', said };
  // The handset answered, but with something that is no time.
  if (problem === 'REMOTE') return { outcome: 'refused', reason: 'no-time-told', said };
  return { outcome: problem === 'REFUSED' ? 'refused' : 'interrupted', reason: problem, said };
}

const isPng = (bytes: Uint8Array): boolean => pngSignature.every((byte, i) => bytes[i] === byte);
/** IEND, the last chunk of every PNG (RFC 2083, 4.1.4), may be followed by little else. */
const hasPngEnd = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf('IEND', undefined, 'latin1') >=
  Math.max(8, bytes.length - 64);

/** A picture that lacks its end: a handset whose storage is full writes as much as fits, and says nothing. */
function judgePng(bytes: Uint8Array): Judgement {
  if (hasPngEnd(bytes)) return { outcome: 'read', reason: null, said: null };
  return { outcome: 'interrupted', reason: 'picture-cut', said: null };
}

/** Something that is no picture (a protected screen, words of an error) is no read screenshot; silence is judged by the status. */
function checkPng(stdout: Uint8Array): Judgement | null {
  if (isPng(stdout)) return judgePng(stdout);
  if (stdout.length === 0) return null;
  const said = new TextDecoder().decode(stdout.subarray(0, 200)).trim() || null;
  return { outcome: 'refused', reason: 'no-picture', said };
}

/** The screen: over standard output with shell v2; before, through a file that is pulled and removed (a recorded change). */
export async function runScreenshot(context: StepContext, collector: string): Promise<readonly FinishedCommand[]> {
  if (context.link.features.has('shell_v2')) {
    const step = { command: 'screencap -p', timeoutMs: 30_000, maxBytes: maxPngBytes };
    return [await runCommand(context, collector, step, { kind: 'screenshot', ending: '.png', check: checkPng })];
  }
  return await throughFile(context, collector);
}

async function throughFile(context: StepContext, collector: string): Promise<readonly FinishedCommand[]> {
  const path = `/data/local/tmp/handsight-${randomBytes(6).toString('hex')}.png`;
  const undo = [{ type: 'remove-file', path }] as const;
  const change = { command: `screencap -p ${path}`, reason: 'screenshot', undo } as const;
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  const made = await runCommand(context, collector, { command: change.command, timeoutMs: 30_000 });
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  const results: FinishedCommand[] = [made];
  if (made.problem === null) results.push(await pullPicture(context, collector, path));
  // Removed even when the person cancelled: what we wrote does not stay.
  const removed = await runCommand({ ...context, signal: AbortSignal.timeout(10_000) }, collector, {
    command: `rm ${path}`,
    timeoutMs: 10_000,
  });
  results.push(removed);
  const why = whyLeft(removed.result);
  await context.evidence.recordChange({ ...change, state: why === null ? 'undone' : 'left', why });
  return results;
}

/** `rm` says nothing when it removed the file, and names it when there is none: both leave nothing behind. */
function whyLeft({ outcome, reason }: CommandResult): string | null {
  return outcome === 'empty' || reason === 'no-such-file' ? null : (reason ?? outcome);
}

async function pullPicture(context: StepContext, collector: string, path: string): Promise<FinishedCommand> {
  const chunks: Buffer[] = [];
  const command = `pull ${path}`;
  context.onBytes(command, 0);
  const startedAt = context.now();
  const began = performance.now();
  const pulled = await context.link.pull(path, (chunk) => void chunks.push(chunk), {
    maxBytes: maxPngBytes,
    signal: context.signal,
    onProgress: (received) => context.onBytes(command, received),
  });
  const bytes = Buffer.concat(chunks);
  const held = await context.evidence.hold(
    {
      collector,
      command,
      kind: 'screenshot',
      originalName: fileNameOf('screenshot', '.png'),
      origin: { type: 'pull', path, startedAt, endedAt: context.now() },
    },
    bytes,
  );
  const problem = pulled.ok ? null : pulled.problem.code;
  const judged = judgePull(problem, bytes);
  const exhibits = [await held.finish({ outcome: judged.outcome, fault: judged.reason })];
  const result: CommandResult = {
    command,
    ...judged,
    exhibits,
    bytes: bytes.length,
    durationMs: performance.now() - began,
    replaced: false,
  };
  return { result, stdout: bytes, problem };
}

function judgePull(problem: string | null, bytes: Uint8Array): Judgement {
  if (problem === 'TIMEOUT') return { outcome: 'timed-out', reason: 'time-limit', said: null };
  if (problem === 'NOT_FOUND' || problem === 'REFUSED' || problem === 'REMOTE')
    return { outcome: 'refused', reason: problem, said: null };
  if (problem !== null) return { outcome: 'interrupted', reason: problem, said: null };
  if (bytes.length === 0) return { outcome: 'empty', reason: 'nothing-there', said: null };
  return isPng(bytes) ? judgePng(bytes) : { outcome: 'refused', reason: 'no-picture', said: null };
}
