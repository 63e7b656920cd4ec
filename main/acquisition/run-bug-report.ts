import { asAnnounced, isReportPath } from '../../shared/model/handset-change.ts';
import type { HandsetChange } from '../../shared/model/handset-change.ts';
import {
  BugReportProgress,
  endOf,
  hasBugReportZ,
  hashCommand,
  helpCommand,
  listCommand,
  reportCommands,
  textCommand,
  wayOf,
} from './bug-report-protocol.ts';
import type { BugReportWay } from './bug-report-protocol.ts';
import type { HandsetFacts } from './collector.ts';
import type { Judgement } from './ports.ts';
import { pullReport, streamReport } from './take-bug-report.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** What one bug report may take. */
export interface BugReportLimits {
  /** From asking to the answer: dumpstate gives each of its steps up to a minute, and has hundreds. */
  readonly totalMs: number;
  readonly archiveBytes: number;
  readonly textBytes: number;
}

export const bugReportLimits: BugReportLimits = {
  totalMs: 30 * 60_000,
  archiveBytes: 4 * 1024 * 1024 * 1024,
  textBytes: 1024 * 1024 * 1024,
};

/** An answer of progress lines, one a second, in the time that a report may take. */
const maxAnswerBytes = 1024 * 1024;

type Begun = Omit<HandsetChange, 'state' | 'why'>;

/**
 * Asks the handset for its report of itself. A change: recorded before it is made. Where the handset made a file it is removed only
 * when it is the one that the handset named, in a folder for such, and what came has the hash that the handset tells of it; else it
 * stays, and is said. Results end with the one that a problem of the link ended.
 */
export async function runBugReport(
  context: StepContext,
  collector: string,
  facts: HandsetFacts,
  limits: BugReportLimits,
): Promise<readonly FinishedCommand[]> {
  if (!hasBugReportZ(facts)) return await asText(context, collector, limits);
  const help = await runCommand(context, collector, { command: helpCommand, timeoutMs: 15_000 }, asHelp);
  const way = help.problem === null ? wayOf(textOf(help)) : null;
  if (way === null) return [help];
  if (way === 'stream') return [help, ...(await asStream(context, collector, limits))];
  return [help, ...(await asFile(context, collector, way, limits))];
}

const textOf = ({ stdout }: FinishedCommand): string => Buffer.from(stdout).toString('utf8');

const asHelp = {
  kind: 'command-output',
  ending: '.stdout.txt',
  check: (stdout: Uint8Array): Judgement | null =>
    wayOf(Buffer.from(stdout).toString('utf8')) === null ? null : { outcome: 'read', reason: null, said: null },
} as const;

async function asText(
  context: StepContext,
  collector: string,
  limits: BugReportLimits,
): Promise<readonly FinishedCommand[]> {
  const change: Begun = { command: textCommand, reason: 'bug-report', undo: [] };
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  const wish = { command: textCommand, ending: '.txt', timeoutMs: limits.totalMs, maxBytes: limits.textBytes };
  const done = await streamReport(context, collector, { ...wish, isArchive: false });
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  await context.evidence.recordChange({ ...change, state: 'left', why: asAnnounced });
  return done;
}

/** The archive over standard output. Nothing should stay in the folder for archives; what is new there is not ours to remove. */
async function asStream(
  context: StepContext,
  collector: string,
  limits: BugReportLimits,
): Promise<readonly FinishedCommand[]> {
  const before = await runCommand(context, collector, { command: listCommand, timeoutMs: 15_000 }, asList);
  if (before.problem !== null) return [before];
  const change: Begun = { command: reportCommands.stream, reason: 'bug-report', undo: [] };
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  const wish = { command: change.command, ending: '.zip', timeoutMs: limits.totalMs, maxBytes: limits.archiveBytes };
  const done = await streamReport(context, collector, { ...wish, isArchive: true });
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  const isThere = done.every(({ problem }) => problem === null);
  const after = isThere
    ? [await runCommand(context, collector, { command: listCommand, timeoutMs: 15_000 }, asList)]
    : [];
  const why = whatLies(before, after[0]);
  await context.evidence.recordChange({ ...change, state: 'left', why });
  return [before, ...done, ...after];
}

/** What a stream left in the folder, by its list before and after: known only where both were answered. */
function whatLies(before: FinishedCommand, after: FinishedCommand | undefined): string {
  const [old, now] = [namesIn(before), after === undefined ? null : namesIn(after)];
  if (old === null || now === null) return 'report-unknown';
  return now.some((name) => !old.includes(name)) ? 'report-new-file' : asAnnounced;
}

