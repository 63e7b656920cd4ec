import type { RunOptions, RunOutcome } from '../handset/link-types.ts';
import { measureClockOffset } from '../handset/clock.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { Judgement } from './ports.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';
import { throughFile } from './through-file.ts';
import type { FileMade } from './through-file.ts';

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const maxPngBytes = 64 * 1024 * 1024;
/** Name of the pseudo-command under which the clock's measurement is stored and parsed. */
export const clockCommand = 'clock-offset';

/** The screen as a picture over standard output; with a path, into a file. */
export const pictureCommand = 'screencap -p';
/** With a path: the tree of the screen into a file. */
export const treeCommand = 'uiautomator dump';

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

const screenPicture: FileMade = {
  command: (path) => `${pictureCommand} ${path}`,
  ending: '.png',
  name: 'screenshot',
  kind: 'screenshot',
  reason: 'screenshot',
  maxBytes: maxPngBytes,
  judge: (bytes) => (isPng(bytes) ? judgePng(bytes) : { outcome: 'refused', reason: 'no-picture', said: null }),
};

/** The screen: over standard output with shell v2; before, through a file that is pulled and removed (a recorded change). */
export async function runScreenshot(context: StepContext, collector: string): Promise<readonly FinishedCommand[]> {
  if (context.link.features.has('shell_v2')) {
    const step = { command: pictureCommand, timeoutMs: 30_000, maxBytes: maxPngBytes };
    return [await runCommand(context, collector, step, { kind: 'screenshot', ending: '.png', check: checkPng })];
  }
  return await throughFile(context, collector, screenPicture);
}

/** What `uiautomator` prints when it wrote its file; the spelling is AOSP's (commands/uiautomator, DumpCommand.java). */
const treeWritten = /^UI hierchary dumped to: /m;

/** It exits with 0 whatever happened, and says on standard error why it wrote nothing. */
function checkTree(stdout: Uint8Array): Judgement | null {
  const said = new TextDecoder().decode(stdout.subarray(0, 2000));
  if (treeWritten.test(said)) return { outcome: 'read', reason: null, said: null };
  return stdout.length === 0 ? null : { outcome: 'refused', reason: 'no-screen-tree', said: said.trim().slice(0, 200) };
}

/** A tree that lacks its end: what came of it stays in custody. */
function judgeTree(bytes: Uint8Array): Judgement {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.includes('<hierarchy')) return { outcome: 'refused', reason: 'no-screen-tree', said: null };
  const ends = text.lastIndexOf('</hierarchy>') >= Math.max(0, text.length - 64);
  return ends
    ? { outcome: 'read', reason: null, said: null }
    : { outcome: 'interrupted', reason: 'screen-tree-cut', said: null };
}

const screenTree: FileMade = {
  command: (path) => `${treeCommand} ${path}`,
  ending: '.xml',
  name: 'screen-text',
  kind: 'command-output',
  reason: 'screen-text',
  maxBytes: 64 * 1024 * 1024,
  check: checkTree,
  judge: judgeTree,
};

/**
 * What stands on the screen, as text: the tree of its elements, through a file that is pulled and removed (a recorded change). Not over
 * `/dev/tty`: without a terminal there is none, and `uiautomator` says the same as when it wrote.
 */
export async function runScreenText(context: StepContext, collector: string): Promise<readonly FinishedCommand[]> {
  return await throughFile(context, collector, screenTree);
}
