import type { RunOutcome } from '../handset/link-types.ts';
import type { CommandResult, Judgement } from './ports.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** Name of the pseudo-command under which the readings of one check are stored: the regular collectors ask the same once more. */
const stateCommand = 'handset-state';

const limits = { timeoutMs: 30_000, maxBytes: 4 * 1024 * 1024 };

/**
 * What is compared: a change of ours would stand in one of these. One way to ask for each, by what is known before anything is
 * asked: shell v2 came with Android 7, `settings list` with 6; the content provider answers before.
 */
export function stateProbes(
  features: ReadonlySet<string>,
): readonly { readonly of: string; readonly command: string }[] {
  const modern = features.has('shell_v2');
  return [
    ...(['system', 'secure', 'global'] as const).map((namespace) => ({
      of: `settings-${namespace}`,
      command: modern ? `settings list ${namespace}` : `content query --uri content://settings/${namespace}`,
    })),
    { of: 'packages', command: modern ? 'pm list packages --user 0' : 'pm list packages' },
    { of: 'properties', command: 'getprop' },
    { of: 'temporary-files', command: 'ls -l /data/local/tmp' },
  ];
}

/** What one probe gave; `text` null: nothing that can be compared. */
export interface StateReading {
  readonly of: string;
  readonly command: string;
  readonly startedAt: string;
  readonly text: string | null;
  /** Why there is no text: a code of what was judged or of the link; null: not known, or there is one. */
  readonly lacks: string | null;
}

interface SentProbe {
  readonly of: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: RunOutcome;
}

/** Asks every probe, stores all raw answers as one exhibit of JSON, and only then looks at them. */
export async function runStateCheck(
  context: StepContext,
  collector: string,
): Promise<FinishedCommand & { readonly readings: readonly StateReading[] }> {
  const began = performance.now();
  const startedAt = context.now();
  const sent: SentProbe[] = [];
  let problem: string | null = null;
  for (const { of, command } of stateProbes(context.link.features)) {
    const askedAt = context.now();
    context.onBytes(command, 0);
    const outcome = await context.link.run(command, { ...limits, signal: context.signal });
    sent.push({ of, command, startedAt: askedAt, endedAt: context.now(), outcome });
    // A handset that is slow is asked for the rest; one that is gone, or a person who stopped it, is not.
    if (!outcome.ok && outcome.problem.code !== 'TIMEOUT') problem = outcome.problem.code;
    if (problem !== null) break;
  }
  const bytes = Buffer.from(`${JSON.stringify({ encoding: 'base64', commands: sent.map(storedProbe) }, null, 1)}\n`);
  const origin = {
    type: 'command',
    command: stateCommand,
    stream: 'stdout',
    protocol: context.link.features.has('shell_v2') ? 'shell-v2' : 'shell-v1',
    exitStatus: null,
    startedAt,
    endedAt: context.now(),
    problem,
  } as const;
  const meta = {
    collector,
    command: stateCommand,
    kind: 'command-output',
    originalName: 'handset-state.json',
  } as const;
  const held = await context.evidence.hold({ ...meta, origin }, bytes);
  const readings = sent.map((one) => readingOf(context, one));
  const judged: Judgement = { outcome: problem === null ? 'read' : 'interrupted', reason: problem, said: null };
  const exhibits = [await held.finish({ outcome: judged.outcome, fault: problem })];
  const result: CommandResult = {
    command: stateCommand,
    ...judged,
    exhibits,
    bytes: bytes.length,
    durationMs: performance.now() - began,
    replaced: false,
  };
  return { result, stdout: bytes, problem, readings };
}

function storedProbe({ outcome, ...about }: SentProbe): object {
  const run = outcome.ok ? outcome.value : outcome.partial;
  return {
    ...about,
    exitStatus: run?.exitCode ?? null,
    problem: outcome.ok ? null : outcome.problem.code,
    truncatedAtBytes: run?.truncatedAtBytes ?? null,
    stdout: run?.stdout.toString('base64') ?? '',
    stderr: run?.stderr.toString('base64') ?? '',
  };
}

function readingOf(context: StepContext, { of, command, startedAt, outcome }: SentProbe): StateReading {
  const without = (lacks: string | null): StateReading => ({ of, command, startedAt, text: null, lacks });
  if (!outcome.ok) return without(outcome.problem.code);
  // Half a list is no state: what it lacks would look removed or added.
  if (outcome.value.truncatedAtBytes !== null) return without('LIMIT');
  const { stdout, stderr, exitCode } = outcome.value;
  const judged = context.knowledge.judge(command, { stdout, stderr, exitCode, problem: null });
  // An empty folder, or none, is something to compare with; a refusal is not.
  const isAnswer = judged.outcome === 'read' || judged.outcome === 'empty' || judged.reason === 'no-such-file';
  return isAnswer ? { of, command, startedAt, text: stdout.toString('utf8'), lacks: null } : without(judged.reason);
}