/** Null: the list was not answered, or not to its end. */
function namesIn(list: FinishedCommand): readonly string[] | null {
  const { outcome, reason } = list.result;
  if (list.problem !== null || (outcome !== 'read' && (outcome !== 'empty' || reason === notListed))) return null;
  const names = outcome === 'read' ? textOf(list).split(/\r?\n/) : [];
  return names.filter((name) => name !== '');
}

const notListed = 'permission-denied';

/** No folder, or one that a shell may not list, is no gap of what was asked for. */
const asList = {
  kind: 'command-output',
  ending: '.stdout.txt',
  check: (stdout: Uint8Array, stderr: Uint8Array): Judgement | null => {
    const [listed, complaint] = [stdout, stderr].map((one) => Buffer.from(one).toString('utf8').trim());
    const nothing = { outcome: 'empty', reason: 'nothing-there', said: null } as const;
    if (/Permission denied/i.test(`${listed}\n${complaint}`)) return { ...nothing, reason: notListed };
    // The old protocol has both in one.
    const all = [listed, complaint].filter((one) => one !== '').join('\n');
    return all === '' || /^[^\n]*No such file or directory$/.test(all) ? nothing : null;
  },
} as const;

/** The archive as a file that the handset names, which is pulled, compared and removed. */
async function asFile(
  context: StepContext,
  collector: string,
  way: Exclude<BugReportWay, 'stream'>,
  limits: BugReportLimits,
): Promise<readonly FinishedCommand[]> {
  const undo = [{ type: 'remove-named-report' }] as const;
  const change: Begun = { command: reportCommands[way], reason: 'bug-report', undo };
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  const progress = new BugReportProgress();
  const asked = await runCommand(
    context,
    collector,
    {
      command: change.command,
      timeoutMs: limits.totalMs,
      maxBytes: maxAnswerBytes,
      saidBy: (chunk) => progress.push(chunk),
    },
    { kind: 'command-output', ending: '.stdout.txt', check: checkAnswer },
  );
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  const end = asked.problem === null ? endOf(textOf(asked)) : null;
  const taken =
    end === null || 'failed' in end
      ? { done: [], why: 'report-unknown' }
      : isReportPath(end.path)
        ? await takeFile(context, collector, end.path, limits)
        : { done: [], why: 'report-path-unfit' };
  await context.evidence.recordChange({ ...change, state: taken.why === null ? 'undone' : 'left', why: taken.why });
  return [asked, ...taken.done];
}

function checkAnswer(stdout: Uint8Array): Judgement | null {
  const end = endOf(Buffer.from(stdout).toString('utf8'));
  // Without any word the status and standard error say more.
  if (end === null) return stdout.length === 0 ? null : { outcome: 'refused', reason: 'report-not-named', said: null };
  if ('failed' in end) return { outcome: 'refused', reason: 'report-failed', said: end.failed };
  if (isReportPath(end.path)) return { outcome: 'read', reason: null, said: null };
  return { outcome: 'refused', reason: 'report-path-unfit', said: end.path.slice(0, 200) };
}

async function takeFile(
  context: StepContext,
  collector: string,
  path: string,
  limits: BugReportLimits,
): Promise<{ readonly done: readonly FinishedCommand[]; readonly why: string | null }> {
  const pulled = await pullReport(context, collector, path, limits.archiveBytes);
  if (pulled.sha256 === null) return { done: [pulled.done], why: 'report-not-taken' };
  const hashed = await runCommand(context, collector, { command: hashCommand(path), timeoutMs: 120_000 });
  const told = /^([0-9a-f]{64})(?:\s|$)/.exec(textOf(hashed))?.[1] ?? null;
  const done = [pulled.done, hashed];
  if (hashed.problem !== null || told === null) return { done, why: 'report-hash-untold' };
  if (told !== pulled.sha256) return { done, why: 'report-hash-differs' };
  const command = `rm ${path}`;
  const change: Begun = { command, reason: 'bug-report', undo: [{ type: 'remove-report', path }] };
  await context.evidence.recordChange({ ...change, state: 'begun', why: null });
  // Removed even when the person cancelled: it is in custody.
  const removed = await runCommand({ ...context, signal: AbortSignal.timeout(10_000) }, collector, {
    command,
    timeoutMs: 10_000,
  });
  await context.evidence.recordChange({ ...change, state: 'made', why: null });
  const { outcome, reason } = removed.result;
  const why = outcome === 'empty' || reason === 'no-such-file' ? null : (reason ?? outcome);
  await context.evidence.recordChange({ ...change, state: why === null ? 'undone' : 'left', why });
  return { done: [...done, removed], why };
}
