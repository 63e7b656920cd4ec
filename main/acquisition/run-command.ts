import type { CommandOrigin, ExhibitKind } from '../../shared/model/exhibit.ts';
import type { RunOutcome, RunResult } from '../handset/link-types.ts';
import type {
  AcquisitionKnowledge,
  AcquisitionLink,
  CommandResult,
  EvidencePort,
  HeldOutput,
  Judgement,
} from './ports.ts';

export const defaultTimeoutMs = 60_000;
export const defaultMaxBytes = 64 * 1024 * 1024;

/** Everything that a step needs to run. */
export interface StepContext {
  readonly link: AcquisitionLink;
  readonly evidence: EvidencePort;
  readonly knowledge: AcquisitionKnowledge;
  readonly signal: AbortSignal;
  /** Told as a command is sent (0) and of every piece of output, so that a long command is seen to live. `said`: how far it says it is. */
  readonly onBytes: (command: string, bytes: number, said?: string) => void;
  /** Of a pull of files whose sizes are known: how much of all is here. */
  readonly onPulled: (doneBytes: number, totalBytes: number) => void;
  readonly now: () => string;
}

export interface FinishedCommand {
  readonly result: CommandResult;
  readonly stdout: Uint8Array;
  /** Problem code of the link, or null. */
  readonly problem: string | null;
}

/** Letters, digits and a few signs of a command, for a file name. */
export function fileNameOf(command: string, ending: string): string {
  const stem = command
    .replace(/[^\w.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${stem === '' ? 'command' : stem}${ending}`;
}

function problemOf(outcome: RunOutcome): string | null {
  if (!outcome.ok) return outcome.problem.code;
  return outcome.value.truncatedAtBytes === null ? null : 'LIMIT';
}

interface SentCommand {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly origin: Omit<CommandOrigin, 'stream'>;
  readonly problem: string | null;
  readonly durationMs: number;
}

interface StepLimits {
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Reads out of each piece of output how far the command says it is. */
  readonly saidBy?: (chunk: Uint8Array) => string | undefined;
}

async function send(context: StepContext, command: string, limits: StepLimits): Promise<SentCommand> {
  let received = 0;
  const askedAt = context.now();
  context.onBytes(command, 0);
  const outcome = await context.link.run(command, {
    timeoutMs: limits.timeoutMs ?? defaultTimeoutMs,
    maxBytes: limits.maxBytes ?? defaultMaxBytes,
    signal: context.signal,
    onStdout: (chunk) => {
      received += chunk.length;
      context.onBytes(command, received, limits.saidBy?.(chunk));
    },
  });
  const run: RunResult | null = outcome.ok ? outcome.value : outcome.partial;
  const problem = problemOf(outcome);
  return {
    stdout: run?.stdout ?? Buffer.alloc(0),
    stderr: run?.stderr ?? Buffer.alloc(0),
    origin: {
      type: 'command',
      command,
      protocol: run?.protocol ?? (context.link.features.has('shell_v2') ? 'shell-v2' : 'shell-v1'),
      exitStatus: run?.exitCode ?? null,
      startedAt: run?.startedAt ?? askedAt,
      endedAt: run?.endedAt ?? context.now(),
      problem,
    },
    problem,
    durationMs: run?.durationMs ?? 0,
  };
}

/**
 * Sends one command, has its raw output and standard error held on disk, and only then judges it. Does not throw for
 * anything the handset does; a failure to store is a bug or a full disk and is thrown to the workflow.
 */
export async function runCommand(
  context: StepContext,
  collector: string,
  step: StepLimits & { readonly command: string },
  as: {
    readonly kind: ExhibitKind;
    readonly ending: string;
    readonly check?: (stdout: Uint8Array, stderr: Uint8Array) => Judgement | null;
  } = {
    kind: 'command-output',
    ending: '.stdout.txt',
  },
): Promise<FinishedCommand> {
  const { command } = step;
  const sent = await send(context, command, step);
  const stream = sent.origin.protocol === 'shell-v1' ? 'merged' : 'stdout';
  const meta = { collector, command };
  const held: HeldOutput[] = [
    await context.evidence.hold(
      { ...meta, kind: as.kind, origin: { ...sent.origin, stream }, originalName: fileNameOf(command, as.ending) },
      sent.stdout,
    ),
  ];
  if (sent.stderr.length > 0) {
    held.push(
      await context.evidence.hold(
        {
          ...meta,
          kind: 'command-output',
          origin: { ...sent.origin, stream: 'stderr' },
          originalName: fileNameOf(command, '.stderr.txt'),
        },
        sent.stderr,
      ),
    );
  }
  const checked = sent.problem === null && as.check !== undefined ? as.check(sent.stdout, sent.stderr) : null;
  const judged: Judgement =
    checked ??
    context.knowledge.judge(command, {
      stdout: sent.stdout,
      stderr: sent.stderr,
      exitCode: sent.origin.exitStatus,
      problem: sent.problem,
    });
  const fault = faultOf(judged, sent);
  const exhibits: string[] = [];
  for (const output of held) exhibits.push(await output.finish({ outcome: judged.outcome, fault }));
  const bytes = sent.stdout.length + sent.stderr.length;
  return {
    result: { command, ...judged, exhibits, bytes, durationMs: sent.durationMs, replaced: false },
    stdout: sent.stdout,
    problem: sent.problem,
  };
}

/** What is wrong with the exhibit as such; null when nothing is. */
function faultOf(judged: Judgement, sent: SentCommand): string | null {
  if (sent.problem === 'LIMIT') return `byte-limit:${sent.stdout.length}`;
  if (sent.problem !== null) return `${judged.outcome}:${sent.problem}`;
  return judged.outcome === 'read' || judged.outcome === 'empty' ? null : judged.reason;
}
