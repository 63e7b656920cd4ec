import type { UndoStep } from '../../shared/model/handset-change.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { HandsetLink } from './link-types.ts';

type UndoLink = Pick<HandsetLink, 'run' | 'stat' | 'reverse'>;

const commandLimits = { timeoutMs: 15_000, maxBytes: 65_536 };

/** A proxy is put back before the rule that carries it goes: a stream to a rule that is gone ends the whole adb server. */
const rank: Readonly<Record<UndoStep['type'], number>> = {
  'restore-setting': 0,
  'remove-file': 1,
  'remove-report': 1,
  'remove-named-report': 1,
  'remove-reverse': 2,
};

/** Pure: in the order in which things are to be taken back: settings, files, rules; within each the newest first. */
export function undoOrder<T>(changes: readonly T[], undoOf: (change: T) => readonly UndoStep[]): readonly T[] {
  const firstRank = (change: T): number => Math.min(...undoOf(change).map(({ type }) => rank[type]), 3);
  return changes
    .map((change, age) => ({ change, age }))
    .sort((a, b) => firstRank(a.change) - firstRank(b.change) || b.age - a.age)
    .map(({ change }) => change);
}

/**
 * Takes a change back, step by step, and looks afterwards whether it is gone: `null` when it is, else why not (the code of a
 * problem, or `still-there`). What was never made, or is gone already, counts as taken back.
 */
export async function takeBack(link: UndoLink, undo: readonly UndoStep[]): Promise<string | null> {
  for (const step of undoOrder(undo, (one) => [one])) {
    const why = await takeStepBack(link, step);
    if (why !== null) return why;
  }
  return null;
}

async function takeStepBack(link: UndoLink, step: UndoStep): Promise<string | null> {
  if (step.type === 'remove-file' || step.type === 'remove-report') return removeFile(link, step.path);
  // Which file it is, and whether it is in custody, knew the act that is gone: what nobody can be sure of is left.
  if (step.type === 'remove-named-report') return 'report-unknown';
  if (step.type === 'remove-reverse') return removeRule(link, step.remote, step.local);
  return restoreSetting(link, step);
}

async function removeFile(link: UndoLink, path: string): Promise<string | null> {
  const removed = await link.run(`rm ${path}`, commandLimits);
  if (!removed.ok) return removed.problem.code;
  const seen = await link.stat(path);
  if (seen.ok) return 'still-there';
  return codeUnless(seen.problem, 'NOT_FOUND');
}

async function removeRule(link: UndoLink, remote: string, local: string): Promise<string | null> {
  const ours = await isThere(link, remote, local);
  if (ours !== true) return ours === false ? null : ours;
  // Whoever made it is gone, so nothing of ours answers behind it: what is left of its streams has this second to end.
  const removed = await link.reverse.removeDrained(remote, { openStreams: () => 0 });
  const left = await isThere(link, remote, local);
  if (left === false) return null;
  return left === true ? (removed.ok ? 'still-there' : removed.problem.code) : left;
}

/** Whether the handset lists the rule with our end of it: another program may have made one on that port since. */
async function isThere(link: UndoLink, remote: string, local: string): Promise<boolean | string> {
  const rules = await link.reverse.list();
  if (!rules.ok) return rules.problem.code;
  return rules.value.some((one) => one.remote === remote && one.local === local);
}

async function restoreSetting(
  link: UndoLink,
  step: UndoStep & { readonly type: 'restore-setting' },
): Promise<string | null> {
  const { namespace, name, value } = step;
  const put = (text: string): string => `settings put ${namespace} ${name} ${quoted(text)}`;
  // A proxy that is only deleted stays in force for what runs: `:0` switches it off first (handbook: investigation.md).
  const switchOff = name === 'http_proxy' && value === null ? [put(':0')] : [];
  const commands = value === null ? [...switchOff, `settings delete ${namespace} ${name}`] : [put(value)];
  for (const command of commands) {
    const done = await link.run(command, commandLimits);
    if (!done.ok) return done.problem.code;
  }
  const read = await link.run(`settings get ${namespace} ${name}`, commandLimits);
  if (!read.ok) return read.problem.code;
  // `settings get` says `null` where there is nothing.
  const said = read.value.stdout.toString('utf8').replace(/\r?\n$/, '');
  return said === (value ?? 'null') ? null : 'still-there';
}

/** One word for the handset's shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function codeUnless(problem: Problem, expected: Problem['code']): string | null {
  return problem.code === expected ? null : problem.code;
}
