import { randomBytes } from 'node:crypto';
import type { ExhibitKind } from '../../shared/model/exhibit.ts';
import type { HandsetChangeReason } from '../../shared/model/handset-change.ts';
import { judgePull } from './judge-pull.ts';
import type { CommandResult, Judgement } from './ports.ts';
import { fileNameOf, runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** What a command writes to a file of the handset because it cannot be had otherwise. */
export interface FileMade {
  readonly command: (path: string) => string;
  /** With the dot; one that an undo takes back (shared/model/handset-change.ts). */
  readonly ending: '.png' | '.xml';
  /** Of the exhibit, without ending. */
  readonly name: string;
  readonly kind: ExhibitKind;
  readonly reason: HandsetChangeReason;
  readonly maxBytes: number;
  /** Judges what the command prints; without one it prints nothing when it wrote the file. */
  readonly check?: (stdout: Uint8Array) => Judgement | null;
  readonly judge: (bytes: Uint8Array) => Judgement;
}

/**
 * Has a command write a file of ours in the handset's folder for temporary files, pulls it into custody and removes it: a change,
 * recorded before it is made. The file goes also when the person cancelled or the command says that it wrote nothing.
 */
export async function throughFile(
  context: StepContext,
  collector: string,
  made: FileMade,
): Promise<readonly FinishedCommand[]> {
  const path = `/data/local/tmp/handsight-${randomBytes(6).toString('hex')}${made.ending}`;
  const undo = [{ type: 'remove-file', path }] as const;
  const change = { command: made.command(path), reason: made.reason, undo } as const;
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  const { check } = made;
  const as = check === undefined ? undefined : ({ kind: 'command-output', ending: '.stdout.txt', check } as const);
  const done = await runCommand(context, collector, { command: change.command, timeoutMs: 30_000 }, as);
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  const results: FinishedCommand[] = [done];
  const isThere = done.problem === null && (check === undefined || done.result.outcome === 'read');
  if (isThere) results.push(await pullFile(context, collector, path, made));
  const removed = await runCommand({ ...context, signal: AbortSignal.timeout(10_000) }, collector, {
    command: `rm ${path}`,
    timeoutMs: 10_000,
  });
  results.push(removed);
  const why = whyLeft(done.problem, removed.result);
  await context.evidence.recordChange({ ...change, state: why === null ? 'undone' : 'left', why });
  return results;
}

/**
 * `rm` says nothing when it removed the file, and names it when there is none: both leave nothing behind. But a command that did
 * not come to its end here may still write the file that `rm` did not find: whoever looks later takes it back.
 */
function whyLeft(problem: string | null, { outcome, reason }: CommandResult): string | null {
  if (outcome === 'empty') return null;
  if (reason !== 'no-such-file') return reason ?? outcome;
  if (problem === null) return null;
  return 'command-cut';
}

async function pullFile(
  context: StepContext,
  collector: string,
  path: string,
  made: FileMade,
): Promise<FinishedCommand> {
  const chunks: Buffer[] = [];
  const command = `pull ${path}`;
  context.onBytes(command, 0);
  const startedAt = context.now();
  const began = performance.now();
  const pulled = await context.link.pull(path, (chunk) => void chunks.push(chunk), {
    maxBytes: made.maxBytes,
    signal: context.signal,
    onProgress: (received) => context.onBytes(command, received),
  });
  const bytes = Buffer.concat(chunks);
  const held = await context.evidence.hold(
    {
      collector,
      command,
      kind: made.kind,
      originalName: fileNameOf(made.name, made.ending),
      origin: { type: 'pull', path, startedAt, endedAt: context.now() },
    },
    bytes,
  );
  const problem = pulled.ok ? null : pulled.problem.code;
  const limit = pulled.ok && pulled.value.truncatedAtBytes !== null ? 'byte-limit' : null;
  const judged = judgePull({ problem, limit, bytes: bytes.length }, () => made.judge(bytes));
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
